package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes core/v1 events, beside the reconciliations, which do not wait for them. An event's name is
 * a digest of what it says, so that a reconciliation that is repeated after a crash adds none. An
 * event that can't be written, or that is one too many, is logged and forgotten.
 */
public final class EventRecorder implements Recorder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int LONGEST_MESSAGE = 1000;

  private static final int WRITERS = 4;
  private static final int MOST_WAITING = 5000;
  private static final int IDLE_SECONDS = 10;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final ThreadPoolExecutor writers =
      new ThreadPoolExecutor(
          WRITERS,
          WRITERS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("events-", 0).factory(),
          (_, _) -> LOG.warn("An event was not written: too many wait, or the operator stops"));

  /**
   * Makes a recorder.
   *
   * @param client client to write with
   * @param clock time of the events
   */
  public EventRecorder(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
    writers.allowCoreThreadTimeOut(true);
  }

  @Override
  public void record(HasMetadata resource, Notice notice) {
    Event event = event(resource, notice, clock.instant());
    writers.execute(() -> write(event, resource));
  }

  private void write(Event event, HasMetadata resource) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException failure) {
      if (Refusal.of(failure, resource) instanceof RefusedException refused
          && refused.refusal().kind() == Refusal.Kind.NAMESPACE_TERMINATING) {
        LOG.debug("Event {} was not written: {}", event.getReason(), refused.getMessage());
      } else if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.warn("Event {} was not written: {}", event.getReason(), failure.getMessage());
      }
    }
  }

  /** Writes what waits, for at most a second. */
  @Override
  public void close() {
    writers.shutdown();
    try {
      if (!writers.awaitTermination(1, TimeUnit.SECONDS)) {
        writers.shutdownNow();
      }
    } catch (InterruptedException stopped) {
      writers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  static Event event(HasMetadata resource, Notice notice, Instant instant) {
    String time = Conditions.rfc3339(instant);
    var metadata = resource.getMetadata();
    String digest =
        Labels.sha256(metadata.getUid() + '\n' + notice.reason() + '\n' + notice.message());
    return new EventBuilder()
        .withNewMetadata()
        .withName(Labels.shortened(metadata.getName(), 63) + "." + digest.substring(0, 16))
        .withNamespace(metadata.getNamespace())
        .addToLabels(Labels.MANAGED_BY, Labels.OPERATOR)
        .endMetadata()
        .withInvolvedObject(reference(resource))
        .withType(notice.warning() ? "Warning" : "Normal")
        .withReason(notice.reason())
        .withMessage(
            notice.message().substring(0, Math.min(LONGEST_MESSAGE, notice.message().length())))
        .withFirstTimestamp(time)
        .withLastTimestamp(time)
        .withCount(1)
        .withNewSource()
        .withComponent(Labels.OPERATOR)
        .endSource()
        .withReportingComponent(Labels.OPERATOR)
        .withReportingInstance(Labels.OPERATOR)
        .build();
  }

  private static ObjectReference reference(HasMetadata resource) {
    var metadata = resource.getMetadata();
    return new ObjectReferenceBuilder()
        .withApiVersion(resource.getApiVersion())
        .withKind(resource.getKind())
        .withName(metadata.getName())
        .withNamespace(metadata.getNamespace())
        .withUid(metadata.getUid())
        .build();
  }
}
