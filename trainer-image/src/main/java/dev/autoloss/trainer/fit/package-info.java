/**
 * The training of one detector: optimiser, schedule, divergence guard, checkpoint. Called by the
 * trainer's main class; must not import the reading of files or the evaluation.
 */
@NullMarked
package dev.autoloss.trainer.fit;

import org.jspecify.annotations.NullMarked;
