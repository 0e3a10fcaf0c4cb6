/**
 * Judges one loss before any training: cheap properties that a loss must have to be worth a trial.
 * Knows the language and its evaluation; must not import the catalogue.
 */
@NullMarked
package dev.autoloss.loss.gate;

import org.jspecify.annotations.NullMarked;
