package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Checkpoint;
import dev.autoloss.api.ClaimSource;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSource;
import dev.autoloss.api.DatasetSplit;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ImageSource;
import dev.autoloss.api.NfsSource;
import dev.autoloss.api.PodOptions;
import dev.autoloss.api.PodVolume;
import dev.autoloss.api.Scheduling;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecretVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainerJobTest {
  private static final DatasetSplit TRAIN = new DatasetSplit("annotations/train.json", "images");
  private static final DatasetSplit VALIDATION = new DatasetSplit("annotations/val.json", "images");

  @Test
  void shapesOnCpu() throws IOException {
    assertGolden("job-shapes.yaml", new TrainerJob(Samples.training("t"), "trainer:1").attempt(1));
  }

  @Test
  void claimAndAcceleratorWithAllOptions() throws IOException {
    DetectorTraining training = full();
    assertGolden("job-claim-gpu.yaml", new TrainerJob(training, "trainer:1").attempt(12));
  }

  private static DetectorTraining full() {
    DetectorTraining training = Samples.training("quickstart-0a1b2c-g1-c3-p0");
    training
        .getMetadata()
        .setLabels(
            Map.of(Labels.SEARCH_UID, "5ea2c400", Labels.GENERATION, "1", Labels.STAGE, "proxy"));
    var pod =
        new PodOptions(
            Map.of("team", "vision", Labels.TRAINING, "mine"),
            Map.of("note", "x"),
            "registry/trainer:2",
            "IfNotPresent",
            List.of(new LocalObjectReference("pull")),
            Map.of("gpu", "a100"),
            null,
            List.of(new TolerationBuilder().withKey("gpu").withOperator("Exists").build()),
            "nvidia",
            new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("4"))
                .addToLimits("memory", new Quantity("16Gi"))
                .addToLimits("nvidia.com/gpu", new Quantity("8"))
                .build(),
            List.of(
                new EnvVar("HTTPS_PROXY", "http://proxy", null),
                new EnvVar(TrainingDocument.VARIABLE, "{}", null)),
            null,
            List.of(
                new PodVolume(
                    "settings",
                    "/etc/settings",
                    true,
                    new ConfigMapVolumeSourceBuilder().withName("settings").build(),
                    null,
                    null,
                    null),
                new PodVolume(
                    "token",
                    "/etc/token",
                    null,
                    null,
                    new SecretVolumeSourceBuilder().withSecretName("token").build(),
                    null,
                    null),
                new PodVolume(
                    "cache", "/cache", true, null, null, new ClaimSource("cache", "a"), null),
                new PodVolume(
                    "shared",
                    "/dev/shm",
                    null,
                    null,
                    null,
                    null,
                    new EmptyDirVolumeSource("Memory", new Quantity("2Gi")))),
            "trainer");
    training.setSpec(
        with(
            Samples.spec(),
            new Dataset(
                new DatasetSource(new ClaimSource("coco", "2017"), null, null, null),
                TRAIN,
                VALIDATION,
                null),
            pod));
    return training;
  }

  private static DetectorTrainingSpec with(
      DetectorTrainingSpec spec, Dataset dataset, PodOptions pod) {
    return new DetectorTrainingSpec(
        spec.detector(),
        dataset,
        spec.loss(),
        spec.schedule(),
        spec.seed(),
        new Accelerator("nvidia.com/gpu", 1, 2),
        spec.evaluateOn(),
        spec.acceptance(),
        spec.retries(),
        spec.deadlines(),
        new Scheduling("gpu-queue", "low", "batch"),
        pod,
        new Checkpoint(new ClaimSource("work", "searches"), 500));
  }

  /** A changed Job is read here before it reaches a cluster; delete the file to write it anew. */
  private static void assertGolden(String name, Job job) throws IOException {
    Path golden = Path.of("src/test/resources/dev/autoloss/operator/training", name);
    String yaml = Serialization.asYaml(job);
    if (Files.notExists(golden)) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, yaml);
    }
    assertEquals(Files.readString(golden, StandardCharsets.UTF_8), yaml);
  }

  @Test
  void thePodReadsTheDocumentThatItsHashTellsOf() throws IOException {
    DetectorTraining training = Samples.training("t");
    var env = env(new TrainerJob(training, "trainer:1").attempt(1));
    var document = new ObjectMapper().readValue(env, TrainingDocument.class);
    assertEquals(training.getSpec(), document.spec());
    assertEquals(SpecHash.of(training.getSpec()), document.specHash());
    assertEquals("t", document.name());
  }

  @Test
  void theKubeletFindsNoVariableInTheDocument() {
    DetectorTraining training = Samples.training("t");
    training.setSpec(
        with(
            Samples.spec(),
            new Dataset(
                new DatasetSource(new ClaimSource("coco", null), null, null, null),
                new DatasetSplit("$(HOME)/a.json", "$x"),
                VALIDATION,
                null),
            Samples.PLAIN_POD));
    String env = env(new TrainerJob(training, "trainer:1").attempt(1));
    assertTrue(env.contains("$$(HOME)/a.json") && env.contains("$$x"), env);
  }

  private static String env(Job job) {
    return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> TrainingDocument.VARIABLE.equals(variable.getName()))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void dataComesFromImageOrNfsReadOnly() {
    var image = new DatasetSource(null, new ImageSource("registry/coco:1", "Always"), null, null);
    var nfs = new DatasetSource(null, null, new NfsSource("files", "/coco"), null);
    for (DatasetSource source : List.of(image, nfs)) {
      DetectorTraining training = Samples.training("t");
      training.setSpec(
          with(Samples.spec(), new Dataset(source, TRAIN, VALIDATION, null), Samples.PLAIN_POD));
      var pod = new TrainerJob(training, "trainer:1").attempt(1).getSpec().getTemplate().getSpec();
      var mount = pod.getContainers().getFirst().getVolumeMounts().getFirst();
      assertEquals("/data", mount.getMountPath());
      assertTrue(mount.getReadOnly());
      var volume = pod.getVolumes().getFirst();
      assertTrue(volume.getImage() != null || volume.getNfs().getReadOnly());
    }
  }

  @Test
  void namesAndLabelsFitWhateverTheTrainingIsCalled() {
    for (String name : List.of("a".repeat(253), "a.b.c", "x".repeat(58), "y".repeat(57))) {
      DetectorTraining training = Samples.training(name);
      Job job = new TrainerJob(training, "trainer:1").attempt(99_999);
      assertTrue(job.getMetadata().getName().length() <= 63, job.getMetadata().getName());
      assertTrue(job.getMetadata().getName().matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"));
      job.getMetadata()
          .getLabels()
          .values()
          .forEach(value -> assertTrue(value.length() <= 63, value));
      assertEquals(99_999, TrainerJob.number(job).getAsInt());
      assertEquals(
          name, job.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.TRAINING));
    }
  }
}
