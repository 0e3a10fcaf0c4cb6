/**
 * Masks of objects: bitmaps, COCO's run lengths, polygons, and the way between a box's few cells
 * and an image's pixels. Must not import other packages of the trainer.
 */
@NullMarked
package dev.autoloss.trainer.mask;

import org.jspecify.annotations.NullMarked;
