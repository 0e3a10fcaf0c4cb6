package dev.autoloss.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.autoloss.api.document.CrdRules;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CRDs that users apply are those that the records say. After a change of the records, write
 * them anew: {@code ./mvnw -pl api -am test -Dtest=CrdGoldenTest -Dcrds.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class CrdGoldenTest {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(LossSearch.class, DetectorTraining.class);
  private static final Set<String> OFF_IF_LEFT_OUT =
      Set.of("checkpoint", "simulation", "finalists");
  private static final Path CRDS = Path.of("..", "crds");
  private static final ObjectMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  @TempDir Path directory;

  @Test
  void crdsAreThoseOfTheRecords() throws IOException {
    Map<String, String> generated = generate();
    if (Boolean.getBoolean("crds.write")) {
      for (var file : generated.entrySet()) {
        Files.writeString(CRDS.resolve(file.getKey()), file.getValue());
      }
    }
    for (var file : generated.entrySet()) {
      assertEquals(file.getValue(), Files.readString(CRDS.resolve(file.getKey())), file.getKey());
    }
  }

  @Test
  void eachFitsAPlainApply() throws IOException {
    for (var file : generate().entrySet()) {
      assertTrue(file.getValue().length() < 200 * 1024, file.getKey());
    }
  }

  @Test
  void everyOptionalStructIsDefaultedSoThatNestedDefaultsApply() throws IOException {
    for (var file : generate().entrySet()) {
      JsonNode spec = schema(YAML.readTree(file.getValue())).at("/properties/spec");
      for (var field : spec.path("properties").properties()) {
        boolean ownStruct =
            field.getValue().has("properties") && !OFF_IF_LEFT_OUT.contains(field.getKey());
        boolean required = false;
        for (JsonNode name : spec.path("required")) {
          required |= name.asText().equals(field.getKey());
        }
        assertTrue(!ownStruct || required || field.getValue().has("default"), field.getKey());
      }
    }
  }

  private Map<String, String> generate() throws IOException {
    new CRDGenerator()
        .customResourceClasses(LossSearch.class, DetectorTraining.class)
        .inOutputDir(directory.toFile())
        .generate();
    Map<String, String> files = new TreeMap<>();
    for (Class<? extends HasMetadata> kind : KINDS) {
      String name = HasMetadata.getFullResourceName(kind);
      var crd = (ObjectNode) YAML.readTree(directory.resolve(name + "-v1.yml").toFile());
      finish(crd, kind);
      files.put(name + ".yaml", YAML.writeValueAsString(crd));
    }
    return files;
  }

  /** What the generator cannot say: categories, the columns' order, list keys, empty defaults. */
  private static void finish(ObjectNode crd, Class<? extends HasMetadata> kind) throws IOException {
    ((ObjectNode) crd.at("/spec/names")).putArray("categories").add("autoloss");
    var version = (ObjectNode) crd.at("/spec/versions/0");
    var columns = (ArrayNode) version.get("additionalPrinterColumns");
    List<String> order =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    JsonNode[] sorted = new JsonNode[columns.size()];
    columns.forEach(column -> sorted[order.indexOf(column.get("name").asText())] = column);
    // An API server drops it, and what is dropped would be applied again for ever.
    columns.forEach(column -> ((ObjectNode) column).remove("priority"));
    columns.removeAll();
    columns.addAll(List.of(sorted));
    var conditions = (ObjectNode) schema(crd).at("/properties/status/properties/conditions");
    conditions.put("x-kubernetes-list-type", "map");
    conditions.putArray("x-kubernetes-list-map-keys").add("type");
    ((ObjectNode) conditions.get("items")).putArray("required").add("type").add("status");
    emptyStructDefaults(schema(crd));
    CrdRules.complete(crd);
  }

  /** A struct's default is written as it would be read, with zeros; it must be empty instead. */
  private static void emptyStructDefaults(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      if (object.has("properties") && object.path("default").isObject()) {
        object.putObject("default");
      }
    }
    schema.forEach(CrdGoldenTest::emptyStructDefaults);
  }

  private static JsonNode schema(JsonNode crd) {
    return crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }
}
