package dev.autoloss.operator.report;

/**
 * The page {@code report.html}: one file that needs nothing else, for screens, phones and paper.
 *
 * <p>It is HTML and well-formed XML at once, runs no script and loads nothing. The same input gives
 * the same page.
 */
public final class Report {
  /** Candidates that are drawn and listed; a page of more helps nobody and opens slowly. */
  private static final int MOST_CANDIDATES = 15_000;

  private Report() {}

  /**
   * Writes the report of a search at any stage, also of one that has only begun or that failed.
   *
   * @param input what to tell of
   * @return the page, below 5 MB for 15,000 candidates
   */
  public static String html(ReportInput input) {
    Results results = Results.of(input);
    var page = new Markup();
    page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
    head(page, input.name());
    page.open("body").open("main").element("h1", "Loss search " + input.name());
    Headline.write(page, input, results);
    section(page, "AP over generations", () -> ProgressChart.write(page, results, MOST_CANDIDATES));
    section(page, "Funnel", () -> funnel(page, results));
    if (!input.state().chosen().isEmpty()) {
      section(page, "Finals and verdict", () -> FinalsTable.write(page, input));
    }
    section(page, "Best losses", () -> BestLosses.write(page, input, results));
    section(page, "All candidates", () -> CandidateTable.write(page, results, MOST_CANDIDATES));
    section(page, "What was searched", () -> Facts.write(page, input));
    page.close().close().close();
    return "<!DOCTYPE html>\n" + page.page() + "\n";
  }

  private static void head(Markup page, String name) {
    page.open("head")
        .leaf("meta", "charset", "utf-8")
        .leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .leaf(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; style-src 'unsafe-inline'")
        .element("title", "Loss search " + name)
        .open("style")
        .trusted(Style.CSS)
        .close()
        .close();
  }

  private static void section(Markup page, String title, Runnable content) {
    page.open("section").element("h2", title);
    content.run();
    page.close();
  }

  private static void funnel(Markup page, Results results) {
    if (results.funnels().isEmpty()) {
      page.element("p", "No generation is screened yet.");
      return;
    }
    FunnelChart.write(page, results);
    FunnelTable.write(page, results);
  }
}
