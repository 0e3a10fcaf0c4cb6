package dev.autoloss.e2e.scale;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.operator.Samples;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * {@code OperatorScale [candidates] [parallelism] [further searches]}: a search beside a bare
 * client that makes as many plain Jobs, in turns through the same control plane; both delete each
 * Job when it has ended.
 */
final class OperatorScale {
  private static final int MOST_A_GENERATION = 500;
  private static final int NODES = 125;
  private static final int LARGEST_SEARCH = 64 * 1024;
  private static final int LARGEST_SEGMENT = 512 * 1024;
  private static final int FURTHER = 500;

  private final Bench bench;
  private final int candidates;
  private final int parallelism;
  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final ApiCount ours = new ApiCount(new TreeMap<>());
  private final ApiCount bare = new ApiCount(new TreeMap<>());
  private double ourSeconds;
  private double bareSeconds;
  private double cpuSeconds;
  private double reconciliations;
  private int largestSearch;

  private OperatorScale(Bench bench, int candidates, int parallelism) {
    this.bench = bench;
    this.candidates = candidates;
    this.parallelism = parallelism;
  }

  public static void main(String[] arguments) throws Exception {
    int candidates = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
    int parallelism = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
    int further = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    Path log = Path.of(System.getProperty("operator.log", "target/operator-scale.log"));
    try (var bench = Bench.start(log)) {
      var scale = new OperatorScale(bench, candidates, parallelism);
      scale.run();
      scale.runFurther(further);
    }
  }

  private LossSearchSpec spec(int trained, int generations) {
    return Samples.changed(
        Samples.searchSpec(generations, trained, parallelism),
        """
        evolution: {candidates: 20000, parents: 20}
        trials: {retain: Nothing, ttlSecondsAfterRecorded: 0}
        training: {accelerator: {count: 1}}
        budget: {trainings: 1}
        """);
  }

  private void run() throws Exception {
    int trained = Math.min(MOST_A_GENERATION, Math.max(2 * parallelism, candidates / 10));
    int generations = (candidates + trained - 1) / trained;
    System.out.printf(
        "%d candidates in %d generations of %d, parallelism %d%n",
        candidates, generations, trained, parallelism);
    LossSearch search = bench.apply("scale", spec(trained, generations));
    bench.startNodes(NODES, search);
    bench.awaitRecorded(search, 1);
    bench
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName("bare").endMetadata().build())
        .create();
    try (var client = new BareClient(bench.client(), "bare", parallelism);
        var gaps = new Gaps(bench.client(), "scale")) {
      // A turn begins and ends in the middle of a generation: the pause is none between two.
      for (int done = 0; done < candidates; ) {
        int turn = done == 0 ? trained * 3 / 2 : 2 * trained;
        int count = Math.min(turn, candidates - done);
        bareChunk(client, count);
        ourChunk(search, done, count);
        done += count;
      }
      report();
      gaps.all().forEach(gap -> System.out.println("between two generations: ms " + gap));
    }
    checkSizes(search);
  }

  private void bareChunk(BareClient client, int count) throws Exception {
    bench.settle();
    ApiCount before = ApiCount.of(bench.client());
    long start = System.nanoTime();
    client.run(count);
    double seconds = (System.nanoTime() - start) / 1e9;
    bareSeconds += seconds;
    bare.add(ApiCount.of(bench.client()).since(before));
    System.out.printf(
        "bare client: %d Jobs, %.1f a second (load %s)%n", count, count / seconds, Machine.load());
  }

  private void ourChunk(LossSearch search, int done, int count) throws Exception {
    bench.settle();
    ApiCount before = ApiCount.of(bench.client());
    double cpu = Machine.cpuSeconds(bench.pid());
    double reconciled = reconciliations();
    long start = System.nanoTime();
    bench.budget(search, 1 + done + count);
    bench.awaitRecorded(search, 1 + done + count);
    double seconds = (System.nanoTime() - start) / 1e9;
    ourSeconds += seconds;
    // What is done for a trial after its record belongs to it.
    bench.settle();
    cpuSeconds += Machine.cpuSeconds(bench.pid()) - cpu;
    reconciliations += reconciliations() - reconciled;
    ours.add(ApiCount.of(bench.client()).since(before));
    largestSearch = Math.max(largestSearch, size(bench.client().resource(search).get()));
    System.out.printf(
        "operator: %d trials, %.1f a second; RSS %d MiB (load %s)%n",
        count, count / seconds, Machine.mebibytes(bench.pid(), "VmRSS"), Machine.load());
  }

  private double reconciliations() throws Exception {
    return bench.counter("operator_sdk_reconciliations_started_total");
  }

  private int size(Object resource) {
    return serialization.asJson(resource).getBytes(StandardCharsets.UTF_8).length;
  }

  private void report() throws Exception {
    double jobEvents = (double) bare.events() / candidates;
    double events = (double) ours.events() / candidates - jobEvents;
    System.out.printf(
        """

        trials a second, created to recorded   %.1f
        plain Jobs a second of a bare client   %.1f
        ratio                                  %.2f
        reconciliations a trial                %.1f
        writes a trial, events not counted     %.1f
        events a trial                         %.1f
        single objects read a trial            %.1f
        CPU of the operator a trial            %.1f ms
        RSS of the operator now and at most    %d and %d MiB
        """,
        candidates / ourSeconds,
        candidates / bareSeconds,
        bareSeconds / ourSeconds,
        reconciliations / candidates,
        (double) ours.operatorWrites() / candidates,
        events,
        (double) ours.operatorReads() / candidates,
        1000 * cpuSeconds / candidates,
        Machine.mebibytes(bench.pid(), "VmRSS"),
        Machine.mebibytes(bench.pid(), "VmHWM"));
    if (Boolean.getBoolean("scale.requests")) {
      System.out.println("requests beside the operator's trials: " + ours);
      System.out.println("requests beside the bare client's Jobs: " + bare);
      bench.series("autoloss_api_requests_total").forEach(System.out::println);
    }
  }

  private void checkSizes(LossSearch search) {
    List<ControllerRevision> segments =
        bench
            .client()
            .apps()
            .controllerRevisions()
            .inNamespace(search.getMetadata().getNamespace())
            .list()
            .getItems();
    int largest = segments.stream().mapToInt(this::size).max().orElse(0);
    System.out.printf(
        "LossSearch at most %d bytes; %d segments, the largest %d bytes%n",
        largestSearch, segments.size(), largest);
    if (largestSearch > LARGEST_SEARCH || largest > LARGEST_SEGMENT) {
      throw new AssertionError("larger than allowed");
    }
  }

  /** Memory must not grow with the number of searches that have been. */
  private void runFurther(int searches) throws Exception {
    var memory = new ArrayList<Long>();
    int generations = Math.max(1, Math.min(candidates, FURTHER) / MOST_A_GENERATION);
    int trained = Math.min(candidates, FURTHER) / generations;
    for (int i = 1; i <= searches; i++) {
      String name = "further-" + i;
      LossSearch search = bench.apply(name, spec(trained, generations));
      bench.budget(search, 1L + (long) generations * trained);
      bench.awaitRecorded(search, 1 + generations * trained);
      bench.settle();
      memory.add(Machine.mebibytes(bench.pid(), "VmRSS"));
    }
    System.out.printf(
        "RSS after each of %d more searches of %d: %s MiB%n",
        searches, generations * trained, memory);
  }
}
