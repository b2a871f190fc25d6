package io.latentlake.cluster;

import com.sun.management.OperatingSystemMXBean;
import io.latentlake.model.Provenance;
import io.latentlake.nn.Device;
import io.latentlake.nn.onednn.OneDnn;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.package$;
import org.apache.spark.util.Utils;
import org.bytedeco.javacpp.Pointer;
import scala.util.Properties;

/**
 * What a JVM of a run is like.
 *
 * @param place {@code driver}, or {@code executor 3 on HOST}
 * @param java its feature release, such as 17
 * @param latentlake version of the jar that it runs
 * @param spark version, such as 3.5.7
 * @param scala version, such as 2.12.18
 * @param closedPackages packages of the JDK that Spark needs open and that are not
 * @param instructionSet what oneDNN computes with; empty where it doesn't load
 * @param openMpThreads {@code OMP_NUM_THREADS}; null where it isn't set
 * @param processors that this JVM may use
 * @param memory of the machine or its container, bytes
 * @param heap at most, bytes
 * @param nativeLimit that LatentLake's memory beside the heap may take before it is refused, bytes
 * @param processLimit that the whole process may take before such memory is refused, bytes
 * @param device what tasks compute on; empty where {@code deviceProblem} says why none can
 * @param deviceProblem empty where all is well
 */
public record JvmFacts(
    String place,
    int java,
    String latentlake,
    String spark,
    String scala,
    List<String> closedPackages,
    String instructionSet,
    String openMpThreads,
    int processors,
    long memory,
    long heap,
    long nativeLimit,
    long processLimit,
    String device,
    String deviceProblem)
    implements Serializable {

  /** Of the JVM that asks. */
  static JvmFacts here() {
    String device = "";
    String deviceProblem = "";
    try {
      device = Device.current().toString();
    } catch (InvalidInputException e) {
      deviceProblem = e.getMessage();
    }
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new JvmFacts(
        whereabouts(),
        Runtime.version().feature(),
        Provenance.runningVersion(),
        package$.MODULE$.SPARK_VERSION(),
        Properties.versionNumberString(),
        packagesKeptClosed(),
        OneDnn.instructionSet(),
        System.getenv("OMP_NUM_THREADS"),
        Runtime.getRuntime().availableProcessors(),
        machine.getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes(),
        device,
        deviceProblem);
  }

  private static String whereabouts() {
    String executor = SparkEnv.get().executorId();
    return executor.equals("driver")
        ? executor
        : "executor %s on %s".formatted(executor, Utils.localHostName());
  }

  /** Those of the options that spark-submit starts a JVM with which this one lacks. */
  private static List<String> packagesKeptClosed() {
    Module ours = JvmFacts.class.getModule();
    Module base = Object.class.getModule();
    return Arrays.stream(JavaModuleOptions.defaultModuleOptions().split(" "))
        .filter(option -> option.startsWith("--add-opens=java.base/"))
        .map(option -> option.substring(option.indexOf('/') + 1, option.lastIndexOf('=')))
        .filter(name -> !base.isOpen(name, ours))
        .toList();
  }
}
