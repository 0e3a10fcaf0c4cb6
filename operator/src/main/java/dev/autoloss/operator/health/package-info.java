/**
 * Whether the operator is alive and ready: how its reconciliations get on, and whether it reaches
 * the API server. Must not import a reconciler.
 */
@NullMarked
package dev.autoloss.operator.health;

import org.jspecify.annotations.NullMarked;
