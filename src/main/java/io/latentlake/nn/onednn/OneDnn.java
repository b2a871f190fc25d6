package io.latentlake.nn.onednn;

import java.util.Map;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The oneDNN library of this JVM. It picks its instruction set when it runs, from SSE4.1 on, so
 * that the same jar works on every x86-64.
 */
public final class OneDnn {
  private static final Map<Integer, String> INSTRUCTION_SETS =
      Map.of(
          dnnl.dnnl_cpu_isa_sse41, "sse41",
          dnnl.dnnl_cpu_isa_avx, "avx",
          dnnl.dnnl_cpu_isa_avx2, "avx2",
          dnnl.dnnl_cpu_isa_avx2_vnni, "avx2_vnni",
          dnnl.dnnl_cpu_isa_avx512_core, "avx512_core",
          dnnl.dnnl_cpu_isa_avx512_core_vnni, "avx512_core_vnni",
          dnnl.dnnl_cpu_isa_avx512_core_bf16, "avx512_core_bf16",
          dnnl.dnnl_cpu_isa_avx512_core_amx, "avx512_core_amx");

  private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

  private OneDnn() {}

  /** Loaded on first use; null where the native library doesn't load. */
  private static final class Library {
    static final engine ENGINE = load();

    private static engine load() {
      try {
        return new engine(engine.kind.cpu, 0);
      } catch (LinkageError e) {
        LOG.warn(
            "oneDNN doesn't load here ({}); computing with ND4J's own operations, which is slower",
            e.getMessage());
        return null;
      }
    }
  }

  /** Whether the native library loads here; says so once, in the log, where it doesn't. */
  public static boolean isAvailable() {
    return Library.ENGINE != null;
  }

  /** What it computes with here, such as {@code avx2}; empty where it doesn't load. */
  public static String instructionSet() {
    return isAvailable()
        ? INSTRUCTION_SETS.getOrDefault(dnnl.dnnl_get_effective_cpu_isa(), "other")
        : "";
  }

  /** Whether the CPU multiplies bfloat16 natively; asked for on first use. */
  private static final class Bfloat16 {
    static final boolean NATIVE = isNative();

    private static boolean isNative() {
      int isa = dnnl.dnnl_get_effective_cpu_isa();
      boolean there =
          isa == dnnl.dnnl_cpu_isa_avx512_core_bf16 || isa == dnnl.dnnl_cpu_isa_avx512_core_amx;
      if (!there) {
        LOG.warn("this CPU has no bfloat16 products; scoring in float32");
      }
      return there;
    }
  }

  /** Whether this CPU multiplies bfloat16 natively; says so once, in the log, where it doesn't. */
  public static boolean hasBfloat16() {
    return isAvailable() && Bfloat16.NATIVE;
  }

  static engine engine() {
    return Library.ENGINE;
  }
}
