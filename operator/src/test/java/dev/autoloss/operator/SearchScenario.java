package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.TrainingState;
import dev.autoloss.api.TrialResult;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.TrialId;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A search of two generations of four against any API server that holds the CRDs and is watched by
 * a running operator. Nothing is trained: each attempt's pod is ended with an AP that follows from
 * the losses in its document, so selection can be checked.
 */
public final class SearchScenario {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int GENERATIONS = 2;
  private static final int TRAINED = 4;
  private static final int PARALLELISM = 3;
  private static final int TRIALS = 1 + GENERATIONS * TRAINED;

  /** Ends the pod of a Job with exit code 0 and this termination message. */
  @FunctionalInterface
  public interface PodEnd {
    void end(Job job, String terminationMessage);
  }

  private final KubernetesClient client;
  private final String namespace;
  private final PodEnd podEnd;
  private final Set<String> ended = new HashSet<>();
  private int mostAtWork;

  public SearchScenario(KubernetesClient client, String namespace, PodEnd podEnd) {
    this.client = client;
    this.namespace = namespace;
    this.podEnd = podEnd;
  }

  /**
   * Applies the search, ends its pods until it is complete, and checks everything.
   *
   * @throws AssertionError if something is not as it should be, or not in time
   */
  public void run(String name, Duration limit) throws InterruptedException {
    checkEvents(runDisturbed(name, limit));
  }

  /** As {@link #run}, but without its events: what a killed operator did not tell stays untold. */
  public LossSearch runDisturbed(String name, Duration limit) throws InterruptedException {
    LossSearch search = apply(name);
    endPods(search, limit);
    search =
        client
            .resource(search)
            .waitUntilCondition(
                seen ->
                    seen != null
                        && seen.getStatus() != null
                        && seen.getStatus().state() == SearchPhase.COMPLETE
                        && seen.getStatus().trials().scored() == TRIALS,
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
    check(search);
    return search;
  }

  /** Creates the search without waiting for anything. */
  public LossSearch apply(String name) {
    var metadata = new ObjectMetaBuilder().withName(name).withNamespace(namespace).build();
    var spec = Samples.searchSpec(GENERATIONS, TRAINED, PARALLELISM);
    return client.resource(LossSearch.of(metadata, spec)).create();
  }

  /** Ends pods as their Jobs come, until all trials have had theirs. */
  public void endPods(LossSearch search, Duration limit) throws InterruptedException {
    BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    long deadline = System.nanoTime() + limit.toNanos();
    try (var informer =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
            .inform(new Queueing(jobs))) {
      assertNotNull(informer);
      while (ended.size() < TRIALS) {
        Job job = jobs.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (job == null) {
          throw new AssertionError(
              "only "
                  + ended.size()
                  + " of "
                  + TRIALS
                  + " trials in "
                  + limit
                  + ": "
                  + state(search));
        }
        long open =
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
                .list()
                .getItems()
                .stream()
                .filter(one -> !ended.contains(one.getMetadata().getName()))
                .count();
        mostAtWork = Math.max(mostAtWork, (int) open);
        if (ended.add(job.getMetadata().getName())) {
          podEnd.end(job, message(job));
        }
      }
    }
  }

  private String state(LossSearch search) {
    LossSearch now = client.resource(search).get();
    return now == null ? "the search is gone" : String.valueOf(now.getStatus());
  }

  private record Queueing(BlockingQueue<Job> jobs) implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      jobs.add(job);
    }

    @Override
    public void onUpdate(Job old, Job job) {}

