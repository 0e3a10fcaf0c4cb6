/**
 * The two resources as records, a trial's result, the outcomes and exit codes: what a user writes
 * and what a pod reads is one and the same type. Knows the Kubernetes model classes; must not
 * import a Kubernetes client, the search, the operator or the trainer.
 */
@NullMarked
package dev.autoloss.api;

import org.jspecify.annotations.NullMarked;
