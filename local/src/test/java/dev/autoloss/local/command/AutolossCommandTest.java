package dev.autoloss.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutolossCommandTest {
  private static final String CLAIM =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: DetectorTraining
      metadata: {name: one}
      spec:
        dataset:
          source: {persistentVolumeClaim: {claimName: data}}
          train: {annotations: a.json, images: images}
          validation: {annotations: b.json, images: images}
      """;

  @TempDir private Path folder;

  private static Ran run(String input, String... arguments) {
    return Ran.reading(input, (Object[]) arguments);
  }

  private static void assertUsage(String line, Ran ran) {
    assertEquals(line, ran.err().strip());
    assertEquals(2, ran.code());
  }

  @Test
  void helpAndVersionAreNoFailure() {
    assertEquals(0, run("", "--help").code());
    assertTrue(run("", "--help").out().contains("autoloss run examples/quickstart.yaml"));
    assertEquals("autoloss 0.1.0", run("", "--version").out().strip());
    for (String command : new String[] {"run", "train", "loss"}) {
      Ran help = run("", command, "--help");
      assertEquals(0, help.code(), help.err());
      assertTrue(help.out().startsWith("Usage: autoloss " + command), help.out());
    }
  }

  @Test
  void wrongUsageIsOneLine() {
    assertUsage("error: Missing required subcommand; see autoloss --help", run(""));
    assertUsage("error: Unmatched argument at index 0: 'fly'; see autoloss --help", run("", "fly"));
    assertUsage(
        "error: Missing required parameter: 'FILE'; see autoloss run --help", run("", "run"));
    assertUsage(
        "error: Invalid value for option '--branch': expected two-stage, one-stage or regression,"
            + " found 'third'; see autoloss loss check --help",
        run("", "loss", "check", "X", "--branch", "third"));
    assertUsage(
        "error: expected --plain or --json, found both",
        run("", "run", "f.yaml", "--plain", "--json"));
    assertUsage(
        "error: --parallel: expected at least 1, found 0",
        run("", "run", "f.yaml", "--parallel", "0"));
  }

  @Test
  void aDocumentThatIsWrongStartsNothing() throws IOException {
    Path file = folder.resolve("f.yaml");
    assertUsage(
        "error: " + file + ": expected a YAML file, there is none",
        run("", "run", file.toString()));
    Files.writeString(file, CLAIM.replace("claimName: data", "claim: data"));
    Ran wrong = run("", "run", file.toString());
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().startsWith("error: " + file + ":6: spec.dataset.source"), wrong.err());
    Files.writeString(file, CLAIM.replace("b.json", "../b.json"));
    assertTrue(
        run("", "run", file.toString())
            .err()
            .contains(":8: spec.dataset.validation.annotations: "));
    Files.writeString(file, CLAIM);
    assertUsage(
        "error: "
            + file
            + ":6: spec.dataset.source: expected --data DIR, the folder that takes the volume's"
            + " place here",
        run("", "run", file.toString()));
    Path missing = folder.resolve("nowhere");
    assertUsage(
        "error: --data " + missing + ": expected a folder, there is none",
        run("", "run", file.toString(), "--data", missing.toString()));
    Path work = folder.resolve("work");
    Path data = Files.createDirectories(folder.resolve("data/images")).getParent();
    assertUsage(
        "error: "
            + file
            + ":7: spec.dataset.train.annotations: expected the file "
            + data.resolve("a.json")
            + ", there is none\nerror: "
            + file
            + ":8: spec.dataset.validation.annotations: expected the file "
            + data.resolve("b.json")
            + ", there is none",
        run("", "run", file.toString(), "--data", data.toString(), "--work", work.toString()));
    assertFalse(Files.exists(work));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(2, all.count(), "nothing was written");
    }
  }

  @Test
  void theGatesVerdictHasItsReason() {
    assertEquals(
        new Ran(0, "accepted\n", ""), run("", "loss", "check", "GIoU", "--branch", "regression"));
    Ran rejected = run("", "loss", "check", "Add(X,PY)", "--branch", "one-stage");
    assertEquals(1, rejected.code());
    assertTrue(rejected.out().startsWith("rejected: "), rejected.out());
    assertUsage(
        "error: EXPR: expected a loss of the one-stage branch, GIoU is of regression",
        run("", "loss", "check", "GIoU", "--branch", "one-stage"));
    assertUsage(
        "error: EXPR: L1 is built in and has no expression; expected one that has",
        run("", "loss", "check", "L1", "--branch", "regression"));
  }

  @Test
  void aLossIsShownAndDrawn() throws IOException {
    Path svg = folder.resolve("plot.svg");
    Ran shown = run("", "loss", "show", "IoU", "--branch", "regression", "--svg", svg.toString());
    assertEquals(0, shown.code(), shown.err());
    assertTrue(shown.out().contains("expression  Sub(1,Div(I,U))\n"), shown.out());
    assertTrue(
        shown.out().contains("size        5\nheight      2\ninputs      I U\n"), shown.out());
    assertTrue(Files.readString(svg).contains("<svg"));
  }

  @Test
  void valuesAndGradientsEqualTheClosedForms() throws IOException {
    long seed = 7;
    var chance = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var mapper = new ObjectMapper();
    for (int i = 0; i < 50; i++) {
      double x = chance.nextDouble(-8, 8);
      double w = chance.nextDouble();
      String line = "{\"X\":[[%s]],\"Q\":[[%s]],\"PY\":[[1]],\"NY\":[[0]]}".formatted(x, w);
      JsonNode fli =
          mapper.readTree(run(line, "loss", "eval", "FLI", "--branch", "one-stage").out());
      // −[wy(1 − s)·log s + (s − wy)·s·log(1 − s)], s = σ(x)
      double s = 1 / (1 + Math.exp(-x));
      double value = -(w * (1 - s) * Math.log(s) + (s - w) * s * Math.log(1 - s));
      double slope = s * (1 - s);
      double gradient =
          -(w * (-Math.log(s) + (1 - s) / s)
                  + (2 * s - w) * Math.log(1 - s)
                  - (s - w) * s / (1 - s))
              * slope;
      assertEquals(
          value, fli.at("/value/0/0").doubleValue(), 1e-9 * Math.abs(value), "seed " + seed);
      assertEquals(
          gradient, fli.at("/grad/X/0/0").doubleValue(), 1e-8 * Math.abs(gradient), "seed " + seed);
    }
  }

  @Test
  void theValueHasTheShapeOfTheExpression() {
    String points = "{\"X\":[[0,1],[2,3]],\"Y\":[[1,0],[0,1]],\"Z\":[[1,1],[1,1]]}";
    assertEquals(
        "{\"value\":[[1.0,1.0],[2.0,4.0]],\"grad\":{\"X\":[[1.0,1.0],[1.0,1.0]]}}\n",
        run(points, "loss", "eval", "Add(X,Y)", "--branch", "two-stage").out());
    assertEquals(
        "{\"value\":[0.0,3.0],\"grad\":{\"X\":[[1.0,0.0],[0.0,1.0]]}}\n",
        run(points, "loss", "eval", "Dot(X,Y)", "--branch", "two-stage").out());
    assertEquals(
        "{\"value\":[[1.0],[2.0]],\"grad\":{\"X\":[[1.0],[1.0]]}}\n",
        run(
                "{\"X\":[[1],[2]],\"Y\":[[0],[0]],\"Z\":[[1],[1]]}",
                "loss",
                "eval",
                "Add(X,Y)",
                "--branch",
                "two-stage")
            .out());
    assertEquals(
        "{\"value\":[\"NaN\",\"Inf\"],\"grad\":{\"I\":[\"NaN\",\"Inf\"],\"U\":[0.0,0.0],\"E\":[0.0,0.0]}}\n"
            .replace("\"grad\":{\"I\":[\"NaN\",\"Inf\"]", "\"grad\":{\"I\":[1.0,1.0]"),
        run(
                "{\"I\":[\"NaN\",\"Infinity\"],\"U\":[1,1],\"E\":[1,1]}",
                "loss",
                "eval",
                "Add(I,1)",
                "--branch",
                "regression")
            .out());
  }

  @Test
  void wrongPointsAreNamedByLineAndField() {
    String good = "{\"I\":[1],\"U\":[2],\"E\":[3]}\n";
    String[] eval = {"loss", "eval", "IoU", "--branch", "regression"};
    assertUsage(
        "error: stdin:2: I[0]: expected a number, found \"x\"",
        run(good + "{\"I\":[\"x\"],\"U\":[2],\"E\":[3]}", eval));
    assertUsage("error: stdin:1: X: unknown input, expected [I, U, E]", run("{\"X\":[1]}", eval));
    assertUsage(
        "error: stdin:1: input E is missing, expected [I, U, E]",
        run("{\"I\":[1],\"U\":[2]}", eval));
    assertUsage("error: stdin:1: expected a JSON object of [I, U, E]", run("[1]", eval));
    assertEquals(2, run("{", eval).code());
  }

  @Test
  void aLossFindsItsBranch() throws IOException {
    Ran shown = run("", "loss", "show", "CseARegression");
    assertEquals(0, shown.code(), shown.err());
    assertTrue(shown.out().contains("infix       1 + -(I / U + -((E + -(I + 2)) / E))\n"));
    assertTrue(shown.out().contains("latex       1 - \\left(\\frac{i}{u} - \\frac{e"));
    assertTrue(shown.out().contains("simplified  Sub(Sub(2,Div(I,U)),Div(Add(2,I),E))\n"));
    assertTrue(shown.out().contains("size 11, height 3, by COLLECT_TERMS DIV_TERM\n"));
    assertTrue(run("", "loss", "show", "1 - I/U").out().contains("inputs      I U\n"));
    assertTrue(run("", "loss", "show", "I").out().contains("simplified  the same\n"));
    assertUsage(
        "error: EXPR: could be of two-stage or one-stage, expected --branch",
        run("", "loss", "show", "Sig(X)"));
    assertUsage(
        "error: EXPR: at offset 4: the text ends, expected an operator, an input or a number",
        run("", "loss", "show", "I + "));
    Ran misspelt = run("", "loss", "check", "giou", "--branch", "regression");
    assertTrue(misspelt.err().endsWith("; nearest of the catalogue is GIoU\n"), misspelt.err());
    assertUsage(
        "error: EXPR: at offset 65536: too long with 10485760 characters, expected at most 65536",
        run("", "loss", "check", "(".repeat(10 << 20)));
  }

  @Test
  void drawsPixels() throws IOException {
    Path png = folder.resolve("loss.png");
    Ran shown = run("", "loss", "show", "QFL", "--png", png.toString());
    assertEquals(0, shown.code(), shown.err());
    assertTrue(shown.out().endsWith("png         " + png + "\n"), shown.out());
    byte[] bytes = Files.readAllBytes(png);
    assertEquals("PNG", new String(bytes, 1, 3, StandardCharsets.US_ASCII));
  }

  @Test
  void exportsToStdoutOrAFile() throws IOException {
    Ran printed = run("", "loss", "export", "GIoU", "--to", "torch");
    assertEquals(0, printed.code(), printed.err());
    assertTrue(printed.out().contains("class GIoU(nn.Module):"), printed.out());
    Path file = folder.resolve("mine.py");
    Ran written =
        run(
            "",
            "loss",
            "export",
            "1 - I/U",
            "--to",
            "mmdetection",
            "--name",
            "Mine",
            "--out",
            file.toString());
    assertEquals(new Ran(0, "wrote " + file + "\n", ""), written);
    assertTrue(Files.readString(file).contains("@MODELS.register_module()\nclass Mine(nn.Module)"));
    assertTrue(
        run("", "loss", "export", "I/U", "--to", "torch").out().contains("class SearchedLoss("));
    assertUsage(
        "error: Invalid value for option '--to': expected torch or mmdetection, found 'jax'; see"
            + " autoloss loss export --help",
        run("", "loss", "export", "I/U", "--to", "jax"));
    assertUsage(
        "error: --name: name '1', expected a letter, then letters and digits",
        run("", "loss", "export", "I/U", "--to", "torch", "--name", "1"));
  }

  @Test
  void eachLineMayNameItsOwnLoss() {
    String points = "\"I\":[1],\"U\":[2],\"E\":[4]}\n";
    assertEquals(
        """
        {"value":[0.5],"grad":{"I":[-0.5],"U":[0.25],"E":[0.0]}}
        {"value":[4.0],"grad":{"I":[0.0],"U":[0.0],"E":[1.0]}}
        """,
        run(
                "{\"loss\":\"IoU\",\"branch\":\"regression\","
                    + points
                    + "{\"loss\":\"E\",\"branch\":\"regression\","
                    + points,
                "loss",
                "eval",
                "-")
            .out());
    assertUsage(
        "error: stdin:1: branch: expected two-stage, one-stage or regression, found 'third'",
        run("{\"loss\":\"IoU\",\"branch\":\"third\"," + points, "loss", "eval", "-"));
    assertUsage(
        "error: stdin:1: loss: expected a text, found none",
        run("{\"branch\":\"third\"," + points, "loss", "eval", "-"));
  }

  @Test
  void screeningEndsWithTheFunnelAndTheLossesThatAreLeft() throws IOException {
    Path file = folder.resolve("survivors.txt");
    Ran ran =
        run(
            "",
            "screen",
            "--branch",
            "regression",
            "--candidates",
            "5000",
            "--seed",
            "7",
            "--json",
            "--survivors",
            file.toString());
    assertEquals(0, ran.code(), ran.err());
    JsonNode result = new ObjectMapper().readTree(ran.out());
    assertEquals(5000, result.get("candidates").asInt());
    assertTrue(result.get("perSecond").asDouble() > 0 && result.get("seconds").asDouble() > 0);
    JsonNode stages = result.get("stages");
    int in = 5000;
    for (JsonNode stage : stages) {
      assertEquals(in, stage.get("in").asInt(), stage.toString());
      in = stage.get("out").asInt();
    }
    assertEquals("text", stages.get(0).get("stage").asText());
    assertEquals(in, Files.readAllLines(file).size());
    assertTrue(in > 0);
    for (String loss : Files.readAllLines(file).subList(0, 3)) {
      Ran check = run("", "loss", "eval", loss, "--branch", "regression");
      assertEquals(0, check.code(), check.err());
    }
  }

  @Test
  void aSpaceWithoutAPassingLossIsSaid() {
    Ran nothing =
        run("", "screen", "--branch", "one-stage", "--candidates", "2000", "--operators", "Neg");
    assertEquals(1, nothing.code(), nothing.err());
    assertTrue(
        nothing.out().contains("Nothing that these operators and sizes give passes the gates."),
        nothing.out());
    assertUsage(
        "error: --candidates: expected at least 1, found 0",
        run("", "screen", "--branch", "regression", "--candidates", "0"));
    assertUsage(
        "error: --branch: expected two-stage, one-stage or regression, found third",
        run("", "screen", "--branch", "third"));
    assertEquals(2, run("", "screen", "--branch", "regression", "--operators", "Foo").code());
    assertUsage(
        "error: threads: expected at least 1, found 0",
        run("", "screen", "--branch", "regression", "--threads", "0"));
  }
}
