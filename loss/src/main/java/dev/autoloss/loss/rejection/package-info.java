/**
 * Rejects a loss by what it does to predictions: a few steps of gradient descent on raw logits or
 * boxes must classify or localise better than before. The last gate before any training. Knows the
 * language, the catalogue's default losses, the verdicts of {@code gate} and the drawn predictions
 * of {@code scale}.
 */
@NullMarked
package dev.autoloss.loss.rejection;

import org.jspecify.annotations.NullMarked;
