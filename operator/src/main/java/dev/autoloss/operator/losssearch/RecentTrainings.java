package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import io.javaoperatorsdk.operator.api.reconciler.dependent.RecentOperationCacheFiller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * What a step of a search has just written, for as long as no watch has brought it: one that sees
 * an old training would release, make or remove it once more.
 *
 * <p>What is taken in here wakes nobody when a watch brings it, so a step that came to know more
 * than it wrote has to be followed by another.
 */
final class RecentTrainings {
  private final RecentOperationCacheFiller<DetectorTraining> cache;
  private final Set<String> removed;
  private final AtomicBoolean surprised = new AtomicBoolean();

  /**
   * Takes the places where it is kept.
   *
   * @param cache where trainings are read from
   * @param removed UIDs of trainings that are gone, kept from step to step
   */
  RecentTrainings(RecentOperationCacheFiller<DetectorTraining> cache, Set<String> removed) {
    this.cache = cache;
    this.removed = removed;
  }

  /** Those that were not removed; what the cache does not show any more is forgotten. */
  List<DetectorTraining> still(Collection<DetectorTraining> cached) {
    removed.retainAll(cached.stream().map(RecentTrainings::uid).collect(Collectors.toSet()));
    return cached.stream().filter(training -> !removed.contains(uid(training))).toList();
  }

  /** Takes a training that stood under the name of one to be made, whatever has become of it. */
  void found(DetectorTraining training) {
    surprised.set(true);
    made(training);
  }

  void made(DetectorTraining training) {
    cache.handleRecentResourceCreate(ResourceID.fromResource(training), training);
  }

  void changed(DetectorTraining now, DetectorTraining before) {
    if (!Objects.equals(now.getStatus(), before.getStatus())) {
      surprised.set(true);
    }
    if (now.getMetadata().getDeletionTimestamp() == null) {
      cache.handleRecentResourceUpdate(ResourceID.fromResource(now), now, before);
    } else if (now.getMetadata().getFinalizers().isEmpty()) {
      removed.add(uid(now));
    }
  }

  void removed(DetectorTraining training) {
    removed.add(uid(training));
  }

  /** Says whether the step has seen trainings further than it thought when it decided. */
  boolean surprised() {
    return surprised.get();
  }

  private static String uid(DetectorTraining training) {
    return training.getMetadata().getUid();
  }
}
