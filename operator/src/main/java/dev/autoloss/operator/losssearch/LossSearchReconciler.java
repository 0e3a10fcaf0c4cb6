package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.metrics.SearchMetrics;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder;
import dev.autoloss.operator.resource.StatusPatch;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
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
import java.util.concurrent.ConcurrentHashMap;

/** Observes a LossSearch, lets {@link SearchStep} go a step, and projects the status. */
@ControllerConfiguration(
    name = "losssearch",
    fieldManager = Labels.OPERATOR,
    triggerReconcilerOnAllEvents = true)
public final class LossSearchReconciler implements Reconciler<LossSearch> {
  private static final String OF_A_SEARCH =
      Labels.MANAGED_BY + "=" + Labels.OPERATOR + "," + Labels.SEARCH_UID;
  private static final Duration LATER = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Recorder recorder;
  private final SearchMetrics metrics;

  /** By UID: spares verifying segments again, and knows of appends that no watch has shown yet. */
  private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();

  /**
   * Makes a reconciler.
   *
   * @param clock the time
   * @param recorder where events go
   * @param metrics where numbers go
   */
  public LossSearchReconciler(InstantSource clock, Recorder recorder, SearchMetrics metrics) {
    this.clock = clock;
    this.recorder = recorder;
    this.metrics = metrics;
  }

  @Override
  public List<EventSource<?, LossSearch>> prepareEventSources(
      EventSourceContext<LossSearch> context) {
    var trainings =
        InformerEventSourceConfiguration.from(DetectorTraining.class, LossSearch.class)
            .withLabelSelector(OF_A_SEARCH)
            .build();
    var segments =
        InformerEventSourceConfiguration.from(ControllerRevision.class, LossSearch.class)
            .withLabelSelector(OF_A_SEARCH)
            .build();
    return List.of(
        new InformerEventSource<>(trainings, context),
        new InformerEventSource<>(segments, context));
  }

  @Override
  public UpdateControl<LossSearch> reconcile(LossSearch seen, Context<LossSearch> context) {
    String uid = seen.getMetadata().getUid();
    if (context.isPrimaryResourceDeleted() || seen.getMetadata().getDeletionTimestamp() != null) {
      ledgers.remove(uid);
      metrics.forget(seen);
      return UpdateControl.noUpdate();
    }
    LossSearch search = Ledger.begun(seen, context.getSecondaryResources(ControllerRevision.class));
    var sight =
        new SearchStep.Sight(
            context
                .getSecondaryResourcesAsStream(ControllerRevision.class)
                .filter(
                    revision -> uid.equals(Ownership.label(revision, Labels.SEARCH_UID).orElse("")))
                .toList(),
            context.getSecondaryResources(DetectorTraining.class),
            ledgers.getOrDefault(uid, Ledger.EMPTY));
    var cluster = new ClusterWrites(context.getClient(), search);
    StepResult result = new SearchStep(search, cluster, clock.instant()).take(sight);
    LossSearchStatus status = new StatusProjection(search, clock.instant()).of(result);
    if (result instanceof StepResult.Taken taken) {
      ledgers.put(uid, taken.ledger());
      metrics.recorded(taken.events(), taken.trials().all());
    }
    write(search, status, context);
    metrics.projected(search, status, newest(sight.segments()));
    result.notices().forEach(notice -> recorder.record(search, notice));
    if (result instanceof StepResult.Taken taken && taken.conflict().isEmpty()) {
      return new Spending(search, clock.instant())
          .untilWallClockEnds()
          .map(UpdateControl.<LossSearch>noUpdate()::rescheduleAfter)
          .orElseGet(UpdateControl::noUpdate);
    }
    return UpdateControl.<LossSearch>noUpdate().rescheduleAfter(LATER);
  }

  private static Optional<Instant> newest(List<ControllerRevision> segments) {
    return segments.stream()
        .flatMap(segment -> Conditions.time(segment.getMetadata().getCreationTimestamp()).stream())
        .max(Comparator.naturalOrder());
  }

  private static void write(
      LossSearch search, LossSearchStatus status, Context<LossSearch> context) {
    if (!status.equals(search.getStatus())) {
      var fresh = new LossSearch();
      fresh.setStatus(status);
      StatusPatch.apply(search, fresh, context);
    }
  }
}
