package io.latentlake.score;

/** How one gets from one latent point to another. */
public enum LatentPath {
  /** Straight. */
  LINEAR {
    @Override
    public float[] at(float[] from, float[] to, double t) {
      return mix(from, 1 - t, to, t);
    }
  },
  /**
   * Along the great circle, its radius changing evenly from one end's norm to the other's, as
   * samples of N(0, I) lie near a sphere (slerp: Shoemake, Animating rotation with quaternion
   * curves, 1985; for latents White, arXiv 1609.04468). Points in the same direction, and the
   * origin, have the straight path; opposite ones have no great circle of their own, and the
   * straight path too.
   */
  SPHERICAL {
    @Override
    public float[] at(float[] from, float[] to, double t) {
      double fromNorm = norm(from);
      double toNorm = norm(to);
      double cosine = dot(from, to) / (fromNorm * toNorm);
      double sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
      if (!(sine > PARALLEL)) {
        return LINEAR.at(from, to, t);
      }
      double angle = Math.atan2(sine, cosine);
      double radius = (1 - t) * fromNorm + t * toNorm;
      double share = radius * Math.sin((1 - t) * angle) / sine / fromNorm;
      return mix(from, share, to, radius * Math.sin(t * angle) / sine / toNorm);
    }
  };

  /** The sine of an angle that is too small to divide by. */
  private static final double PARALLEL = 1e-6;

  /**
   * A point on the path.
   *
   * @param t from 0, where it begins, to 1, where it ends
   */
  public abstract float[] at(float[] from, float[] to, double t);

  /** So many points from one end to the other, both included; at least 2. */
  public float[][] points(float[] from, float[] to, int count) {
    var points = new float[count][];
    for (int i = 0; i < count; i++) {
      points[i] = at(from, to, i / (count - 1.0));
    }
    return points;
  }

  private static float[] mix(float[] a, double ofA, float[] b, double ofB) {
    var sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = (float) (ofA * a[i] + ofB * b[i]);
    }
    return sum;
  }

  private static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