    @Override
    public void onDelete(Job job, boolean unknown) {}
  }

  /** The termination message of a trainer that has scored {@link #ap}. */
  public static String message(Job job) {
    TrainingDocument document = document(job);
    double ap = ap(document);
    var metrics = new Metrics(ap, ap, ap, -1, -1, -1, ap, ap, ap, -1, -1, -1);
    try {
      return MAPPER.writeValueAsString(
          new TrialResult(
              Outcome.SCORED,
              document.specHash(),
              document.spec().seed(),
              "0".repeat(64),
              metrics,
              1.5,
              "scenario",
              null));
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** What the pod of a Job is told to train. */
  public static TrainingDocument document(Job job) {
    String json =
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
            .filter(variable -> TrainingDocument.VARIABLE.equals(variable.getName()))
            .findFirst()
            .orElseThrow()
            .getValue();
    try {
      return MAPPER.readValue(json, TrainingDocument.class);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(json, broken);
    }
  }

  private static double ap(TrainingDocument document) {
    return ap(document.spec().loss().classification(), document.spec().loss().regression());
  }

  /** An AP in 0.05..0.95 that follows from the loss pair. */
  static double ap(LossTerm classification, LossTerm regression) {
    String text = text(classification) + "|" + text(regression);
    return 0.05 + 0.9 * Integer.parseInt(Labels.sha256(text).substring(0, 7), 16) / 0xfffffff;
  }

  private static String text(LossTerm term) {
    return term == null ? "" : term.expression();
  }

  private void check(LossSearch search) {
    Map<TrialId, DetectorTraining> trainings = trainings(search);
    assertEquals(TRIALS, trainings.size());
    assertTrue(mostAtWork <= PARALLELISM, mostAtWork + " Jobs at once");
    trainings.forEach(
        (id, training) -> {
          var status = training.getStatus();
          double expected =
              ap(
                  training.getSpec().loss().classification(),
                  training.getSpec().loss().regression());
          assertEquals(TrainingState.FINISHED, status.state(), id.toString());
          assertEquals(Outcome.SCORED, status.outcome(), id.toString());
          assertEquals(expected, status.metrics().ap(), 1e-12, id.toString());
          assertEquals(List.of("Result"), status.attempts().stream().map(a -> a.end()).toList());
          assertEquals(List.of(), training.getMetadata().getFinalizers(), id.toString());
        });
    checkStatus(search, trainings);
    checkLedger(search, trainings);
  }

  private Map<TrialId, DetectorTraining> trainings(LossSearch search) {
    var trainings = new TreeMap<TrialId, DetectorTraining>();
    client
        .resources(DetectorTraining.class)
        .inNamespace(namespace)
        .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
        .list()
        .getItems()
        .forEach(
            training ->
                trainings.put(
                    TrialId.parse(Ownership.annotation(training, Labels.TRIAL).orElseThrow()),
                    training));
    return trainings;
  }

  private void checkStatus(LossSearch search, Map<TrialId, DetectorTraining> trainings) {
    var status = search.getStatus();
    assertEquals(GENERATIONS, status.generation());
    assertEquals(search.getMetadata().getGeneration(), status.observedGeneration());
    assertEquals(0, status.trials().running());
    assertEquals("g0-c0", status.baseline().candidate());
    var best = status.best().getFirst();
    double highest =
        trainings.entrySet().stream()
            .filter(entry -> entry.getKey().candidate().generation() > 0)
            .mapToDouble(entry -> entry.getValue().getStatus().metrics().ap())
            .max()
            .orElseThrow();
    assertEquals(highest, best.meanAP(), 1e-12);
    for (String type : List.of("Accepted", "LedgerHealthy", "Complete")) {
      assertEquals(
          "True", Conditions.find(status.conditions(), type).orElseThrow().getStatus(), type);
    }
    assertTrue(Conditions.find(status.conditions(), "Failed").isEmpty());
  }

  private void checkLedger(LossSearch search, Map<TrialId, DetectorTraining> trainings) {
    List<ControllerRevision> segments =
        client
            .apps()
            .controllerRevisions()
            .inNamespace(namespace)
            .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
            .list()
            .getItems();
    try {
      Ledger ledger = Ledger.read(search, Branch.ONE_STAGE, segments, Ledger.EMPTY);
      assertEquals(search.getStatus().ledger(), ledger.head().orElseThrow());
      for (SearchEvent event : Ledger.events(search, Branch.ONE_STAGE, segments)) {
        if (event instanceof SearchEvent.Sealed sealed && sealed.generation() == 1) {
          checkSelection(sealed.survivors(), trainings);
        }
      }
    } catch (DamagedLedgerException damaged) {
      throw new AssertionError(damaged.line(), damaged);
    }
  }

  /** No candidate of the first generation that was left behind is better than one that was kept. */
  private static void checkSelection(
      List<CandidateId> survivors, Map<TrialId, DetectorTraining> trainings) {
    assertTrue(!survivors.isEmpty(), "nothing survived");
    Map<Boolean, List<Double>> kept =
        trainings.entrySet().stream()
            .filter(entry -> entry.getKey().candidate().generation() == 1)
            .collect(
                Collectors.partitioningBy(
                    entry -> survivors.contains(entry.getKey().candidate()),
                    Collectors.mapping(
                        entry -> entry.getValue().getStatus().metrics().ap(),
                        Collectors.toList())));
    double worstKept = kept.get(true).stream().mapToDouble(ap -> ap).min().orElseThrow();
    double bestLeft = kept.get(false).stream().mapToDouble(ap -> ap).max().orElse(0);
    assertTrue(worstKept >= bestLeft, "kept " + kept.get(true) + ", left " + kept.get(false));
  }

  private void checkEvents(LossSearch search) {
    Map<String, List<String>> told =
        client.v1().events().inNamespace(namespace).list().getItems().stream()
            .filter(
                event -> search.getMetadata().getUid().equals(event.getInvolvedObject().getUid()))
            .collect(
                Collectors.groupingBy(
                    Event::getReason, Collectors.mapping(Event::getMessage, Collectors.toList())));
    for (String reason : List.of("TrialStarted", "ResultRecorded")) {
      // One event tells of all trials of a step.
      List<String> trials =
          told.get(reason).stream().flatMap(line -> Stream.of(line.split(", (?=g[0-9])"))).toList();
      assertEquals(TRIALS, trials.size(), told.toString());
      assertEquals(TRIALS, Set.copyOf(trials).size(), told.toString());
    }
    assertEquals(GENERATIONS + 1, told.get("GenerationProposed").size(), told.toString());
  }
}
