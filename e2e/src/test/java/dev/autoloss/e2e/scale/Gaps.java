package dev.autoloss.e2e.scale;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How long a generation waits: from the last end of a Job of the one before to its first Job. */
final class Gaps implements AutoCloseable {
  private final Turns<Job> jobs;
  private final Turns<DetectorTraining> trainings;

  Gaps(KubernetesClient client, String namespace) {
    this.jobs =
        new Turns<>(
            job -> job.getStatus() != null && job.getStatus().getSucceeded() != null,
            handler -> client.batch().v1().jobs().inNamespace(namespace).inform(handler));
    this.trainings =
        new Turns<>(
            training ->
                training.getStatus() != null
                    && training.getStatus().state() == TrainingState.FINISHED,
            handler ->
                client.resources(DetectorTraining.class).inNamespace(namespace).inform(handler));
  }

  /**
   * A pause, in milliseconds.
   *
   * @param told from the last end of a Job to the status of its training that says so
   * @param bred from there to the first training of the next generation: recorded, bred, screened
   * @param started from there to its Job
   */
  record Gap(long told, long bred, long started) {
    long all() {
      return told + bred + started;
    }

    @Override
    public String toString() {
      return "%d (%d until told, %d until bred and screened, %d until started)"
          .formatted(all(), told, bred, started);
    }
  }

  /** In the order of generations; the first one of candidates waits for none. */
  List<Gap> all() {
    Map<Integer, Long> ends = jobs.last();
    Map<Integer, Long> told = trainings.last();
    Map<Integer, Long> made = trainings.first();
    Map<Integer, Long> started = jobs.first();
    return started.keySet().stream()
        .sorted()
        .filter(generation -> generation > 1 && ends.containsKey(generation - 1))
        .filter(generation -> told.containsKey(generation - 1) && made.containsKey(generation))
        .map(
            generation ->
                new Gap(
                    millis(ends.get(generation - 1), told.get(generation - 1)),
                    millis(told.get(generation - 1), made.get(generation)),
                    millis(made.get(generation), started.get(generation))))
        .toList();
  }

  private static long millis(long from, long until) {
    return (until - from) / 1_000_000;
  }

  @Override
  public void close() {
    jobs.close();
    trainings.close();
  }

  /** When the first one of a generation was seen, and when the last one was seen to have ended. */
  private static final class Turns<R extends HasMetadata>
      implements ResourceEventHandler<R>, AutoCloseable {
    private final Map<Integer, Long> first = new TreeMap<>();
    private final Map<Integer, Long> last = new TreeMap<>();
    private final Predicate<R> ended;
    private final SharedIndexInformer<R> informer;

    /** How an informer is started. */
    private interface Source<R> {
      SharedIndexInformer<R> inform(ResourceEventHandler<R> handler);
    }

    Turns(Predicate<R> ended, Source<R> source) {
      this.ended = ended;
      this.informer = source.inform(this);
    }

    @Override
    public synchronized void onAdd(R one) {
      first.putIfAbsent(generation(one), System.nanoTime());
    }

    @Override
    public synchronized void onUpdate(R old, R one) {
      if (!ended.test(old) && ended.test(one)) {
        last.put(generation(one), System.nanoTime());
      }
    }

    @Override
    public void onDelete(R one, boolean unknown) {}

    private int generation(R one) {
      return Integer.parseInt(Ownership.label(one, Labels.GENERATION).orElse("0"));
    }

    synchronized Map<Integer, Long> first() {
      return Map.copyOf(first);
    }

    synchronized Map<Integer, Long> last() {
      return Map.copyOf(last);
    }

    @Override
    public void close() {
      informer.close();
    }
  }
}
