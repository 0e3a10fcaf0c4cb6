package dev.autoloss.operator.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A lease of the cluster. No request is repeated: the election tries again by itself. */
final class ClusterLease implements LeaseStore {
  private final NamespacedKubernetesClient client;
  private final LeaseElection.Key key;
  private final RequestConfig once;

  ClusterLease(KubernetesClient client, LeaseElection.Key key, Duration patience) {
    this.client = client.adapt(NamespacedKubernetesClient.class);
    this.key = key;
    this.once =
        new RequestConfigBuilder()
            .withRequestTimeout((int) patience.toMillis())
            .withRequestRetryBackoffLimit(0)
            .build();
  }

  @Override
  public Optional<Lease> read() {
    return Optional.ofNullable(
        ask(leases -> leases.inNamespace(key.namespace()).withName(key.name()).get()));
  }

  @Override
  public Optional<Lease> create(Lease lease) {
    return unlessConflict(leases -> leases.resource(lease).create());
  }

  @Override
  public Optional<Lease> replace(Lease lease) {
    return unlessConflict(leases -> leases.resource(lease).update());
  }

  private Optional<Lease> unlessConflict(
      Function<MixedOperation<Lease, LeaseList, Resource<Lease>>, Lease> write) {
    try {
      return Optional.of(ask(write));
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == HttpURLConnection.HTTP_CONFLICT
          || failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private <T extends @Nullable Lease> T ask(
      Function<MixedOperation<Lease, LeaseList, Resource<Lease>>, T> question) {
    return client.withRequestConfig(once).call(one -> question.apply(one.leases()));
  }
}
