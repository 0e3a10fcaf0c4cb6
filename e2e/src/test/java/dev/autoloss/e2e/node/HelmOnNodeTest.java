package dev.autoloss.e2e.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * As a user does it: the chart, a search, the images of operator and trainer in pods of a real
 * kubelet. Nothing of the operator runs outside.
 */
class HelmOnNodeTest {
  @Test
  void aSearchGoesThroughTwoGenerations() throws Exception {
    try (var cluster = NodeCluster.withNodeOrSkip("helm");
        KubernetesClient client = cluster.client()) {
      cluster.install();
      cluster.kubectl("apply", "-f", "../examples/smoke.yaml");
      LossSearch end = SmallestSearch.awaitComplete(client, "default", "smoke");
      System.out.println(cluster.kubectl("get", "losssearches,detectortrainings"));
      System.out.println(cluster.kubectl("get", "pods", "-A", "-o", "wide"));
      var status = end.getStatus();
      assertEquals(2, status.generation());
      assertEquals(SmallestSearch.TRIALS, status.trials().scored());
      assertTrue(status.baseline().meanAP() >= 0);
      for (DetectorTraining one :
          client.resources(DetectorTraining.class).inNamespace("default").list().getItems()) {
        assertEquals(Outcome.SCORED, one.getStatus().outcome());
        assertEquals(List.of("Result"), Trials.ends(one.getStatus()), one::toString);
        assertTrue(one.getStatus().image().contains("sha256:"), one.getStatus().image());
      }
      // The operator's pod is deleted in the middle of another search, on pretend GPUs, which goes
      // on.
      SmallestSearch.create(client, "default", "disturbed");
      await()
          .atMost(Trials.LIMIT)
          .until(() -> cluster.kubectl("get", "jobs").contains("disturbed"));
      cluster.kubectl("delete", "pods", "--all", "-n", "autoloss", "--wait=true");
      assertEquals(
          SmallestSearch.TRIALS,
          SmallestSearch.awaitComplete(client, "default", "disturbed")
              .getStatus()
              .trials()
              .scored());
      cluster.kubectl("delete", "losssearches", "--all", "--timeout=120s");
      await()
          .atMost(Trials.LIMIT)
          .until(
              () ->
                  cluster
                      .kubectl("get", "dtrain,jobs,controllerrevisions,pods")
                      .contains("No resources"));
    }
  }
}
