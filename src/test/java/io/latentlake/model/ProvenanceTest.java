package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a model comes from, and what its columns were called there. */
class ProvenanceTest {
  private static Provenance of(String... columns) {
    return Provenance.now("table", 1, 0, "3.5", "", List.of(columns));
  }

  @Test
  void columnsOfOtherNamesKeepTheirTypes() {
    Provenance trained = of("id bigint", "a double", "the b string", "c date");
    assertEquals(
        List.of("id bigint", "the b double", "a string", "c date"),
        trained.renamed(List.of("a", "the b"), List.of("the b", "a")).columns());
    assertEquals(
        List.of("c double", "the b string"),
        of("a double", "the b string", "c date").renamed(List.of("a"), List.of("c")).columns());
  }

  @Test
  void aColumnWithoutATypeIsRefused() {
    var error = assertThrows(InvalidInputException.class, () -> of("id bigint", "string"));
    assertTrue(error.getMessage().contains("'string'"), error.getMessage());
  }
}
