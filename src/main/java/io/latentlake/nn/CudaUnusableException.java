package io.latentlake.nn;

/** Why no GPU can be used here, as half a sentence. */
final class CudaUnusableException extends Exception {
  private static final long serialVersionUID = 1L;

  CudaUnusableException(String reason) {
    super(reason);
  }

  CudaUnusableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
