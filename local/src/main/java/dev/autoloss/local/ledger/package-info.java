/**
 * What a search has recorded, as rows: read from a cluster or from a work folder. Must not import
 * the commands.
 */
@NullMarked
package dev.autoloss.local.ledger;

import org.jspecify.annotations.NullMarked;
