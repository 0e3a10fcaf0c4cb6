/**
 * Screening of many losses without training: drawn by number, judged on several threads, counted in
 * their order. Knows {@code dev.autoloss.loss} and the JDK; must not import the search.
 */
@NullMarked
package dev.autoloss.search.screening;

import org.jspecify.annotations.NullMarked;
