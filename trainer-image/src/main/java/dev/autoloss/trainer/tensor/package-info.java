/**
 * The only door to the tensor engine: tensors, operations, TorchScript methods that Java writes,
 * scopes that free a step's memory, parameters and their update.
 *
 * <p>The engine's own arrays have calls that give wrong gradients without a word (operations with a
 * Java number, casts that cut the graph, arrays freed before the backward pass); no other package
 * of the trainer may touch them. Must not import losses, detectors or data.
 */
@NullMarked
package dev.autoloss.trainer.tensor;

import org.jspecify.annotations.NullMarked;
