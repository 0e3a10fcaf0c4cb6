package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes statuses by server-side apply, and knows what it has written before any watch brings it.
 *
 * <p>The framework's own cache of recent writes is not enough: a late event of an earlier version
 * takes a later one out of it.
 *
 * @param <R> type of the resources
 */
public final class StatusPatch<R extends HasMetadata> {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withForce(true)
          .withFieldManager(Labels.OPERATOR)
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .build();

  /** By UID. */
  private final Map<String, R> written = new ConcurrentHashMap<>();

  /** Starts without having written any. */
  public StatusPatch() {}

  /**
   * The resource as it is known to be: as it was last written here, if a cache shows an older one.
   *
   * @param seen what the cache shows
   * @return the newer one of both
   */
  public R newest(R seen) {
    R own =
        written.computeIfPresent(
            seen.getMetadata().getUid(), (_, stored) -> isLater(stored, seen) ? stored : null);
    return own == null ? seen : own;
  }

  /** Versions are numbers that grow (KEP-5504); of what is none, the cache is believed. */
  private static boolean isLater(HasMetadata one, HasMetadata other) {
    try {
      return Long.parseLong(one.getMetadata().getResourceVersion())
          > Long.parseLong(other.getMetadata().getResourceVersion());
    } catch (NumberFormatException none) {
      return false;
    }
  }

  /**
   * Writes a status.
   *
   * <p>It names the version that was decided on, so that what another writer did since is a
   * conflict, after which the resource is to be looked at anew: the framework's own call would keep
   * a thread until the cache shows another version, and then write the old decision.
   *
   * @param seen the resource that was decided on
   * @param fresh an object that holds nothing but the status
   * @param client who writes
   * @return false if somebody else has written since, and nothing was written
   */
  public boolean apply(R seen, R fresh, KubernetesClient client) {
    fresh.setMetadata(metadata(seen));
    try {
      wrote(client.resource(fresh).subresource("status").patch(APPLY));
      return true;
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw failure;
    }
  }

  void wrote(R stored) {
    stored.getMetadata().setManagedFields(null);
    written.put(stored.getMetadata().getUid(), stored);
  }

  /**
   * Forgets a resource that is gone.
   *
   * @param uid its UID
   */
  public void forget(String uid) {
    written.remove(uid);
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
