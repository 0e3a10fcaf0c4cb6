/**
 * A generated data set of coloured shapes, drawn from a seed. Must not import tensors, detectors or
 * the training.
 */
@NullMarked
package dev.autoloss.trainer.shapes;

import org.jspecify.annotations.NullMarked;
