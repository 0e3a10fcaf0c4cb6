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
  /** From a DeleteOptions document, empty when there was none, and the request's parameters. */
  static DeleteOptions of(JsonNode body, String propagationPolicy, boolean dryRun) {
    JsonNode preconditions = body.path("preconditions");
    String policy = body.path("propagationPolicy").asText(propagationPolicy);
    return new DeleteOptions(
        preconditions.path("uid").asText(""),
        preconditions.path("resourceVersion").asText(""),
        policy.equals("Orphan") || body.path("orphanDependents").asBoolean(),
        dryRun || body.path("dryRun").size() > 0);
  }

  static DeleteOptions background() {
    return new DeleteOptions("", "", false, false);
  }
}
