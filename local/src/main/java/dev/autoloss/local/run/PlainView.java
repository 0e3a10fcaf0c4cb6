package dev.autoloss.local.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** A line for each event. */
final class PlainView implements View {
  private static final int WIDTH = 160;

  private final PrintStream out;

  PlainView(PrintStream out) {
    this.out = out;
  }

  @Override
  public void note(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void show(Snapshot now, List<RunEvent> events, Duration elapsed) {
    events.forEach(event -> note(Texts.duration(elapsed) + "  " + Texts.line(event)));
  }

  @Override
  public void end(Snapshot last, List<String> places) {
    out.println();
    new ResultTable(last, WIDTH).lines().forEach(out::println);
    out.println();
    places.forEach(out::println);
    out.flush();
  }
}
