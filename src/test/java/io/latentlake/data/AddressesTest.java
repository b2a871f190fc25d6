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
        "https://lake/x?sv=1&sig=planted | https://lake/x?sv=1&sig=(redacted)",
        "abfs://orders@lake.example/x | abfs://orders@lake.example/x",
        "/lake/a@b/key=7 | /lake/a@b/key=7",
        "[hdfs://one/x, me@example] | [hdfs://one/x, me@example]"
      })
  void nothingElseGoes(String address, String shown) {
    assertEquals(shown, Addresses.withoutSecrets(address));
  }
}
