/**
 * Rejects a loss by what it does to predictions: a few steps of gradient descent on raw logits or
 * boxes must classify or localise better than before. The last judgement before any training. Knows
 * the language, its evaluation, the catalogue's default losses and the drawn predictions of {@code
 * scale}; must not import gates.
 */
@NullMarked
package dev.autoloss.loss.rejection;

import org.jspecify.annotations.NullMarked;
