package dev.autoloss.operator.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.PodOptions;
import dev.autoloss.api.Scheduling;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Job of one attempt: created once, never changed. */
final class TrainerJob {
  private static final ObjectMapper DOCUMENT =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /** Numeric user of the image. */
  private static final long USER = 65532;

  /** A Job's name is a label of its pods; the suffix of an attempt takes up to seven characters. */
  private static final int LONGEST_STEM = 56;

  private static final String MESSAGE_PATH = "/dev/termination-log";

  private final DetectorTraining training;
  private final DetectorTrainingSpec spec;
  private final String operatorImage;

  TrainerJob(DetectorTraining training, String operatorImage) {
    this.training = training;
    this.spec = Objects.requireNonNull(training.getSpec(), "spec");
    this.operatorImage = operatorImage;
  }

  /** Name of an attempt's Job. */
  static String name(String training, int number) {
    return Labels.shortened(training, LONGEST_STEM) + "-a" + number;
  }

  /** Reads the number from the label of a Job; empty if it is not an attempt's. */
  static OptionalInt number(Job job) {
    String label = Ownership.label(job, Labels.ATTEMPT).orElse("");
    return label.matches("[1-9][0-9]{0,5}")
        ? OptionalInt.of(Integer.parseInt(label))
        : OptionalInt.empty();
  }

  Job attempt(int number) {
    var metadata = training.getMetadata();
    Map<String, String> labels = labels(number);
    var jobLabels = new TreeMap<>(labels);
    put(jobLabels, Jobs.QUEUE, spec.scheduling().queueName());
    put(jobLabels, "kueue.x-k8s.io/priority-class", spec.scheduling().workloadPriorityClass());
    Map<String, String> annotations = annotations();
    return new JobBuilder()
        .withNewMetadata()
        .withName(name(metadata.getName(), number))
        .withNamespace(metadata.getNamespace())
        .withLabels(jobLabels)
        .withAnnotations(annotations)
        .withOwnerReferences(Ownership.controller(training))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(merged(spec.pod().labels(), labels))
        .withAnnotations(merged(spec.pod().annotations(), annotations))
        .endMetadata()
        .withSpec(pod())
        .endTemplate()
        .endSpec()
        .build();
  }

  private Map<String, String> labels(int number) {
    var labels = new TreeMap<String, String>();
    labels.put(Labels.MANAGED_BY, Labels.OPERATOR);
    labels.put(Labels.TRAINING, Labels.value(training.getMetadata().getName()));
    labels.put(Labels.ATTEMPT, Integer.toString(number));
    for (String key : List.of(Labels.SEARCH_UID, Labels.GENERATION, Labels.STAGE)) {
      Ownership.label(training, key).ifPresent(value -> labels.put(key, value));
    }
    return labels;
  }

  private Map<String, String> annotations() {
    var annotations = new TreeMap<String, String>();
    annotations.put(Labels.TRAINING, training.getMetadata().getName());
    annotations.put(Labels.SPEC_HASH, SpecHash.of(spec));
    return annotations;
  }

  private PodSpec pod() {
    PodOptions options = spec.pod();
    Scheduling scheduling = spec.scheduling();
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withActiveDeadlineSeconds(spec.deadlines().runSeconds())
        .withAutomountServiceAccountToken(false)
        .withServiceAccountName(options.serviceAccountName())
        .withPriorityClassName(scheduling.priorityClassName())
        .withRuntimeClassName(options.runtimeClassName())
        .withNodeSelector(options.nodeSelector())
        .withAffinity(options.affinity())
        .withTolerations(options.tolerations())
        .withImagePullSecrets(options.imagePullSecrets())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container(options))
        .withVolumes(new TrainerVolumes(training, spec).volumes())
        .build();
  }

  private Container container(PodOptions options) {
    return new ContainerBuilder()
        .withName(AttemptJudge.CONTAINER)
        .withImage(options.image() == null ? operatorImage : options.image())
        .withImagePullPolicy(options.imagePullPolicy())
        .withArgs("train", "--data", "/data", "--work", "/work", "--message", MESSAGE_PATH)
        .withEnv(env(options))
        .withEnvFrom(options.envFrom())
        .withResources(resources(options.resources()))
        .withTerminationMessagePath(MESSAGE_PATH)
        .withTerminationMessagePolicy("File")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(new TrainerVolumes(training, spec).mounts())
        .build();
  }

  private List<EnvVar> env(PodOptions options) {
    var env = new ArrayList<EnvVar>();
    if (options.env() != null) {
      options.env().stream()
          .filter(user -> !TrainingDocument.VARIABLE.equals(user.getName()))
          .forEach(env::add);
    }
    env.add(
        new EnvVarBuilder()
            .withName(TrainingDocument.VARIABLE)
            .withValue(escaped(document()))
            .build());
    return env;
  }

  private String document() {
    try {
      return DOCUMENT.writeValueAsString(
          new TrainingDocument(training.getMetadata().getName(), SpecHash.of(spec), spec));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The kubelet expands {@code $(NAME)} in values and reads {@code $$} as a dollar. */
  private static String escaped(String value) {
    return value.replace("$", "$$");
  }

  private ResourceRequirements resources(@Nullable ResourceRequirements wanted) {
    var builder =
        wanted == null
            ? new ResourceRequirementsBuilder()
            : new ResourceRequirementsBuilder(wanted);
    if (spec.accelerator().count() > 0) {
      builder.addToLimits(
          spec.accelerator().resourceName(),
          new Quantity(Integer.toString(spec.accelerator().count())));
    }
    return builder.build();
  }

  private static void put(Map<String, String> labels, String key, @Nullable String value) {
    if (value != null) {
      labels.put(key, value);
    }
  }

  private static Map<String, String> merged(
      @Nullable Map<String, String> users, Map<String, String> ours) {
    var all = new TreeMap<String, String>();
    if (users != null) {
      all.putAll(users);
    }
    all.putAll(ours);
    return all;
  }
}
