package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Wakes a reconciler for what was made again under the name of a resource that has just been
 * deleted.
 *
 * <p>The framework (5.2.3, with {@code triggerReconcilerOnAllEvents}) knows resources by name. What
 * comes of a name after the deletion was seen and before the reconciler has been told of it is
 * dropped with the rest of the old resource; the new one then has no event that anybody would act
 * on. So a moment after each deletion the cache is asked whether the name is taken, and if it is,
 * its event is given once more, until the reconciler has seen that it stands.
 *
 * @param <P> type of the resources
 */
public final class Successors<P extends HasMetadata> extends AbstractEventSource<Void, P> {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final Executor later;
  private final Map<ResourceID, String> standing = new ConcurrentHashMap<>();
  private final Set<ResourceID> gone = ConcurrentHashMap.newKeySet();

  /** Makes the source of a reconciler's events. */
  public Successors() {
    this(CompletableFuture.delayedExecutor(MOMENT.toMillis(), TimeUnit.MILLISECONDS));
  }

  Successors(Executor later) {
    super(Void.class);
    this.later = later;
  }

  /**
   * Notes that a resource stands.
   *
   * @param resource what is reconciled
   * @return the UID of an earlier one of its name of whose deletion nobody was told
   */
  public Optional<String> stands(P resource) {
    ResourceID name = ResourceID.fromResource(resource);
    gone.remove(name);
    String uid = resource.getMetadata().getUid();
    return Optional.ofNullable(standing.put(name, uid)).filter(earlier -> !earlier.equals(uid));
  }

  /**
   * Notes that a resource is gone, as far as the framework knows.
   *
   * @param resource what it says that is deleted, which may be its successor
   * @param cache the reconciler's own resources as they are known now
   * @return the UID of the one that stood
   */
  public String gone(P resource, Function<ResourceID, Optional<P>> cache) {
    ResourceID name = ResourceID.fromResource(resource);
    if (gone.add(name)) {
      later.execute(() -> look(name, cache));
    }
    String stood = standing.remove(name);
    return stood == null ? resource.getMetadata().getUid() : stood;
  }

  private void look(ResourceID name, Function<ResourceID, Optional<P>> cache) {
    if (!isRunning() || !gone.contains(name)) {
      return;
    }
    Optional<P> successor = cache.apply(name);
    if (successor.isEmpty()) {
      gone.remove(name);
      return;
    }
    getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED, name, successor.get()));
    later.execute(() -> look(name, cache));
  }

  @Override
  public Set<Void> getSecondaryResources(P primary) {
    return Set.of();
  }
}
