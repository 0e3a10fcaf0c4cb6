/**
 * The trainer's commands: what they read and write, exit codes, how they stop. The only package
 * that knows files, tensors and evaluation together.
 */
@NullMarked
package dev.autoloss.trainer.command;

import org.jspecify.annotations.NullMarked;
