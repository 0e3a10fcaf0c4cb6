package dev.autoloss.api.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.document.DocumentException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object of a JSON file, field by field; what is wrong is told with its place. */
final class Fields {
  private static final int LONGEST = 4096;

  private final String source;
  private final String path;
  private final JsonNode tree;
  private final Set<String> read = new HashSet<>();

  Fields(String source, String path, JsonNode tree) throws DocumentException {
    this.source = source;
    this.path = path;
    this.tree = tree;
    if (!tree.isObject()) {
      throw new DocumentException(List.of(place() + ": expected an object"));
    }
  }

  String place() {
    return path.isEmpty() ? source : source + ": " + path;
  }

  JsonNode tree() {
    return tree;
  }

  boolean has(String name) {
    return tree.has(name);
  }

  String text(String name) throws DocumentException {
    JsonNode node = get(name);
    if (!node.isTextual() || !node.textValue().matches("\\P{Cntrl}{0," + LONGEST + "}")) {
      throw mistake(name, "expected a line of at most " + LONGEST + " letters");
    }
    return node.textValue();
  }

  @Nullable String textIfThere(String name) throws DocumentException {
    return has(name) ? text(name) : null;
  }

  boolean truth(String name) throws DocumentException {
    JsonNode node = get(name);
    if (!node.isBoolean()) {
      throw mistake(name, "expected true or false");
    }
    return node.booleanValue();
  }

  long integer(String name) throws DocumentException {
    JsonNode node = get(name);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw mistake(name, "expected a whole number of 64 bits");
    }
    return node.longValue();
  }

  double number(String name, double least, double most) throws DocumentException {
    JsonNode node = get(name);
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(value >= least && value <= most)) {
      throw mistake(
          name,
          most == Double.MAX_VALUE
              ? "expected a finite number"
              : "expected a number in %s..%s".formatted(shown(least), shown(most)));
    }
    return value;
  }

  private static String shown(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  Fields object(String name) throws DocumentException {
    return new Fields(source, inner(name), get(name));
  }

  List<Fields> list(String name, int most) throws DocumentException {
    JsonNode node = get(name);
    if (!node.isArray() || node.size() > most) {
      throw mistake(name, "expected a list of at most " + most);
    }
    var all = new ArrayList<Fields>();
    for (int i = 0; i < node.size(); i++) {
      all.add(new Fields(source, inner(name) + "[" + i + "]", node.get(i)));
    }
    return all;
  }

  private JsonNode get(String name) throws DocumentException {
    read.add(name);
    JsonNode node = tree.get(name);
    if (node == null) {
      throw mistake(name, "expected a value, there is none");
    }
    return node;
  }

  void nothingElse() throws DocumentException {
    for (var field : tree.properties()) {
      if (!read.contains(field.getKey())) {
        throw mistake(field.getKey(), "unknown field");
      }
    }
  }

  DocumentException mistake(String name, String message) {
    // A name that a hostile file makes up must not break the line.
    String shown = inner(name).replaceAll("\\p{Cntrl}", "?");
    return new DocumentException(
        List.of(
            source + ": " + shown.substring(0, Math.min(200, shown.length())) + ": " + message));
  }

  private String inner(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
