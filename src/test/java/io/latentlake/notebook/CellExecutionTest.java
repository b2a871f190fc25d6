package io.latentlake.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import jdk.jshell.JShell;
import org.junit.jupiter.api.Test;

/** Interrupts that come while nothing of a cell runs yet. */
class CellExecutionTest {

  /** As while JShell compiles: what it has compiled then isn't run. */
  @Test
  void whatIsInterruptedBeforeItRunsNeverRuns() {
    var execution = new CellExecution(CellExecutionTest.class.getClassLoader());
    try (JShell shell = JShell.builder().executionEngine(execution, Map.of()).build()) {
      shell.eval("int runs = 0;");
      execution.stop();
      shell.eval("runs++;");
      assertThrows(ExecutionException.class, () -> execution.call(() -> 1));
      assertTrue(execution.takeInterrupt());
      assertFalse(execution.takeInterrupt());
      shell.eval("runs");
      assertEquals(0, execution.value());
    }
  }
}
