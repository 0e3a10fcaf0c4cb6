package dev.autoloss.operator.report;

import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.Funnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the candidates of each generation fell: a bar of shares for screening, one for training.
 */
final class FunnelChart {
  private static final int WIDTH = 720;
  private static final int TOP = 76;
  private static final int ROW = 22;
  private static final int BAR = 14;
  private static final double SCREENING = 56;
  private static final double SCREENING_WIDTH = 290;
  private static final double TRAINING = 474;
  private static final double TRAINING_WIDTH = 180;

  /** Older generations are in the table only. */
  private static final int MOST_ROWS = 40;

  private record Part(String name, String colour, long count) {}

  private final Markup page;
  private final Results results;

  private FunnelChart(Markup page, Results results) {
    this.page = page;
    this.results = results;
  }

  static void write(Markup page, Results results) {
    new FunnelChart(page, results).draw();
  }

  /** Why a loss fell at a gate, in legends and column heads. */
  static String failing(Gate gate) {
    return switch (gate) {
      case FINITE -> "not finite";
      case INPUTS -> "ignores inputs";
      case MONOTONE -> "not monotone";
      case DISTANCE_CONSISTENT -> "not distance-consistent";
      case PREDICTIONS -> "predictions no better";
    };
  }

  private static String colour(Gate gate) {
    return switch (gate) {
      case FINITE -> "red";
      case INPUTS -> "orange";
      case MONOTONE -> "purple";
      case DISTANCE_CONSISTENT -> "sky";
      case PREDICTIONS -> "blue";
    };
  }

  private void draw() {
    List<Map.Entry<Integer, Funnel>> generations = List.copyOf(results.funnels().entrySet());
    List<Map.Entry<Integer, Funnel>> shown =
        generations.subList(Math.max(0, generations.size() - MOST_ROWS), generations.size());
    int height = TOP + ROW * shown.size() + 6;
    String title = "Shares of each generation's losses by what became of them";
    page.open("figure")
        .open(
            "svg",
            "xmlns",
            "http://www.w3.org/2000/svg",
            "viewBox",
            "0 0 %d %d".formatted(WIDTH, height),
            "width",
            Integer.toString(WIDTH),
            "height",
            Integer.toString(height),
            "role",
            "img",
            "aria-label",
            title)
        .element("title", title);
    legend(SCREENING, SCREENING + 330, screening(new Funnel(0, 0, Map.of(), 0, 0)));
    legend(TRAINING, WIDTH, training(List.of()));
    text(SCREENING, TOP - 8, "start", "screening, share of the generated");
    text(TRAINING, TOP - 8, "start", "training, share of the trained");
    for (int k = 0; k < shown.size(); k++) {
      row(shown.get(k).getKey(), shown.get(k).getValue(), TOP + ROW * k);
    }
    page.close().close();
  }

  private void row(int generation, Funnel funnel, int y) {
    List<CandidateResult> trained = results.of(generation);
    text(SCREENING - 8, y + 11, "end", Integer.toString(generation));
    bar(SCREENING, SCREENING_WIDTH, y, screening(funnel));
    text(
        SCREENING + SCREENING_WIDTH + 6,
        y + 11,
        "start",
        Digits.count(funnel.trained()) + " of " + Digits.count(funnel.generated()));
    bar(TRAINING, TRAINING_WIDTH, y, training(trained));
    long scored = trained.stream().filter(result -> result.ap().isPresent()).count();
    text(
        TRAINING + TRAINING_WIDTH + 6,
        y + 11,
        "start",
        Digits.count(scored) + " of " + Digits.count(trained.size()));
  }

  private static List<Part> screening(Funnel funnel) {
    var parts = new ArrayList<Part>();
    parts.add(new Part("duplicate", "grey", funnel.duplicates()));
    for (Gate gate : Gate.values()) {
      parts.add(new Part(failing(gate), colour(gate), funnel.rejected().getOrDefault(gate, 0)));
    }
    parts.add(new Part("passed", "green", funnel.trained()));
    return parts;
  }

  private List<Part> training(List<CandidateResult> trained) {
    var parts = new ArrayList<Part>();
    for (Standing standing : results.standings()) {
      parts.add(
          new Part(
              standing.label(),
              standing.colour(),
              trained.stream().filter(result -> result.standing() == standing).count()));
    }
    return parts;
  }

  private void bar(double start, double width, int y, List<Part> parts) {
    long whole = parts.stream().mapToLong(Part::count).sum();
    double x = start;
    for (Part part : parts) {
      if (part.count() == 0) {
        continue;
      }
      double length = width * part.count() / whole;
      page.open(
              "rect",
              "class",
              part.colour(),
              "x",
              Axis.place(x),
              "y",
              Integer.toString(y),
              "width",
              Axis.place(Math.max(length, 1)),
              "height",
              Integer.toString(BAR))
          .element("title", part.name() + ": " + Digits.count(part.count()))
          .close();
      x += length;
    }
  }

  private void legend(double start, double end, List<Part> parts) {
    double x = start;
    int y = 4;
    for (Part part : parts) {
      double length = 24 + 6.0 * part.name().length();
      if (x + length > end) {
        x = start;
        y += 15;
      }
      page.leaf(
          "rect",
          "class",
          part.colour(),
          "x",
          Axis.place(x),
          "y",
          Integer.toString(y),
          "width",
          "10",
          "height",
          "10");
      text(x + 14, y + 9, "start", part.name());
      x += length;
    }
  }

  private void text(double x, double y, String anchor, String text) {
    page.element("text", text, "x", Axis.place(x), "y", Axis.place(y), "text-anchor", anchor);
  }
}
