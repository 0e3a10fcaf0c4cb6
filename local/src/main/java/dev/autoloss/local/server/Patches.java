package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.Map;

/**
 * The two patches that say what to change: JSON merge patch (RFC 7386) and JSON patch (RFC 6902).
 */
final class Patches {
  private Patches() {}

  /** The document after a merge patch; neither argument is changed. */
  static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode merged = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
    for (Map.Entry<String, JsonNode> e : patch.properties()) {
      if (e.getValue().isNull()) {
        merged.remove(e.getKey());
      } else {
        merged.set(e.getKey(), merge(merged.path(e.getKey()), e.getValue()));
      }
    }
    return merged;
  }

  /**
   * The document after a JSON patch; neither argument is changed.
   *
   * @throws StatusError 400 when it is not a patch, 422 when it does not fit the document or a test
   *     in it fails
   */
  static JsonNode json(JsonNode target, JsonNode patch) {
    if (!patch.isArray()) {
      throw StatusError.badRequest("a JSON patch must be an array of operations");
    }
    try {
      return JsonPatch.apply(patch, target.deepCopy());
    } catch (JsonPatchException e) {
      throw StatusError.unprocessable(String.valueOf(e.getMessage()));
    }
  }
}
