package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Names as Kubernetes allows them. */
final class Names {
  private static final int LONGEST_NAME = 253;
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final List<String> WRITTEN = List.of("name", "namespace", "labels", "annotations");

  /** What an API server adds: a resource that was exported from a cluster has them. */
  private static final List<String> SERVERS =
      List.of(
          "creationTimestamp",
          "deletionGracePeriodSeconds",
          "deletionTimestamp",
          "finalizers",
          "generateName",
          "generation",
          "managedFields",
          "ownerReferences",
          "resourceVersion",
          "selfLink",
          "uid");

  private Names() {}

  /** Checks the metadata of a resource, which must be named. */
  static void check(JsonNode metadata, List<Mistake> found) {
    JsonNode name = metadata.path("name");
    boolean fits =
        name.isTextual()
            && name.textValue().length() <= LONGEST_NAME
            && SUBDOMAIN.matcher(name.textValue()).matches();
    if (!fits) {
      String shown = name.isMissingNode() ? "nothing" : "\"" + name.asText() + "\"";
      found.add(
          new Mistake(
              "metadata.name",
              "expected at most 253 lower-case letters, digits, - and ., found " + shown));
    }
    for (Map.Entry<String, JsonNode> field : metadata.properties()) {
      String key = field.getKey();
      if (!WRITTEN.contains(key) && !SERVERS.contains(key)) {
        found.add(new Mistake("metadata." + key, "unknown field"));
      }
    }
    checkTexts(metadata.path("labels"), "metadata.labels", found);
    checkTexts(metadata.path("annotations"), "metadata.annotations", found);
  }

  private static void checkTexts(JsonNode map, String path, List<Mistake> found) {
    if (!map.isObject() && !map.isMissingNode() && !map.isNull()) {
      found.add(new Mistake(path, "expected an object"));
    }
    for (Map.Entry<String, JsonNode> field : map.properties()) {
      String inner = path + "." + field.getKey();
      if (!field.getValue().isTextual()) {
        found.add(new Mistake(inner, "expected a string, found " + field.getValue()));
      } else if (path.endsWith("labels")
          && !LABEL.matcher(field.getValue().textValue()).matches()) {
        found.add(
            new Mistake(
                path,
                "expected at most 63 letters, digits, -, _ and . for "
                    + field.getKey()
                    + ", found another text"));
      }
      if (!isKey(field.getKey())) {
        found.add(
            new Mistake(
                path,
                "expected a name of at most 63 letters, digits, -, _ and . as key, perhaps after a"
                    + " domain and /, found another text"));
      }
    }
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    String domain = key.substring(0, Math.max(0, slash));
    String name = key.substring(slash + 1);
    return !name.isEmpty()
        && LABEL.matcher(name).matches()
        && (slash < 0 || (domain.length() <= LONGEST_NAME && SUBDOMAIN.matcher(domain).matches()));
  }

  /** Letters that must be changed, put in or left out to make one of the other. */
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
