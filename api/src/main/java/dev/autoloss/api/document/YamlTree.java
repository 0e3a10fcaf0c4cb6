package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as a tree of JSON, with the line of each field. Bounded: aliases are expanded, so their
 * number of nodes is.
 */
final class YamlTree {
  private static final int MOST_NODES = 100_000;
  private static final int MOST_DEPTH = 100;

  /** The parser copies what it has read of a token with every kibibyte: its time grows squared. */
  private static final int LONGEST_LINE = 1 << 18;

  /** Plain ones are true and false for kubectl and the API server. Numbers to base 60 are not. */
  private static final Set<String> LETTERS = Set.of("y", "Y", "n", "N");

  private static final Set<Tag> VALUES = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL);
  private static final Set<Tag> TEXTS = Set.of(Tag.STR, Tag.TIMESTAMP);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String source;
  private final Scalars scalars = new Scalars();
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Mistake> mistakes = new ArrayList<>();
  private int nodes;

  /** A document of a file. */
  record Read(JsonNode tree, Places places, List<Mistake> mistakes) {}

  private YamlTree(String source) {
    this.source = source;
  }

  /**
   * Reads all documents of a text.
   *
   * @throws DocumentException if it is no YAML or too large
   */
  static List<Read> read(String source, String text) throws DocumentException {
    checkLines(source, text);
    var options = new LoaderOptions();
    options.setNestingDepthLimit(MOST_DEPTH);
    options.setCodePointLimit(Integer.MAX_VALUE);
    // Aliases are bounded by the nodes that they expand to.
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    var documents = new ArrayList<Read>();
    try {
      for (Node root : new Yaml(options).composeAll(new StringReader(text))) {
        var tree = new YamlTree(source);
        JsonNode json = tree.convert(root, "", 0);
        documents.add(new Read(json, new Places(source, tree.lines), List.copyOf(tree.mistakes)));
      }
    } catch (MarkedYAMLException broken) {
      int line = broken.getProblemMark() == null ? 1 : broken.getProblemMark().getLine() + 1;
      throw new DocumentException(
          List.of(source + ":" + line + ": expected YAML: " + broken.getProblem()));
    } catch (YAMLException broken) {
      String reason = String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
      throw new DocumentException(List.of(source + ": expected YAML: " + reason));
    }
    return documents;
  }

  private static void checkLines(String source, String text) throws DocumentException {
    int number = 1;
    for (int begin = 0; begin < text.length(); number++) {
      int end = text.indexOf('\n', begin);
      int length = (end < 0 ? text.length() : end) - begin;
      if (length > LONGEST_LINE) {
        throw new DocumentException(
            List.of(
                "%s:%d: expected at most %d characters in a line, found %d"
                    .formatted(source, number, LONGEST_LINE, length)));
      }
      begin += length + 1;
    }
  }

  private JsonNode convert(Node node, String path, int depth) throws DocumentException {
    nodes++;
    if (nodes > MOST_NODES || depth > MOST_DEPTH) {
      throw new DocumentException(
          List.of(
              "%s:%d: expected at most %d values, nested %d deep, aliases expanded"
                  .formatted(source, line(node), MOST_NODES, MOST_DEPTH)));
    }
    lines.putIfAbsent(path, line(node));
    return switch (node) {
      case MappingNode mapping -> object(mapping, path, depth);
      case SequenceNode sequence -> {
        var array = JSON.arrayNode();
        for (Node element : sequence.getValue()) {
          array.add(convert(element, path + "[" + array.size() + "]", depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar, path);
      default -> throw new IllegalStateException("no YAML node: " + node.getNodeId());
    };
  }

  private ObjectNode object(MappingNode mapping, String path, int depth) throws DocumentException {
    ObjectNode object = JSON.objectNode();
    var merged = new ArrayList<Node>();
    for (NodeTuple field : mapping.getValue()) {
      if (field.getKeyNode().getTag().equals(Tag.MERGE)) {
        merged.add(field.getValueNode());
        lines.putIfAbsent(path.isEmpty() ? "<<" : path + ".<<", line(field.getKeyNode()));
        continue;
      }
      String key =
          field.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "(a structure)";
      String inner = path.isEmpty() ? key : path + "." + key;
      lines.putIfAbsent(inner, line(field.getKeyNode()));
      if (!(field.getKeyNode() instanceof ScalarNode)) {
        mistakes.add(new Mistake(inner, "expected a name as key"));
      } else if (object.has(key)) {
        lines.put(inner, line(field.getKeyNode()));
        mistakes.add(new Mistake(inner, "is there twice"));
      } else {
        object.set(key, convert(field.getValueNode(), inner, depth + 1));
      }
    }
    for (Node one : merged) {
      merge(one, object, path, depth);
    }
    return object;
  }

  /** What the object has itself stands before what is merged into it. */
  private void merge(Node node, ObjectNode into, String path, int depth) throws DocumentException {
    if (node instanceof SequenceNode several) {
      for (Node one : several.getValue()) {
        merge(one, into, path, depth + 1);
      }
    } else if (convert(node, path, depth + 1) instanceof ObjectNode object) {
      object.properties().forEach(field -> into.putIfAbsent(field.getKey(), field.getValue()));
    } else {
      String inner = path.isEmpty() ? "<<" : path + ".<<";
      mistakes.add(new Mistake(inner, "expected an object to merge"));
    }
  }

  private JsonNode scalar(ScalarNode scalar, String path) {
    Tag tag = scalar.getTag();
    String text = scalar.getValue();
    if (scalar.isPlain() && LETTERS.contains(text)) {
      return JSON.booleanNode(text.equalsIgnoreCase("y"));
    }
    boolean sexagesimal = text.contains(":");
    if (VALUES.contains(tag) && !sexagesimal) {
      return value(scalar);
    }
    if (tag.equals(Tag.NULL)) {
      return NullNode.instance;
    }
    if (!TEXTS.contains(tag) && !sexagesimal) {
      mistakes.add(new Mistake(path, "expected no tag, found " + tag.getValue()));
    }
    return JSON.textNode(text);
  }

  private JsonNode value(ScalarNode scalar) {
    try {
      return switch (scalars.value(scalar)) {
        case Integer number -> JSON.numberNode(number);
        case Long number -> JSON.numberNode(number);
        case BigInteger number -> JSON.numberNode(number);
        case Double number -> JSON.numberNode(number);
        case Boolean truth -> JSON.booleanNode(truth);
        case Object other -> JSON.textNode(other.toString());
      };
    } catch (YAMLException | IllegalArgumentException unreadable) {
      return JSON.textNode(scalar.getValue());
    }
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** The meaning of plain numbers and booleans. */
  private static final class Scalars extends SafeConstructor {
    Scalars() {
      super(new LoaderOptions());
    }

    Object value(ScalarNode scalar) {
      return constructObject(scalar);
    }
  }
}
