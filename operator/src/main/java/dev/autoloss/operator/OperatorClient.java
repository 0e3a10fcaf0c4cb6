package dev.autoloss.operator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.function.Consumer;

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
    return of(config, _ -> {});
  }

  /**
   * Makes a client that looks at its requests.
   *
   * @param config where the API server is and how to get in
   * @param interceptors adds what looks at the requests
   * @return a client that the caller closes
   */
  public static KubernetesClient of(Config config, Consumer<HttpClient.Builder> interceptors) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization())
        .withHttpClientBuilderConsumer(interceptors::accept)
        .build();
  }

  static KubernetesSerialization serialization() {
    var mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return new KubernetesSerialization(mapper, true);
  }
}
