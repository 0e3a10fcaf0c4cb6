/**
 * Losses as programs of other frameworks, to be taken out of this house. Knows the language only;
 * must not import evaluation, gates or the catalogue.
 */
@NullMarked
package dev.autoloss.loss.export;

import org.jspecify.annotations.NullMarked;
