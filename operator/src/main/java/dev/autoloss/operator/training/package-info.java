/**
 * The reconciler of DetectorTraining: attempts as Jobs, retries, the result in the status. Must not
 * import the search, the ledger or the reconciler of LossSearch.
 */
@NullMarked
package dev.autoloss.operator.training;

import org.jspecify.annotations.NullMarked;
