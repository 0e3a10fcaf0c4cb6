package dev.autoloss.local.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrialResult;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.Places;
import dev.autoloss.api.verdict.VerdictArm;
import dev.autoloss.api.verdict.VerdictDocuments;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.api.verdict.VerdictResult;
import dev.autoloss.api.verdict.VerdictScore;
import dev.autoloss.local.verdict.VerdictCheck;
import dev.autoloss.local.verdict.VerdictText;
import dev.autoloss.local.verdict.Verdicts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a verdict. */
@Command(
    name = "verify",
    description = {
      "Checks the verdict file that a search wrote: hashes of what was trained, equal conditions"
          + " for finalists and controls, and all statistics, computed anew from the scores.",
      "With --train all trainings are run again with their seeds, on CPU, and the verdict is"
          + " computed from the new scores."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the file agrees with itself, and with --train the new scores give the same verdict",
      "1:it does not",
      "2:wrong usage, file or data"
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "verdict.json of a search.")
  private Path file = Path.of("");

  @Option(names = "--train", description = "Runs all trainings again.")
  private boolean train;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "With --train: folder that takes the place of the volume; shapes need none.")
  private @Nullable Path data;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "With --train: folder of the new trainings; .autoloss/NAME-verify if left out. Results"
              + " that are there are taken.")
  private @Nullable Path work;

  @Option(names = "--json", description = "A JSON object.")
  private boolean json;

  @Spec private CommandSpec command = CommandSpec.create();

  /** What {@code --json} prints. */
  private record Checked(
      boolean agrees,
      List<String> contradictions,
      VerdictResult verdict,
      @Nullable VerdictResult retrained) {}

  @Override
  public Integer call() throws Exception {
    VerdictFile verdict = read();
    List<String> contradictions = VerdictCheck.contradictions(verdict);
    if (!json) {
      show(verdict, contradictions);
    }
    @Nullable VerdictResult again = train && contradictions.isEmpty() ? retrained(verdict) : null;
    boolean agrees =
        contradictions.isEmpty()
            && (again == null || again.result().equals(verdict.verdict().result()));
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      var checked = new Checked(agrees, contradictions, verdict.verdict(), again);
      out.println(new ObjectMapper().writeValueAsString(checked));
    }
    out.flush();
    return agrees ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void show(VerdictFile verdict, List<String> contradictions) {
    PrintWriter out = command.commandLine().getOut();
    VerdictText.lines(verdict).forEach(out::println);
    contradictions.forEach(line -> out.println("contradiction  " + line));
    out.println(
        contradictions.isEmpty()
            ? "checked        hashes, conditions and statistics are as written"
            : "checked        the file contradicts itself");
    out.flush();
  }

  private VerdictFile read() {
    if (!train && (data != null || work != null)) {
      throw new InputException("--data and --work: expected only with --train");
    }
    try {
      return VerdictDocuments.read(file);
    } catch (DocumentException wrong) {
      throw new InputException(wrong.lines().getFirst());
    }
  }

  private VerdictResult retrained(VerdictFile verdict) throws IOException, InterruptedException {
    DetectorTrainingSpec any =
        Stream.concat(verdict.finalists().stream(), verdict.controls().stream())
            .map(VerdictArm::training)
            .findFirst()
            .orElseThrow(() -> new InputException(file + ": finalists: none to train"));
    Optional<Path> folder =
        DataFolder.check(any.dataset(), data, new Places(file.toString(), Map.of()));
    Path place =
        (work == null ? Path.of(".autoloss", verdict.search() + "-verify") : work).toAbsolutePath();
    var training = new OneTraining(folder);
    List<VerdictArm> finalists = again(verdict.finalists(), training, place);
    List<VerdictArm> controls = again(verdict.controls(), training, place);
    VerdictResult result =
        Verdicts.result(
            Verdicts.contest(finalists, controls, verdict.heldOut(), verdict.level()).verdict());
    if (!json) {
      PrintWriter out = command.commandLine().getOut();
      VerdictText.lines(result).forEach(out::println);
      out.println(
          result.result().equals(verdict.verdict().result())
              ? "trained again  the new scores give the same verdict"
              : "trained again  the new scores give another verdict");
    }
    return result;
  }

  private List<VerdictArm> again(List<VerdictArm> arms, OneTraining training, Path place)
      throws IOException, InterruptedException {
    var all = new ArrayList<VerdictArm>();
    for (VerdictArm arm : arms) {
      var scores = new ArrayList<VerdictScore>();
      for (VerdictScore score : arm.scores()) {
        String name = arm.name() + "-" + score.seed();
        TrialResult result = training.result(name, arm.training(score.seed()), place.resolve(name));
        scores.add(compared(name, score, result));
      }
      all.add(new VerdictArm(arm.name(), arm.training(), scores));
    }
    return all;
  }

  private VerdictScore compared(String name, VerdictScore score, TrialResult result)
      throws IOException {
    if (score.dataDigest() != null && !score.dataDigest().equals(result.dataDigest())) {
      throw new InputException(
          "%s: expected the data with digest %s, found %s"
              .formatted(name, score.dataDigest(), result.dataDigest()));
    }
    Metrics metrics = result.metrics();
    @Nullable Double ap =
        result.outcome() == Outcome.SCORED
            ? (Double) Objects.requireNonNull(metrics, "metrics").ap()
            : null;
    var again =
        new VerdictScore(score.seed(), score.specHash(), result.outcome(), ap, result.dataDigest());
    if (!json) {
      PrintWriter out = command.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "training       %-24s written %.4f, again %.4f%s%n",
          name,
          score.counted(),
          again.counted(),
          score.counted() == again.counted() ? ", the same" : "");
      out.flush();
    }
    return again;
  }
}
