package dev.autoloss.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Trainings of generated shapes in a namespace of their own, and what became of them. */
final class Trials {
  static final Duration LIMIT = Duration.ofMinutes(6);
  private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");

  private final KubernetesClient client;
  private final String namespace;

  Trials(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Creates a training of a few seconds, with one of the pretend GPUs.
   *
   * @param more lines of YAML of the spec, indented by two
   */
  void create(String name, String more) {
    client.resource(yaml(name, more)).inNamespace(namespace).create();
  }

  private static String yaml(String name, String more) {
    return """
        apiVersion: autoloss.dev/v1alpha1
        kind: DetectorTraining
        metadata: {name: %s}
        spec:
          detector: {architecture: FCOS, backbone: Small}
          dataset: {source: {shapes: {trainImages: 16, validationImages: 8, width: 64, height: 64}}}
          accelerator: {count: 0, cpuThreads: 1}
        """
            .formatted(name)
        + more.indent(2);
  }

  /** A schedule of this many epochs of four steps; a thousand take long enough to be disturbed. */
  static String epochs(int count) {
    return """
        schedule:
          epochs: %d
          batchSize: 4
          learningRate: 0.01
          resize: {shortSide: 64, longSide: 64}
        """
        .formatted(count);
  }

  /** On the real node, with one pretend GPU. */
  static String pod(String more) {
    return """
        pod:
          nodeSelector: {kubernetes.io/hostname: node-1}
          imagePullPolicy: Never
        """
        + more.indent(2);
  }

  static String gpu() {
    return "resources: {limits: {nvidia.com/gpu: 1}}\n";
  }

  DetectorTraining get(String name) {
    return client.resources(DetectorTraining.class).inNamespace(namespace).withName(name).get();
  }

  /** Waits until a training's status is as expected. */
  DetectorTrainingStatus until(String name, Predicate<DetectorTrainingStatus> expected) {
    try {
      return client
          .resources(DetectorTraining.class)
          .inNamespace(namespace)
          .withName(name)
          .waitUntilCondition(
              seen -> seen != null && seen.getStatus() != null && expected.test(seen.getStatus()),
              LIMIT.toMillis(),
              TimeUnit.MILLISECONDS)
          .getStatus();
    } catch (RuntimeException late) {
      throw new AssertionError(name + " stands at " + get(name).getStatus(), late);
    }
  }

  DetectorTrainingStatus outcome(String name) {
    return until(name, status -> status.outcome() != null);
  }

  static List<String> ends(DetectorTrainingStatus status) {
    return status.attempts().stream().map(Attempt::end).toList();
  }

  /** The pod of an attempt, once its trainer trains: it has said so in its log. */
  Pod training(String name, int attempt) {
    Pod pod = running(name, attempt, LIMIT);
    await("epochs of " + name)
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> client.pods().resource(pod).getLog().contains("\"iteration\""));
    return pod;
  }

  /** The pod of an attempt, once it runs. */
  Pod running(String name, int attempt, Duration limit) {
    return await("pod of attempt " + attempt + " of " + name)
        .atMost(limit)
        // A busy API server closes a connection now and then.
        .ignoreExceptions()
        .until(() -> pods(name, attempt), pods -> !pods.isEmpty() && isRunning(pods.getFirst()))
        .getFirst();
  }

  private static boolean isRunning(Pod pod) {
    return "Running".equals(pod.getStatus().getPhase());
  }

  List<Pod> pods(String name, int attempt) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("batch.kubernetes.io/job-name", name + "-a" + attempt)
        .list()
        .getItems();
  }

  /** The trainer's process on this machine, found by the control group of its pod. */
  static ProcessHandle process(Pod pod) throws IOException {
    String group = "pod" + pod.getMetadata().getUid();
    try (Stream<Path> files =
        Files.find(
            CONTROL_GROUPS,
            12,
            (file, _) ->
                file.endsWith("cgroup.procs") && file.toString().contains("/" + group + "/"))) {
      return files
          .flatMap(Trials::lines)
          .map(Long::parseLong)
          .flatMap(pid -> ProcessHandle.of(pid).stream())
          .filter(process -> process.info().command().orElse("").endsWith("/java"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException gone) {
      return Stream.empty();
    }
  }
}
