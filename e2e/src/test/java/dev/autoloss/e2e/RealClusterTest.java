package dev.autoloss.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ground that the other tests here stand on. */
class RealClusterTest {
  @Test
  void aPodOnAFakeNodeEndsWithTheMessageThatTheTestGives() throws Exception {
    try (var cluster = RealCluster.startOrSkip();
        KubernetesClient client = cluster.client()) {
      cluster.startFakeNodes(1);
      client
          .resource(
              """
              apiVersion: batch/v1
              kind: Job
              metadata: {name: j, namespace: default}
              spec:
                backoffLimit: 0
                template:
                  spec:
                    restartPolicy: Never
                    containers: [{name: trainer, image: none, resources: {limits: {nvidia.com/gpu: 1}}}]
              """)
          .create();
      await().atMost(Duration.ofSeconds(60)).until(() -> "Running".equals(phase(client)));
      String pod = pods(client).getFirst().getMetadata().getName();
      cluster.kubectl("annotate", "pod", pod, "test.autoloss.dev/message={\"a\": 1}");
      await().atMost(Duration.ofSeconds(60)).until(() -> "Succeeded".equals(phase(client)));
      var ended = pods(client).getFirst().getStatus().getContainerStatuses().getFirst().getState();
      assertEquals("{\"a\": 1}", ended.getTerminated().getMessage());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  client.batch().v1().jobs().withName("j").get().getStatus().getSucceeded()
                      != null);
    }
  }

  @Test
  void crdsAreAcceptedWithTheirRules() throws Exception {
    try (var cluster = RealCluster.startOrSkip()) {
      cluster.applyCrds();
      for (String example : List.of("quickstart.yaml", "bccd-fcos.yaml", "bccd-fcos-r18.yaml")) {
        cluster.kubectl("apply", "-f", "../examples/" + example);
      }
      assertTrue(cluster.kubectl("get", "autoloss").contains("quickstart"));
    }
  }

  private static List<Pod> pods(KubernetesClient client) {
    return client.pods().inNamespace("default").list().getItems();
  }

  private static String phase(KubernetesClient client) {
    return pods(client).isEmpty() ? "" : pods(client).getFirst().getStatus().getPhase();
  }
}
