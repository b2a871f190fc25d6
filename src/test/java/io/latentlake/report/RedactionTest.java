package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Secrets in settings and addresses. */
class RedactionTest {
  private static final String SECRET = "planted-91c2";

  @Test
  void secretsAreHiddenByNameAndByValue() {
    Map<String, String> settings =
        Redaction.settings(
            new SparkConf(false)
                .set("spark.hadoop.fs.s3a.access.key", SECRET)
                .set("spark.authenticate.secret", SECRET)
                .set("spark.hadoop.fs.azure.account.key.lake.example", SECRET)
                .set(
                    "spark.driver.extraJavaOptions", "--add-opens=a/b=c -Dstore.password=" + SECRET)
                .set("spark.sql.catalog.lake.uri", "https://user:" + SECRET + "@example/lake")
                .set("spark.hadoop.fs.s3a.encryption.key", SECRET)
                .set("spark.executorEnv.AWS_ACCESS_KEY_ID", SECRET)
                .set("spark.executorEnv.CATALOG_API_KEY", SECRET)
                .set("spark.executorEnv.DATABASE_PASSWD", SECRET)
                .set("spark.executorEnv.DB_PASS", SECRET)
                .set("spark.app.db.pass", SECRET)
                .set("spark.hadoop.fs.rest.authorization", SECRET)
                .set("spark.executorEnv.GIT_PAT", SECRET)
                .set("spark.app.headers", "Bearer " + SECRET)
                .set("spark.app.path", "/data/passengers")
                .set("spark.files", "-Ddatabase.pwd=" + SECRET)
                .set("spark.archives", "https://example/a.zip?sv=1&sig=" + SECRET)
                .set("spark.executor.extraJavaOptions", "--add-opens=a/b=c -Xss4m")
                .set("spark.executor.memory", "4g"));
    assertFalse(settings.toString().contains(SECRET), settings.toString());
    assertEquals("(redacted)", settings.get("spark.authenticate.secret"));
    assertEquals("https://example/lake", settings.get("spark.sql.catalog.lake.uri"));
    assertEquals("-Xss4m", settings.get("spark.executor.extraJavaOptions"));
    assertEquals("/data/passengers", settings.get("spark.app.path"));
    assertEquals("4g", settings.get("spark.executor.memory"));
  }

  @Test
  void theUsersOwnExpressionCounts() {
    Map<String, String> settings =
        Redaction.settings(
            new SparkConf(false).set("spark.redaction.regex", "vault").set("spark.vault", SECRET));
    assertFalse(settings.toString().contains(SECRET), settings.toString());
  }
}
