/**
 * The embedded Kubernetes API server of the one-machine mode: enough of the API that the operator
 * runs against it unchanged, on loopback only, with a journal that survives the death of the
 * process.
 *
 * <p>Must not import a Kubernetes client, nor anything of the operator: whatever speaks the API may
 * use it.
 */
@NullMarked
package dev.autoloss.local.server;

import org.jspecify.annotations.NullMarked;
