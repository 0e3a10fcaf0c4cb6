/**
 * What a search will cost and what it could show, before it spends anything. Knows the resources
 * and the search's statistics; must not import the rest of {@code local}.
 */
@NullMarked
package dev.autoloss.local.plan;

import org.jspecify.annotations.NullMarked;
