package dev.autoloss.operator.resource;

import java.io.Serial;

/** Thrown instead of the client's own exception where a refusal is to be told. */
public final class RefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal, RuntimeException cause) {
    super(refusal.line(), cause);
    this.refusal = refusal;
  }

  /**
   * The refusal.
   *
   * @return kind and line
   */
  public Refusal refusal() {
    return refusal;
  }
}
