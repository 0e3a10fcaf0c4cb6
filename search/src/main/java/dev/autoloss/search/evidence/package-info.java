/**
 * What scores of a few seeds prove: paired differences, tests and intervals, the gain that could be
 * seen, rank correlation, racing, and the verdict on a search. Pure functions of numbers; knows the
 * JDK alone.
 */
@NullMarked
package dev.autoloss.search.evidence;

import org.jspecify.annotations.NullMarked;
