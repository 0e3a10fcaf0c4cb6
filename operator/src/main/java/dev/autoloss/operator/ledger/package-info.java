/**
 * The ledger of a search: an append-only chain of immutable, compressed segments, each a
 * ControllerRevision that holds the digest of the one before. Must not import a reconciler.
 */
@NullMarked
package dev.autoloss.operator.ledger;

import org.jspecify.annotations.NullMarked;
