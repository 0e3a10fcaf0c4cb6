package dev.autoloss.operator.health;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the controllers at work and tells which one is stuck: a reconciliation that does not
 * return, or a queue from which nothing is taken. What it hears it passes on.
 */
public final class Heartbeat implements Metrics {
  private final Metrics next;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<Object, Running> running = new ConcurrentHashMap<>();
  private final Map<String, Queue> queues = new ConcurrentHashMap<>();

  private record Running(String controller, ResourceID resource, long since) {}

  /** What was submitted and has not come back, and when something last moved. */
  private static final class Queue {
    final AtomicLong open = new AtomicLong();
    final AtomicLong moved;

    Queue(long now) {
      this.moved = new AtomicLong(now);
    }
  }

  /**
   * Makes a listener.
   *
   * @param next who hears the same
   * @param patience how long one reconciliation, or a queue that does not move, is no cause for
   *     concern
   * @param nanoTime a clock as {@link System#nanoTime} is one
   */
  public Heartbeat(Metrics next, Duration patience, LongSupplier nanoTime) {
    this.next = next;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /**
   * What is stuck.
   *
   * @return a sentence on the one that is stuck longest; empty if all gets on
   */
  public Optional<String> stuck() {
    long now = nanoTime.getAsLong();
    Optional<String> hanging =
        running.values().stream()
            .filter(one -> now - one.since() > patience.toNanos())
            .min(Comparator.comparingLong(Running::since))
            .map(
                one ->
                    "controller %s is stuck: it reconciles %s for %d s"
                        .formatted(
                            one.controller(),
                            one.resource(),
                            Duration.ofNanos(now - one.since()).toSeconds()));
    return hanging.or(() -> standing(now));
  }

  private Optional<String> standing(long now) {
    return queues.entrySet().stream()
        .filter(queue -> queue.getValue().open.get() > 0)
        .filter(queue -> now - queue.getValue().moved.get() > patience.toNanos())
        .map(
            queue ->
                "controller %s is stuck: %d resources wait, none was taken for %d s"
                    .formatted(
                        queue.getKey(),
                        queue.getValue().open.get(),
                        Duration.ofNanos(now - queue.getValue().moved.get()).toSeconds()))
        .findFirst();
  }

  private Queue queue(Map<String, Object> metadata) {
    return queues.computeIfAbsent(
        String.valueOf(metadata.get(Constants.CONTROLLER_NAME)),
        _ -> new Queue(nanoTime.getAsLong()));
  }

  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    next.controllerRegistered(controller);
  }

  @Override
  public void receivedEvent(Event event, Map<String, Object> metadata) {
    next.receivedEvent(event, metadata);
  }

  @Override
  public void reconcileCustomResource(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    Queue queue = queue(metadata);
    if (queue.open.getAndIncrement() == 0) {
      queue.moved.set(nanoTime.getAsLong());
    }
    next.reconcileCustomResource(resource, retry, metadata);
  }

  @Override
  public void failedReconciliation(
      HasMetadata resource, Exception exception, Map<String, Object> metadata) {
    next.failedReconciliation(resource, exception, metadata);
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    queue(metadata).moved.set(nanoTime.getAsLong());
    next.reconciliationExecutionStarted(resource, metadata);
  }

  @Override
  public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
    Queue queue = queue(metadata);
    queue.moved.set(nanoTime.getAsLong());
    queue.open.decrementAndGet();
    next.reconciliationExecutionFinished(resource, metadata);
  }

  @Override
  public void cleanupDoneFor(ResourceID resource, Map<String, Object> metadata) {
    next.cleanupDoneFor(resource, metadata);
  }

  @Override
  public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
    next.finishedReconciliation(resource, metadata);
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    var key = new Object();
    running.put(
        key, new Running(execution.controllerName(), execution.resourceID(), nanoTime.getAsLong()));
    try {
      return next.timeControllerExecution(execution);
    } finally {
      running.remove(key);
    }
  }

  @Override
  public <T extends Map<?, ?>> T monitorSizeOf(T map, String name) {
    return next.monitorSizeOf(map, name);
  }
}
