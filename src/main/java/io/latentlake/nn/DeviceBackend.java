package io.latentlake.nn;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.nd4j.common.io.AbstractResource;
import org.nd4j.common.io.Resource;
import org.nd4j.linalg.cpu.nativecpu.CpuBackend;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * The backend that ND4J asks first, whoever makes it begin: stands for its CUDA backend where
 * {@link Device} takes GPUs, and else for its CPU backend. Left alone, ND4J would try CUDA and
 * print a stack trace where there is none. {@link java.util.ServiceLoader} makes it.
 */
public final class DeviceBackend extends Nd4jBackend {
  /** Above what ND4J's own backends have, 0 and 100. */
  private static final int FIRST = 1_000;

  private Nd4jBackend chosen;

  private synchronized Nd4jBackend chosen() {
    if (chosen == null) {
      chosen =
          Cuda.here(DeviceChoice.configured()).usable()
              ? Cuda.backend().orElseThrow()
              : new CpuBackend();
    }
    return chosen;
  }

  @Override
  public int getPriority() {
    return FIRST;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public boolean canRun() {
    return true;
  }

  @Override
  public boolean allowsOrder() {
    return chosen().allowsOrder();
  }

  @Override
  public Resource getConfigurationResource() {
    Resource settings = chosen().getConfigurationResource();
    return chosen() instanceof CpuBackend ? new Amended(settings) : settings;
  }

  @Override
  public Class<?> getNDArrayClass() {
    return chosen().getNDArrayClass();
  }

  @Override
  public Environment getEnvironment() {
    return chosen().getEnvironment();
  }

  @Override
  public String buildInfo() {
    return chosen().buildInfo();
  }

  @Override
  public void logBackendInit() {
    chosen().logBackendInit();
  }

  /** The CPU backend's settings, but for who carries out operations. */
  private static final class Amended extends AbstractResource {
    private final Resource settings;

    Amended(Resource settings) {
      this.settings = settings;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      String ours = "\nopexec = " + HoldingExecutioner.class.getName() + "\n";
      return new SequenceInputStream(
          settings.getInputStream(),
          new ByteArrayInputStream(ours.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    public String getDescription() {
      return settings.getDescription() + ", amended";
    }
  }
}
