package dev.autoloss.operator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * The client that the operator works with.
 *
 * <p>It skips fields that it does not know: while an upgrade is under way the CRDs may be newer
 * than the operator, and one such object must not end its watches.
 */
public final class OperatorClient {
  private OperatorClient() {}

  /**
   * Makes a client.
   *
   * @param config where the API server is and how to get in
   * @return a client that the caller closes
   */
  public static KubernetesClient of(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization())
        .build();
  }

  static KubernetesSerialization serialization() {
    var mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return new KubernetesSerialization(mapper, true);
  }
}
