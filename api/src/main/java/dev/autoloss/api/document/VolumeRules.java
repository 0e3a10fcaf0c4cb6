package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.DataPath;
import dev.autoloss.api.PodVolume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The CRDs' rules for the volumes that a user adds to the trainer's pod. */
final class VolumeRules {
  private final List<Mistake> found = new ArrayList<>();

  private VolumeRules() {}

  static List<Mistake> of(JsonNode pod, String path) {
    var rules = new VolumeRules();
    JsonNode volumes = pod.path("volumes");
    for (int i = 0; i < volumes.size(); i++) {
      rules.volume(volumes.path(i), path + ".volumes[" + i + "]");
    }
    rules.different(volumes, "name", path + ".volumes", "of different names");
    rules.different(volumes, "mountPath", path + ".volumes", "at different paths");
    return rules.found;
  }

  private void volume(JsonNode volume, String path) {
    if (!volume.isObject()) {
      return;
    }
    List<String> given = PodVolume.SOURCES.stream().filter(volume::has).toList();
    if (given.size() != 1) {
      found.add(
          new Mistake(
              path,
              "expected exactly one of configMap, secret, persistentVolumeClaim and emptyDir, found "
                  + (given.isEmpty() ? "none" : String.join(" and ", given))));
    }
    JsonNode name = volume.path("name");
    if (name.isTextual() && !PodVolume.isFreeName(name.textValue())) {
      found.add(
          new Mistake(path + ".name", PodVolume.NAME_MESSAGE + ", found " + name.textValue()));
    }
    JsonNode mountPath = volume.path("mountPath");
    if (mountPath.isTextual() && !PodVolume.isFreePath(mountPath.textValue())) {
      found.add(
          new Mistake(
              path + ".mountPath", PodVolume.PATH_MESSAGE + ", found " + mountPath.textValue()));
    }
    JsonNode subPath = volume.path("persistentVolumeClaim").path("subPath");
    if (subPath.isTextual() && !DataPath.isInside(subPath.textValue())) {
      found.add(
          new Mistake(
              path + ".persistentVolumeClaim.subPath",
              "expected a path inside of the data: not from the root, without .., found "
                  + subPath.textValue()));
    }
  }

  private void different(JsonNode volumes, String field, String path, String how) {
    var seen = new HashSet<String>();
    for (JsonNode volume : volumes) {
      String value = volume.path(field).asText();
      if (volume.has(field) && !seen.add(value)) {
        found.add(new Mistake(path, "expected volumes " + how + ", found " + value + " twice"));
        return;
      }
    }
  }
}
