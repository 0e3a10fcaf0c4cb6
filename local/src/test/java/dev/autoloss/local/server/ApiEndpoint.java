package dev.autoloss.local.server;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** Where an API is and how to get in. */
public record ApiEndpoint(String address, String token) {
  /** The configuration of a client, independent of what this machine has in its home directory. */
  public Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(address)
        .withOauthToken(token)
        .withTrustCerts(true)
        .withDisableHostnameVerification(true)
        .withNamespace("default")
        .withOnlyHttpWatches(true)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /** A client; the caller closes it. */
  public KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }
}
