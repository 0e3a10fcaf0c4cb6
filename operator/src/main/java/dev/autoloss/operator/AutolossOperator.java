package dev.autoloss.operator;

import dev.autoloss.operator.health.Contact;
import dev.autoloss.operator.health.Heartbeat;
import dev.autoloss.operator.health.Watches;
import dev.autoloss.operator.lease.Leadership;
import dev.autoloss.operator.lease.LeaseElection;
import dev.autoloss.operator.lease.LeaseTiming;
import dev.autoloss.operator.losssearch.LossSearchReconciler;
import dev.autoloss.operator.metrics.OperatorMetrics;
import dev.autoloss.operator.resource.EventRecorder;
import dev.autoloss.operator.resource.Slim;
import dev.autoloss.operator.training.DetectorTrainingReconciler;
import dev.autoloss.operator.training.ProgressReader;
import dev.autoloss.operator.training.WriteRates;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A running operator: in a cluster's pod or inside another program. */
public final class AutolossOperator implements AutoCloseable {
  /**
   * Reconcilers change nothing of what they are shown, and a copy by way of JSON was a tenth of the
   * operator's work.
   */
  private static final Cloner AS_IT_IS =
      new Cloner() {
        @Override
        public <R extends HasMetadata> R clone(R resource) {
          return resource;
        }
      };

  private static final String LEASE = "autoloss-operator";
  private static final Duration TERMINATION = Duration.ofSeconds(6);

  private static final Duration BROKEN_WATCH = Duration.ofMinutes(2);

  /** A Job and its pod change a dozen times within a second; one look serves several changes. */
  private static final Duration MOMENT = Duration.ofMillis(200);

  /** A conflict is tried again soon; an API server that is away is not hammered. */
  private static final long RETRY_MILLIS = 200;

  private static final double RETRY_MULTIPLIER = 2;
  private static final long LONGEST_RETRY_MILLIS = 30_000;

  private final Controllers controllers;
  private final Heartbeat heartbeat;
  private final Contact contact;
  private final Watches watches;
  private final ProgressReader progress;
  private final EventRecorder recorder;
  private final OperatorMetrics metrics;
  private final AtomicBoolean watching = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private Optional<HttpEndpoints> endpoints = Optional.empty();
  private Optional<LeaseElection> election = Optional.empty();

  private AutolossOperator(
      KubernetesClient client, OperatorOptions options, OperatorMetrics metrics) {
    this.metrics = metrics;
    InstantSource clock = new SteadyClock(options.clock(), System::nanoTime);
    this.heartbeat =
        new Heartbeat(
            MicrometerMetrics.withoutPerResourceMetrics(metrics.registry()),
            options.stuckAfter(),
            System::nanoTime);
    this.contact = Contact.start(client, System::nanoTime);
    this.progress = ProgressReader.start(client, options.progressInterval(), clock);
    var operator = new Operator(overrider -> configure(overrider, client));
    this.controllers = new Controllers(operator);
    this.watches =
        new Watches(
            () -> !watching.get() || controllers.healthy(),
            contact::lately,
            BROKEN_WATCH,
            System::nanoTime);
    this.recorder = new EventRecorder(client, clock);
    operator.register(
        new LossSearchReconciler(clock, recorder, metrics.searches(), options.keepsTrainings()),
        overrider -> configure(overrider, options));
    operator.register(
        new DetectorTrainingReconciler(
            options.trainerImage(),
            clock,
            recorder,
            progress,
            metrics.trainings(),
            WriteRates.of(options.jobsPerSecond(), System::nanoTime)),
        overrider -> configure(overrider, options));
  }

  /**
   * Starts an operator that is alone and waits until its caches are filled.
   *
   * @param client client that the operator works with; closing it is the caller's
   * @param options how it runs; without an election
   * @return the running operator
   * @throws IOException if the HTTP port is taken
   * @throws IllegalArgumentException if the options want an election
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
   * @param options how it runs; without an election
   * @param metrics where numbers go; closed with the operator
   * @return the running operator
   * @throws IOException if the HTTP port is taken
   * @throws IllegalArgumentException if the options want an election
   */
  public static AutolossOperator start(
      KubernetesClient client, OperatorOptions options, OperatorMetrics metrics)
      throws IOException {
    if (options.leaseNamespace().isPresent()) {
      throw new IllegalArgumentException("an election needs a leadership that guards the client");
    }
    return start(client, client, options, metrics, Leadership.alone(), _ -> {});
  }

