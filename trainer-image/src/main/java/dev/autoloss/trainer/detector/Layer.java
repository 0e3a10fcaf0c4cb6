package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.tensor.Tensor;

/** A part of a network from one map to another: batch × channels × height × width. */
interface Layer {
  Tensor apply(Tensor x);

  /** This, then the other. */
  default Layer then(Layer next) {
    return x -> next.apply(apply(x));
  }
}
