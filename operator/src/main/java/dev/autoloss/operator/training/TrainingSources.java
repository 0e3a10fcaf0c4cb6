package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Slim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;

/** Which Jobs and pods are watched, and whose training each is. */
final class TrainingSources {
  private static final String OURS = Labels.MANAGED_BY + "=" + Labels.OPERATOR;

  private TrainingSources() {}

  /** Jobs are found by their owner, pods by the name that their Job has given them. */
  static List<EventSource<?, DetectorTraining>> of(EventSourceContext<DetectorTraining> context) {
    Set<String> namespaces =
        context.getControllerConfiguration().getInformerConfig().getNamespaces();
    var jobs =
        InformerEventSourceConfiguration.from(Job.class, DetectorTraining.class)
            .withLabelSelector(OURS)
            .withItemStore(Slim.jobs(namespaces))
            .build();
    var pods =
        InformerEventSourceConfiguration.from(Pod.class, DetectorTraining.class)
            .withLabelSelector(OURS)
            .withItemStore(Slim.pods(namespaces))
            .withSecondaryToPrimaryMapper(TrainingSources::trainingOf)
            .build();
    return List.of(
        new InformerEventSource<>(jobs, context), new InformerEventSource<>(pods, context));
  }

  private static Set<ResourceID> trainingOf(Pod pod) {
    return Ownership.annotation(pod, Labels.TRAINING)
        .map(name -> Set.of(new ResourceID(name, pod.getMetadata().getNamespace())))
        .orElse(Set.of());
  }
}
