package dev.autoloss.e2e.scale;

import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.TreeMap;

/** How long a generation waits: from the last end of a Job of the one before to its first Job. */
final class Gaps implements ResourceEventHandler<Job>, AutoCloseable {
  private final TreeMap<Integer, Long> first = new TreeMap<>();
  private final TreeMap<Integer, Long> last = new TreeMap<>();
  private final SharedIndexInformer<Job> informer;

  Gaps(KubernetesClient client, String namespace) {
    this.informer = client.batch().v1().jobs().inNamespace(namespace).inform(this);
  }

  @Override
  public synchronized void onAdd(Job job) {
    first.putIfAbsent(generation(job), System.nanoTime());
  }

  @Override
  public synchronized void onUpdate(Job old, Job job) {
    if (old.getStatus().getSucceeded() == null && job.getStatus().getSucceeded() != null) {
      last.put(generation(job), System.nanoTime());
    }
  }

  @Override
  public void onDelete(Job job, boolean unknown) {}

  private static int generation(Job job) {
    return Integer.parseInt(Ownership.label(job, Labels.GENERATION).orElse("0"));
  }

  /** In milliseconds, shortest first; generation 0 has none before it. */
  synchronized List<Long> sorted() {
    return first.keySet().stream()
        .filter(generation -> generation > 1 && last.containsKey(generation - 1))
        .map(generation -> (first.get(generation) - last.get(generation - 1)) / 1_000_000)
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    informer.close();
  }
}
