package io.latentlake.nn;

import io.latentlake.spec.InvalidInputException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task's networks compute on: the CPU, or one GPU. The GPU is the one that Spark assigned to
 * the task ({@code spark.task.resource.gpu.amount}); where Spark assigned none but some can be
 * used, tasks take them in turn by their partition. {@code spark.latentlake.device} refuses GPUs
 * ({@code cpu}) or insists on them ({@code cuda}); what it says when a JVM first computes holds as
 * long as that JVM.
 *
 * @param name {@code cpu}, or the GPU's name
 * @param ordinal the GPU's number for CUDA; empty for the CPU
 */
public record Device(String name, OptionalInt ordinal) {
  /** The CPU. */
  public static final Device CPU = new Device("cpu", OptionalInt.empty());

  private static final String RESOURCE = "gpu";
  private static final String TASK_AMOUNT = "spark.task.resource." + RESOURCE + ".amount";
  private static final Logger LOG = LoggerFactory.getLogger(Device.class);

  /** Each is named once in a JVM's log. */
  private static final Set<Device> ANNOUNCED = ConcurrentHashMap.newKeySet();

  /**
   * The device of the calling task, or of the driver outside of tasks.
   *
   * @throws InvalidInputException when a GPU is insisted on and none can be used, or Spark assigned
   *     one that CUDA doesn't have
   */
  public static Device current() {
    DeviceChoice choice = DeviceChoice.configured();
    Cuda cuda = Cuda.here(choice);
    TaskContext task = TaskContext.get();
    String assigned = task == null ? null : assigned(task);
    // The driver of a cluster needs no GPU.
    boolean insist = choice == DeviceChoice.CUDA && (task != null || DeviceChoice.inOneProcess());
    Device device = of(cuda, assigned, task == null ? 0 : task.partitionId(), insist);
    if (ANNOUNCED.add(device)) {
      announce(device, cuda, choice, assigned);
    }
    return device;
  }

  /**
   * Sees that the settings can be met, before anything computes.
   *
   * @throws InvalidInputException when {@code spark.latentlake.device} can't be understood, or
   *     tasks of local mode are to have a GPU assigned
   */
  public static void requireValid(SparkConf conf) {
    DeviceChoice.in(conf);
    if (DeviceChoice.inOneProcess(conf) && conf.contains(TASK_AMOUNT)) {
      throw new InvalidInputException(
          "%s = %s: Spark assigns no GPU in local mode, and the tasks would wait for one for ever;"
                  .formatted(TASK_AMOUNT, conf.get(TASK_AMOUNT))
              + " leave it out, local mode takes the GPUs that are there");
    }
  }

  /**
   * The device of a task.
   *
   * @param assigned the address of the GPU that Spark assigned to it; null when it did not
   * @param partition decides where Spark did not
   * @param insist on a GPU
   */
  static Device of(Cuda cuda, String assigned, int partition, boolean insist) {
    if (!cuda.usable()) {
      if (insist) {
        throw new InvalidInputException(
            "%s = cuda: no GPU can be used: %s; set it to auto or cpu to compute on the CPU"
                .formatted(DeviceChoice.SETTING, cuda.obstacle()));
      }
      return CPU;
    }
    int count = cuda.gpus().size();
    int ordinal = assigned == null ? partition % count : ordinal(assigned, count);
    return new Device(cuda.gpus().get(ordinal), OptionalInt.of(ordinal));
  }

  private static int ordinal(String address, int count) {
    if (!address.matches("\\d{1,4}") || Integer.parseInt(address) >= count) {
      throw new InvalidInputException(
          ("GPU address '%s', assigned by Spark: must be a device number below %d, the number of"
                  + " GPUs that CUDA has there; use submit/discover-gpus to find them")
              .formatted(address, count));
    }
    return Integer.parseInt(address);
  }

  private static String assigned(TaskContext task) {
    ResourceInformation gpu = task.resourcesJMap().get(RESOURCE);
    return gpu == null || gpu.addresses().length == 0 ? null : gpu.addresses()[0];
  }

  private static void announce(Device device, Cuda cuda, DeviceChoice choice, String assigned) {
    if (device.isGpu()) {
      LOG.info("Computing on {}", device);
    } else if (assigned != null) {
      LOG.warn("Computing on the CPU, though Spark assigned GPU {}: {}", assigned, cuda.obstacle());
    } else if (choice != DeviceChoice.CPU && Cuda.backend().isPresent()) {
      LOG.warn("Computing on the CPU: {}", cuda.obstacle());
    } else {
      LOG.info("Computing on the CPU: {}", cuda.obstacle());
    }
  }

  /** Whether it is a GPU: ND4J's arrays then lie in its memory. */
  public boolean isGpu() {
    return ordinal.isPresent();
  }

  /** Makes the calling thread compute on this device; to be called before it makes arrays. */
  public Device bind() {
    if (isGpu()) {
      AffinityManager threads = Nd4j.getAffinityManager();
      if (threads.getDeviceForCurrentThread() != ordinal.getAsInt()) {
        threads.unsafeSetDevice(ordinal.getAsInt());
      }
    }
    return this;
  }

  /** {@code cpu}, or such as {@code cuda:0 (NVIDIA A100)}. */
  @Override
  public String toString() {
    return isGpu() ? "cuda:%d (%s)".formatted(ordinal.getAsInt(), name) : name;
  }
}
