package dev.autoloss.e2e.scale;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.StatusPatch;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The least that is written for a trial whose result is not to be lost: its training with a
 * finalizer, one status with the result, the finalizer's end, and the training's.
 */
final class TrialBooks implements BareClient.Books {
  private final KubernetesClient client;
  private final DetectorTrainingStatus result;
  private final StatusPatch<DetectorTraining> statuses = new StatusPatch<>();
  private final Map<String, DetectorTraining> open = new ConcurrentHashMap<>();

  TrialBooks(KubernetesClient client, DetectorTrainingStatus result) {
    this.client = client;
    this.result = result;
  }

  @Override
  public Job open(Job job) {
    var training = new DetectorTraining();
    training.setMetadata(
        new ObjectMetaBuilder()
            .withName(job.getMetadata().getName())
            .withNamespace(job.getMetadata().getNamespace())
            .withFinalizers(Labels.RESULT_FINALIZER)
            .build());
    training.setSpec(Samples.spec());
    DetectorTraining made = client.resource(training).create();
    open.put(job.getMetadata().getName(), made);
    job.getMetadata().setOwnerReferences(List.of(Ownership.controller(made)));
    return job;
  }

  @Override
  public void close(Job job) {
    DetectorTraining made = open.remove(job.getMetadata().getName());
    if (made == null) {
      throw new IllegalStateException("was never opened: " + job.getMetadata().getName());
    }
    var fresh = new DetectorTraining();
    fresh.setStatus(result);
    if (!statuses.apply(made, fresh, client)) {
      throw new IllegalStateException("somebody else writes: " + job.getMetadata().getName());
    }
    statuses.forget(made.getMetadata().getUid());
    client
        .resource(made)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
    client.resource(made).delete();
  }
}
