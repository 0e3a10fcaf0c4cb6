/**
 * The operator's numbers for Prometheus; no label names a candidate, and labels that name a search
 * are bounded. Must not import a reconciler.
 */
@NullMarked
package dev.autoloss.operator.metrics;

import org.jspecify.annotations.NullMarked;
