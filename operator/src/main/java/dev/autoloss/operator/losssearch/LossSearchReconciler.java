package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.metrics.SearchMetrics;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.OperatorError;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder;
import dev.autoloss.operator.resource.Slim;
import dev.autoloss.operator.resource.StatusPatch;
import dev.autoloss.operator.resource.Successors;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Observes a LossSearch, lets {@link SearchStep} go a step, and projects the status. */
@ControllerConfiguration(
    name = "losssearch",
    fieldManager = Labels.OPERATOR,
    triggerReconcilerOnAllEvents = true)
public final class LossSearchReconciler implements Reconciler<LossSearch> {
  private static final String OF_A_SEARCH =
      Labels.MANAGED_BY + "=" + Labels.OPERATOR + "," + Labels.SEARCH_UID;
  private static final Duration AT_ONCE = Duration.ofMillis(50);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofMinutes(1);

  /** Failed tries, about three seconds, after which an error is told in the status. */
  private static final int TOLD_AFTER = 4;

  private final InstantSource clock;
  private final Recorder recorder;
  private final SearchMetrics metrics;
  private final boolean keepsTrainings;
  private final StatusPace pace = new StatusPace();
  private final StatusPatch<LossSearch> statuses = new StatusPatch<>();

  private final Successors<LossSearch> successors = new Successors<>();

  /** By UID: spares verifying segments again, and knows of appends that no watch has shown yet. */
  private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();

  /** By UID: trainings that were removed, and are still shown by a cache. */
  private final Map<String, Set<String>> removed = new ConcurrentHashMap<>();

  /**
   * Makes a reconciler.
   *
   * @param clock the time
   * @param recorder where events go
   * @param metrics where numbers go
   * @param keepsTrainings whether trainings of past generations stay, whatever the policy of the
   *     search
   */
  public LossSearchReconciler(
      InstantSource clock, Recorder recorder, SearchMetrics metrics, boolean keepsTrainings) {
    this.clock = clock;
    this.recorder = recorder;
    this.metrics = metrics;
    this.keepsTrainings = keepsTrainings;
  }

  @Override
  public List<EventSource<?, LossSearch>> prepareEventSources(
      EventSourceContext<LossSearch> context) {
    Set<String> namespaces =
        context.getControllerConfiguration().getInformerConfig().getNamespaces();
    var trainings =
        InformerEventSourceConfiguration.from(DetectorTraining.class, LossSearch.class)
            .withLabelSelector(OF_A_SEARCH)
            .withItemStore(Slim.store(namespaces))
            .build();
    var segments =
        InformerEventSourceConfiguration.from(ControllerRevision.class, LossSearch.class)
            .withLabelSelector(OF_A_SEARCH)
            .withItemStore(Slim.store(namespaces))
            .build();
    return List.of(
        new InformerEventSource<>(trainings, context),
        new InformerEventSource<>(segments, context),
        successors);
  }

  @Override
  public UpdateControl<LossSearch> reconcile(LossSearch seen, Context<LossSearch> context) {
    if (context.isPrimaryResourceDeleted()) {
      forget(successors.gone(seen, context.getPrimaryCache()::get));
      return UpdateControl.noUpdate();
    }
    successors.stands(seen).ifPresent(this::forget);
    if (seen.getMetadata().getDeletionTimestamp() != null) {
      forget(seen.getMetadata().getUid());
      return UpdateControl.noUpdate();
    }
    return goOn(seen, context);
  }

