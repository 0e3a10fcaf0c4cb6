package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes around one training, past the caches. */
final class TrainingActions {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingActions.class);

  /** Repeated events are counted in one object: there are few. */
  private static final ListOptions MOST_EVENTS = new ListOptionsBuilder().withLimit(10L).build();

  private static final String KUEUE = "kueue.x-k8s.io";

  private final KubernetesClient client;
  private final DetectorTraining training;

  TrainingActions(KubernetesClient client, DetectorTraining training) {
    this.client = client;
    this.training = training;
  }

  /** Looks a Job up; empty if it is gone or not ours. */
  Optional<Job> job(String name) {
    return Optional.ofNullable(
            client.batch().v1().jobs().inNamespace(namespace()).withName(name).get())
        .filter(job -> Ownership.controls(training, job));
  }

  /**
   * What the Job controller says if it can't make a pod; empty if it says nothing, or if the
   * operator may not read it.
   */
  Optional<String> complaint(Job job) {
    try {
      return client
          .v1()
          .events()
          .inNamespace(namespace())
          .withField("involvedObject.uid", job.getMetadata().getUid())
          .withField("reason", "FailedCreate")
          .list(MOST_EVENTS)
          .getItems()
          .stream()
          .filter(event -> job.getMetadata().getUid().equals(event.getInvolvedObject().getUid()))
          .filter(event -> "FailedCreate".equals(event.getReason()))
          .map(Event::getMessage)
          .filter(Objects::nonNull)
          .findFirst();
    } catch (KubernetesClientException unreadable) {
      LOG.debug("No events of Job {}: {}", job.getMetadata().getName(), unreadable.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Says what to do if a queue does not exist; empty if it does, or if the operator may not look.
   */
  Optional<String> missingQueue(String name) {
    try {
      APIGroup kueue = client.getApiGroup(KUEUE);
      if (kueue == null) {
        return Optional.of(
            "the cluster has no Kueue that could admit its Job: install it, or make a search without scheduling.queueName");
      }
      String path =
          "/apis/%s/namespaces/%s/localqueues/%s"
              .formatted(kueue.getPreferredVersion().getGroupVersion(), namespace(), name);
      return client.raw(path) == null
          ? Optional.of(
              "LocalQueue %s does not exist in namespace %s: make it, or see what there is: kubectl get localqueues -n %s"
                  .formatted(name, namespace(), namespace()))
          : Optional.empty();
    } catch (KubernetesClientException unreadable) {
      LOG.debug("No look at LocalQueue {}: {}", name, unreadable.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Creates a Job; it is no error that a crash has kept an earlier creation from us.
   *
   * @throws RefusedException if the API server does not want it
   * @throws NameConflictException if its name is taken
   */
  void create(Job job) {
    try {
      client.resource(job).create();
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw Refusal.of(failure, job);
      }
      HasMetadata existing = client.resource(job).get();
      if (existing == null) {
        throw failure;
      }
      if (!Ownership.sameChild(existing, job, training)) {
        throw new NameConflictException("Job", job.getMetadata().getName());
      }
    }
  }

  /**
   * Deletes a Job as it was seen: one that has changed since, perhaps ended, is decided on again
   * when its change arrives. What changes of one that has ended makes no difference, nor what
   * changes of any once the training has its outcome.
   */
  void delete(Job job) {
    boolean stands = training.getStatus() != null && TrainingDecider.settled(training.getStatus());
    boolean anyVersion = stands || Jobs.finished(job).isPresent();
    var options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(job.getMetadata().getUid())
            .withResourceVersion(anyVersion ? null : job.getMetadata().getResourceVersion())
            .endPreconditions()
            .build();
    String path =
        "/apis/batch/v1/namespaces/%s/jobs/%s".formatted(namespace(), job.getMetadata().getName());
    try {
      // The typed call takes a policy or a version, not both.
      client.raw(path, "DELETE", options);
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT
          && failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw failure;
      }
    }
  }

  /** Says whether the API server holds another version than the one that was decided on. */
  boolean outdated() {
    ObjectMeta seen = training.getMetadata();
    DetectorTraining live =
        client
            .resources(DetectorTraining.class)
            .inNamespace(namespace())
            .withName(seen.getName())
            .get();
    return live == null
        || !seen.getUid().equals(live.getMetadata().getUid())
        || !seen.getResourceVersion().equals(live.getMetadata().getResourceVersion());
  }

  /** Gives a training up that no search waits for any more. */
  void releaseIfAbandoned() {
    if (training.getMetadata().getFinalizers().contains(Labels.RESULT_FINALIZER)
        && !searchLives()) {
      PrimaryUpdateAndCacheUtils.removeFinalizer(client, training, Labels.RESULT_FINALIZER);
    }
  }

  private boolean searchLives() {
    Optional<OwnerReference> owner =
        Ownership.controllerOf(training).filter(ref -> "LossSearch".equals(ref.getKind()));
    if (owner.isEmpty()) {
      return false;
    }
    LossSearch search =
        client
            .resources(LossSearch.class)
            .inNamespace(namespace())
            .withName(owner.get().getName())
            .get();
    return search != null
        && owner.get().getUid().equals(search.getMetadata().getUid())
        && search.getMetadata().getDeletionTimestamp() == null;
  }

  private String namespace() {
    return training.getMetadata().getNamespace();
  }
}
