package dev.autoloss.local.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.TrainingDocument;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod's container as a process: its arguments with the paths of this machine, its environment.
 *
 * @param job name of the Job
 * @param folder folder of the training, which is what the pod sees as {@code /work}
 * @param command program and arguments
 * @param environment variables on top of our own
 * @param threads threads that the process computes with
 */
record Launch(
    String job, Path folder, List<String> command, Map<String, String> environment, int threads) {
  private static final String TRAINING = "autoloss.dev/training";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Launch of(Job job, JobOptions options) {
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    Container container = pod.getContainers().getFirst();
    Path folder = folder(job.getMetadata().getAnnotations(), options.trials());
    var paths = new TreeMap<String, Path>();
    paths.put("/work", folder);
    paths.put("/dev/termination-log", messageFile(folder));
    options.data().ifPresent(data -> paths.put("/data", data));
    var environment = new TreeMap<String, String>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        // As the kubelet reads it: $$ is a dollar.
        environment.put(variable.getName(), variable.getValue().replace("$$", "$"));
      }
    }
    JsonNode accelerator = accelerator(environment.getOrDefault(TrainingDocument.VARIABLE, ""));
    var command = new ArrayList<>(options.trainer());
    container.getArgs().forEach(argument -> command.add(onThisMachine(argument, paths)));
    command.add("--end-with-stdin");
    if (accelerator.path("count").asInt(0) > 0) {
      command.add("--cpu");
    }
    int threads = Math.max(1, accelerator.path("cpuThreads").asInt(1));
    return new Launch(job.getMetadata().getName(), folder, command, environment, threads);
  }

  /** Folder of a training, by the annotations of its Job or pod. */
  static Path folder(Map<String, String> annotations, Path trials) {
    String training = annotations.getOrDefault(TRAINING, "unnamed");
    return trials.resolve(Optional.of(training).filter(Launch::isName).orElse("unnamed"));
  }

  private static boolean isName(String text) {
    return text.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  }

  static Path messageFile(Path folder) {
    return folder.resolve("message");
  }

  static Path logFile(Path folder) {
    return folder.resolve("log.txt");
  }

  private static String onThisMachine(String argument, Map<String, Path> paths) {
    for (Map.Entry<String, Path> mount : paths.entrySet()) {
      if (argument.equals(mount.getKey())) {
        return mount.getValue().toString();
      }
      if (argument.startsWith(mount.getKey() + "/")) {
        return mount.getValue() + argument.substring(mount.getKey().length());
      }
    }
    return argument;
  }

  private static JsonNode accelerator(String document) {
    try {
      return MAPPER.readTree(document).path("spec").path("accelerator");
    } catch (JsonProcessingException broken) {
      // The trainer itself says what is wrong with its document.
      return MAPPER.missingNode();
    }
  }
}
