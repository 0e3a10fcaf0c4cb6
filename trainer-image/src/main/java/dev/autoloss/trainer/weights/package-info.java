/**
 * Files of weights: safetensors and PyTorch's own, names of parameters in torchvision's and
 * mmdetection's words, checkpoints. Must not import detectors, data or the fit.
 */
@NullMarked
package dev.autoloss.trainer.weights;

import org.jspecify.annotations.NullMarked;
