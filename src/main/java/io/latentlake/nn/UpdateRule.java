package io.latentlake.nn;

import io.latentlake.spec.UpdaterSpec;
import java.util.Arrays;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.RmsProp;

/**
 * An updater on plain arrays. All arrays are walked with one index and no offset, which is what
 * lets the JIT compiler vectorize the loops: a step then costs what its memory traffic costs. Rules
 * and state are DL4J's own, so that a state may move between the two.
 */
public abstract class UpdateRule {
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
   * Moves the parameters by one step.
   *
   * @param iteration steps taken before this one
   */
  public abstract void apply(
      float[] parameters, float[] gradient, double learningRate, int iteration);

  /** A copy of the state, laid out as DL4J does. */
  public abstract float[] state();

  /** Takes over a state as {@link #state()} gives it. */
  public abstract void setState(float[] state);

  /** Kingma and Ba, arXiv 1412.6980, algorithm 1, with the bias correction folded into the rate. */
  private static final class AdamRule extends UpdateRule {
    private static final float BETA_1 = (float) Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY;
    private static final float BETA_2 = (float) Adam.DEFAULT_ADAM_BETA2_VAR_DECAY;
    private static final float EPSILON = (float) Adam.DEFAULT_ADAM_EPSILON;

    private final float[] mean;
    private final float[] variance;

    AdamRule(int parameters) {
      mean = new float[parameters];
      variance = new float[parameters];
    }

    @Override
    public void apply(float[] parameters, float[] gradient, double learningRate, int iteration) {
      double correction =
          Math.sqrt(1 - Math.pow(Adam.DEFAULT_ADAM_BETA2_VAR_DECAY, iteration + 1.0))
              / (1 - Math.pow(Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY, iteration + 1.0));
      move(parameters, gradient, mean, variance, (float) (learningRate * correction));
    }

    private static void move(float[] p, float[] g, float[] mean, float[] variance, float rate) {
      for (int i = 0; i < p.length; i++) {
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
      float[] state = Arrays.copyOf(mean, mean.length + variance.length);
      System.arraycopy(variance, 0, state, mean.length, variance.length);
      return state;
    }

    @Override
    public void setState(float[] state) {
      System.arraycopy(state, 0, mean, 0, mean.length);
      System.arraycopy(state, mean.length, variance, 0, variance.length);
    }
  }

  /** Hinton, Neural Networks for Machine Learning, lecture 6e. */
  private static final class RmsPropRule extends UpdateRule {
    private static final float DECAY = (float) RmsProp.DEFAULT_RMSPROP_RMSDECAY;
    private static final float EPSILON = (float) RmsProp.DEFAULT_RMSPROP_EPSILON;

    private final float[] square;

    RmsPropRule(int parameters) {
      square = new float[parameters];
      Arrays.fill(square, EPSILON);
    }

    @Override
    public void apply(float[] parameters, float[] gradient, double learningRate, int iteration) {
      move(parameters, gradient, square, (float) learningRate);
    }

    private static void move(float[] p, float[] g, float[] square, float rate) {
      for (int i = 0; i < p.length; i++) {
        float gradient = g[i];
        float s = DECAY * square[i] + (1 - DECAY) * gradient * gradient;
        square[i] = s;
        p[i] -= rate * gradient / ((float) Math.sqrt(s) + EPSILON);
      }
    }

    @Override
    public float[] state() {
      return square.clone();
    }

    @Override
    public void setState(float[] state) {
      System.arraycopy(state, 0, square, 0, square.length);
    }
  }

  /** p − rate·g. */
  private static final class SgdRule extends UpdateRule {
    @Override
    public void apply(float[] parameters, float[] gradient, double learningRate, int iteration) {
      float rate = (float) learningRate;
      for (int i = 0; i < parameters.length; i++) {
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
