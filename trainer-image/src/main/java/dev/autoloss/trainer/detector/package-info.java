/**
 * Detectors: networks from random weights, target assignment, decoding and suppression. Target
 * assignment and suppression work on plain arrays. Must not import the fit or the evaluation.
 */
@NullMarked
package dev.autoloss.trainer.detector;

import org.jspecify.annotations.NullMarked;
