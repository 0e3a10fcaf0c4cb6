package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What of a resource can't be changed once it exists: all of its spec, so that what is compared was
 * made under one rule, but what says how far it goes, what it may spend and how its pods run.
 *
 * <p>Typed clients that write a whole object leave out false, 0 and empty texts and lists. Where
 * something else stands in for what is left out, such an update must not be refused, or a search
 * could not be resumed by them; what was 0 stays 0 by {@link #zeros}.
 */
public final class Immutability {
  /** What the rules say. */
  static final String MESSAGE = "is immutable: make a new ";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, Set<String>> EDITABLE =
      Map.of(
          "LossSearch",
          Set.of("suspend", "suspendPolicy", "evolution.generations", "trials", "budget", "stop"),
          "DetectorTraining",
          Set.of("retries", "deadlines", "scheduling", "pod", "checkpoint"));

  private Immutability() {}

  /** A rule for two versions of a spec. */
  sealed interface Rule {
    /** The field, without {@code spec.}. */
    String path();

    /** The field's schema. */
    JsonNode schema();

    /** Says whether a zero may be gone. */
    boolean zeroMayBeDropped();

    /** Says whether an update obeys it. */
    boolean holds(JsonNode before, JsonNode after);
  }

  /** A field has no default: it stays there, or stays away. */
  record Presence(String path, JsonNode schema, boolean zeroMayBeDropped) implements Rule {
    @Override
    public boolean holds(JsonNode before, JsonNode after) {
      String around = path.substring(0, Math.max(0, path.lastIndexOf('.')));
      if (at(before, around).isMissingNode() || at(after, around).isMissingNode()) {
        return true;
      }
      JsonNode old = at(before, path);
      boolean gone = !old.isMissingNode() && at(after, path).isMissingNode();
      return old.isMissingNode() == at(after, path).isMissingNode()
          || (gone && zeroMayBeDropped && isZero(old));
    }
  }

  /** A value stays as it is. */
  record Value(String path, JsonNode schema, boolean zeroMayBeDropped) implements Rule {
    @Override
    public boolean holds(JsonNode before, JsonNode after) {
      JsonNode old = at(before, path);
      JsonNode now = at(after, path);
      return old.isMissingNode()
          || now.isMissingNode()
          || same(old, now)
          || (zeroMayBeDropped && isZero(old) && same(schema.path("default"), now));
    }
  }

  /**
   * What an update changes that can't be changed, as the API server would say it.
   *
   * @param kind LossSearch or DetectorTraining
   * @param before the spec as it is, its defaults applied
   * @param after the spec as it shall be, its defaults applied
   * @return a mistake for each field; empty if the update is allowed
   */
  public static List<Mistake> mistakes(String kind, JsonNode before, JsonNode after) {
    return mistakes(rules(kind, specSchema(kind)), kind, before, after);
  }

  /**
   * As {@link #mistakes}, for a document that a person wrote: what it leaves out is meant so.
   *
   * @param kind LossSearch or DetectorTraining
   * @param before the spec as it is, its defaults applied
   * @param after the spec as it shall be, its defaults applied
   * @return a mistake for each field; empty if the update is allowed
   */
  public static List<Mistake> strictly(String kind, JsonNode before, JsonNode after) {
    return mistakes(rules(kind, specSchema(kind), false), kind, before, after);
  }

  private static List<Mistake> mistakes(
      List<Rule> rules, String kind, JsonNode before, JsonNode after) {
    return rules.stream()
        .filter(rule -> !rule.holds(before, after))
        .map(rule -> new Mistake("spec." + rule.path(), MESSAGE + kind))
        .toList();
  }

  /**
   * The fields of a search that are 0 or empty though that is not what stands in for them when they
   * are left out. To be kept from the beginning.
   *
   * @param search its defaults applied
   * @return paths in the spec, for example {@code training.accelerator.count}; mostly none
   */
  public static List<String> zeros(LossSearch search) {
    JsonNode spec = MAPPER.valueToTree(Objects.requireNonNull(search.getSpec(), "spec"));
    return Droppable.RULES.stream().map(Rule::path).filter(path -> isZero(at(spec, path))).toList();
  }

  /**
   * A search with its zeros again, which a client may have dropped since.
   *
   * @param search the search
   * @param zeros what {@link #zeros} said of it in the beginning; a path that is not one of its is
   *     left alone
   * @return a copy with the same metadata and status, or the search itself if nothing is to be done
   */
  public static LossSearch withZeros(LossSearch search, List<String> zeros) {
    if (zeros.isEmpty()) {
      return search;
    }
    ObjectNode spec = MAPPER.valueToTree(Objects.requireNonNull(search.getSpec(), "spec"));
    if (zeros.stream().allMatch(path -> isZero(at(spec, path)))) {
      return search;
    }
    for (Rule rule : Droppable.RULES) {
      int dot = rule.path().lastIndexOf('.');
      if (zeros.contains(rule.path())
          && at(spec, rule.path().substring(0, Math.max(0, dot))) instanceof ObjectNode around) {
        around.set(rule.path().substring(dot + 1), zero(rule.schema()));
      }
    }
    LossSearch restored =
        LossSearch.of(search.getMetadata(), MAPPER.convertValue(spec, LossSearchSpec.class));
    restored.setStatus(search.getStatus());
    return restored;
  }

  /** Found once: a schema is large. */
  private static final class Droppable {
    static final List<Rule> RULES =
        rules("LossSearch", specSchema("LossSearch")).stream()
            .filter(Rule::zeroMayBeDropped)
            .toList();
  }

  private static JsonNode specSchema(String kind) {
    return DocumentReader.crd(kind).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
  }

  /** All rules for a kind, in the order of its schema. */
  static List<Rule> rules(String kind, JsonNode schema) {
    // A training is never resumed, and nothing remembers its zeros.
    return rules(kind, schema, kind.equals("LossSearch"));
  }

  private static List<Rule> rules(String kind, JsonNode schema, boolean zeros) {
    var rules = new ArrayList<Rule>();
    visit(schema, "", EDITABLE.getOrDefault(kind, Set.of()), zeros, rules);
    return rules;
  }

  private static void visit(
      JsonNode struct, String path, Set<String> editable, boolean zeros, List<Rule> rules) {
    var required = new ArrayList<String>();
    struct.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> field : struct.path("properties").properties()) {
      String inner = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      JsonNode schema = field.getValue();
      if (editable.contains(inner)) {
        continue;
      }
      boolean canBeZero = zeros && canBeZero(schema);
      if (!schema.has("default") && !required.contains(field.getKey())) {
        rules.add(new Presence(inner, schema, canBeZero));
      }
      if (schema.has("properties")) {
        visit(schema, inner, editable, zeros, rules);
      } else {
        rules.add(new Value(inner, schema, canBeZero && defaultsToAnother(schema)));
      }
    }
  }

  private static boolean defaultsToAnother(JsonNode schema) {
    return schema.has("default") && !isZero(schema.get("default"));
  }

  private static boolean canBeZero(JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "boolean" -> true;
      case "integer", "number" -> schema.path("minimum").asDouble(-1) <= 0 && !above(schema);
      case "array" -> schema.path("minItems").asInt() == 0;
      // All texts have a least length, a pattern or an enumeration.
      default -> false;
    };
  }

  private static boolean above(JsonNode schema) {
    return schema.path("exclusiveMinimum").asBoolean();
  }

  private static boolean isZero(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.decimalValue().signum() == 0;
      case STRING -> value.textValue().isEmpty();
      case BOOLEAN -> !value.booleanValue();
      case ARRAY -> value.isEmpty();
      case OBJECT, POJO, NULL, MISSING, BINARY -> false;
    };
  }

  private static JsonNode zero(JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "boolean" -> MAPPER.getNodeFactory().booleanNode(false);
      case "array" -> MAPPER.createArrayNode();
      default -> MAPPER.getNodeFactory().numberNode(0);
    };
  }

  private static JsonNode at(JsonNode spec, String path) {
    JsonNode node = spec;
    if (!path.isEmpty()) {
      for (String name : path.split("\\.", -1)) {
        node = node.path(name);
      }
    }
    return node;
  }

  /** Numbers by their value: 1 is 1.0. */
  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(
        (left, right) ->
            left.isNumber() && right.isNumber()
                ? left.decimalValue().compareTo(right.decimalValue())
                : left.equals(right) ? 0 : 1,
        other);
  }
}