  private UpdateControl<LossSearch> goOn(LossSearch seen, Context<LossSearch> context) {
    String uid = seen.getMetadata().getUid();
    LossSearch search =
        Ledger.begun(
            statuses.newest(seen), context.getSecondaryResources(ControllerRevision.class));
    RecentTrainings recent = recent(uid, context);
    var sight =
        new SearchStep.Sight(
            context
                .getSecondaryResourcesAsStream(ControllerRevision.class)
                .filter(
                    revision -> uid.equals(Ownership.label(revision, Labels.SEARCH_UID).orElse("")))
                .toList(),
            recent.still(context.getSecondaryResources(DetectorTraining.class)),
            ledgers.getOrDefault(uid, Ledger.EMPTY));
    var cluster = new ClusterWrites(context.getClient(), search, recent);
    Instant now = clock.instant();
    StepResult result = new SearchStep(search, cluster, keepsTrainings, now).take(sight);
    LossSearchStatus status = new StatusProjection(search, now).of(result);
    if (result instanceof StepResult.Taken taken) {
      ledgers.put(uid, taken.ledger());
      metrics.recorded(taken.events(), taken.trials().all());
    }
    Optional<Duration> unwritten = write(search, status, now, context);
    metrics.projected(search, status, newest(sight.segments()));
    result.notices().forEach(notice -> recorder.record(search, notice));
    Optional<Duration> unweighed = recent.surprised() ? Optional.of(SOON) : Optional.empty();
    return Stream.of(unwritten, unweighed, again(search, result, now))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(UpdateControl.<LossSearch>noUpdate()::rescheduleAfter)
        .orElseGet(UpdateControl::noUpdate);
  }

  private void forget(String uid) {
    ledgers.remove(uid);
    removed.remove(uid);
    statuses.forget(uid);
    pace.forget(uid);
    metrics.forget(uid);
  }

  private RecentTrainings recent(String uid, Context<LossSearch> context) {
    var trainings =
        (InformerEventSource<DetectorTraining, LossSearch>)
            context.eventSourceRetriever().getEventSourceFor(DetectorTraining.class);
    return new RecentTrainings(
        trainings, removed.computeIfAbsent(uid, _ -> ConcurrentHashMap.newKeySet()));
  }

  private static Optional<Instant> newest(List<ControllerRevision> segments) {
    return segments.stream()
        .flatMap(segment -> Conditions.time(segment.getMetadata().getCreationTimestamp()).stream())
        .max(Comparator.naturalOrder());
  }

  /** When time alone calls for the next step. */
  private static Optional<Duration> again(LossSearch search, StepResult result, Instant now) {
    if (result instanceof StepResult.Taken taken && taken.halt().isEmpty()) {
      return Stream.of(
              new Spending(search, now).untilWallClockEnds(),
              taken.ahead().map(time -> Duration.between(now, time).plusMillis(1)))
          .flatMap(Optional::stream)
          .min(Comparator.naturalOrder());
    }
    return Optional.of(LATER);
  }

  /** Writes a status, or says how long it may wait. */
  private Optional<Duration> write(
      LossSearch search, LossSearchStatus status, Instant now, Context<LossSearch> context) {
    if (status.equals(search.getStatus())) {
      return Optional.empty();
    }
    Duration wait = pace.wait(search, status, now);
    if (wait.isPositive()) {
      return Optional.of(wait);
    }
    var fresh = new LossSearch();
    fresh.setStatus(status);
    if (!statuses.apply(search, fresh, context.getClient())) {
      return Optional.of(AT_ONCE);
    }
    pace.wrote(search, now);
    return Optional.empty();
  }

  /** An error that stays, of ours or of the cluster's, is told; no candidate is blamed for it. */
  @Override
  public ErrorStatusUpdateControl<LossSearch> updateErrorStatus(
      LossSearch search, Context<LossSearch> context, Exception error) {
    boolean stays = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) >= TOLD_AFTER;
    if (!stays || search.getSpec() == null) {
      return ErrorStatusUpdateControl.defaultErrorProcessing();
    }
    var halt = new StepResult.Halt(SearchReason.OPERATOR_ERROR, OperatorError.line(error));
    var fresh = new LossSearch();
    fresh.setMetadata(StatusPatch.metadata(search));
    fresh.setStatus(new StatusProjection(search, clock.instant()).halted(halt));
    return ErrorStatusUpdateControl.patchStatus(fresh);
  }
}
