package dev.autoloss.operator.resource;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.autoloss.api.DetectorTraining;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

class StatusPatchTest {
  private final StatusPatch<DetectorTraining> statuses = new StatusPatch<>();

  private static DetectorTraining training(String uid, String version) {
    var training = new DetectorTraining();
    training.setMetadata(
        new ObjectMetaBuilder()
            .withUid(uid)
            .withResourceVersion(version)
            .withManagedFields(new ManagedFieldsEntry())
            .build());
    return training;
  }

  @Test
  void lateEventsOfEarlierVersionsDoNotHideWhatWasWritten() {
    DetectorTraining written = training("1", "10");
    statuses.wrote(written);
    assertSame(written, statuses.newest(training("1", "8")));
    assertSame(written, statuses.newest(training("1", "9")), "numbers, not texts");
    assertNull(written.getMetadata().getManagedFields(), "they are long, and nobody reads them");
  }

  @Test
  void whatComesLaterIsSeen() {
    statuses.wrote(training("1", "10"));
    DetectorTraining later = training("1", "11");
    assertSame(later, statuses.newest(later));
    DetectorTraining earlier = training("1", "8");
    assertSame(earlier, statuses.newest(earlier), "the write is forgotten once a watch had it");
  }

  @Test
  void oneOfTheSameNameThatIsMadeAgainIsNotTheOneThatWasWritten() {
    statuses.wrote(training("1", "10"));
    DetectorTraining other = training("2", "8");
    assertSame(other, statuses.newest(other));
  }

  @Test
  void versionsThatAreNoNumbersAreNotCompared() {
    statuses.wrote(training("1", "b"));
    DetectorTraining seen = training("1", "a");
    assertSame(seen, statuses.newest(seen));
  }

  @Test
  void whatIsGoneIsForgotten() {
    statuses.wrote(training("1", "10"));
    statuses.forget("1");
    DetectorTraining seen = training("1", "8");
    assertSame(seen, statuses.newest(seen));
  }
}
