package dev.autoloss.e2e.standby;

import static org.awaitility.Awaitility.await;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.e2e.PodsByAnnotation;
import dev.autoloss.e2e.faults.EndState;
import dev.autoloss.e2e.faults.History;
import dev.autoloss.e2e.faults.Unchanged;
import dev.autoloss.local.server.ApiEndpoint;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** A search in a namespace of its own, at which two operators take turns. */
final class Handover implements AutoCloseable {
  static final Duration LIMIT =
      Duration.ofSeconds(Integer.getInteger("standby.limit.seconds", 240));
  static final int LEASE_SECONDS = 3;

  /** What a run left, and how it came about. */
  record End(
      SortedMap<String, String> state,
      SortedMap<String, Integer> creations,
      SortedMap<String, Integer> deletions) {}

  private final ApiEndpoint server;
  private final KubernetesClient direct;
  private final Path directory;
  private final String namespace;
  private final History history;
  private final ExecutorService kubelet = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Contender> operators = new ArrayList<>();
  private int started;

  Handover(ApiEndpoint server, Path directory, String namespace) {
    this.server = server;
    this.direct = server.client();
    this.directory = directory;
    this.namespace = namespace;
    direct
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    var pods = new PodsByAnnotation(direct);
    this.history =
        History.of(
            direct,
            namespace,
            job -> kubelet.execute(() -> pods.end(job, SearchScenario.message(job))));
  }

  /** Starts one more operator. */
  Contender start(String... options) throws IOException {
    var all = new ArrayList<>(List.of("--lease-seconds=" + LEASE_SECONDS));
    all.addAll(List.of(options));
    started++;
    var operator =
        Contender.start(
            server, directory, namespace + "-" + started, namespace, all.toArray(String[]::new));
    operators.add(operator);
    return operator;
  }

  /** Waits until an operator says that it is ready. */
  void awaitReady(Contender operator) {
    await(operator.name())
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> operator.page("/readyz").startsWith("200"));
  }

  /** Waits until one that does not lead could take over. */
  void awaitAnotherReady(Contender leader) {
    await("another operator in " + namespace)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                operators.stream()
                    .filter(one -> one.alive() && !one.equals(leader))
                    .anyMatch(one -> one.page("/readyz").startsWith("200")));
  }

  /** Applies a search of the default pair and four generations of six. */
  void apply() {
    var metadata = new ObjectMetaBuilder().withName("small").withNamespace(namespace).build();
    var spec = Samples.changed(Samples.searchSpec(4, 6, 3), "{trials: {retain: All}}");
    direct.resource(LossSearch.of(metadata, spec)).create();
  }

  /** The operator that holds the lease; empty if nobody does, or one that has ended. */
  Optional<Contender> leader() {
    String holder = lease().map(LeaseSpec::getHolderIdentity).orElse(null);
    return operators.stream()
        .filter(Contender::alive)
        .filter(one -> holder != null && holder.startsWith(one.name() + "_"))
        .findFirst();
  }

  /** The lease that they want; empty before the first has made it. */
  Optional<LeaseSpec> lease() {
    return Optional.ofNullable(
            direct.leases().inNamespace(namespace).withName("autoloss-operator").get())
        .map(Lease::getSpec);
  }

  /** How many Jobs were made so far. */
  long jobs() {
    return history.creations().keySet().stream().filter(name -> name.startsWith("Job/")).count();
  }

  /** Waits until one leads that is another than this. */
  Contender awaitLeader(Optional<Contender> before) {
    return await("a leader in " + namespace)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(this::leader, now -> now.isPresent() && !now.equals(before))
        .orElseThrow();
  }

  boolean complete() {
    LossSearch search =
        direct.resources(LossSearch.class).inNamespace(namespace).withName("small").get();
    return search.getStatus() != null && search.getStatus().state() == SearchPhase.COMPLETE;
  }

  /** Waits until the search is complete and nobody writes any more. */
  End end() {
    try {
      await("the search in " + namespace)
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(100))
          .until(this::complete);
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          operators.stream()
              .map(one -> one.name() + ":\n" + one.log())
              .collect(Collectors.joining("\n", late.getMessage() + "\n", "")),
          late);
    }
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .during(Duration.ofSeconds(2))
        .until(() -> EndState.of(direct, namespace), new Unchanged());
    return new End(EndState.of(direct, namespace), history.creations(), history.deletions());
  }

  @Override
  public void close() {
    operators.forEach(Contender::close);
    history.close();
    kubelet.shutdownNow();
    direct.close();
  }
}
