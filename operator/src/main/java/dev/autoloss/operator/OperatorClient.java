package dev.autoloss.operator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.operator.lease.Leadership;
import dev.autoloss.operator.metrics.OperatorMetrics;
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
    return builder(config).build();
  }

  /**
   * Makes a client whose requests are counted.
   *
   * @param config where the API server is and how to get in
   * @param metrics where its requests are counted
   * @return a client that the caller closes
   */
  public static KubernetesClient of(Config config, OperatorMetrics metrics) {
    return of(config, metrics, Leadership.alone());
  }

  /**
   * Makes a client whose requests are counted, and which writes only while this process leads.
   *
   * @param config where the API server is and how to get in
   * @param metrics where its requests are counted
   * @param leadership what is held while it may write
   * @return a client that the caller closes
   */
  static KubernetesClient of(Config config, OperatorMetrics metrics, Leadership leadership) {
    return builder(config)
        .withHttpClientBuilderConsumer(
            http -> {
              metrics.count(http);
              leadership.guard(http);
            })
        .build();
  }

  /**
   * Makes a client for the lease alone: a renewal never gets a connection that fell silent under
   * the operator's other requests, nor waits for the threads that read what its watches are told.
   *
   * @param config where the API server is and how to get in
   * @param metrics where its requests are counted
   * @return a client that the caller closes
   */
  static KubernetesClient forLease(Config config, OperatorMetrics metrics) {
    return builder(config).withHttpClientBuilderConsumer(metrics::count).build();
  }

  private static KubernetesClientBuilder builder(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization());
  }

  static KubernetesSerialization serialization() {
    var mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return new KubernetesSerialization(mapper, true);
  }
}
