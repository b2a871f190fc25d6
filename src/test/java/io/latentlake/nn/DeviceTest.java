package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.nn.CudaDriver.Gpu;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Which device a task computes on, for any number of GPUs. */
class DeviceTest {
  private static final Cuda TWO_GPUS = new Cuda(List.of("A100", "A10"), "");
  private static final Cuda NO_GPU = Cuda.none("no NVIDIA driver here");

  @ParameterizedTest
  @CsvSource({"0,cuda:0 (A100)", "1,cuda:1 (A10)"})
  void takesTheGpuThatSparkAssigned(String address, String device) {
    assertEquals(device, Device.of(TWO_GPUS, address, 5, false).toString());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,0", "7,1"})
  void takesGpusInTurnWhereSparkAssignedNone(int partition, int ordinal) {
    assertEquals(ordinal, Device.of(TWO_GPUS, null, partition, true).ordinal().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "GPU-5a1b", "99999999999"})
  void refusesAnAddressThatCudaDoesNotHave(String address) {
    var failure =
        assertThrows(InvalidInputException.class, () -> Device.of(TWO_GPUS, address, 0, false));
    assertTrue(failure.getMessage().contains("'" + address + "'"), failure.getMessage());
    assertTrue(failure.getMessage().contains("below 2"), failure.getMessage());
  }

  @Test
  void fallsBackToTheCpu() {
    assertSame(Device.CPU, Device.of(NO_GPU, null, 3, false));
    assertSame(Device.CPU, Device.of(NO_GPU, "0", 0, false));
    assertEquals("cpu", Device.CPU.toString());
    assertFalse(Device.CPU.isGpu());
    assertSame(Device.CPU, Device.CPU.bind());
  }

  @Test
  void insistingSaysWhyThereIsNone() {
    var failure = assertThrows(InvalidInputException.class, () -> Device.of(NO_GPU, null, 0, true));
    assertTrue(failure.getMessage().contains(NO_GPU.obstacle()), failure.getMessage());
    assertTrue(failure.getMessage().contains("spark.latentlake.device"), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {37, 50, 75, 80, 86, 89})
  void gpusThatHaveKernels(int capability) {
    assertDoesNotThrow(() -> Cuda.requireKernels(List.of(new Gpu("card", capability))));
  }

  @ParameterizedTest
  @CsvSource({"30,3.0", "35,3.5", "90,9.0", "120,12.0"})
  void gpusWithoutKernelsAreNamed(int capability, String written) {
    List<Gpu> gpus = List.of(new Gpu("A100", 80), new Gpu("other", capability));
    var failure = assertThrows(CudaUnusableException.class, () -> Cuda.requireKernels(gpus));
    assertTrue(failure.getMessage().startsWith("other has compute capability " + written));
  }

  @ParameterizedTest
  @CsvSource({"auto,AUTO", "cpu,CPU", "cuda,CUDA"})
  void settings(String value, DeviceChoice choice) {
    assertEquals(choice, DeviceChoice.in(new SparkConf(false).set(DeviceChoice.SETTING, value)));
  }

  @Test
  void anUnknownSettingIsRefusedWithThosePossible() {
    SparkConf conf = new SparkConf(false).set(DeviceChoice.SETTING, "gpu");
    var failure = assertThrows(InvalidInputException.class, () -> Device.requireValid(conf));
    assertEquals(
        "spark.latentlake.device = gpu: must be one of auto, cpu, cuda", failure.getMessage());
    assertDoesNotThrow(() -> Device.requireValid(new SparkConf(false)));
  }

  @ParameterizedTest
  @CsvSource({"local[2],true", "'local-cluster[2,1,1024]',false", "yarn,false"})
  void localModeCanNotAssignGpus(String master, boolean refused) {
    SparkConf conf =
        new SparkConf(false).set("spark.master", master).set("spark.task.resource.gpu.amount", "1");
    if (refused) {
      assertThrows(InvalidInputException.class, () -> Device.requireValid(conf));
    } else {
      assertDoesNotThrow(() -> Device.requireValid(conf));
    }
  }

  @Test
  void nd4jAsksUsForItsBackend() {
    assertInstanceOf(DeviceBackend.class, Nd4j.getBackend());
    String expected = Device.current().isGpu() ? "CUDA" : "CPU";
    assertEquals(
        expected, Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend"));
  }

  @Test
  void operandsAreHeldWhileAnOperationRuns() {
    assertInstanceOf(HoldingExecutioner.class, Nd4j.getExecutioner());
  }
}
