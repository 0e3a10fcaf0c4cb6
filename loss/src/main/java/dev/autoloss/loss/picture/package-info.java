/**
 * Losses for people: formulas and plots, as text. Knows the language and its evaluation; must not
 * import gates or the catalogue.
 */
@NullMarked
package dev.autoloss.loss.picture;

import org.jspecify.annotations.NullMarked;
