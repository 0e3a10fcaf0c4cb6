package dev.autoloss.operator.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** AP over generations: each candidate a dot, the best so far and the baseline as lines. */
final class ProgressChart {
  private static final double WIDTH = 720;
  private static final double HEIGHT = 320;
  private static final double LEFT = 56;
  private static final double RIGHT = 708;
  private static final double TOP = 34;
  private static final double BOTTOM = 250;

  /** Where candidates without a score stand. */
  private static final double UNSCORED = 266;

  private static final double AXIS_TITLE = 310;
  private static final double MARGIN = 0.05;

  /** Share of a generation's column that its dots take. */
  private static final double SPREAD = 0.7;

  private static final int MOST_LABELS = 20;

  private final Results results;
  private final int generations;
  private final Axis across;
  private final Axis up;
  private final Markup page;

  private ProgressChart(Markup page, Results results) {
    this.page = page;
    this.results = results;
    this.generations = Math.max(1, results.generation());
    this.across = new Axis(0.5, generations + 0.5, LEFT, RIGHT);
    this.up = vertical(results);
  }

  /**
   * Draws; at most the given number of candidates, the best first, and each that has no score while
   * there is room.
   */
  static void write(Markup page, Results results, int most) {
    new ProgressChart(page, results).draw(most);
  }

  private static Axis vertical(Results results) {
    double[] shown =
        results.candidates().values().stream()
            .flatMapToDouble(result -> result.ap().stream())
            .toArray();
    if (shown.length == 0) {
      return new Axis(0, 1, BOTTOM, TOP);
    }
    double low = Arrays.stream(shown).min().getAsDouble();
    double high = Arrays.stream(shown).max().getAsDouble();
    double margin = Math.max(MARGIN * (high - low), 0.005);
    return new Axis(Math.max(0, low - margin), Math.min(1, high + margin), BOTTOM, TOP);
  }

  private void draw(int most) {
    String title = "AP of each candidate over the generations, against the default pair";
    page.open("figure")
        .open(
            "svg",
            "xmlns",
            "http://www.w3.org/2000/svg",
            "viewBox",
            "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT),
            "width",
            "720",
            "height",
            "320",
            "role",
            "img",
            "aria-label",
            title)
        .element("title", title);
    axes();
    baseline();
    best();
    scored(most);
    unscored(most);
    legend();
    page.close().close();
  }

  private void axes() {
    for (double tick : up.ticks()) {
      line("axis", LEFT, up.at(tick), RIGHT, up.at(tick));
      text(LEFT - 6, up.at(tick) + 4, "end", up.label(tick));
    }
    line("axis", LEFT, UNSCORED + 10, RIGHT, UNSCORED + 10);
    text(LEFT - 6, UNSCORED + 4, "end", "no AP");
    int every = (generations + MOST_LABELS - 1) / MOST_LABELS;
    for (int generation = 1; generation <= generations; generation += every) {
      text(across.at(generation), UNSCORED + 24, "middle", Integer.toString(generation));
    }
    text((LEFT + RIGHT) / 2, AXIS_TITLE, "middle", "generation");
    text(8, 14, "start", "AP (0 to 1)");
  }

  private void baseline() {
    results
        .baseline()
        .ifPresent(
            base ->
                base.ap()
                    .ifPresent(
                        ap ->
                            path(
                                "base",
                                "M%s %sH%s".formatted(place(LEFT), place(up.at(ap)), place(RIGHT)),
                                "default pair: AP " + Digits.share(ap))));
  }

  private void best() {
    var way = new StringBuilder();
    OptionalDouble best = OptionalDouble.empty();
    for (int generation = 1; generation <= generations; generation++) {
      OptionalDouble now =
          results.of(generation).stream().flatMapToDouble(result -> result.ap().stream()).max();
      if (now.isPresent() && now.getAsDouble() > best.orElse(-1)) {
        best = now;
      }
      if (best.isPresent()) {
        String height = place(up.at(best.getAsDouble()));
        way.append(
            way.isEmpty()
                ? "M%s %s".formatted(place(across.at(generation - 0.5)), height)
                : "V" + height);
        way.append('H').append(place(across.at(generation + 0.5)));
      }
    }
    if (best.isPresent()) {
      path("best", way.toString(), "best so far: AP " + Digits.share(best));
    }
  }

  private void scored(int most) {
    List<CandidateResult> dots = new ArrayList<>(results.ranking());
    dots.subList(0, Math.min(most, dots.size())).stream()
        .sorted(Comparator.comparing(CandidateResult::id))
        .forEach(this::dot);
  }

  private void dot(CandidateResult result) {
    double ap = result.ap().orElseThrow();
    page.open(
            "circle", "class", "blue dot", "cx", place(x(result)), "cy", place(up.at(ap)), "r", "3")
        .element("title", result.id() + " AP " + Digits.share(ap))
        .close();
  }

  private void unscored(int most) {
    results.candidates().values().stream()
        .filter(result -> result.ap().isEmpty() && result.evolved())
        .limit(Math.max(0, most - results.ranking().size()))
        .forEach(
            result ->
                path(
                    "cross",
                    "M%s %sl6 6m0-6l-6 6".formatted(place(x(result) - 3), place(UNSCORED - 3)),
                    result.id() + " " + result.standing().label()));
  }

  /** Slots side by side within their generation's column. */
  private double x(CandidateResult result) {
    int generation = result.id().generation();
    int slots = results.slots(generation);
    double share = slots <= 1 ? 0 : (double) result.id().slot() / (slots - 1) - 0.5;
    return across.at(generation + SPREAD * share);
  }

  private void legend() {
    page.leaf("circle", "class", "blue dot", "cx", "170", "cy", "10", "r", "3");
    text(178, 14, "start", "a candidate");
    path("best", "M270 10h24", "best so far");
    text(300, 14, "start", "best so far");
    path("base", "M390 10h24", "default pair");
    text(420, 14, "start", "default pair");
    path("cross", "M517 7l6 6m0-6l-6 6", "no AP");
    text(530, 14, "start", "diverged, rejected, lost or open");
  }

  private void path(String style, String way, String title) {
    page.open("path", "class", style, "d", way).element("title", title).close();
  }

  private void line(String style, double x, double y, double toX, double toY) {
    page.leaf(
        "path",
        "class",
        style,
        "d",
        "M%s %sL%s %s".formatted(place(x), place(y), place(toX), place(toY)));
  }

  private void text(double x, double y, String anchor, String text) {
    page.element("text", text, "x", place(x), "y", place(y), "text-anchor", anchor);
  }

  private static String place(double place) {
    return Axis.place(place);
  }
}
