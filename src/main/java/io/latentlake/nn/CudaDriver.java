package io.latentlake.nn;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * NVIDIA's driver, asked directly for the GPUs it has: ND4J's own question prints a stack trace
 * where there is no driver, and doesn't ask whether a GPU can run ND4J's kernels.
 */
final class CudaDriver {
  private static final String LIBRARY = "libcuda.so.1";
  private static final int SUCCESS = 0;
  private static final int NAME_BYTES = 256;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;

  private CudaDriver() {}

  /**
   * A GPU as the driver describes it.
   *
   * @param name such as {@code NVIDIA A100-SXM4-40GB}
   * @param capability its compute capability times ten: 86 for 8.6
   */
  record Gpu(String name, int capability) {}

  /**
   * The GPUs that this process may see, in CUDA's order.
   *
   * @throws CudaUnusableException when there is no driver, or it has none
   */
  static List<Gpu> gpus() throws CudaUnusableException {
    Calls driver = load();
    require("cuInit", driver.cuInit(0));
    var number = new IntByReference();
    require("cuDeviceGetCount", driver.cuDeviceGetCount(number));
    List<Gpu> gpus = new ArrayList<>();
    for (int ordinal = 0; ordinal < number.getValue(); ordinal++) {
      gpus.add(gpu(driver, ordinal));
    }
    if (gpus.isEmpty()) {
      throw new CudaUnusableException("NVIDIA's driver shows this process no GPU");
    }
    return gpus;
  }

  private static Calls load() throws CudaUnusableException {
    try {
      return Native.loadLibrary(LIBRARY, Calls.class);
    } catch (UnsatisfiedLinkError e) {
      throw new CudaUnusableException("no NVIDIA driver here (" + LIBRARY + " can't be loaded)", e);
    }
  }

  private static Gpu gpu(Calls driver, int ordinal) throws CudaUnusableException {
    var device = new IntByReference();
    require("cuDeviceGet", driver.cuDeviceGet(device, ordinal));
    var name = new byte[NAME_BYTES];
    require("cuDeviceGetName", driver.cuDeviceGetName(name, name.length, device.getValue()));
    int major = attribute(driver, CAPABILITY_MAJOR, device.getValue());
    int minor = attribute(driver, CAPABILITY_MINOR, device.getValue());
    return new Gpu(Native.toString(name, StandardCharsets.US_ASCII.name()), 10 * major + minor);
  }

  private static int attribute(Calls driver, int attribute, int device)
      throws CudaUnusableException {
    var value = new IntByReference();
    require("cuDeviceGetAttribute", driver.cuDeviceGetAttribute(value, attribute, device));
    return value.getValue();
  }

  private static void require(String call, int result) throws CudaUnusableException {
    if (result != SUCCESS) {
      throw new CudaUnusableException(
          "NVIDIA's driver has no GPU for this process (%s gave error %d)".formatted(call, result));
    }
  }

  /** The driver's functions, by the names and in the types of CUDA's {@code cuda.h}. */
  interface Calls extends Library {
    int cuInit(int flags);

    int cuDeviceGetCount(IntByReference count);

    int cuDeviceGet(IntByReference device, int ordinal);

    int cuDeviceGetName(byte[] name, int length, int device);

    int cuDeviceGetAttribute(IntByReference value, int attribute, int device);
  }
}
