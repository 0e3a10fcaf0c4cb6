/**
 * Shorter expressions of the same values and gradients, and one form for all that differ by order
 * and signs only. Knows the language and its evaluation; must not import gates or the catalogue.
 */
@NullMarked
package dev.autoloss.loss.simplification;

import org.jspecify.annotations.NullMarked;
