package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.UnaryOperator;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** What annotations of records can't say of a CRD's schema. */
public final class CrdRules {

  /** As Kubernetes reads quantities. */
  private static final String QUANTITY =
      "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

  private static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

  private final String kind;
  private final ObjectNode schema;

  private CrdRules(ObjectNode crd) {
    this.kind = crd.at("/spec/names/kind").asText();
    this.schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** Completes a CRD in place. */
  public static void complete(ObjectNode crd) throws IOException {
    var rules = new CrdRules(crd);
    onceEach(rules.schema);
    boolean search = rules.kind.equals("LossSearch");
    rules.schema.put(
        "description",
        search
            ? "A search of losses by evolution, for one detector and one data set."
            : "One training of a detector with a given loss pair and seed.");
    rules.pod(search ? "/spec/trials/pod" : "/spec/pod");
    rules.numbers(rules.schema);
    if (search) {
      rules.vocabulary();
    } else {
      rules.losses();
    }
    rules.descriptions(rules.schema);
    rules.immutability();
  }

  /** An annotation of a record's component is found at its field and at its accessor. */
  private static void onceEach(JsonNode node) {
    if (node.path("x-kubernetes-validations") instanceof ArrayNode rules) {
      var seen = new LinkedHashSet<JsonNode>();
      rules.forEach(seen::add);
      rules.removeAll().addAll(seen);
    }
    node.forEach(CrdRules::onceEach);
  }

  /** A field's schema by the names around it; {@code []} after a name for its items. */
  private ObjectNode at(String path) {
    JsonNode node = schema;
    for (String name : path.substring(1).split("/", -1)) {
      node = node.path("properties").path(name.replace("[]", ""));
      node = name.endsWith("[]") ? node.path("items") : node;
    }
    return (ObjectNode) node;
  }

  private static void rule(ObjectNode at, String rule, String path, String message) {
    ObjectNode one = at.withArray("x-kubernetes-validations").addObject();
    if (!path.isEmpty()) {
      one.put("fieldPath", path);
    }
    one.put("message", message).put("rule", rule);
  }

  /** What a Job's creation would be refused for is refused here, where its user sees it. */
  private void pod(String pod) {
    for (String field : List.of("/labels", "/nodeSelector", "/annotations")) {
      at(pod + field).put("maxProperties", 64);
    }
    for (String field : List.of("/labels", "/nodeSelector")) {
      ((ObjectNode) at(pod + field).get("additionalProperties"))
          .put("maxLength", 63)
          .put("pattern", LABEL_VALUE);
    }
    for (String field : List.of("/env", "/imagePullSecrets")) {
      ObjectNode list = at(pod + field);
      list.put("x-kubernetes-list-type", "map").putArray("x-kubernetes-list-map-keys").add("name");
      ((ObjectNode) list.get("items")).putArray("required").add("name");
      ((ObjectNode) list.at("/items/properties/name")).put("minLength", 1);
    }
    // Both name something of the pod that a user can't give it.
    ((ObjectNode) at(pod + "/resources").get("properties")).remove("claims");
    ((ObjectNode) at(pod + "/env[]/valueFrom").get("properties")).remove("fileKeyRef");
    for (String field : List.of("/resources/limits", "/resources/requests")) {
      ((ObjectNode) at(pod + field).get("additionalProperties")).put("pattern", QUANTITY);
    }
    at(pod + "/env[]/valueFrom/resourceFieldRef/divisor").put("pattern", QUANTITY);
    volumes(pod + "/volumes[]");
    at(pod + "/tolerations[]/effect")
        .putArray("enum")
        .add("NoSchedule")
        .add("PreferNoSchedule")
        .add("NoExecute");
    at(pod + "/tolerations[]/operator").putArray("enum").add("Exists").add("Equal");
  }

  /** Whole ConfigMaps and Secrets, by name. */
  private void volumes(String volume) {
    for (String[] source : new String[][] {{"/configMap", "name"}, {"/secret", "secretName"}}) {
      ObjectNode schema = at(volume + source[0]);
      ((ObjectNode) schema.get("properties")).remove(List.of("items", "defaultMode"));
      schema.putArray("required").add(source[1]);
      at(volume + source[0] + "/" + source[1]).put("minLength", 1);
    }
    at(volume + "/emptyDir/medium").putArray("enum").add("").add("Memory");
    at(volume + "/emptyDir/sizeLimit").put("pattern", QUANTITY);
  }

  /** Bounds of list elements. */
  private void numbers(JsonNode node) {
    if (node.path("properties").path("std").path("items") instanceof ObjectNode deviation) {
      deviation.put("minimum", 0.0).put("exclusiveMinimum", true);
    }
    if (node.path("properties").path("steps").path("items") instanceof ObjectNode epoch) {
      epoch.put("minimum", 0.0);
    }
    node.forEach(this::numbers);
  }

  /** The names of the language are its own tables'. */
  private void vocabulary() {
    for (String list : List.of("/spec/space/branches", "/spec/space/operators")) {
      at(list).put("x-kubernetes-list-type", "set");
    }
    at("/spec/evolution/controls").put("x-kubernetes-list-type", "set");
    var operators = at("/spec/space/operators[]").putArray("enum");
    Stream.concat(
            Arrays.stream(BinaryOperator.values()).map(BinaryOperator::symbol),
            Arrays.stream(UnaryOperator.values()).map(UnaryOperator::symbol))
        .forEach(operators::add);
    for (String list : List.of("initial", "priors")) {
      ObjectNode pair = at("/spec/evolution/" + list + "[]");
      evolvable(pair, "classification", List.of(Branch.TWO_STAGE, Branch.ONE_STAGE));
      evolvable(pair, "regression", List.of(Branch.REGRESSION));
    }
  }

  private static void evolvable(ObjectNode pair, String branch, List<Branch> branches) {
    List<String> names =
        branches.stream()
            .flatMap(one -> CatalogueLoss.of(one).stream())
            .filter(loss -> loss.expression().isPresent())
            .map(CatalogueLoss::label)
            .toList();
    String absent = "!has(self.%1$s) || ".formatted(branch);
    rule(
        pair,
        absent
            + "!has(self.%1$s.catalogue) || self.%1$s.catalogue in %2$s"
                .formatted(branch, list(names)),
        "." + branch + ".catalogue",
        "expected " + String.join(", ", names));
    rule(
        pair,
        absent + "self.%1$s.weight == 1.0".formatted(branch),
        "." + branch + ".weight",
        "expected 1 in a search");
  }

  private void losses() {
    String name = "self.loss.classification.catalogue";
    rule(
        at("/spec"),
        "!has(self.loss.classification) || !has(%s) || %s in (self.detector.architecture in ['FCOS', 'ATSS'] ? %s : %s)"
            .formatted(name, name, list(labels(Branch.ONE_STAGE)), list(labels(Branch.TWO_STAGE))),
        ".loss.classification.catalogue",
        "expected with FCOS and ATSS %s, with the others %s"
            .formatted(
                String.join(", ", labels(Branch.ONE_STAGE)),
                String.join(", ", labels(Branch.TWO_STAGE))));
    rule(
        at("/spec/loss"),
        "!has(self.regression) || !has(self.regression.catalogue) || self.regression.catalogue in "
            + list(labels(Branch.REGRESSION)),
        ".regression.catalogue",
        "expected " + String.join(", ", labels(Branch.REGRESSION)));
  }

  private static List<String> labels(Branch branch) {
    return CatalogueLoss.of(branch).stream().map(CatalogueLoss::label).toList();
  }

  private static String list(List<String> names) {
    return "['" + String.join("', '", names) + "']";
  }

  /** Fields that have a description keep it. */
  private void descriptions(JsonNode node) throws IOException {
    var known = new Properties();
    try (InputStream stream = CrdRules.class.getResourceAsStream("kubernetes-fields.properties")) {
      known.load(stream);
    }
    describe(node, known);
  }

  private static void describe(JsonNode node, Properties known) {
    for (Map.Entry<String, JsonNode> field : node.path("properties").properties()) {
      String text = known.getProperty(field.getKey());
      if (text != null && field.getValue() instanceof ObjectNode one && !one.has("description")) {
        one.put("description", text);
      }
    }
    node.forEach(inner -> describe(inner, known));
  }

  private void immutability() {
    ObjectNode spec = at("/spec");
    for (Immutability.Rule rule : Immutability.rules(kind, spec)) {
      String path = "/spec/" + rule.path().replace('.', '/');
      String name = path.substring(path.lastIndexOf('/') + 1);
      ObjectNode rules =
          switch (rule) {
            case Immutability.Presence presence ->
                at(path.substring(0, path.lastIndexOf('/')))
                    .withArray("x-kubernetes-validations")
                    .addObject()
                    .put("fieldPath", "." + name)
                    .put("rule", stays(name, presence));
            case Immutability.Value value ->
                at(path).withArray("x-kubernetes-validations").addObject().put("rule", same(value));
          };
      rules.put("message", Immutability.MESSAGE + kind).put("reason", "FieldValueForbidden");
    }
  }

  private static String stays(String name, Immutability.Presence rule) {
    String stays = "has(self.%1$s) == has(oldSelf.%1$s)".formatted(name);
    return rule.zeroMayBeDropped()
        ? stays
            + " || (!has(self.%1$s) && %2$s)"
                .formatted(name, zero("oldSelf." + name, rule.schema()))
        : stays;
  }

  private static String same(Immutability.Value rule) {
    return rule.zeroMayBeDropped()
        ? "self == oldSelf || (%s && self == %s)"
            .formatted(zero("oldSelf", rule.schema()), literal(rule.schema()))
        : "self == oldSelf";
  }

  private static String literal(JsonNode schema) {
    JsonNode standard = schema.path("default");
    return schema.path("type").asText().equals("number")
        ? Double.toString(standard.doubleValue())
        : standard.toString();
  }

  private static String zero(String value, JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "boolean" -> "!" + value;
      case "array" -> "size(" + value + ") == 0";
      case "integer" -> value + " == 0";
      case "number" -> value + " == 0.0";
      default -> throw new IllegalArgumentException(schema.toString());
    };
  }
}
