package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;

/** Writes a status by server-side apply. */
public final class StatusPatch {
  private StatusPatch() {}

  /**
   * Writes a status and makes it visible to the next reconciliation, before any watch brings it.
   *
   * <p>It names the version that was decided on, so that what another writer did since is a
   * conflict, after which the resource is looked at anew.
   *
   * @param seen the resource that was decided on
   * @param fresh an object that holds nothing but the status
   * @param context context of the reconciliation
   * @param <R> type of the resource
   */
  public static <R extends HasMetadata> void apply(R seen, R fresh, Context<R> context) {
    fresh.setMetadata(metadata(seen));
    PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(seen, fresh, context);
  }

  /**
   * The metadata of an object that holds nothing but a status.
   *
   * @param seen the resource that was decided on
   * @return its name, namespace and version
   */
  public static ObjectMeta metadata(HasMetadata seen) {
    var metadata = seen.getMetadata();
    return new ObjectMetaBuilder()
        .withName(metadata.getName())
        .withNamespace(metadata.getNamespace())
        .withResourceVersion(metadata.getResourceVersion())
        .build();
  }
}
