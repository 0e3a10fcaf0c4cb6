package dev.autoloss.trainer.loss;

import dev.autoloss.trainer.tensor.Tensor;

/**
 * The loss of a batch and its parts.
 *
 * @param total one number, the start of the backward pass
 * @param parts whose sum is the total: classification and regression, the two that a document
 *     chooses, then the detector's own
 */
public record Terms(Tensor total, Tensor parts) {}
