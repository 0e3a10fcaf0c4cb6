/**
 * Runs Jobs as processes of this machine, in the place of a cluster's Job controller, scheduler and
 * kubelet. Must not import the operator's decisions: it knows Jobs and pods only.
 */
@NullMarked
package dev.autoloss.local.job;

import org.jspecify.annotations.NullMarked;
