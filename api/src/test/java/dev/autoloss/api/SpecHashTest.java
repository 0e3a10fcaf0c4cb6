package dev.autoloss.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class SpecHashTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ObjectNode document() throws Exception {
    return (ObjectNode)
        JSON.readTree(
            """
            {"seed": 3,
             "dataset": {"source": {"shapes": {"seed": 1, "trainImages": 8, "validationImages": 4,
                                                "width": 64, "height": 64}}},
             "loss": {"regression": {"catalogue": "GIoU", "weight": 1.0}},
             "retries": {"infrastructure": 3, "trainer": 1}}
            """);
  }

  private static String hash(ObjectNode document) throws Exception {
    return SpecHash.of(JSON.treeToValue(document, DetectorTrainingSpec.class));
  }

  @Test
  void orderOfFieldsDoesNotMatter() throws Exception {
    var turned = JSON.createObjectNode();
    var document = document();
    document.properties().stream()
        .sorted((a, b) -> b.getKey().compareTo(a.getKey()))
        .forEach(field -> turned.set(field.getKey(), field.getValue()));
    assertEquals(hash(document()), hash(turned));
  }

  @Test
  void whatDecidesTheResultChangesIt() throws Exception {
    var seed = document().put("seed", 4);
    assertNotEquals(hash(document()), hash(seed));
    var loss = document();
    ((ObjectNode) loss.at("/loss/regression")).put("weight", 2.0);
    assertNotEquals(hash(document()), hash(loss));
  }

  @Test
  void howItIsRunDoesNotChangeIt() throws Exception {
    var patient = document();
    ((ObjectNode) patient.get("retries")).put("trainer", 5);
    assertEquals(hash(document()), hash(patient));
  }
}
