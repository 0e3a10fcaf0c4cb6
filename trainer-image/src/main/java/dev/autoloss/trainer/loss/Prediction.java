package dev.autoloss.trainer.loss;

import dev.autoloss.trainer.tensor.Tensor;

/**
 * What a one-stage head predicts, all points below one another.
 *
 * @param logits points × classes
 * @param boxes points × 4: for FCOS distances to left, top, right, bottom in units of the point's
 *     stride, for ATSS offsets from the point's anchor
 * @param centerness points × 1
 */
public record Prediction(Tensor logits, Tensor boxes, Tensor centerness) {}
