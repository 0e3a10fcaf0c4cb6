/**
 * COCO's evaluation of boxes on plain arrays. Must not import tensors, detectors or the training.
 */
@NullMarked
package dev.autoloss.trainer.evaluation;

import org.jspecify.annotations.NullMarked;
