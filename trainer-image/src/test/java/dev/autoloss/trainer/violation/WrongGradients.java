package dev.autoloss.trainer.violation;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;

/** Everything that a rule must find; never run. */
final class WrongGradients {
  private WrongGradients() {}

  static NDArray scaled(NDArray x) {
    return x.mul(3f);
  }

  static NDArray shifted(NDArray x) {
    return x.add(1);
  }

  static NDArray raised(NDArray x) {
    return x.pow(2);
  }

  static NDArray cast(NDArray x) {
    return x.toType(DataType.FLOAT64, true);
  }

  static NDArray copied(NDArray x) {
    return x.duplicate();
  }

  static NDArray clipped(NDArray x) {
    return x.clip(0, 1);
  }

  static NDArray constant(NDManager manager) {
    return manager.create(2.5f);
  }

  static GradientCollector collector() {
    return Engine.getInstance().newGradientCollector();
  }
}
