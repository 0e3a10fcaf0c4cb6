/**
 * Reads what a user writes: a YAML file, checked as strictly as an API server does, every mistake
 * with its line. Must not import a Kubernetes client, the search, the operator or the trainer.
 */
@NullMarked
package dev.autoloss.api.document;

import org.jspecify.annotations.NullMarked;
