package dev.autoloss.local.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.local.server.ApiServer;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An API server, a client and a runner whose trainer is a shell script. */
final class JobWorld implements AutoCloseable {
  static final String NAMESPACE = "default";

  /**
   * Takes {@code MODE} from the environment. It writes its pid into {@code started}, one line for
   * each start, ends when its stdin is closed, and waits for the file {@code go} where told so.
   */
  private static final String TRAINER =
      """
      while [ $# -gt 0 ]; do
        case $1 in
          --work) work=$2; shift ;;
          --message) message=$2; shift ;;
          --data) data=$2; shift ;;
          *) rest="$rest $1" ;;
        esac
        shift
      done
      echo $$ >>"$work/started"
      echo "$data$rest" >"$work/arguments"
      echo "line one"
      echo "line two"
      wait_for() {
        # As the real one: the end of stdin is the end.
        while [ ! -e "$work/$1" ]; do
          if read -t 0.05 -r ignored; then :; elif [ $? -le 128 ]; then exit 143; fi
        done
      }
      case $MODE in
        result) printf '{"ok":true}' >"$message" ;;
        wait) wait_for go; printf '{"ok":true}' >"$message" ;;
        stubborn) trap '' TERM; while :; do sleep 0.1; done ;;
        silent) ;;
        crash) kill -9 $$ ;;
        *) printf 'the reason' >"$message"; exit "$MODE" ;;
      esac
      """;

  final ApiServer server;
  final KubernetesClient client;
  final JobLogs logs = new JobLogs();
  final Path trials;
  private final Path script;
  private final Path folder;

  JobWorld(Path folder) throws IOException {
    this.folder = folder;
    this.trials = folder.resolve("trials");
    this.script = Files.writeString(folder.resolve("trainer.sh"), TRAINER);
    this.server = ApiServer.open(folder.resolve("api"), List.<JsonNode>of(), logs::tail);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.address().toString())
            .withOauthToken(server.token())
            .withNamespace(NAMESPACE)
            .withOnlyHttpWatches(true)
            .build();
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  JobRunner runner(int cores, OptionalInt parallel) {
    var options =
        new JobOptions(
            List.of("bash", script.toString()),
            trials,
            Optional.of(folder.resolve("my data")),
            cores,
            parallel);
    return JobRunner.start(client, NAMESPACE, options, logs, InstantSource.system());
  }

  Job create(String training, int attempt, String mode) {
    return client.resource(job(training, attempt, mode, 1, 3600)).create();
  }

  static Job job(String training, int attempt, String mode, int threads, long deadline) {
    String document = "{\"spec\":{\"accelerator\":{\"count\":1,\"cpuThreads\":" + threads + "}}}";
    return new JobBuilder()
        .withNewMetadata()
        .withName(training + "-a" + attempt)
        .withNamespace(NAMESPACE)
        .addToAnnotations("autoloss.dev/training", training)
        .addToLabels("app.kubernetes.io/managed-by", "autoloss")
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app.kubernetes.io/managed-by", "autoloss")
        .addToAnnotations("autoloss.dev/training", training)
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withActiveDeadlineSeconds(deadline)
        .addNewContainer()
        .withName("trainer")
        .withImage("trainer")
        .withArgs(
            "train", "--data", "/data", "--work", "/work", "--message", "/dev/termination-log")
        .addNewEnv()
        .withName("MODE")
        .withValue(mode)
        .endEnv()
        .addNewEnv()
        .withName("AUTOLOSS_TRAINING")
        .withValue(document)
        .endEnv()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  Job job(String name) {
    return client.batch().v1().jobs().inNamespace(NAMESPACE).withName(name).get();
  }

  Optional<Pod> pod(String job) {
    return client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("job-name", job)
        .list()
        .getItems()
        .stream()
        .findFirst();
  }

  Optional<ContainerStateTerminated> terminated(String job) {
    return pod(job)
        .filter(pod -> pod.getStatus() != null && !pod.getStatus().getContainerStatuses().isEmpty())
        .map(pod -> pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated());
  }

  /** Pids of all starts of a training's trainer. */
  List<Long> starts(String training) {
    Path file = trials.resolve(training).resolve("started");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
          : List.of();
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  boolean alive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  void let(String training) throws IOException {
    Files.writeString(trials.resolve(training).resolve("go"), "");
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
