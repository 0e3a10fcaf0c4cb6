/** The {@code autoloss} program: starts its command line, nothing else. */
@NullMarked
package dev.autoloss.local;

import org.jspecify.annotations.NullMarked;
