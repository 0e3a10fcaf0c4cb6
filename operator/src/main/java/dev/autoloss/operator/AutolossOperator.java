package dev.autoloss.operator;

import dev.autoloss.operator.losssearch.LossSearchReconciler;
import dev.autoloss.operator.metrics.OperatorMetrics;
import dev.autoloss.operator.resource.EventRecorder;
import dev.autoloss.operator.resource.Slim;
import dev.autoloss.operator.training.DetectorTrainingReconciler;
import dev.autoloss.operator.training.JobRate;
import dev.autoloss.operator.training.ProgressReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running operator: in a cluster's pod or inside another program. */
public final class AutolossOperator implements AutoCloseable {
  private static final String LEASE = "autoloss-operator";
  private static final Duration TERMINATION = Duration.ofSeconds(10);

  /** A conflict is tried again soon; an API server that is away is not hammered. */
  private static final long RETRY_MILLIS = 200;

  private static final double RETRY_MULTIPLIER = 2;
  private static final long LONGEST_RETRY_MILLIS = 30_000;

  private final Operator operator;
  private final ProgressReader progress;
  private final OperatorMetrics metrics;
  private final AtomicBoolean ready = new AtomicBoolean();
  private Optional<HttpEndpoints> endpoints = Optional.empty();

  private AutolossOperator(
      KubernetesClient client, OperatorOptions options, OperatorMetrics metrics) {
    this.metrics = metrics;
    InstantSource clock = new SteadyClock(options.clock(), System::nanoTime);
    this.progress = ProgressReader.start(client, options.progressInterval(), clock);
    this.operator = new Operator(overrider -> configure(overrider, client, options));
    var recorder = new EventRecorder(client, clock);
    operator.register(
        new LossSearchReconciler(
            clock, recorder, metrics.searches(), options.keepsTrainings()),
        overrider -> configure(overrider, options));
    operator.register(
        new DetectorTrainingReconciler(
            options.trainerImage(),
            clock,
            recorder,
            progress,
            metrics.trainings(),
            new JobRate(options.jobsPerSecond(), System::nanoTime)),
        overrider -> configure(overrider, options));
  }

  /**
   * Starts an operator and waits until its caches are filled, or, with an election, until it takes
   * part in it.
   *
   * @param client client that the operator works with; closing it is the caller's
   * @param options how it runs
   * @return the running operator
   * @throws IOException if the HTTP port is taken
   */
  public static AutolossOperator start(KubernetesClient client, OperatorOptions options)
      throws IOException {
    return start(client, options, new OperatorMetrics(options.searchSeries()));
  }

  /**
   * As {@link #start(KubernetesClient, OperatorOptions)}, with metrics that know of more than this
   * operator, as of the requests of its client.
   *
   * @param client client that the operator works with; closing it is the caller's
   * @param options how it runs
   * @param metrics where numbers go; closed with the operator
   * @return the running operator
   * @throws IOException if the HTTP port is taken
   */
  public static AutolossOperator start(
      KubernetesClient client, OperatorOptions options, OperatorMetrics metrics)
      throws IOException {
    var started = new AutolossOperator(client, options, metrics);
    try {
      if (options.httpPort().isPresent()) {
        started.endpoints =
            Optional.of(
                HttpEndpoints.start(
                    options.httpPort().getAsInt(),
                    metrics::scrape,
                    started::healthy,
                    started.ready::get));
      }
      started.operator.start();
      started.ready.set(true);
      return started;
    } catch (IOException | RuntimeException failure) {
      started.close();
      throw failure;
    }
  }

  private void configure(
      ConfigurationServiceOverrider overrider, KubernetesClient client, OperatorOptions options) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        // CRDs that were just applied answer 429 for a moment: a watch is tried again, not given
        // up.
        .withStopOnInformerErrorDuringStartup(false)
        .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics.registry()))
        .withReconciliationTerminationTimeout(TERMINATION);
    options
        .leaseNamespace()
        .ifPresent(
            namespace ->
                overrider.withLeaderElectionConfiguration(
                    LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                        .withLeaseNamespace(namespace)
                        .withLeaderCallbacks(
                            new LeaderCallbacks(
                                () -> metrics.leads(true), () -> metrics.leads(false), _ -> {}))
                        .build()));
    metrics.leads(options.leaseNamespace().isEmpty());
  }

  private static <R extends HasMetadata> void configure(
      ControllerConfigurationOverrider<R> overrider, OperatorOptions options) {
    overrider.withItemStore(Slim.store(options.namespaces()));
    overrider.withRetry(
        new GenericRetry()
            .withoutMaxAttempts()
            .setInitialInterval(RETRY_MILLIS)
            .setIntervalMultiplier(RETRY_MULTIPLIER)
            .setMaxInterval(LONGEST_RETRY_MILLIS));
    if (options.namespaces().isEmpty()) {
      overrider.watchingAllNamespaces();
    } else {
      overrider.settingNamespaces(options.namespaces());
    }
  }

  /** Not healthy: an informer has lost its watch for good. */
  private boolean healthy() {
    return !ready.get() || operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  /**
   * The port of the HTTP endpoints.
   *
   * @return empty if there are none
   */
  public OptionalInt httpPort() {
    return endpoints.map(open -> OptionalInt.of(open.port())).orElse(OptionalInt.empty());
  }

  /** Lets running reconciliations end, for at most ten seconds; twice is no error. */
  @Override
  public void close() {
    ready.set(false);
    progress.close();
    operator.stop();
    endpoints.ifPresent(HttpEndpoints::close);
    metrics.close();
  }
}
