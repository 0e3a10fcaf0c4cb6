/**
 * Boxes as plain arrays: anchors, assignment to objects, sampling, coding as offsets, and which
 * pixels a region reads. Must not import tensors or losses.
 */
@NullMarked
package dev.autoloss.trainer.detector.region;

import org.jspecify.annotations.NullMarked;
