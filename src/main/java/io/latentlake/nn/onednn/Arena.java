package io.latentlake.nn.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Owns every native object of one compiled network; {@link #close()} frees them all. */
final class Arena implements AutoCloseable {
  private final Deque<Pointer> owned = new ArrayDeque<>();

  /** Takes over a native object. */
  <P extends Pointer> P own(P pointer) {
    owned.push(pointer);
    return pointer;
  }

  /** So many zeros. */
  FloatPointer floats(long count) {
    FloatPointer floats = own(new FloatPointer(count));
    floats.zero();
    return floats;
  }

  /** A description of a dense, row-major or otherwise tagged array. */
  memory.desc describe(memory.data_type type, memory.format_tag tag, long... shape) {
    return own(new memory.desc(shape, type, tag));
  }

  /** A row-major matrix of floats, {@code [rows, columns]}. */
  memory.desc describe(long rows, long columns) {
    return describe(memory.data_type.f32, memory.format_tag.ab, rows, columns);
  }

  /** An array that lies where the pointer points. */
  memory at(memory.desc description, Pointer address) {
    return own(new memory(description, OneDnn.engine(), address));
  }

  /** A new array, all zeros. */
  memory allocate(memory.desc description) {
    BytePointer bytes = own(new BytePointer(Math.max(1, description.get_size())));
    bytes.zero();
    return at(description, bytes);
  }

  /**
   * Settings for a primitive whose scratchpad is ours: the library's own belongs to a thread, and
   * engines move between threads.
   */
  primitive_attr attributes() {
    primitive_attr attributes = own(new primitive_attr());
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    return attributes;
  }

  /**
   * A primitive with its arguments, ready to run.
   *
   * @param arguments oneDNN's argument numbers, each followed by its memory
   */
  Call call(primitive_desc_base description, primitive primitive, Object... arguments) {
    own(description);
    IntMemoryMap map = own(new IntMemoryMap());
    for (int i = 0; i < arguments.length; i += 2) {
      map.put((Integer) arguments[i], (memory) arguments[i + 1]);
    }
    map.put(dnnl.DNNL_ARG_SCRATCHPAD, allocate(own(description.scratchpad_desc())));
    return new Call(own(primitive), map);
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