  /**
   * Starts an operator and waits until its caches are filled. With an election it works only while
   * it leads.
   *
   * @param client client that the operator works with, guarded by the leadership; closing it is the
   *     caller's
   * @param lease client that the lease is taken and renewed with; closing it is the caller's
   * @param options how it runs
   * @param metrics where numbers go; closed with the operator
   * @param leadership what is held while the operator may write
   * @param lost told, with the reason, when it may not any more: what still runs can do no harm,
   *     but nothing can be started again in this process
   * @return the running operator
   * @throws IOException if the HTTP port is taken
   */
  static AutolossOperator start(
      KubernetesClient client,
      KubernetesClient lease,
      OperatorOptions options,
      OperatorMetrics metrics,
      Leadership leadership,
      Consumer<String> lost)
      throws IOException {
    var started = new AutolossOperator(client, options, metrics);
    try {
      if (options.httpPort().isPresent()) {
        started.endpoints =
            Optional.of(
                HttpEndpoints.start(
                    options.httpPort().getAsInt(),
                    metrics::scrape,
                    started::unhealthy,
                    started::unready));
      }
      started.controllers.watch();
      started.watching.set(true);
      if (options.leaseNamespace().isPresent()) {
        started.elect(lease, options, leadership, lost);
      } else {
        metrics.leads(true);
        started.controllers.work();
      }
      return started;
    } catch (IOException | RuntimeException failure) {
      started.close();
      throw failure;
    }
  }

  private void elect(
      KubernetesClient lease,
      OperatorOptions options,
      Leadership leadership,
      Consumer<String> lost) {
    var outcome =
        new LeaseElection.Outcome() {
          @Override
          public void leads() {
            metrics.leads(true);
            controllers.work();
          }

          @Override
          public void lost(String why) {
            metrics.leads(false);
            lost.accept(why);
          }
        };
    election =
        Optional.of(
            LeaseElection.start(
                lease,
                new LeaseElection.Key(options.leaseNamespace().orElseThrow(), LEASE),
                LeaseTiming.of(options.leaseDuration()),
                options.clock(),
                leadership,
                outcome));
  }

  private void configure(ConfigurationServiceOverrider overrider, KubernetesClient client) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        // CRDs that were just applied answer 429 for a moment: a watch is tried again, not given
        // up.
        .withStopOnInformerErrorDuringStartup(false)
        .withMetrics(heartbeat)
        // Else the late event of an earlier write would hide a later one of a training or segment.
        .withParseResourceVersions(true)
        .withResourceCloner(AS_IT_IS)
        .withReconciliationTerminationTimeout(TERMINATION);
  }

  private static <R extends HasMetadata> void configure(
      ControllerConfigurationOverrider<R> overrider, OperatorOptions options) {
    overrider
        .withItemStore(Slim.store(options.namespaces()))
        .withRateLimiter(new Pace(MOMENT, System::nanoTime))
        .withRetry(
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

  /** What only a new process can mend. */
  private Optional<String> unhealthy() {
    return heartbeat.stuck().or(watches::broken);
  }

  private Optional<String> unready() {
    if (!watching.get()) {
      return Optional.of("the caches are not filled");
    }
    return contact.lately() ? Optional.empty() : Optional.of("the API server does not answer");
  }

  /**
   * The port of the HTTP endpoints.
   *
   * @return empty if there are none
   */
  public OptionalInt httpPort() {
    return endpoints.map(open -> OptionalInt.of(open.port())).orElse(OptionalInt.empty());
  }

  /**
   * Starts nothing more, lets running reconciliations end, for at most six seconds, and gives the
   * lease back; twice is no error.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    watching.set(false);
    progress.close();
    contact.close();
    controllers.stop();
    recorder.close();
    election.ifPresent(LeaseElection::close);
    endpoints.ifPresent(HttpEndpoints::close);
    metrics.close();
  }
}
