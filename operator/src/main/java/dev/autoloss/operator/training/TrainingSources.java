package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Slim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
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
            .withOnUpdateFilter(TrainingSources::matters)
            .build();
    var pods =
        InformerEventSourceConfiguration.from(Pod.class, DetectorTraining.class)
            .withLabelSelector(OURS)
            .withItemStore(Slim.pods(namespaces))
            .withOnUpdateFilter(TrainingSources::matters)
            .withSecondaryToPrimaryMapper(TrainingSources::trainingOf)
            .build();
    return List.of(
        new InformerEventSource<>(jobs, context), new InformerEventSource<>(pods, context));
  }

  /**
   * Whether a Job's change can change a decision: its controller's counts of pods can't, and are
   * half of a Job's changes.
   */
  static boolean matters(Job now, Job before) {
    return !told(now).equals(told(before));
  }

  private static List<Object> told(Job job) {
    var status = Optional.ofNullable(job.getStatus());
    return List.of(
        Optional.ofNullable(job.getMetadata().getUid()),
        Optional.ofNullable(job.getMetadata().getDeletionTimestamp()),
        Optional.ofNullable(job.getMetadata().getLabels()),
        Optional.ofNullable(job.getMetadata().getOwnerReferences()),
        Optional.ofNullable(job.getSpec()).map(JobSpec::getSuspend),
        status.map(JobStatus::getStartTime),
        status.map(JobStatus::getConditions));
  }

  /** Whether a pod's change can change a decision: the end of a finalizer can't. */
  static boolean matters(Pod now, Pod before) {
    return !told(now).equals(told(before));
  }

  private static List<Object> told(Pod pod) {
    return List.of(
        Optional.ofNullable(pod.getMetadata().getUid()),
        Optional.ofNullable(pod.getMetadata().getDeletionTimestamp()),
        Optional.ofNullable(pod.getMetadata().getOwnerReferences()),
        Optional.ofNullable(pod.getMetadata().getAnnotations()),
        Optional.ofNullable(pod.getSpec()).map(PodSpec::getNodeName),
        Optional.ofNullable(pod.getStatus()));
  }

  private static Set<ResourceID> trainingOf(Pod pod) {
    return Ownership.annotation(pod, Labels.TRAINING)
        .map(name -> Set.of(new ResourceID(name, pod.getMetadata().getNamespace())))
        .orElse(Set.of());
  }
}
