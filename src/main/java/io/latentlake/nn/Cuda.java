package io.latentlake.nn;

import io.latentlake.nn.CudaDriver.Gpu;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * Whether this JVM computes on NVIDIA's GPUs. Found out once, for ND4J has one backend a JVM.
 *
 * @param gpus names of the devices, in CUDA's order; empty where none is used
 * @param obstacle why none is used, as half a sentence; empty where one is
 */
record Cuda(List<String> gpus, String obstacle) {
  private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  /** ND4J 1.0.0-M2.1 ships machine code for 3.7, 5.0 to 8.6, and no PTX that a newer GPU takes. */
  private static final int OLDEST_KEPLER = 37;

  private static final int OLDEST = 50;
  private static final int BEYOND = 90;

  private static Cuda found;

  /** What was found; the first caller's choice holds as long as the JVM. */
  static synchronized Cuda here(DeviceChoice choice) {
    if (found == null) {
      found =
          choice == DeviceChoice.CPU
              ? none("%s is %s".formatted(DeviceChoice.SETTING, choice.label()))
              : find();
    }
    return found;
  }

  boolean usable() {
    return !gpus.isEmpty();
  }

  /** ND4J's CUDA backend, where the jar was built with it. */
  static Optional<Nd4jBackend> backend() {
    return providers()
        .filter(provider -> provider.type().getName().equals(BACKEND))
        .map(ServiceLoader.Provider::get)
        .findFirst();
  }

  private static Stream<ServiceLoader.Provider<Nd4jBackend>> providers() {
    return ServiceLoader.load(Nd4jBackend.class, Cuda.class.getClassLoader()).stream();
  }

  private static Cuda find() {
    Optional<Nd4jBackend> backend = backend();
    if (backend.isEmpty()) {
      return none("this jar has no CUDA backend (mvn package -Pcuda builds one that has)");
    }
    try {
      List<Gpu> gpus = CudaDriver.gpus();
      requireKernels(gpus);
      requireLibraries(backend.get());
      return new Cuda(gpus.stream().map(Gpu::name).toList(), "");
    } catch (CudaUnusableException e) {
      return none(e.getMessage());
    }
  }

  static void requireKernels(List<Gpu> gpus) throws CudaUnusableException {
    for (Gpu gpu : gpus) {
      int capability = gpu.capability();
      if (capability != OLDEST_KEPLER && (capability < OLDEST || capability >= BEYOND)) {
        throw new CudaUnusableException(
            "%s has compute capability %d.%d, and ND4J's kernels are for 3.7 and 5.0 to 8.9"
                .formatted(gpu.name(), capability / 10, capability % 10));
      }
    }
  }

  /** Loads what ND4J will need, so that what is missing shows before ND4J begins. */
  private static void requireLibraries(Nd4jBackend backend) throws CudaUnusableException {
    try {
      backend.canRun();
      backend.getEnvironment();
    } catch (LinkageError | RuntimeException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new CudaUnusableException(
          "CUDA 11's libraries can't be used (%s)"
              .formatted(String.valueOf(root.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  static Cuda none(String obstacle) {
    return new Cuda(List.of(), obstacle);
  }
}
