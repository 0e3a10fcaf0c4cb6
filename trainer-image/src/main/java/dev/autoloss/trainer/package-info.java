/** The trainer's main class; all else is in the packages below, which must not import this one. */
@NullMarked
package dev.autoloss.trainer;

import org.jspecify.annotations.NullMarked;
