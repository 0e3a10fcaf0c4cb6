package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;

/** Writes a status by server-side apply. */
public final class StatusPatch {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withForce(true)
          .withFieldManager(Labels.OPERATOR)
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .build();

  private StatusPatch() {}

  /**
   * Writes a status and makes it visible to the next reconciliation, before any watch brings it.
   *
   * <p>It names the version that was decided on, so that what another writer did since is a
   * conflict, after which the resource is to be looked at anew: the framework's own call would keep
   * a thread until the cache shows another version, and then write the old decision.
   *
   * @param seen the resource that was decided on
   * @param fresh an object that holds nothing but the status
   * @param context context of the reconciliation
   * @param <R> type of the resource
   * @return false if somebody else has written since, and nothing was written
   */
  public static <R extends HasMetadata> boolean apply(R seen, R fresh, Context<R> context) {
    fresh.setMetadata(metadata(seen));
    try {
      R stored = context.getClient().resource(fresh).subresource("status").patch(APPLY);
      context
          .eventSourceRetriever()
          .getControllerEventSource()
          .handleRecentResourceUpdate(ResourceID.fromResource(seen), stored, seen);
      return true;
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw failure;
    }
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
