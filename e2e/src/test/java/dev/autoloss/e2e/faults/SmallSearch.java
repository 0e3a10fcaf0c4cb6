package dev.autoloss.e2e.faults;

import static org.awaitility.Awaitility.await;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.operator.AutolossOperator;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.OperatorOptions;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A search of the default pair and two candidates in a namespace of its own, run by an operator
 * that knows the API server through a {@link FaultProxy} only, while its pods are ended past it.
 */
final class SmallSearch implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** What a run left, and how it came about. */
  record End(
      SortedMap<String, String> state,
      SortedMap<String, Integer> creations,
      SortedMap<String, Integer> deletions,
      int writes) {}

  private final Ground ground;
  private final KubernetesClient direct;
  private final FaultProxy proxy;
  private final String namespace;
  private final OperatorOptions options;
  private final ExecutorService kubelet = Executors.newVirtualThreadPerTaskExecutor();
  private final History history;
  private final Queue<String> notEnded = new ConcurrentLinkedQueue<>();
  private boolean killed;

  SmallSearch(Ground ground, String namespace, Fault fault, InstantSource clock)
      throws IOException {
    this.ground = ground;
    this.direct = ground.server().client();
    this.namespace = namespace;
    this.proxy = FaultProxy.start(ground.server());
    this.options =
        new OperatorOptions(
            "trainer:test",
            Set.of(namespace),
            OptionalInt.empty(),
            Duration.ofHours(1),
            Optional.empty(),
            Duration.ofSeconds(15),
            Duration.ofMinutes(10),
            0,
            0,
            false,
            clock);
    proxy.happens(fault);
    direct
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    this.history = History.of(direct, namespace, job -> kubelet.execute(() -> end(job)));
  }

  private void end(Job job) {
    try {
      ground.podEnds().apply(direct).end(job, SearchScenario.message(job));
    } catch (KubernetesClientException failure) {
      notEnded.add(job.getMetadata().getName() + ": " + failure.getMessage());
    }
  }

  FaultProxy proxy() {
    return proxy;
  }

  /** Applies the search. */
  void apply() {
    var metadata = new ObjectMetaBuilder().withName("small").withNamespace(namespace).build();
    direct.resource(LossSearch.of(metadata, Samples.searchSpec(1, 2, 2))).create();
  }

  /** An operator that works through the proxy. */
  Running operator() throws IOException {
    return new Running(OperatorClient.of(proxy.endpoint().config()), options);
  }

  /** An operator with its own client. */
  static final class Running implements AutoCloseable {
    private final KubernetesClient client;
    private final AutolossOperator operator;

    Running(KubernetesClient client, OperatorOptions options) throws IOException {
      this.client = client;
      this.operator = AutolossOperator.start(client, options);
    }

    @Override
    public void close() {
      operator.close();
      client.close();
    }
  }

  /** Runs without an end of the operator. */
  End run() throws Exception {
    apply();
    try (var _ = operator()) {
      return end();
    }
  }

  /**
   * Kills the operator where the fault cuts its connection, and goes on with another one. Statuses
   * are written as time allows: a search that is complete with fewer writes is not killed.
   */
  End runAndCrash(Fault afterwards) throws Exception {
    apply();
    try (var _ = operator()) {
      await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> cut() || complete());
      proxy.down(true);
    }
    proxy.happens(afterwards);
    proxy.down(false);
    try (var _ = operator()) {
      return end();
    }
  }

  private boolean cut() {
    killed = proxy.cut().tryAcquire();
    return killed;
  }

  /** Says whether an operator was killed, or was done before. */
  boolean killed() {
    return killed;
  }

  /** Waits until the search is complete and nobody writes any more. */
  End end() {
    try {
      await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(this::complete);
    } catch (ConditionTimeoutException stuck) {
      throw new AssertionError(
          "stuck at %s after %s; pods that did not end: %s"
              .formatted(EndState.of(direct, namespace), proxy.writes(), notEnded),
          stuck);
    }
    proxy.happens(Fault.NONE);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .during(ground.quiet())
        .until(() -> EndState.of(direct, namespace), new Unchanged());
    return new End(
        EndState.of(direct, namespace),
        history.creations(),
        history.deletions(),
        proxy.writes().size());
  }

  private boolean complete() {
    LossSearch search =
        direct.resources(LossSearch.class).inNamespace(namespace).withName("small").get();
    return search.getStatus() != null && search.getStatus().state() == SearchPhase.COMPLETE;
  }

  @Override
  public void close() {
    history.close();
    kubelet.shutdownNow();
    proxy.close();
    direct.close();
  }
}
