package io.latentlake.nn;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

/**
 * ND4J's operations on the CPU, which hold on to a broadcast's operands until it is over. ND4J
 * 1.0.0-M2.1 takes their addresses and lets go of them: a garbage collection in between frees the
 * memory that the native code is about to read, and the JVM dies. Its other operations need theirs
 * for the result. {@link DeviceBackend} puts it in place.
 */
public final class HoldingExecutioner extends NativeOpExecutioner {
  @Override
  public INDArray exec(BroadcastOp op, OpContext context) {
    try {
      return super.exec(op, context);
    } finally {
      Reference.reachabilityFence(op);
      Reference.reachabilityFence(context);
    }
  }
}
