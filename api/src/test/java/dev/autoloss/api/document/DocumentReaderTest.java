package dev.autoloss.api.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.EvolutionStrategy;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Seeding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentReaderTest {
  private static final String SEARCH =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: LossSearch
      metadata:
        name: small
      spec:
        seed: 7
        dataset:
          source:
            shapes: {width: 64}
        evolution:
          generations: 2
          initial:
            - classification: {catalogue: FLI}
              regression: {expression: "Sub(1,Div(I,U))"}
        training:
          schedule:
            steps: [4, 6]
      """;

  private static final String TRAINING =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: DetectorTraining
      metadata:
        name: one
      spec:
        dataset:
          source:
            persistentVolumeClaim: {claimName: data}
          train: {annotations: a.json, images: images}
          validation: {annotations: b.json, images: images}
        loss:
          classification: {catalogue: Focal, weight: 2}
        pod:
          nodeSelector: {disk: fast}
      """;

  @TempDir private Path folder;

  private static List<String> lines(String text) {
    return assertThrows(DocumentException.class, () -> DocumentReader.read("f.yaml", text)).lines();
  }

  @Test
  void aSearchIsReadWithItsDefaults() throws DocumentException {
    LossSearch search =
        assertInstanceOf(Document.Search.class, DocumentReader.read("f.yaml", SEARCH)).resource();
    assertEquals("small", search.getMetadata().getName());
    assertEquals(7, search.getSpec().seed());
    assertEquals(2, search.getSpec().evolution().generations());
    assertEquals(20, search.getSpec().evolution().trained());
    assertEquals(0.4, search.getSpec().evolution().rates().crossover());
    assertEquals(EvolutionStrategy.GENERATIONAL, search.getSpec().evolution().strategy());
    assertEquals(Seeding.CATALOGUE, search.getSpec().evolution().seeding());
    assertEquals(1, search.getSpec().evolution().lookAhead());
    assertEquals(List.of(), search.getSpec().evolution().priors());
    assertEquals(Architecture.FCOS, search.getSpec().detector().architecture());
    assertEquals(64, search.getSpec().dataset().source().shapes().width());
    assertEquals(96, search.getSpec().dataset().source().shapes().height());
    assertEquals(BoxWeighting.INTENDED, search.getSpec().training().boxWeighting());
    assertEquals(List.of(4, 6), search.getSpec().training().schedule().steps());
    assertEquals(1, search.getSpec().evolution().initial().getFirst().classification().weight());
  }

  @Test
  void aTrainingIsReadWithItsDefaults() throws DocumentException {
    var training =
        assertInstanceOf(Document.Training.class, DocumentReader.read("f.yaml", TRAINING))
            .resource();
    assertEquals(2.0, training.getSpec().loss().classification().weight());
    assertEquals("fast", training.getSpec().pod().nodeSelector().get("disk"));
    assertEquals(86400, training.getSpec().deadlines().runSeconds());
  }

  private static Arguments wrong(String text, String replacement, String line) {
    return Arguments.of(SEARCH, text, replacement, line);
  }

  private static Arguments wrongTraining(String text, String replacement, String line) {
    return Arguments.of(TRAINING, text, replacement, line);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        wrong(
            "seed: 7",
            "seed: 7\n  detector: {architecture: ATSS, compatibility: Torchvision}",
            "f.yaml:7: spec.detector.compatibility: expected Published, or FasterRCNN, MaskRCNN or"
                + " FCOS with style PyTorch: torchvision has no others"),
        wrong("seed: 7", "seed: x", "f.yaml:6: spec.seed: expected an integer, found \"x\""),
        wrong("seed: 7", "seed: 1.5", "f.yaml:6: spec.seed: expected an integer, found 1.5"),
        wrong(
            "seed: 7",
            "seed: 99999999999999999999",
            "f.yaml:6: spec.seed: expected an integer, found 99999999999999999999"),
        wrong("seed: 7", "seed: .nan", "f.yaml:6: spec.seed: expected an integer, found NaN"),
        wrong("seed: 7", "seed: [1]", "f.yaml:6: spec.seed: expected an integer, found a list"),
        wrong("seed: 7", "sead: 7", "f.yaml:6: spec.sead: unknown field, did you mean seed?"),
        wrong("seed: 7", "fitness: 7", "f.yaml:6: spec.fitness: unknown field"),
        wrong("seed: 7", "seed: 7\n  seed: 8", "f.yaml:7: spec.seed: is there twice"),
        wrong(
            "seed: 7",
            "suspend: maybe",
            "f.yaml:6: spec.suspend: expected true or false, found \"maybe\""),
        wrong(
            "seed: 7",
            "suspendPolicy: Wait",
            "f.yaml:6: spec.suspendPolicy: expected Drain or Stop, found \"Wait\""),
        wrong(
            "generations: 2",
            "generations: 0",
            "f.yaml:11: spec.evolution.generations: expected an integer from 1 to 1000, found 0"),
        wrong(
            "generations: 2",
            "generations: 1001",
            "f.yaml:11: spec.evolution.generations: expected an integer from 1 to 1000, found"
                + " 1001"),
        wrong(
            "generations: 2",
            "rates: {crossover: -0.1}",
            "f.yaml:11: spec.evolution.rates.crossover: expected a number from 0 to 1000, found -0.1"),
        wrong(
            "generations: 2",
            "rates: {crossover: .inf}",
            "f.yaml:11: spec.evolution.rates.crossover: expected a number from 0 to 1000, found"
                + " Infinity"),
        wrong(
            "generations: 2",
            "lookAhead: 2",
            "f.yaml:11: spec.evolution.lookAhead: expected 1 with strategy Generational, found 2"),
        wrong(
            "generations: 2",
            "priors: [{regression: {weight: 1}}]",
            "f.yaml:11: spec.evolution.priors[0].regression: expected exactly one of catalogue and"
                + " expression, found none"),
        wrong(
            "{catalogue: FLI}",
            "{catalogue: Fli}",
            "f.yaml:13: spec.evolution.initial[0].classification.catalogue: expected Focal, FLI,"
                + " QFL, VFL, CseBClassification (one-stage), found Fli"),
        wrong(
            "{catalogue: FLI}",
            "{catalogue: GIoU}",
            "f.yaml:13: spec.evolution.initial[0].classification.catalogue: expected Focal, FLI,"
                + " QFL, VFL, CseBClassification (one-stage), found GIoU"),
        wrong(
            "{catalogue: FLI}",
            "{catalogue: FLI, expression: X}",
            "f.yaml:13: spec.evolution.initial[0].classification: expected exactly one of catalogue"
                + " and expression, found both"),
        wrong(
            "{catalogue: FLI}",
            "{weight: 1}",
            "f.yaml:13: spec.evolution.initial[0].classification: expected exactly one of catalogue"
                + " and expression, found none"),
        wrong(
            "{catalogue: FLI}",
            "{expression: \"Add(X,I)\"}",
            "f.yaml:13: spec.evolution.initial[0].classification.expression: at offset 6: I does not"
                + " exist in the one-stage branch, expected a number, an input (X Q PY NY) or an"
                + " operator (Add Sub Mul Div Neg Exp Log Abs Sqrt Softplus Sig Tanh Relu Sin Cos"
                + " Softmax Serf Serfc Salf Sgdf)"),
        wrong(
            "Sub(1,Div(I,U))",
            "Sub(1,Div(I,U)",
            "f.yaml:14: spec.evolution.initial[0].regression.expression: at offset 14: the text"
                + " ends, expected ')' after the two operands of Sub"),
        wrong(
            "steps: [4, 6]",
            "steps: 4",
            "f.yaml:17: spec.training.schedule.steps: expected a list, found 4"),
        wrong(
            "steps: [4, 6]",
            "steps: [4, x]",
            "f.yaml:17: spec.training.schedule.steps[1]: expected an integer ≥ 0, found \"x\""),
        wrong(
            "steps: [4, 6]",
            "steps: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]",
            "f.yaml:17: spec.training.schedule.steps: expected 0 to 16 elements, found 17"),
        wrong(
            "shapes: {width: 64}",
            "shapes: {width: 31}",
            "f.yaml:9: spec.dataset.source.shapes.width: expected an integer from 32 to 1024, found"
                + " 31"),
        wrong(
            "shapes: {width: 64}",
            "{}",
            "f.yaml:8: spec.dataset.source: expected exactly one of persistentVolumeClaim, image,"
                + " nfs and shapes, found none"),
        wrong(
            "shapes: {width: 64}",
            "nfs: {server: a, path: b}",
            "f.yaml:9: spec.dataset.source.nfs.path: expected a text like ^/, found \"b\""),
        wrong(
            "shapes: {width: 64}",
            "shapes: {}\n      nfs: {server: a, path: /b}",
            "f.yaml:8: spec.dataset.source: expected exactly one of persistentVolumeClaim, image,"
                + " nfs and shapes, found nfs and shapes"),
        wrong(
            "shapes: {width: 64}",
            "shapes: {}\n    train: {annotations: a, images: b}",
            "f.yaml:10: spec.dataset.train: expected to be left out: shapes has its own"),
        wrong(
            "generations: 2",
            "simulated: 30",
            "f.yaml:11: spec.evolution.simulated: expected to be left out, without simulation"),
        wrong(
            "  evolution:\n    generations: 2",
            "  simulation: {schedule: {epochs: 60}}\n  evolution:\n    simulated: 19",
            "f.yaml:12: spec.evolution.simulated: expected evolution.trained to evolution.candidates,"
                + " which is 20 to 5000, found 19"),
        wrong(
            "generations: 2",
            "candidates: 19",
            "f.yaml:11: spec.evolution.candidates: expected at least evolution.trained, which is 20,"
                + " found 19"),
        wrong(
            "generations: 2",
            "racing: 0",
            "f.yaml:11: spec.evolution.racing: expected a number from 0.01 to 1, found 0"),
        wrong(
            "shapes: {width: 64}",
            "shapes: {}\n    test: {annotations: a, images: b}",
            "f.yaml:10: spec.dataset.test: expected to be left out: shapes has none"),
        wrong(
            "shapes: {width: 64}",
            "nfs: {server: a, path: /b}\n    train: {annotations: a, images: b}\n    validation:"
                + " {annotations: a, images: b}\n    test: {annotations: a, images: b}",
            "f.yaml:12: spec.dataset.test: expected to be left out, without finalists it is not"
                + " used"),
        wrong(
            "dataset:\n    source:\n      shapes: {width: 64}",
            "suspend: false",
            "f.yaml:5: spec.dataset: expected an object, it is missing"),
        wrong(
            "name: small",
            "name: Small",
            "f.yaml:4: metadata.name: expected at most 253 lower-case letters, digits, - and .,"
                + " found \"Small\""),
        wrong("name: small", "nom: small", "f.yaml:4: metadata.nom: unknown field"),
        wrong(
            "name: small",
            "name: small\n  labels: {a: 1}",
            "f.yaml:5: metadata.labels.a: expected a string, found 1"),
        wrong(
            "kind: LossSearch",
            "kind: Search",
            "f.yaml:2: kind: expected LossSearch or DetectorTraining, found Search"),
        wrong(
            "autoloss.dev/v1alpha1",
            "autoloss.dev/v1",
            "f.yaml:1: apiVersion: expected autoloss.dev/v1alpha1, found autoloss.dev/v1"),
        wrong(
            "seed: 7",
            "trials: {pod: {nodeSelector: {a: 1}}}",
            "f.yaml:6: spec.trials.pod.nodeSelector.a: expected a string, found 1"),
        wrongTraining(
            "train: {annotations: a.json, images: images}",
            "subset: {imagesPerCategory: 3}",
            "f.yaml:6: spec.dataset.train: expected an object, it is missing"),
        wrongTraining(
            "annotations: a.json, ",
            "",
            "f.yaml:9: spec.dataset.train.annotations: expected a string, it is missing"),
        wrongTraining(
            "annotations: a.json",
            "annotations: \"\"",
            "f.yaml:9: spec.dataset.train.annotations: expected 1 to 1024 characters, found 0"),
        wrongTraining(
            "weight: 2",
            "weight: 1001",
            "f.yaml:12: spec.loss.classification.weight: expected a number from 0 to 1000, found"
                + " 1001"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "tolerations: [{key: [a]}]",
            "f.yaml:14: spec.pod.tolerations[0].key: expected a string, found a list"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a}]",
            "f.yaml:14: spec.pod.volumes[0]: expected exactly one of configMap, secret, persistentVolumeClaim and emptyDir, found none"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a, emptyDir: {}, secret: {secretName: s}}]",
            "f.yaml:14: spec.pod.volumes[0]: expected exactly one of configMap, secret, persistentVolumeClaim and emptyDir, found secret and emptyDir"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: work, mountPath: /a, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes[0].name: expected another name than data, work and tmp, found work"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /data/run, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes[0].mountPath: expected a path without . and .., not / and not in /data, /work, /tmp, /app, /proc, /sys or /dev (but /dev/shm), found /data/run"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: //data, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes[0].mountPath: expected a path without . and .., not / and not in /data, /work, /tmp, /app, /proc, /sys or /dev (but /dev/shm), found //data"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a/../work, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes[0].mountPath: expected a path without . and .., not / and not in /data, /work, /tmp, /app, /proc, /sys or /dev (but /dev/shm), found /a/../work"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /dev/null, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes[0].mountPath: expected a path without . and .., not / and not in /data, /work, /tmp, /app, /proc, /sys or /dev (but /dev/shm), found /dev/null"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a, persistentVolumeClaim: {claimName: c, subPath: ../b}}]",
            "f.yaml:14: spec.pod.volumes[0].persistentVolumeClaim.subPath: expected a path inside of the data: not from the root, without .., found ../b"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a, emptyDir: {}}, {name: a, mountPath: /b, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes: expected volumes of different names, found a twice"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a, emptyDir: {}}, {name: b, mountPath: /a, emptyDir: {}}]",
            "f.yaml:14: spec.pod.volumes: expected volumes at different paths, found /a twice"),
        wrongTraining(
            "nodeSelector: {disk: fast}",
            "volumes: [{name: a, mountPath: /a, hostPath: {path: /}}]",
            "f.yaml:14: spec.pod.volumes[0].hostPath: unknown field"),
        wrongTraining("name: one", "<<: one", "f.yaml:4: metadata.<<: expected an object to merge"),
        wrongTraining(
            "claimName: data",
            "claimName: !!java.net.URL data",
            "f.yaml:8: expected YAML: Global tag is not allowed: tag:yaml.org,2002:java.net.URL"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithItsLine(
      String document, String text, String replacement, String expected) {
    assertTrue(document.contains(text), text);
    List<String> lines = lines(document.replace(text, replacement));
    assertTrue(lines.contains(expected), () -> "expected\n" + expected + "\nin\n" + lines);
  }

  @Test
  void allMistakesAreNamedInTheOrderOfTheFile() {
    String text =
        SEARCH
            .replace("steps: [4, 6]", "steps: 4")
            .replace("seed: 7", "seed: x")
            .replace("generations: 2", "generations: 0");
    assertEquals(
        List.of(
            "f.yaml:6: spec.seed: expected an integer, found \"x\"",
            "f.yaml:11: spec.evolution.generations: expected an integer from 1 to 1000, found 0",
            "f.yaml:17: spec.training.schedule.steps: expected a list, found 4"),
        lines(text));
  }

  @Test
  void whatIsNoDocumentIsSaidInOneLine() {
    assertEquals(
        List.of("f.yaml: expected a LossSearch or DetectorTraining, the file is empty"),
        lines("# nothing\n"));
    assertEquals(
        List.of("f.yaml:1: expected a LossSearch or DetectorTraining as an object"), lines("3"));
    assertEquals(1, lines("a: b: c").size());
    assertTrue(lines("a: [1").getFirst().startsWith("f.yaml:"), lines("a: [1")::toString);
    assertEquals(1, lines("a: *b").size());
    assertEquals(1, lines("a: \u0001").size());
  }

  @Test
  void otherResourcesOfAFileAreLeftAlone() throws DocumentException {
    String namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: lab}\n---\n";
    assertInstanceOf(Document.Search.class, DocumentReader.read("f", namespace + SEARCH));
    assertEquals(
        List.of("f.yaml: expected one LossSearch or DetectorTraining, found 2"),
        lines(SEARCH + "---\n" + TRAINING));
    assertTrue(
        lines(namespace + SEARCH.replace("seed: 7", "seed: x"))
            .getFirst()
            .startsWith("f.yaml:10:"));
  }

  @Test
  void aResourceFromAClusterIsReadWithoutWhatTheServerAdded() throws DocumentException {
    String exported =
        SEARCH.replace("name: small", "name: small\n  uid: a\n  resourceVersion: \"5\"")
            + "status: {generation: 3}\n";
    var search = assertInstanceOf(Document.Search.class, DocumentReader.read("f", exported));
    assertEquals(null, search.resource().getMetadata().getUid());
    assertEquals(null, search.resource().getStatus());
  }

  @Test
  void aliasesThatMultiplyEndQuickly() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, (before + ", ").repeat(9) + before));
    }
    assertTrue(lines(bomb.toString()).getFirst().contains("expected at most 100000 values"));
    assertEquals(1, lines("a: &a [*a]").size());
    assertEquals(1, lines("[".repeat(5000)).size());
  }

  @Test
  void aFileThatCannotBeReadIsSaidInOneLine() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertEquals(List.of(missing + ": expected a YAML file, there is none"), fileLines(missing));
    assertEquals(List.of(folder + ": expected a YAML file, it is a folder"), fileLines(folder));
    Path binary = Files.write(folder.resolve("b"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertEquals(List.of(binary + ": expected UTF-8 text"), fileLines(binary));
    Path large = Files.writeString(folder.resolve("l"), "#".repeat((3 << 20) + 1));
    assertEquals(List.of(large + ": expected at most 3 MiB"), fileLines(large));
  }

  private static List<String> fileLines(Path file) {
    return assertThrows(DocumentException.class, () -> DocumentReader.read(file)).lines();
  }

  @Test
  void theExamplesAreValid() throws IOException, DocumentException {
    // What loads data into a volume is Kubernetes' own.
    try (Stream<Path> examples = Files.walk(Path.of("../examples"))) {
      List<Path> files =
          examples
              .filter(path -> path.toString().endsWith(".yaml"))
              .filter(path -> !path.endsWith("load-data.yaml"))
              .toList();
      assertTrue(files.size() >= 4, files::toString);
      for (Path file : files) {
        assertTrue(DocumentReader.read(file).places().line("spec") > 1);
      }
    }
  }

  @Test
  void thePackedDefinitionsAreTheProjects() throws IOException {
    for (JsonNode crd : DocumentReader.customResourceDefinitions()) {
      String file = crd.path("metadata").path("name").asText() + ".yaml";
      String text = Files.readString(Path.of("../crds", file), StandardCharsets.UTF_8);
      assertEquals(new YAMLMapper().readTree(text), crd, file);
    }
  }

  @Test
  void refusesALineThatTakesSquaredTime() {
    String longest = "#" + "x".repeat((1 << 18) - 1);
    DocumentException inside =
        assertThrows(DocumentException.class, () -> DocumentReader.read("a.yaml", longest));
    assertEquals(
        List.of("a.yaml: expected a LossSearch or DetectorTraining, the file is empty"),
        inside.lines());
    DocumentException above =
        assertThrows(
            DocumentException.class, () -> DocumentReader.read("a.yaml", "\n" + longest + "x\n"));
    assertEquals(
        List.of("a.yaml:2: expected at most 262144 characters in a line, found 262145"),
        above.lines());
  }
}
