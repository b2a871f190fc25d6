package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as people read them. */
class ReadableTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0",
        "0.674; 0.674",
        "0.5; 0.5",
        "12.3456; 12.35",
        "100; 100",
        "1234567; 1,234,567",
        "123456.7; 123,457",
        "-2.5; -2.5",
        "0.00001; 1.00e-05",
        "1e9; 1.00e+09",
        "NaN; NaN"
      })
  void numbers(double value, String text) {
    assertEquals(text, Readable.number(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0; 0 %", "0.223; 22 %", "0.01; 1.0 %", "0.005; 0.50 %", "0.00001; 1.0e-03 %"})
  void shares(double share, String text) {
    assertEquals(text, Readable.share(share));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0.42; 0.4 s", "59; 59 s", "61.4; 1 min 1 s", "7380; 2 h 3 min"})
  void durations(double seconds, String text) {
    assertEquals(text, Readable.seconds(seconds));
  }
}
