package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A block of at most twelve lines that is redrawn; what must be remembered stands above it. */
final class LiveView implements View {
  private static final int MOST_TRIALS = 8;
  private static final int LEAST_LOSSES = 20;
  private static final String CLEAR_BELOW = "\u001b[0J";

  private final PrintStream out;
  private final int width;
  private int drawn;

  LiveView(PrintStream out, int width) {
    this.out = out;
    this.width = width;
  }

  @Override
  public void note(String line) {
    clear();
    out.println(line);
    out.flush();
  }

  private void clear() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "F" + CLEAR_BELOW);
      drawn = 0;
    }
  }

  @Override
  public void show(Snapshot now, List<RunEvent> events, Duration elapsed) {
    clear();
    for (RunEvent event : events) {
      if (!(event instanceof RunEvent.Started) && !(event instanceof RunEvent.Proposed)) {
        out.println(Texts.shortened(Texts.line(event), width - 1));
      }
    }
    List<String> lines = block(now, elapsed, width);
    lines.forEach(line -> out.println(Texts.shortened(line, width - 1)));
    drawn = lines.size();
    out.flush();
  }

  /** The lines of the block. */
  static List<String> block(Snapshot now, Duration elapsed, int width) {
    var lines = new ArrayList<String>();
    lines.add("");
    now.spec()
        .ifPresent(
            spec ->
                lines.add(
                    "generation %d/%d   %d of about %d trials ended   %s elapsed%s"
                        .formatted(
                            now.generation(),
                            spec.evolution().generations(),
                            now.ended(),
                            now.expected(),
                            Texts.duration(elapsed),
                            remaining(now))));
    now.status()
        .map(LossSearchStatus::funnel)
        .ifPresent(funnel -> lines.add("funnel  " + Texts.funnel(funnel)));
    if (now.search().isPresent()) {
      lines.add(scores(now));
    }
    List<DetectorTraining> running = now.running();
    running.stream().limit(MOST_TRIALS).map(one -> trial(one, width)).forEach(lines::add);
    if (running.size() > MOST_TRIALS) {
      lines.set(lines.size() - 1, (running.size() - MOST_TRIALS + 1) + " more are running");
    }
    if (running.isEmpty() && now.search().isEmpty()) {
      lines.add("waiting for the trainer   " + Texts.duration(elapsed));
    }
    return lines;
  }

  private static String scores(Snapshot now) {
    String best =
        now.best()
            .map(score -> Texts.number(score.meanAP()) + " (" + score.candidate() + ")")
            .orElse("none yet");
    String baseline =
        now.baseline().isPresent() ? Texts.number(now.baseline().getAsDouble()) : "none yet";
    return "best AP " + best + "   baseline AP " + baseline;
  }

  private static String trial(DetectorTraining training, int width) {
    Optional<Progress> progress = Snapshot.status(training).map(DetectorTrainingStatus::progress);
    String start =
        "  %-10s %s   "
            .formatted(
                Snapshot.trial(training), progress.map(LiveView::progress).orElse("starting"));
    return start + Texts.losses(training, Math.max(LEAST_LOSSES, width - start.length() - 1));
  }

  private static String progress(Progress progress) {
    Double loss = progress.loss();
    return "epoch %d/%d   loss %s   %s left"
        .formatted(
            progress.epoch(),
            progress.epochs(),
            loss == null ? "–" : String.format(Locale.ROOT, "%.3f", loss),
            Texts.duration(progress.remainingSeconds()));
  }

  /** Rough: as if all trials took as long as those that have ended, as many at once as now. */
  private static String remaining(Snapshot now) {
    var seconds =
        now.trainings().stream()
            .flatMap(training -> Snapshot.status(training).stream())
            .map(DetectorTrainingStatus::seconds)
            .filter(time -> time != null)
            .mapToDouble(Double::doubleValue)
            .average();
    long missing = now.expected() - now.ended();
    return seconds.isEmpty() || missing <= 0
        ? ""
        : ", about "
            + Texts.duration(seconds.getAsDouble() * missing / Math.max(1, now.running().size()))
            + " left";
  }

  @Override
  public void end(Snapshot last, List<String> places) {
    clear();
    out.println();
    new ResultTable(last, width).lines().forEach(out::println);
    out.println();
    places.forEach(out::println);
    out.flush();
  }
}
