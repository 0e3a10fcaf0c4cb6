/**
 * What a training tells those who watch it: event files for TensorBoard, a page for Prometheus.
 * Must not import tensors, detectors or data.
 */
@NullMarked
package dev.autoloss.trainer.telemetry;

import org.jspecify.annotations.NullMarked;
