package dev.autoloss.operator.training;

import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What scheduler and kubelet say of a trainer's pod. */
final class Pods {
  private static final Set<String> NO_IMAGE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "ImageInspectError",
          "InvalidImageName",
          "RegistryUnavailable",
          "SignatureValidationFailed");
  private static final Set<String> NO_CONTAINER =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");
  private static final int LONGEST = 400;

  private Pods() {}

  /**
   * Why a pod does not run though it was made.
   *
   * @param reason in one word
   * @param message the words of scheduler or kubelet, and what to do
   */
  record Hindrance(TrainingReason reason, String message) {}

  static Optional<Pod> newest(Stream<Pod> pods) {
    return pods.max(Comparator.comparing(pod -> text(pod.getMetadata().getCreationTimestamp())));
  }

  /** What keeps a pod from running; empty if it only takes its time. */
  static Optional<Hindrance> hindrance(Pod pod) {
    return container(pod)
        .map(ContainerStatus::getState)
        .map(ContainerState::getWaiting)
        .flatMap(waiting -> hindrance(pod, waiting))
        .or(() -> unscheduled(pod));
  }

  private static Optional<Hindrance> hindrance(Pod pod, ContainerStateWaiting waiting) {
    String reason = text(waiting.getReason());
    String words = reason + ": " + shortened(text(waiting.getMessage()));
    if (NO_IMAGE.contains(reason)) {
      String image = pod.getSpec().getContainers().getFirst().getImage();
      return Optional.of(
          new Hindrance(
              TrainingReason.IMAGE_PULL,
              "image %s can't be pulled: %s; check its name, the registry and pod.imagePullSecrets: %s"
                  .formatted(image, words, describe(pod))));
    }
    return NO_CONTAINER.contains(reason)
        ? Optional.of(
            new Hindrance(
                TrainingReason.CONTAINER_CONFIG,
                "the container can't be made: %s; check what pod.env, pod.envFrom and pod.volumes name: %s"
                    .formatted(words, describe(pod))))
        : Optional.empty();
  }

  private static Optional<Hindrance> unscheduled(Pod pod) {
    return condition(pod, "PodScheduled", "False")
        .map(
            condition ->
                new Hindrance(
                    TrainingReason.UNSCHEDULABLE,
                    "no node takes the pod: %s; check resources, nodeSelector and tolerations: %s"
                        .formatted(shortened(text(condition.getMessage())), describe(pod))));
  }

  /** How to see more of a pod. */
  static String describe(Pod pod) {
    return "kubectl describe pod %s -n %s"
        .formatted(pod.getMetadata().getName(), pod.getMetadata().getNamespace());
  }

  static Optional<PodCondition> condition(Pod pod, String type, String status) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return orEmpty(pod.getStatus().getConditions()).stream()
        .filter(condition -> type.equals(condition.getType()))
        .filter(condition -> status.equals(condition.getStatus()))
        .findFirst();
  }

  static Optional<ContainerStatus> container(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return orEmpty(pod.getStatus().getContainerStatuses()).stream()
        .filter(status -> AttemptJudge.CONTAINER.equals(status.getName()))
        .findFirst();
  }

  static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return container(pod).map(ContainerStatus::getState).map(ContainerState::getTerminated);
  }

  static String phase(Pod pod) {
    return pod.getStatus() == null ? "" : text(pod.getStatus().getPhase());
  }

  static String reason(Pod pod) {
    return pod.getStatus() == null ? "" : text(pod.getStatus().getReason());
  }

  static String node(Pod pod) {
    String node = pod.getSpec() == null ? "" : text(pod.getSpec().getNodeName());
    return node.isEmpty() ? "unknown" : node;
  }

  /** When a pod is to be gone that somebody has deleted. */
  static Optional<Instant> deletion(Pod pod) {
    return Conditions.time(pod.getMetadata().getDeletionTimestamp());
  }

  static Optional<Instant> start(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : Conditions.time(pod.getStatus().getStartTime());
  }

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }

  private static String shortened(String words) {
    String line = words.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
