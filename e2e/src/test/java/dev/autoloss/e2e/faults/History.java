package dev.autoloss.e2e.faults;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * How often each object of a namespace was made and deleted, told apart by UID, as the server says
 * it and not the operator. Names are cleaned of what differs from run to run.
 */
public final class History implements AutoCloseable {
  private final ConcurrentSkipListSet<String> created = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<String> deleted = new ConcurrentSkipListSet<>();
  private final List<SharedIndexInformer<?>> informers;

  private History(KubernetesClient client, String namespace, Consumer<Job> jobs) {
    informers =
        List.of(
            client.resources(LossSearch.class).inNamespace(namespace).inform(seen(_ -> {})),
            client.resources(DetectorTraining.class).inNamespace(namespace).inform(seen(_ -> {})),
            client.resources(ControllerRevision.class).inNamespace(namespace).inform(seen(_ -> {})),
            client.resources(Job.class).inNamespace(namespace).inform(seen(jobs)));
  }

  /** Watches a namespace, and tells of each new Job. */
  public static History of(KubernetesClient client, String namespace, Consumer<Job> jobs) {
    return new History(client, namespace, jobs);
  }

  private <T extends HasMetadata> ResourceEventHandler<T> seen(Consumer<T> further) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        if (created.add(key(object))) {
          further.accept(object);
        }
      }

      @Override
      public void onUpdate(T old, T now) {
        if (!old.getMetadata().getUid().equals(now.getMetadata().getUid())) {
          onAdd(now);
        }
      }

      @Override
      public void onDelete(T object, boolean unknown) {
        deleted.add(key(object));
      }
    };
  }

  private static String key(HasMetadata object) {
    return object.getKind() + "/" + plain(object.getMetadata().getName()) + " " + uid(object);
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }

  /** A child's name without the part of its parent's UID. */
  static String plain(String name) {
    return name.replaceAll("^small-[0-9a-f]{6}-", "small-");
  }

  /** How many objects of each name there were; ledger segments are not told apart. */
  public SortedMap<String, Integer> creations() {
    return count(created);
  }

  /** How many objects of each name were deleted. */
  public SortedMap<String, Integer> deletions() {
    return count(deleted);
  }

  private static SortedMap<String, Integer> count(Iterable<String> keys) {
    var counts = new TreeMap<String, Integer>();
    keys.forEach(
        key -> {
          String name = key.substring(0, key.indexOf(' '));
          // How many events fit into one segment depends on when results came.
          if (!name.startsWith("ControllerRevision/")) {
            counts.merge(name, 1, Integer::sum);
          }
        });
    return counts;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
