package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;

/** One primitive and the memory it works on. Both belong to an {@link Arena}. */
record Call(primitive primitive, IntMemoryMap arguments) {
  void run(stream stream) {
    primitive.execute(stream, arguments);
  }
}
