/**
 * What an expression is worth: values and gradients on plain arrays, in double precision. Knows the
 * language only; must not import the catalogue, gates or pictures.
 */
@NullMarked
package dev.autoloss.loss.evaluation;

import org.jspecify.annotations.NullMarked;
