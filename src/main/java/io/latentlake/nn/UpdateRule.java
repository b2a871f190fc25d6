package io.latentlake.nn;

import io.latentlake.spec.UpdaterSpec;
import java.util.Arrays;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.RmsProp;

/**
 * An updater that goes through the parameters in blocks, which stay in the core's own cache while
 * they are read, moved and written. All arrays of a block are walked with one index and no offset,
 * which is what lets the JIT compiler vectorize the loop: a step then costs what its memory traffic
 * costs. Rules and state are DL4J's own, so that a state may move between the two.
 */
public abstract class UpdateRule {
  /** Parameters a block; the last may have fewer. */
  public static final int BLOCK = 8192;

  private UpdateRule() {}

  /** The rule that a specification asks for, with the state of no step taken yet. */
  public static UpdateRule of(UpdaterSpec.Kind kind, int parameters) {
    return switch (kind) {
      case ADAM -> new AdamRule(parameters);
      case RMSPROP -> new RmsPropRule(parameters);
      case SGD -> new SgdRule();
    };
  }

  /**
   * Begins a step.
   *
   * @param iteration steps taken before this one
   */
  public abstract void begin(double learningRate, int iteration);

  /**
   * Moves one block of the parameters.
   *
   * @param block which
   * @param count how many it has, the front of both arrays
   */
  public abstract void apply(int block, float[] parameters, float[] gradient, int count);

  /** A copy of the state, laid out as DL4J does. */
  public abstract float[] state();

  /** Takes over a state as {@link #state()} gives it. */
  public abstract void setState(float[] state);

  /** Numbers that go with the parameters, in blocks of their own. */
  private record Blocks(float[][] blocks, int size) {
    static Blocks of(int size) {
      var blocks = new float[-Math.floorDiv(-size, BLOCK)][];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = new float[Math.min(BLOCK, size - i * BLOCK)];
      }
      return new Blocks(blocks, size);
    }

    void put(float[] source, int from) {
      for (int i = 0; i < blocks.length; i++) {
        System.arraycopy(source, from + i * BLOCK, blocks[i], 0, blocks[i].length);
      }
    }

    void get(float[] target, int from) {
      for (int i = 0; i < blocks.length; i++) {
        System.arraycopy(blocks[i], 0, target, from + i * BLOCK, blocks[i].length);
      }
    }
  }

  /** Kingma and Ba, arXiv 1412.6980, algorithm 1, with the bias correction folded into the rate. */
  private static final class AdamRule extends UpdateRule {
    private static final float BETA_1 = (float) Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY;
    private static final float BETA_2 = (float) Adam.DEFAULT_ADAM_BETA2_VAR_DECAY;
    private static final float EPSILON = (float) Adam.DEFAULT_ADAM_EPSILON;

    private final Blocks mean;
    private final Blocks variance;
    private float rate;

    AdamRule(int parameters) {
      mean = Blocks.of(parameters);
      variance = Blocks.of(parameters);
    }

    @Override
    public void begin(double learningRate, int iteration) {
      double correction =
          Math.sqrt(1 - Math.pow(Adam.DEFAULT_ADAM_BETA2_VAR_DECAY, iteration + 1.0))
              / (1 - Math.pow(Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY, iteration + 1.0));
      rate = (float) (learningRate * correction);
    }

    @Override
    public void apply(int block, float[] parameters, float[] gradient, int count) {
      move(parameters, gradient, mean.blocks[block], variance.blocks[block], rate, count);
    }

    private static void move(
        float[] p, float[] g, float[] mean, float[] variance, float rate, int count) {
      for (int i = 0; i < count; i++) {
        float gradient = g[i];
        float m = BETA_1 * mean[i] + (1 - BETA_1) * gradient;
        float v = BETA_2 * variance[i] + (1 - BETA_2) * gradient * gradient;
        mean[i] = m;
        variance[i] = v;
        p[i] -= rate * m / ((float) Math.sqrt(v) + EPSILON);
      }
    }

    @Override
    public float[] state() {
      var state = new float[2 * mean.size];
      mean.get(state, 0);
      variance.get(state, mean.size);
      return state;
    }

    @Override
    public void setState(float[] state) {
      mean.put(state, 0);
      variance.put(state, mean.size);
    }
  }

  /** Hinton, Neural Networks for Machine Learning, lecture 6e. */
  private static final class RmsPropRule extends UpdateRule {
    private static final float DECAY = (float) RmsProp.DEFAULT_RMSPROP_RMSDECAY;
    private static final float EPSILON = (float) RmsProp.DEFAULT_RMSPROP_EPSILON;

    private final Blocks square;
    private float rate;

    RmsPropRule(int parameters) {
      square = Blocks.of(parameters);
      for (float[] block : square.blocks) {
        Arrays.fill(block, EPSILON);
      }
    }

    @Override
    public void begin(double learningRate, int iteration) {
      rate = (float) learningRate;
    }

    @Override
    public void apply(int block, float[] parameters, float[] gradient, int count) {
      move(parameters, gradient, square.blocks[block], rate, count);
    }

    private static void move(float[] p, float[] g, float[] square, float rate, int count) {
      for (int i = 0; i < count; i++) {
        float gradient = g[i];
        float s = DECAY * square[i] + (1 - DECAY) * gradient * gradient;
        square[i] = s;
        p[i] -= rate * gradient / ((float) Math.sqrt(s) + EPSILON);
      }
    }

    @Override
    public float[] state() {
      var state = new float[square.size];
      square.get(state, 0);
      return state;
    }

    @Override
    public void setState(float[] state) {
      square.put(state, 0);
    }
  }

  /** p − rate·g. */
  private static final class SgdRule extends UpdateRule {
    private float rate;

    @Override
    public void begin(double learningRate, int iteration) {
      rate = (float) learningRate;
    }

    @Override
    public void apply(int block, float[] parameters, float[] gradient, int count) {
      for (int i = 0; i < count; i++) {
        parameters[i] -= rate * gradient[i];
      }
    }

    @Override
    public float[] state() {
      return new float[0];
    }

    @Override
    public void setState(float[] state) {
      if (state.length > 0) {
        throw new IllegalArgumentException("SGD has no state, not " + state.length + " numbers");
      }
    }
  }
}
