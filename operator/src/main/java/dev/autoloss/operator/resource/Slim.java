package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Caches that hold what is read of an object, and not what only its maker needed.
 *
 * <p>JOSDK gives one cache to the informers of all namespaces, and each of these would take the
 * others' objects for deleted: so with several namespaces by name objects are cached as they are.
 */
public final class Slim {
  private Slim() {}

  /**
   * A cache without managed fields.
   *
   * @param namespaces namespaces that are watched
   * @param <R> type of the resources
   * @return an empty cache; null, which JOSDK takes for its own, if there are several namespaces
   */
  public static <R extends HasMetadata> @Nullable ItemStore<R> store(Set<String> namespaces) {
    return store(namespaces, Slim::metadata);
  }

  private static <R extends HasMetadata> @Nullable ItemStore<R> store(
      Set<String> namespaces, UnaryOperator<R> slim) {
    return namespaces.size() > 1 ? null : new TransformingItemStore<>(slim);
  }

  /**
   * A cache of Jobs without their pods' template, which holds the document and is long.
   *
   * @param namespaces namespaces that are watched
   * @return as {@link #store}
   */
  public static @Nullable ItemStore<Job> jobs(Set<String> namespaces) {
    return store(namespaces, Slim::job);
  }

  /**
   * A cache of pods that knows of their spec only the node and the images.
   *
   * @param namespaces namespaces that are watched
   * @return as {@link #store}
   */
  public static @Nullable ItemStore<Pod> pods(Set<String> namespaces) {
    return store(namespaces, Slim::pod);
  }

  private static <R extends HasMetadata> R metadata(R resource) {
    resource.getMetadata().setManagedFields(null);
    return resource;
  }

  static Job job(Job job) {
    if (job.getSpec() != null) {
      job.getSpec().setTemplate(null);
    }
    return metadata(job);
  }

  static Pod pod(Pod pod) {
    if (pod.getSpec() != null) {
      var slim = new PodSpecBuilder().withNodeName(pod.getSpec().getNodeName());
      pod.getSpec()
          .getContainers()
          .forEach(
              container ->
                  slim.addNewContainer()
                      .withName(container.getName())
                      .withImage(container.getImage())
                      .endContainer());
      pod.setSpec(slim.build());
    }
    return metadata(pod);
  }
}
