package dev.autoloss.operator.losssearch;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Recorder.Notice;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** An API server in maps that may crash before or after any write; trainings end as told. */
final class SearchWorld implements SearchCluster {
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final LossSearch search;
  final Map<String, ControllerRevision> revisions = new LinkedHashMap<>();
  final Map<String, DetectorTraining> trainings = new TreeMap<>();
  final List<String> made = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  Ledger known = Ledger.EMPTY;

  /** Under our names, without our labels. */
  final List<ControllerRevision> taken = new ArrayList<>();

  final List<String> removed = new ArrayList<>();
  boolean keepsTrainings;
  boolean blindToTrainings;
  String image;
  Function<DetectorTraining, String> data = training -> "d";
  Optional<RuntimeException> refusal = Optional.empty();
  boolean blindToSegments;
  int writes;
  int crashBefore = -1;
  int crashAfter = -1;
  private int versions = 100;

  SearchWorld(LossSearch search) {
    this.search = search;
  }

  /** One reconciliation as the reconciler does it. */
  StepResult step() {
    var sight =
        new SearchStep.Sight(
            blindToSegments ? List.of() : segments(),
            blindToTrainings
                ? List.of()
                : trainings.values().stream()
                    .filter(one -> one.getMetadata().getLabels() == null || ours(one))
                    .toList(),
            known);
    StepResult result = new SearchStep(search, this, keepsTrainings, now).take(sight);
    if (result instanceof StepResult.Taken taken) {
      known = taken.ledger();
    }
    var status = new StatusProjection(search, now).of(result);
    if (!status.equals(search.getStatus())) {
      write("status", () -> search.setStatus(status));
    }
    notices.addAll(result.notices());
    return result;
  }

  /** The operator is gone with all that it knew. */
  void restart() {
    known = Ledger.EMPTY;
    crashBefore = -1;
    crashAfter = -1;
  }

  /** Goes on to the end, with results by a rule on the expression, in rounds. */
  void run() {
    for (int round = 0; round < 500; round++) {
      String before = fingerprint();
      try {
        step();
      } catch (Crash crash) {
        restart();
        continue;
      }
      if (fingerprint().equals(before) && !finishOne()) {
        return;
      }
    }
    throw new AssertionError("does not end: " + search.getStatus());
  }

  private String fingerprint() {
    return revisions.keySet()
        + " "
        + trainings.keySet()
        + " "
        + search.getStatus()
        + " "
        + log.size();
  }

  boolean finishOne() {
    for (DetectorTraining training : trainings.values()) {
      if (training.getStatus() == null && training.getMetadata().getDeletionTimestamp() == null) {
        boolean passes = ap(training) >= training.getSpec().acceptance().minAP();
        finish(training, passes ? Outcome.SCORED : Outcome.REJECTED, ap(training));
        return true;
      }
    }
    return false;
  }

  static double ap(DetectorTraining training) {
    var loss = training.getSpec().loss();
    int hash = (loss.classification() + "|" + loss.regression()).hashCode();
    return (hash & 0xffff) / 65536.0;
  }

  void finish(DetectorTraining training, Outcome outcome, double ap) {
    Metrics metrics =
        outcome == Outcome.SCORED
            ? new Metrics(ap, ap, ap, -1, -1, -1, ap, ap, ap, -1, -1, -1)
            : null;
    training.setStatus(
        new DetectorTrainingStatus(
            1L,
            TrainingState.FINISHED,
            "h",
            outcome,
            "why",
            metrics,
            metrics == null ? null : 10.0,
            null,
            List.of(
                new Attempt(
                    1,
                    training.getMetadata().getName() + "-a1",
                    "Result",
                    null,
                    null,
                    "2026-01-01T00:00:00Z",
                    "2026-01-01T00:00:10Z")),
            image,
            data.apply(training),
            "cpu",
            null));
  }

  void fail(DetectorTraining training, String line) {
    training.setStatus(
        new DetectorTrainingStatus(
            1L,
            TrainingState.FAILED,
            "h",
            null,
            line,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            null));
  }

