/**
 * Numbers of the searches for Prometheus; no label names a candidate. Must not import a reconciler.
 */
@NullMarked
package dev.autoloss.operator.metrics;

import org.jspecify.annotations.NullMarked;
