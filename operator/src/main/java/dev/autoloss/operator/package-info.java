/**
 * The operator as a whole: options, wiring, its HTTP endpoints and its {@code main}. Nothing inside
 * the operator may import this package.
 */
@NullMarked
package dev.autoloss.operator;

import org.jspecify.annotations.NullMarked;
