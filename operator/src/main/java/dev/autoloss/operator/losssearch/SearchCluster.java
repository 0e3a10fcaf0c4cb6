package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The API server as a step of a search needs it; after each call a crash may follow. */
interface SearchCluster {
  /** The ledger's segments as they are now. */
  List<ControllerRevision> segments();

  /**
   * Stores a resource if its name is free.
   *
   * @throws dev.autoloss.operator.resource.RefusedException if the API server does not want it
   */
  <R extends HasMetadata> Stored<R> create(R resource);

  /** Stores resources side by side, in any order; if one can't be, others may have been. */
  <R extends HasMetadata> List<Stored<R>> create(List<R> resources);

  /** A training as it is now; empty if there is none of that name. */
  Optional<DetectorTraining> training(String name);

  /** Takes our finalizer off each, in any order, and says when its Jobs may go. */
  void release(List<Release> releases);

  /** Removes trainings whose results are recorded; it is no error that one is gone. */
  void remove(List<DetectorTraining> trainings);

  /** Says whether a training may start attempts; empty: it may. */
  void hold(DetectorTraining training, Optional<String> policy);

  /**
   * A training whose result is recorded.
   *
   * @param training the training as it was seen
   * @param jobsExpire when its Jobs may go; empty: not
   */
  record Release(DetectorTraining training, Optional<Instant> jobsExpire) {}

  /**
   * What the API server holds under a name.
   *
   * @param resource the resource
   * @param created true if this call has stored it
   */
  record Stored<R>(R resource, boolean created) {}
}
