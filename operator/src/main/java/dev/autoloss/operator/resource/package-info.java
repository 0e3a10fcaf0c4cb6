/**
 * What both reconcilers share about resources in the API: names, labels, conditions, events. Must
 * not import either reconciler, the ledger or the search.
 */
@NullMarked
package dev.autoloss.operator.resource;

import org.jspecify.annotations.NullMarked;
