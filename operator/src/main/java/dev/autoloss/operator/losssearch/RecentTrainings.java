package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import io.javaoperatorsdk.operator.api.reconciler.dependent.RecentOperationCacheFiller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a search has just written, for as long as no watch has brought it: a step that sees an old
 * training would release, make or remove it once more.
 */
final class RecentTrainings {
  private final RecentOperationCacheFiller<DetectorTraining> cache;
  private final Set<String> removed;

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

  void made(DetectorTraining training) {
    cache.handleRecentResourceCreate(ResourceID.fromResource(training), training);
  }

  void changed(DetectorTraining now, DetectorTraining before) {
    if (now.getMetadata().getDeletionTimestamp() == null) {
      cache.handleRecentResourceUpdate(ResourceID.fromResource(now), now, before);
    } else if (now.getMetadata().getFinalizers().isEmpty()) {
      removed.add(uid(now));
    }
  }

  void removed(DetectorTraining training) {
    removed.add(uid(training));
  }

  private static String uid(DetectorTraining training) {
    return training.getMetadata().getUid();
  }
}
