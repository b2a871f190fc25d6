package io.latentlake.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;

/** The kernel's process, as Jupyter starts it. */
public final class KernelMain {
  private KernelMain() {}

  /**
   * Serves a notebook until Jupyter says that it is over, or is gone itself.
   *
   * @param arguments the file in which Jupyter says where it listens
   */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    System.setProperty("java.awt.headless", "true");
    endWithJupyter();
    var connection =
        new JupyterConnection(
            KernelConnectionProperties.parse(Files.readString(Path.of(arguments[0]))));
    var kernel = new JavaKernel(Thread.currentThread().getContextClassLoader());
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    kernel.onStartup();
    connection.waitUntilClose();
    // Threads that cells have left behind would keep the process.
    System.exit(0);
  }

  /** A Jupyter that is killed doesn't say so. */
  private static void endWithJupyter() {
    String jupyter = System.getenv("JPY_PARENT_PID");
    if (jupyter != null) {
      ProcessHandle.of(Long.parseLong(jupyter))
          .ifPresent(process -> process.onExit().thenRun(() -> System.exit(0)));
    }
  }
}
