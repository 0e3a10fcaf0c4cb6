package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a deletion is meant.
 *
 * @param uid only if the object has this uid; empty for any
 * @param resourceVersion only if the object has this version; empty for any
 * @param orphan dependents stay and lose their reference; else they are collected
 * @param dryRun nothing is deleted
 */
record DeleteOptions(String uid, String resourceVersion, boolean orphan, boolean dryRun) {
  /** From a DeleteOptions document; without one from the request's parameters, as in the API. */
  static DeleteOptions of(JsonNode body, String propagationPolicy, boolean dryRun) {
    if (body.isMissingNode()) {
      return new DeleteOptions("", "", propagationPolicy.equals("Orphan"), dryRun);
    }
    JsonNode preconditions = body.path("preconditions");
    return new DeleteOptions(
        preconditions.path("uid").asText(""),
        preconditions.path("resourceVersion").asText(""),
        body.path("propagationPolicy").asText().equals("Orphan")
            || body.path("orphanDependents").asBoolean(),
        !body.path("dryRun").isEmpty());
  }

  static DeleteOptions background() {
    return new DeleteOptions("", "", false, false);
  }
}
