/**
 * How large the gradients of a loss are at predictions such as a detector makes, and the weight
 * that makes them as large as another loss's; with the drawn predictions that this is measured on.
 * Knows the language and its evaluation; must not import catalogue, gates or rejection.
 */
@NullMarked
package dev.autoloss.loss.scale;

import org.jspecify.annotations.NullMarked;
