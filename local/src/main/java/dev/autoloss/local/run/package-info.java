/**
 * Runs one resource on this machine: API server, operator and Job runner in this process, its
 * progress on the terminal. Must not decide anything that the operator decides.
 */
@NullMarked
package dev.autoloss.local.run;

import org.jspecify.annotations.NullMarked;
