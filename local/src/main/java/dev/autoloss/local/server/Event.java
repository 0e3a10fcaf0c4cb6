package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One committed write, as watches see it.
 *
 * @param revision its resourceVersion
 * @param key which object
 * @param removed whether the object is gone
 * @param object the object after the write, or its last state when it is gone
 * @param previous the object before the write; empty when it was created
 */
record Event(
    long revision,
    ObjectKey key,
    boolean removed,
    ObjectNode object,
    Optional<ObjectNode> previous) {}
