package io.latentlake.report;

import io.latentlake.data.Addresses;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * Keeps secrets out of what is written down. As Spark does for its web page, a setting is hidden
 * when {@code spark.redaction.regex} is found in its name or its value; and when it sounds like a
 * secret, whatever that is set to.
 */
public final class Redaction {
  private static final String SETTING = "spark.redaction.regex";

  /** Spark's own default, and names that it passes over, such as those of Azure's storage. */
  private static final Pattern SECRETS =
      Pattern.compile(
          "(?i)secret|passw|pass(?![a-z])|pwd|token|(access|account|api|encryption|private)[._-]?key|credential|passphrase|authorization|bearer|[._-]pat(?![a-z])|sas[.]|[?&;]sig=");

  /** What Java 17 asks of all who run Spark; nobody wants to read it. */
  private static final Pattern OPENED = Pattern.compile("--add-opens=\\S+\\s*");

  private static final String HIDDEN = "(redacted)";

  private Redaction() {}

  /** What a session was set to, in the order of the names. */
  public static Map<String, String> settings(SparkConf conf) {
    Pattern more = Pattern.compile(conf.get(SETTING, SECRETS.pattern()));
    var settings = new TreeMap<String, String>();
    for (var setting : conf.getAll()) {
      boolean secret = isSecret(more, setting._1) || isSecret(more, setting._2);
      settings.put(setting._1, secret ? HIDDEN : shown(setting._2));
    }
    return settings;
  }

  private static String shown(String value) {
    return place(OPENED.matcher(value).replaceAll(""));
  }

  private static boolean isSecret(Pattern more, String text) {
    return SECRETS.matcher(text).find() || more.matcher(text).find();
  }

  /** A path or an address without the user and password that may be in it. */
  static String place(String address) {
    return Addresses.withoutSecrets(address);
  }
}