  /** What kubectl delete does: a resource with a finalizer is only marked. */
  void deleteByUser(String name) {
    DetectorTraining training = trainings.get(name);
    if (training.getMetadata().getFinalizers().isEmpty()) {
      trainings.remove(name);
    } else {
      training.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    }
  }

  DetectorTraining training(TrialName name) {
    return trainings.get(name.of(search));
  }

  /** A trial by its id. */
  record TrialName(String id) {
    String of(LossSearch search) {
      return TrainingSpecs.name(search, dev.autoloss.search.TrialId.parse(id));
    }
  }

  @Override
  public List<ControllerRevision> segments() {
    return revisions.values().stream().filter(this::ours).toList();
  }

  private boolean ours(HasMetadata resource) {
    return search
        .getMetadata()
        .getUid()
        .equals(resource.getMetadata().getLabels().get(Labels.SEARCH_UID));
  }

  @Override
  public <R extends HasMetadata> Stored<R> create(R resource) {
    String name = resource.getMetadata().getName();
    if (refusal.isPresent() && resource instanceof DetectorTraining) {
      throw refusal.get();
    }
    for (ControllerRevision foreign : taken) {
      if (foreign.getMetadata().getName().equals(name)) {
        @SuppressWarnings("unchecked")
        R theirs = (R) foreign;
        return new Stored<>(theirs, false);
      }
    }
    @SuppressWarnings("unchecked")
    Map<String, R> kind =
        (Map<String, R>) (resource instanceof ControllerRevision ? revisions : trainings);
    boolean[] created = {false};
    write(
        "create " + name,
        () -> {
          if (!kind.containsKey(name)) {
            resource.getMetadata().setUid("uid-" + name);
            resource.getMetadata().setResourceVersion(Integer.toString(versions++));
            kind.put(name, resource);
            made.add(name);
            created[0] = true;
          }
        });
    return new Stored<>(kind.get(name), created[0]);
  }

  @Override
  public Optional<DetectorTraining> training(String name) {
    return Optional.ofNullable(trainings.get(name));
  }

  /** The last comes first: the order of writes that are under way together is chance. */
  @Override
  public <R extends HasMetadata> List<Stored<R>> create(List<R> resources) {
    return resources.reversed().stream().map(this::create).toList().reversed();
  }

  @Override
  public void release(List<Release> releases) {
    releases.forEach(one -> release(one.training(), one.jobsExpire()));
  }

  private void release(DetectorTraining training, Optional<Instant> jobsExpire) {
    write(
        "release " + training.getMetadata().getName(),
        () -> {
          training.getMetadata().setFinalizers(new ArrayList<>());
          jobsExpire.ifPresent(time -> annotate(training, Labels.JOBS_EXPIRE, time.toString()));
          if (training.getMetadata().getDeletionTimestamp() != null) {
            trainings.remove(training.getMetadata().getName());
          }
        });
  }

  @Override
  public void remove(List<DetectorTraining> trainings) {
    trainings.forEach(this::remove);
  }

  private void remove(DetectorTraining training) {
    String name = training.getMetadata().getName();
    write(
        "remove " + name,
        () -> {
          if (trainings.remove(name) != null) {
            removed.add(name);
          }
        });
  }

  @Override
  public void hold(DetectorTraining training, Optional<String> policy) {
    write(
        "hold " + policy.orElse("none"),
        () -> annotate(training, Labels.HOLD, policy.orElse(null)));
  }

  private static void annotate(DetectorTraining training, String key, String value) {
    var annotations = new HashMap<>(training.getMetadata().getAnnotations());
    if (value == null) {
      annotations.remove(key);
    } else {
      annotations.put(key, value);
    }
    training.getMetadata().setAnnotations(annotations);
  }

  private void write(String what, Runnable write) {
    int number = writes++;
    if (number == crashBefore) {
      throw new Crash();
    }
    log.add(what);
    write.run();
    if (number == crashAfter) {
      throw new Crash();
    }
  }
}
