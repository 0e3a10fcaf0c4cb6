package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.trainer.fit.DocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingDocumentReaderTest {
  private static final DetectorTrainingSpec SPEC =
      TrainingDocuments.spec(TrainingDocuments.FILES, 2, 0, .25);
  private static final String GOOD = TrainingDocuments.json(SPEC);

  @Test
  void readsWhatTheOperatorWrites() {
    assertEquals(SPEC, TrainingDocumentReader.read(GOOD, "x").spec());
  }

  @Test
  void readsWhatAUserSaysOfThePod() throws Exception {
    var mapper = new ObjectMapper();
    ObjectNode tree = mapper.valueToTree(SPEC);
    tree.withObject("pod")
        .set(
            "resources",
            mapper.readTree(
                "{\"limits\": {\"memory\": \"8Gi\", \"nvidia.com/gpu\": 1}, \"requests\": {\"cpu\": \"500m\"}}"));
    var spec = mapper.treeToValue(tree, DetectorTrainingSpec.class);
    assertEquals(spec, TrainingDocumentReader.read(TrainingDocuments.json(spec), "x").spec());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"epochs\":2|\"epochs\":0|spec.schedule.epochs: expected at least 1 and at most 1000, but it is 0",
        "\"epochs\":2|\"epochs\":2.5|spec.schedule.epochs: ",
        "\"epochs\":2|\"epochs\":\"2\"|spec.schedule.epochs: ",
        "\"epochs\":2|\"epochs\":null|spec.schedule.epochs: expected a value, but there is none",
        "\"epochs\":2,|``|spec.schedule.epochs: expected a value, but there is none",
        "\"epochs\":2|\"epoch\":2|spec.schedule.epoch: ",
        "\"learningRate\":0.01|\"learningRate\":11|spec.schedule.learningRate: expected at least 0 and at most 10, but it is 11",
        "\"learningRate\":0.01|\"learningRate\":NaN|line 1, column ",
        "\"FCOS\"|\"YOLO\"|spec.detector.architecture: ",
        "\"FCOS\"|0|spec.detector.architecture: ",
        "\"mean\":[123.675,|\"mean\":[|spec.detector.preprocessing.mean: length: expected at least 3 and at most 3, but it is 2",
        "\"mean\":[123.675,|\"mean\":[null,|spec.detector.preprocessing.mean: expected no null among its elements",
        "\"minAP\":0.25|\"minAP\":1.25|spec.acceptance.minAP: expected at least 0 and at most 1, but it is 1.25",
        "\"seed\":3|\"seed\":4|specHash: expected the hash of the spec",
        "\"name\":\"small\",|``|name: expected a value, but there is none",
        "{\"name\"|[{\"name\"|line 1, column ",
        "{\"name\"|null {\"name\"|document: ",
        "{\"name\"|{{\"name\"|line 1, column 2: expected JSON, but ",
      })
  void refusesWithTheField(String found, String replacement, String expected) {
    assertTrue(GOOD.contains(found), "the case replaces something");
    String message =
        assertThrows(
                DocumentException.class,
                () -> TrainingDocumentReader.read(GOOD.replace(found, replacement), "x"))
            .getMessage();
    assertTrue(message.startsWith("x: " + expected), message);
    assertEquals(1, message.lines().count(), message);
  }
}
