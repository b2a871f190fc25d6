package io.latentlake.notebook;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;

/**
 * The classes that cells are compiled to. JShell's own class loader has the application's for its
 * parent, which doesn't know what spark-submit has added.
 */
final class CellClasses implements LoaderDelegate {
  private final Defining loader;
  private final Map<String, Class<?>> loaded = new ConcurrentHashMap<>();

  /**
   * No classes yet.
   *
   * @param parent knows everything that cells can use
   */
  CellClasses(ClassLoader parent) {
    loader = new Defining(parent);
  }

  @Override
  public void load(ClassBytecodes[] classes) throws ClassInstallException {
    var installed = new boolean[classes.length];
    for (ClassBytecodes each : classes) {
      loader.bytecodes.put(each.name(), each.bytecodes());
    }
    try {
      for (int i = 0; i < classes.length; i++) {
        loaded.put(classes[i].name(), Class.forName(classes[i].name(), true, loader));
        installed[i] = true;
      }
    } catch (ClassNotFoundException | LinkageError e) {
      throw new ClassInstallException(e.toString(), installed);
    }
  }

  @Override
  public void classesRedefined(ClassBytecodes[] classes) {
    throw new UnsupportedOperationException("JShell compiles a changed cell under another name");
  }

  /** The parent has it all: what JShell is told of is for the compiler. */
  @Override
  public void addToClasspath(String path) {}

  @Override
  public Class<?> findClass(String name) throws ClassNotFoundException {
    Class<?> found = loaded.get(name);
    if (found == null) {
      throw new ClassNotFoundException(name);
    }
    return found;
  }

  /** Defines classes when they are first asked for: those of one cell may need one another. */
  private static final class Defining extends ClassLoader {
    private final Map<String, byte[]> bytecodes = new ConcurrentHashMap<>();

    Defining(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = bytecodes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
