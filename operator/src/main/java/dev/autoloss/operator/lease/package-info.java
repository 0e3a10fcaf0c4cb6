/**
 * Which of several operators works: an election by a lease, and the fence that keeps the others
 * from writing. Must not import a reconciler.
 */
@NullMarked
package dev.autoloss.operator.lease;

import org.jspecify.annotations.NullMarked;
