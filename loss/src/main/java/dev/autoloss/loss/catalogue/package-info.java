/**
 * The named losses: what users, examples and defaults refer to by label. Knows the language only;
 * must not import evaluation or gates.
 */
@NullMarked
package dev.autoloss.loss.catalogue;

import org.jspecify.annotations.NullMarked;
