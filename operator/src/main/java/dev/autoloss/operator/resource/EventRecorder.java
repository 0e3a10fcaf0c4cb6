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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes core/v1 events. An event's name is a digest of what it says, so that a reconciliation that
 * is repeated after a crash adds none. An event that can't be written is logged and forgotten.
 */
public final class EventRecorder implements Recorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int LONGEST_MESSAGE = 1000;

  private final KubernetesClient client;
  private final InstantSource clock;

  /**
   * Makes a recorder.
   *
   * @param client client to write with
   * @param clock time of the events
   */
  public EventRecorder(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public void record(HasMetadata resource, Notice notice) {
    try {
      client.resource(event(resource, notice, clock.instant())).create();
    } catch (KubernetesClientException failure) {
      if (Refusal.of(failure, resource) instanceof RefusedException refused
          && refused.refusal().kind() == Refusal.Kind.NAMESPACE_TERMINATING) {
        LOG.debug("Event {} was not written: {}", notice.reason(), refused.getMessage());
      } else if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.warn("Event {} was not written: {}", notice.reason(), failure.getMessage());
      }
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
