package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code format-1.json} is a search in its midst with ledger, status and trainings, as the version
 * before runs were recorded has written them. It is never written anew: formats that come later get
 * files of their own.
 */
class UpgradeTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static SearchWorld before() throws IOException {
    JsonNode all;
    try (var stream = UpgradeTest.class.getResourceAsStream("format-1.json")) {
      all = MAPPER.readTree(stream);
    }
    var world = new SearchWorld(MAPPER.treeToValue(all.get("search"), LossSearch.class));
    for (JsonNode segment : all.get("segments")) {
      var revision = MAPPER.treeToValue(segment, ControllerRevision.class);
      world.revisions.put(revision.getMetadata().getName(), revision);
    }
    for (JsonNode one : all.get("trainings")) {
      var training = MAPPER.treeToValue(one, DetectorTraining.class);
      world.trainings.put(training.getMetadata().getName(), training);
    }
    return world;
  }

  @Test
  void aSearchOfTheVersionBeforeGoesOnToItsEnd() throws IOException {
    SearchWorld world = before();
    var status = world.search.getStatus();
    assertEquals(5, status.trials().scored(), "the fixture");
    assertInstanceOf(StepResult.Taken.class, world.step());
    assertEquals(status.trials(), world.search.getStatus().trials(), "nothing is tried again");
    assertEquals(status.ledger(), world.search.getStatus().ledger());
    assertEquals(status.acceleratorSeconds(), world.search.getStatus().acceleratorSeconds());
    assertEquals(List.of(), world.made);
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    assertEquals(7, world.search.getStatus().trials().scored());
    assertEquals(new HashSet<>(world.made).size(), world.made.size());
    SearchWorld anew = new SearchWorld(Samples.search("golden", 2, 3, 2));
    anew.run();
    assertEquals(
        anew.search.getStatus().baseline(), world.search.getStatus().baseline(), "same scores");
  }

  @Test
  void aNewerFormatIsRefusedAndNothingIsWritten() throws IOException {
    SearchWorld world = before();
    String newest = List.copyOf(world.revisions.keySet()).getLast();
    ControllerRevision known = world.revisions.get(newest);
    @SuppressWarnings("unchecked")
    Map<String, Object> data = new LinkedHashMap<>(MAPPER.convertValue(known.getData(), Map.class));
    data.put("version", 2);
    world.revisions.put(newest, new ControllerRevisionBuilder(known).withData(data).build());
    var before = world.search.getStatus();
    assertInstanceOf(StepResult.Damaged.class, world.step());
    var health =
        Conditions.find(world.search.getStatus().conditions(), "LedgerHealthy").orElseThrow();
    assertEquals("False NewerVersion", health.getStatus() + " " + health.getReason());
    assertTrue(health.getMessage().contains("version 2"), health.getMessage());
    assertEquals(before.trials(), world.search.getStatus().trials());
    assertEquals(before.best(), world.search.getStatus().best());
    world.step();
    assertEquals(List.of("status"), world.log);
    world.revisions.put(newest, known);
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state(), "by the newer operator");
  }
}
