/**
 * The verdict of a search as a file that anybody can check: what was trained, every score, and what
 * they prove. Knows {@code dev.autoloss.api} and its documents; must not import the search, whose
 * statistics are computed anew by those who check.
 */
@NullMarked
package dev.autoloss.api.verdict;

import org.jspecify.annotations.NullMarked;
