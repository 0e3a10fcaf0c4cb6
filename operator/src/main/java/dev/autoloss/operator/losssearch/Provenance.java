package dev.autoloss.operator.losssearch;

import dev.autoloss.api.Pin;
import dev.autoloss.operator.ledger.TrialRun;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a search's results were computed with: its first results pin image and data, and a later
 * difference makes all of them worthless to each other.
 *
 * <p>It is a fold of the ledger and of nothing else. The status is only a projection, and the
 * DetectorTrainings that told of image and data may have been removed since; so the same answer
 * comes after every restart.
 */
final class Provenance {
  /** What is pinned; each stage reads other images, so each has data of its own. */
  enum Part {
    IMAGE,
    SIMULATION_DATA,
    VALIDATION_DATA,
    TEST_DATA
  }

  /**
   * That a trial was computed with something else.
   *
   * @param reason what has changed
   * @param line both digests, both trials and what to do
   */
  record Change(SearchReason reason, String line) {}

  private final EnumMap<Part, Pin> pins = new EnumMap<>(Part.class);
  private Optional<Change> change = Optional.empty();

  /** Folds runs in the order of their records. */
  Provenance(Map<TrialId, TrialRun> runs) {
    runs.forEach(this::add);
  }

  /** Adds the next run. */
  void add(TrialId trial, TrialRun run) {
    run.image().ifPresent(image -> add(Part.IMAGE, image, trial));
    run.data().ifPresent(data -> add(data(trial.stage()), data, trial));
  }

  private static Part data(Stage stage) {
    return switch (stage) {
      case SIMULATION -> Part.SIMULATION_DATA;
      case PROXY, FINAL -> Part.VALIDATION_DATA;
      case TEST -> Part.TEST_DATA;
    };
  }

  private void add(Part part, String digest, TrialId trial) {
    Pin pin =
        pins.computeIfAbsent(
            part, _ -> new Pin(Conditions.camelCase(part), digest, trial.toString()));
    if (change.isEmpty() && !same(part, pin.digest(), digest)) {
      change = Optional.of(change(part, pin, digest, trial));
    }
  }

  /** Runtimes name one image differently, but not its digest; without a digest nothing is known. */
  private static boolean same(Part part, String pinned, String other) {
    if (part != Part.IMAGE) {
      return pinned.equals(other);
    }
    int one = pinned.indexOf("sha256:");
    int two = other.indexOf("sha256:");
    return one < 0 || two < 0 || pinned.substring(one).equals(other.substring(two));
  }

  private static Change change(Part part, Pin pin, String digest, TrialId trial) {
    return part == Part.IMAGE
        ? new Change(
            SearchReason.IMAGE_CHANGED,
            "trial %s ran image %s, but %s ran %s: results can't be compared; name the image by its digest in trials.pod.image of a new search"
                .formatted(trial, digest, pin.trial(), pin.digest()))
        : new Change(
            SearchReason.DATASET_CHANGED,
            "trial %s read data with digest %s, but %s read %s (%s): results can't be compared; make a new search on data that stays as it is"
                .formatted(trial, digest, pin.trial(), pin.digest(), pin.what()));
  }

  /** What is pinned. */
  List<Pin> pins() {
    return List.copyOf(pins.values());
  }

  /** The first difference. */
  Optional<Change> change() {
    return change;
  }
}
