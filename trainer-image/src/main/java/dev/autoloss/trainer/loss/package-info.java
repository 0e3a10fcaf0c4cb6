/**
 * Losses as tensor graphs: an expression becomes a TorchScript method, and the detector's own terms
 * (weights, divisors, overlap in place of centerness) stand around it. Must not import detectors,
 * data or the fit.
 */
@NullMarked
package dev.autoloss.trainer.loss;

import org.jspecify.annotations.NullMarked;
