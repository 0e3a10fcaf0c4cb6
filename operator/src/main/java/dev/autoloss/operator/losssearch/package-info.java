/**
 * The reconciler of LossSearch: trials of a search as DetectorTrainings, their results in the
 * ledger, the status as its projection. Must not import the reconciler of DetectorTraining.
 */
@NullMarked
package dev.autoloss.operator.losssearch;

import org.jspecify.annotations.NullMarked;
