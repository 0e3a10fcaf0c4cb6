package dev.autoloss.operator.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlimTest {
  private static Job job() {
    return new JobBuilder()
        .withNewMetadata()
        .withName("j")
        .withNamespace("n")
        .withUid("u")
        .withResourceVersion("7")
        .addToLabels("l", "v")
        .withManagedFields(new ManagedFieldsEntry())
        .endMetadata()
        .withNewSpec()
        .withSuspend(true)
        .withNewTemplate()
        .withNewSpec()
        .addNewContainer()
        .addNewEnv()
        .withName("DOCUMENT")
        .withValue("x".repeat(10_000))
        .endEnv()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .withNewStatus()
        .withActive(1)
        .endStatus()
        .build();
  }

  @Test
  void aJobKeepsWhatIsReadOfIt() {
    var store = Slim.jobs(Set.of());
    store.put("n/j", job());
    Job kept = store.get("n/j");
    assertTrue(kept.getSpec().getSuspend());
    assertEquals(1, kept.getStatus().getActive());
    assertEquals(
        "u 7", kept.getMetadata().getUid() + " " + kept.getMetadata().getResourceVersion());
    assertEquals("v", kept.getMetadata().getLabels().get("l"));
    assertNull(kept.getSpec().getTemplate());
    assertTrue(Serialization.asJson(kept).length() < 500);
  }

  @Test
  void aPodKeepsNodeImageAndStatus() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withManagedFields(new ManagedFieldsEntry())
            .endMetadata()
            .withSpec(job().getSpec().getTemplate().getSpec())
            .editSpec()
            .withNodeName("node-7")
            .editFirstContainer()
            .withName("trainer")
            .withImage("trainer:1")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .endStatus()
            .build();
    var store = Slim.pods(Set.of("one"));
    store.put("p", pod);
    Pod kept = store.get("p");
    assertEquals("node-7", kept.getSpec().getNodeName());
    assertEquals("trainer:1", kept.getSpec().getContainers().getFirst().getImage());
    assertEquals("Running", kept.getStatus().getPhase());
    assertTrue(Serialization.asJson(kept).length() < 500);
  }

  /** One cache for the informers of several namespaces would lose objects at each new list. */
  @Test
  void severalNamespacesShareNoCache() {
    assertNull(Slim.pods(Set.of("one", "two")));
    assertNull(Slim.jobs(Set.of("one", "two")));
    assertNull(Slim.store(Set.of("one", "two")));
  }
}
