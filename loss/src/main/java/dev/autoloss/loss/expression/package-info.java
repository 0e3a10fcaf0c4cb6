/**
 * The language of losses: the sealed tree, its operator table, parser and printers. Knows the JDK
 * only; must not import evaluation, gates or anything of the other modules.
 */
@NullMarked
package dev.autoloss.loss.expression;

import org.jspecify.annotations.NullMarked;
