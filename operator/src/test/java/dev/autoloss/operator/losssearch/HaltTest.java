package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a search from going on, and that it goes on when that is over. */
class HaltTest {
  private final SearchWorld world = new SearchWorld(Samples.search("quickstart", 2, 3, 2));

  private String progressing() {
    var condition =
        Conditions.find(world.search.getStatus().conditions(), "Progressing").orElseThrow();
    return condition.getStatus() + " " + condition.getReason() + " " + condition.getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "403, 'detectortrainings is forbidden: exceeded quota: few', QuotaExceeded, 1",
    "403, 'admission webhook \"w\" denied the request: no', AdmissionDenied, 1",
    "403, 'unable to create new content in namespace x because it is being terminated', NamespaceTerminating, 0",
    "403, 'User \"u\" cannot create resource', Forbidden, 1",
    "422, 'DetectorTraining is invalid', RefusedAsInvalid, 1",
  })
  void aRefusedTrainingHaltsTheSearch(int code, String words, String reason, int warnings) {
    world.refusal =
        Optional.of(
            Refusal.of(
                new KubernetesClientException(
                    words, code, new StatusBuilder().withMessage(words).build()),
                Samples.training("t")));
    world.step();
    assertTrue(progressing().startsWith("False " + reason + " "), progressing());
    assertTrue(progressing().contains(words), progressing());
    assertEquals(SearchPhase.RUNNING, world.search.getStatus().state());
    assertEquals(0, world.trainings.size());
    assertEquals(
        warnings, world.notices.stream().filter(one -> one.reason().equals(reason)).count());
    int writes = world.writes;
    world.step();
    assertEquals(writes, world.writes, "told once");
    world.refusal = Optional.empty();
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    assertEquals(new HashSet<>(world.made).size(), world.made.size());
  }

  @Test
  void aSegmentsNameTakenByNobodyWeKnowIsAConflict() {
    SearchWorld other = new SearchWorld(Samples.search("quickstart", 2, 3, 2));
    other.step();
    String name = List.copyOf(other.revisions.keySet()).getFirst();
    world.taken.add(
        new ControllerRevisionBuilder()
            .withNewMetadata()
            .withName(name)
            .withUid("u")
            .withResourceVersion("1")
            .endMetadata()
            .build());
    world.step();
    assertTrue(
        progressing().startsWith("False NameConflict ControllerRevision " + name), progressing());
    assertEquals(0, world.trainings.size());
    world.taken.clear();
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
  }

  /** The first trial that something keeps from work is told in the search, and its end, too. */
  @Test
  void whatATrialWaitsForIsTold() {
    world.step();
    DetectorTraining training = List.copyOf(world.trainings.values()).getFirst();
    training.setStatus(
        new DetectorTrainingStatus(
            1L,
            TrainingState.PENDING,
            "h",
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            List.of(
                new ConditionBuilder()
                    .withType("Progressing")
                    .withStatus("True")
                    .withReason("ImagePull")
                    .withMessage("image trainer:1 can't be pulled")
                    .build())));
    world.step();
    assertEquals(
        "True TrialsAtWork trial g0-c0-p0 waits: ImagePull: image trainer:1 can't be pulled",
        progressing());
    world.finish(training, Outcome.SCORED, 0.5);
    world.step();
    assertEquals("True TrialsAtWork ", progressing());
  }

  /** The names differ by the UID, and what has our name by chance is controlled by the old one. */
  @Test
  void aSearchMadeAgainUnderItsNameAdoptsNothingOld() {
    world.run();
    LossSearch again = Samples.search("quickstart", 2, 3, 2);
    again.getMetadata().setUid("77777777-0000-0000-0000-000000000003");
    var second = new SearchWorld(again);
    second.revisions.putAll(world.revisions);
    second.trainings.putAll(world.trainings);
    // The reconciler's caches are asked by UID, as is the API server.
    second.run();
    assertEquals(SearchPhase.COMPLETE, again.getStatus().state());
    assertEquals(
        7,
        second.trainings.values().stream()
            .filter(training -> Ownership.controls(again, training))
            .count());
    assertTrue(
        second.made.stream().noneMatch(world.made::contains), "nothing of the old one's names");
  }

  @Test
  void parallelismAndGenerationsMayBeEditedWhileItRuns() {
    world.step();
    assertEquals(2, world.trainings.size());
    world.search.setSpec(Samples.changed(world.search.getSpec(), "trials: {parallelism: 3}"));
    world.step();
    assertEquals(3, world.trainings.size());
    world.search.setSpec(Samples.changed(world.search.getSpec(), "trials: {parallelism: 1}"));
    world.finishOne();
    world.finishOne();
    world.step();
    assertEquals(3, world.trainings.size(), "those at work end, none starts");
    world.search.setSpec(Samples.changed(world.search.getSpec(), "evolution: {generations: 3}"));
    world.run();
    assertEquals(1 + 3 * 3, world.trainings.size());
    world.search.setSpec(Samples.changed(world.search.getSpec(), "evolution: {generations: 4}"));
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    assertEquals(1 + 4 * 3, world.trainings.size(), "a complete search goes on");
  }

  @Test
  void aRaisedBudgetGoesOnWhereItStopped() {
    world.search.setSpec(Samples.changed(world.search.getSpec(), "budget: {trainings: 4}"));
    world.run();
    assertEquals(4, world.trainings.size());
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    world.search.setSpec(Samples.changed(world.search.getSpec(), "budget: {trainings: null}"));
    world.run();
    assertEquals(7, world.search.getStatus().trials().scored());
    SearchWorld undisturbed = new SearchWorld(Samples.search("quickstart", 2, 3, 2));
    undisturbed.run();
    assertEquals(undisturbed.search.getStatus().best(), world.search.getStatus().best());
  }
}
