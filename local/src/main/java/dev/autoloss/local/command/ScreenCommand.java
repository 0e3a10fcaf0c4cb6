package dev.autoloss.local.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.search.screening.DrawnTrees;
import dev.autoloss.search.screening.Screened;
import dev.autoloss.search.screening.Screening;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The funnel without training. */
@Command(
    name = "screen",
    description = {
      "Draws random losses and counts how many fall at which gate, without any training.",
      "Exit code 1 if none is left."
    },
    mixinStandardHelpOptions = true)
final class ScreenCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long PROGRESS_NANOS = 1_000_000_000L;

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--branch",
      required = true,
      paramLabel = "BRANCH",
      description = "two-stage, one-stage or regression.")
  private String branch = "";

  @Option(
      names = "--candidates",
      paramLabel = "N",
      description = "How many losses are drawn (default: ${DEFAULT-VALUE}).")
  private long candidates = 100_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of all chance (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--threads",
      paramLabel = "T",
      description = "Threads; the result is the same for any (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--min-nodes",
      paramLabel = "N",
      description = "Fewest nodes of a tree; sizes are uniform (default: ${DEFAULT-VALUE}).")
  private int minNodes = DrawnTrees.Sizes.USUAL.least();

  @Option(
      names = "--max-nodes",
      paramLabel = "N",
      description = "Most nodes of a tree (default: ${DEFAULT-VALUE}).")
  private int maxNodes = DrawnTrees.Sizes.USUAL.most();

  @Option(
      names = "--operators",
      paramLabel = "OPERATOR",
      split = ",",
      description = "Operators that trees are made of (default: all of the branch).")
  private List<String> operators = List.of();

  @Option(
      names = "--rejection",
      description = "Also judges what is left by what it makes of raw predictions.")
  private boolean rejection;

  @Option(
      names = "--survivors",
      paramLabel = "FILE",
      description = "Writes the losses that are left, one a line.")
  private @Nullable Path survivorsFile;

  @Option(names = "--json", description = "Prints the result as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Branch of = branch();
    if (candidates < 1) {
      throw new InputException("--candidates: expected at least 1, found " + candidates);
    }
    Screened screened;
    try {
      screened =
          Screening.run(
              trees(of), of, candidates, new Screening.Options(threads, rejection, progress()));
    } catch (IllegalArgumentException wrong) {
      throw new InputException(String.valueOf(wrong.getMessage()));
    }
    if (survivorsFile != null) {
      Files.write(survivorsFile, screened.survivors().stream().map(Expression::toString).toList());
    }
    PrintWriter out = command.commandLine().getOut();
    out.println(json ? json(screened) : table(screened));
    out.flush();
    return screened.survivors().isEmpty() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private Branch branch() {
    return Arrays.stream(Branch.values())
        .filter(one -> one.label().equals(branch))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "--branch: expected two-stage, one-stage or regression, found " + branch));
  }

  private DrawnTrees trees(Branch of) {
    Set<UnaryOperator> unary = EnumSet.allOf(UnaryOperator.class);
    Set<BinaryOperator> binary = EnumSet.allOf(BinaryOperator.class);
    if (!operators.isEmpty()) {
      unary.removeIf(one -> !operators.contains(one.symbol()));
      binary.removeIf(two -> !operators.contains(two.symbol()));
      if (unary.size() + binary.size() < Set.copyOf(operators).size()) {
        throw new InputException("--operators: expected some of " + known());
      }
    }
    return new DrawnTrees(
        of, unary, binary, List.of(1.0, 2.0, 3.0), new DrawnTrees.Sizes(minNodes, maxNodes), seed);
  }

  private static String known() {
    return Stream.concat(
            Arrays.stream(UnaryOperator.values()).map(UnaryOperator::symbol),
            Arrays.stream(BinaryOperator.values()).map(BinaryOperator::symbol))
        .collect(Collectors.joining(" "));
  }

  /** A line a second on the error stream, but not where a program reads. */
  private LongConsumer progress() {
    PrintWriter err = command.commandLine().getErr();
    long start = System.nanoTime();
    long[] next = {start + PROGRESS_NANOS};
    return done -> {
      long now = System.nanoTime();
      if (!json && now >= next[0]) {
        next[0] = now + PROGRESS_NANOS;
        err.printf(
            Locale.ROOT,
            "%,d of %,d, %,.0f a second%n",
            done,
            candidates,
            done / ((now - start) / 1e9));
        err.flush();
      }
    };
  }

  private static String json(Screened screened) {
    ObjectNode result = MAPPER.createObjectNode();
    result.put("candidates", screened.candidates());
    result.put("seconds", screened.seconds());
    result.put("perSecond", screened.candidates() / screened.seconds());
    result.put("flipped", screened.flipped());
    var stages = result.putArray("stages");
    for (Screened.Stage stage : screened.stages()) {
      stages
          .addObject()
          .put("stage", stage.name())
          .put("in", stage.in())
          .put("out", stage.out())
          .put("seconds", stage.seconds());
    }
    return result.toString();
  }

  private String table(Screened screened) {
    var lines = new ArrayList<String>();
    lines.add(row("stage", "in", "out", "falls", "seconds"));
    for (Screened.Stage stage : screened.stages()) {
      double falls = stage.in() == 0 ? 0 : 100.0 * (stage.in() - stage.out()) / stage.in();
      lines.add(
          row(
              stage.name(),
              "%,d".formatted(stage.in()),
              "%,d".formatted(stage.out()),
              String.format(Locale.ROOT, "%.1f %%", falls),
              String.format(Locale.ROOT, "%.2f", stage.seconds())));
    }
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d of %,d are left (%.3f %%), %,d of what passed the gates turned round; %,.0f a second"
                + " on %d threads",
            screened.survivors().size(),
            screened.candidates(),
            100.0 * screened.survivors().size() / screened.candidates(),
            screened.flipped(),
            screened.candidates() / screened.seconds(),
            threads));
    if (screened.survivors().isEmpty()) {
      lines.add("Nothing that these operators and sizes give passes the gates.");
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String row(String stage, String in, String out, String falls, String seconds) {
    return "%-20s %12s %12s %9s %9s".formatted(stage, in, out, falls, seconds).stripTrailing();
  }
}
