/**
 * The commands of the {@code autoloss} program: arguments in, lines out, an exit code. Each failure
 * is one line on stderr, never a stack trace.
 */
@NullMarked
package dev.autoloss.local.command;

import org.jspecify.annotations.NullMarked;
