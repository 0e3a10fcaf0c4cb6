/**
 * The evolution of losses as a pure function of results: proposals, variation, selection, and the
 * events that hold its decisions. Knows {@code dev.autoloss.loss} and the JDK; no clock, no client,
 * no shared generator.
 */
@NullMarked
package dev.autoloss.search;

import org.jspecify.annotations.NullMarked;
