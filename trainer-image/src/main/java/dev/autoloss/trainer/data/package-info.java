/**
 * The images and boxes of a training: COCO files, decoding, resizing, flipping, batches. Plain
 * arrays; must not import tensors, detectors or the evaluation.
 */
@NullMarked
package dev.autoloss.trainer.data;

import org.jspecify.annotations.NullMarked;
