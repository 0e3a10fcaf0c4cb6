/**
 * The verdict of a search: made of its trainings, and checked by computing it anew. Knows the
 * resources and the search's statistics; must not import the rest of {@code local}.
 */
@NullMarked
package dev.autoloss.local.verdict;

import org.jspecify.annotations.NullMarked;
