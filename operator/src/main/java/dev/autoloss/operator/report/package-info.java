/**
 * The report of a search as one page that needs nothing else. Must not import a reconciler, the
 * ledger or a Kubernetes client.
 */
@NullMarked
package dev.autoloss.operator.report;

import org.jspecify.annotations.NullMarked;
