package dev.autoloss.operator.losssearch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** The API server behind a {@link KubernetesClient}. */
final class ClusterWrites implements SearchCluster {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int AT_ONCE = 16;
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Labels.OPERATOR)
          .build();

  private final KubernetesClient client;
  private final LossSearch search;
  private final RecentTrainings recent;

  ClusterWrites(KubernetesClient client, LossSearch search, RecentTrainings recent) {
    this.client = client;
    this.search = search;
    this.recent = recent;
  }

  @Override
  public List<ControllerRevision> segments() {
    return segments(client, search);
  }

  static List<ControllerRevision> segments(KubernetesClient client, LossSearch search) {
    return client
        .apps()
        .controllerRevisions()
        .inNamespace(search.getMetadata().getNamespace())
        .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
        .list()
        .getItems();
  }

  @Override
  public <R extends HasMetadata> Stored<R> create(R resource) {
    Stored<R> stored = store(resource);
    if (stored.resource() instanceof DetectorTraining training) {
      if (stored.created()) {
        recent.made(training);
      } else {
        recent.found(training);
      }
    }
    return stored;
  }

  private <R extends HasMetadata> Stored<R> store(R resource) {
    try {
      return new Stored<>(client.resource(resource).create(), true);
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw Refusal.of(failure, resource);
      }
      R existing = client.resource(resource).get();
      if (existing == null) {
        throw failure;
      }
      return new Stored<>(existing, false);
    }
  }

  @Override
  public Optional<DetectorTraining> training(String name) {
    return Optional.ofNullable(handle(name).get());
  }

  @Override
  public <R extends HasMetadata> List<Stored<R>> create(List<R> resources) {
    return sideBySide(resources, this::create);
  }

  @Override
  public void release(List<Release> releases) {
    eachSideBySide(releases, this::release);
  }

  /** One waits for no other; all have ended before the step goes on. */
  private static <T, R> List<R> sideBySide(List<T> inputs, Function<T, R> write) {
    if (inputs.size() == 1) {
      return List.of(write.apply(inputs.getFirst()));
    }
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      var running = inputs.stream().map(one -> threads.submit(() -> write.apply(one))).toList();
      return running.stream().map(ClusterWrites::finish).toList();
    }
  }

  private static <T> void eachSideBySide(List<T> inputs, Consumer<T> write) {
    var _ =
        sideBySide(
            inputs,
            one -> {
              write.accept(one);
              return one;
            });
  }

  private static <R> R finish(Future<R> write) {
    try {
      return write.get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while writes were under way", stopped);
    }
  }

  /** As it was seen, which is how it is if its result was its last change; else as it is now. */
  private void release(Release release) {
    DetectorTraining seen = release.training();
    try {
      take(seen, release.jobsExpire());
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw failure;
      }
      DetectorTraining live = handle(seen.getMetadata().getName()).get();
      if (live != null && live.getMetadata().getUid().equals(seen.getMetadata().getUid())) {
        take(live, release.jobsExpire());
      }
    }
  }

  private void take(DetectorTraining training, Optional<Instant> jobsExpire) {
    ObjectMeta metadata = training.getMetadata();
    ObjectNode patch = MAPPER.createObjectNode();
    // The version keeps a finalizer that somebody else adds meanwhile.
    ObjectNode change =
        patch.putObject("metadata").put("resourceVersion", metadata.getResourceVersion());
    var finalizers = change.putArray("finalizers");
    metadata.getFinalizers().stream()
        .filter(finalizer -> !Labels.RESULT_FINALIZER.equals(finalizer))
        .forEach(finalizers::add);
    jobsExpire.ifPresent(
        time -> change.putObject("annotations").put(Labels.JOBS_EXPIRE, Conditions.rfc3339(time)));
    patch(training, patch);
  }

  @Override
  public void remove(List<DetectorTraining> trainings) {
    eachSideBySide(trainings, this::remove);
  }

  private void remove(DetectorTraining training) {
    var options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(training.getMetadata().getUid())
            .endPreconditions()
            .build();
    String path =
        "/apis/%s/namespaces/%s/%s/%s"
            .formatted(
                training.getApiVersion(),
                search.getMetadata().getNamespace(),
                training.getPlural(),
                training.getMetadata().getName());
    try {
      // The typed call takes a policy or a UID, not both.
      client.raw(path, "DELETE", options);
      recent.removed(training);
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && failure.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw failure;
      }
      recent.removed(training);
    }
  }

  @Override
  public void hold(DetectorTraining training, Optional<String> policy) {
    ObjectNode patch = MAPPER.createObjectNode();
    ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
    policy.ifPresentOrElse(
        value -> annotations.put(Labels.HOLD, value), () -> annotations.putNull(Labels.HOLD));
    patch(training, patch);
  }

  private void patch(DetectorTraining training, ObjectNode patch) {
    try {
      // By its object: by its name alone the client reads it once more.
      DetectorTraining now = client.resource(training).patch(MERGE, patch.toString());
      recent.changed(now, training);
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw failure;
      }
      recent.removed(training);
    }
  }

  private Resource<DetectorTraining> handle(String name) {
    return client
        .resources(DetectorTraining.class)
        .inNamespace(search.getMetadata().getNamespace())
        .withName(name);
  }
}
