package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords and keys in addresses. */
class AddressesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://KEY:planted@bucket/orders | s3a://bucket/orders",
        "can't read ftp://me:planted@host:21/x; give another | can't read ftp://host:21/x; give another",
        "jdbc:postgresql://db/x?user=me&password=planted&ssl=true | jdbc:postgresql://db/x?user=me&password=(redacted)&ssl=true",
        "ftp://u:p@planted@host/x | ftp://host/x",
        "s3a://KEY:plan/ted+9@bucket/orders | s3a://bucket/orders",
        "s3a://K:planted@one/x,s3a://K:plan/ted@two/y | s3a://one/x,s3a://two/y",
        "jdbc:mysql://db:3306/x?user=me@example&pass=planted | jdbc:mysql://db:3306/x?user=me@example&pass=(redacted)",
        "hdfs://one:8020/a@b/x | hdfs://one:8020/a@b/x",
        "https://lake/x?sv=1&sig=planted | https://lake/x?sv=1&sig=(redacted)",
        "abfs://orders@lake.example/x | abfs://orders@lake.example/x",
        "/lake/a@b/key=7 | /lake/a@b/key=7",
        "[hdfs://one/x, me@example] | [hdfs://one/x, me@example]"
      })
  void nothingElseGoes(String address, String shown) {
    assertEquals(shown, Addresses.withoutSecrets(address));
  }
}
