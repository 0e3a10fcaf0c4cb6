package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.dependent.RecentOperationCacheFiller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentTrainingsTest {
  private final List<String> told = new ArrayList<>();
  private final Set<String> removed = new HashSet<>();
  private final RecentTrainings recent = new RecentTrainings(new Told(), removed);

  private final class Told implements RecentOperationCacheFiller<DetectorTraining> {
    @Override
    public void handleRecentResourceCreate(ResourceID id, DetectorTraining made) {
      told.add("made " + id.getName());
    }

    @Override
    public void handleRecentResourceUpdate(
        ResourceID id, DetectorTraining now, DetectorTraining before) {
      told.add("changed " + id.getName());
    }
  }

  private static DetectorTraining training(String name, String uid) {
    var training = new DetectorTraining();
    training.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace("ns").withUid(uid).build());
    return training;
  }

  private static List<String> names(List<DetectorTraining> trainings) {
    return trainings.stream().map(one -> one.getMetadata().getName()).toList();
  }

  @Test
  void writesAreShownAtOnce() {
    recent.made(training("a", "1"));
    recent.changed(training("a", "1"), training("a", "1"));
    assertEquals(List.of("made a", "changed a"), told);
  }

  @Test
  void whatWasRemovedIsNotSeenAgainThoughTheCacheLags() {
    var a = training("a", "1");
    var b = training("b", "2");
    recent.removed(a);
    assertEquals(List.of("b"), names(recent.still(List.of(a, b))));
    assertEquals(List.of("b"), names(recent.still(List.of(a, b))), "and stays so");
  }

  @Test
  void oneOfTheSameNameThatIsMadeAgainIsSeen() {
    recent.removed(training("a", "1"));
    assertEquals(List.of("a"), names(recent.still(List.of(training("a", "3")))));
    assertEquals(Set.of(), removed, "what the cache has forgotten is forgotten");
  }

  @Test
  void theLastFinalizerOfADeletedTrainingTakesItAway() {
    var gone = training("a", "1");
    gone.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    recent.changed(gone, gone);
    assertEquals(List.of(), recent.still(List.of(gone)));
    assertEquals(List.of(), told);
  }

  @Test
  void aDeletedTrainingThatSomebodyElseKeepsIsSeen() {
    var kept = training("a", "1");
    kept.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    kept.getMetadata().setFinalizers(List.of("example.org/theirs"));
    recent.changed(kept, kept);
    assertEquals(List.of("a"), names(recent.still(List.of(kept))));
  }

  @Test
  void onesOwnWritesAreNoSurprise() {
    recent.made(training("a", "1"));
    recent.changed(training("a", "1"), training("a", "1"));
    recent.removed(training("a", "1"));
    assertFalse(recent.surprised());
  }

  @Test
  void aTrainingThatStoodThereAlreadyIsOne() {
    recent.found(training("a", "1"));
    assertTrue(recent.surprised());
    assertEquals(List.of("made a"), told, "and is shown all the same");
  }

  @Test
  void aResultThatCameMeanwhileIsOne() {
    var ended = training("a", "1");
    ended.setStatus(
        new KubernetesSerialization().unmarshal("state: Finished", DetectorTrainingStatus.class));
    recent.changed(ended, training("a", "1"));
    assertTrue(recent.surprised());
  }
}
