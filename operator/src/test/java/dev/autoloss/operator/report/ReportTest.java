package dev.autoloss.operator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.FailureReason;
import dev.autoloss.search.Origin;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.TrialOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class ReportTest {
  /** For people to look at. */
  private static final Path SAMPLE = Path.of("target", "report-sample.html");

  private static final String HOSTILE =
      "<script>alert(1)</script>\"'&amp; ]]> \u0000\u001b\uD800 \u202e ü 🙂";

  private static Searches started() {
    return new Searches(2, 1).propose(0, Searches.noFunnel(), Searches.baseline());
  }

  private static Searches oneOf(TrialOutcome outcome) {
    return started()
        .propose(1, Searches.funnel(100, 1), iou(1, 0, Origin.INITIAL))
        .score(Searches.id(0, 0), 0.25)
        .record(Searches.id(1, 0), outcome);
  }

  private static Candidate iou(int generation, int slot, Origin origin) {
    return Searches.candidate(
        generation, slot, origin, Searches.pair(SampleSearch.FOCAL, SampleSearch.IOU));
  }

  @Test
  void tellsOfTheSample() throws IOException {
    String html = SampleSearch.build().html();
    Files.createDirectories(SAMPLE.getParent());
    Files.writeString(SAMPLE, html);
    Page page = Page.parse(html);

    assertTrue(page.text().contains("Under way: generation 3 of 3."));
    assertTrue(
        page.text()
            .contains(
                "g3-c0 reached AP 0.411 (one seed), the default pair 0.371 (one seed): +0.039."),
        page.text());
    assertTrue(page.text().contains("chance alone can make such a difference"));
    assertTrue(page.text().contains("The best of 7 is chosen by the images"));
  }

  @Test
  void drawsADotForEachScoreAndACrossForEachOther() {
    Element chart = Page.parse(SampleSearch.build().html()).section("AP over generations");

    List<Element> dots =
        Page.children(chart, "circle").stream()
            .filter(circle -> !Page.children(circle, "title").isEmpty())
            .toList();
    assertEquals(7, dots.size());
    assertEquals("g1-c0 AP 0.340", Page.text(dots.getFirst()));
    long crosses =
        Page.children(chart, "path").stream()
            .filter(path -> "cross".equals(path.getAttribute("class")))
            .filter(path -> Page.text(path).startsWith("g"))
            .count();
    assertEquals(4, crosses, "diverged, lost, skipped and open");
    double best = Double.parseDouble(dots.getLast().getAttribute("cy"));
    for (Element dot : dots) {
      assertTrue(Double.parseDouble(dot.getAttribute("cy")) >= best, "higher AP is higher up");
    }
  }

  @Test
  void bestSoFarNeverFalls() {
    Element chart = Page.parse(SampleSearch.build().html()).section("AP over generations");
    String way =
        Page.children(chart, "path").stream()
            .filter(path -> Page.text(path).equals("best so far: AP 0.411"))
            .findFirst()
            .orElseThrow()
            .getAttribute("d");
    List<Double> heights =
        Pattern.compile("V([0-9.]+)")
            .matcher(way)
            .results()
            .map(match -> Double.valueOf(match.group(1)))
            .toList();

    assertEquals(2, heights.size(), way);
    assertTrue(heights.get(1) < heights.get(0), way);
  }

  @Test
  void countsTheFunnel() {
    Element funnel = Page.parse(SampleSearch.build().html()).section("Funnel");

    // generated, duplicates, the five gates, trained, scored, diverged, rejected, lost, skipped,
    // open
    assertEquals(
        List.of("412", "51", "102", "51", "153", "51", "0", "4", "3", "1", "0", "0", "0", "0"),
        Page.row(funnel, "1"));
    assertEquals(
        List.of("1,893", "236", "472", "236", "708", "237", "0", "4", "3", "0", "0", "1", "0", "0"),
        Page.row(funnel, "2"));
    assertEquals(
        List.of("2,000", "249", "498", "249", "747", "254", "0", "3", "1", "0", "0", "0", "1", "1"),
        Page.row(funnel, "3"));
    assertTrue(Page.text(funnel).contains("4 of 1,893"));
  }

  @Test
  void ranksLossesWithFormulaStoredFormAndShape() {
    Page page = Page.parse(SampleSearch.build().html());
    Element best = page.section("Best losses");

    assertEquals(
        List.of("1", "0.411", "+0.039", "0.616", "0.370", "1", "48", "40.0 s"),
        Page.row(best, "g3-c0"));
    assertEquals(
        List.of("", "0.371", "–", "0.557", "0.334", "1", "–", "40.0 s"),
        Page.row(best, "default pair"));
    assertEquals(7, page.all("article").size());
    Element first = page.all("article").getFirst();
    assertEquals(2, Page.children(first, "svg").size());
    List<String> stored = Page.children(first, "code").stream().map(Page::text).toList();
    assertEquals(SampleSearch.GIOU, ExpressionParser.parse(stored.get(1), Branch.REGRESSION));
    assertTrue(stored.get(0).startsWith("Neg(Add(Mul(Q,Mul(Add(1,Serf(Sig(NY)))"));
  }

  @Test
  void followsLineageToTheInitialLosses() {
    Page page = Page.parse(SampleSearch.build().html());
    Element lineage = Page.children(page.all("article").getFirst(), "ul").getFirst();

    List<String> told = Page.children(lineage, "b").stream().map(Page::text).toList();
    assertEquals(List.of("g3-c0", "g2-c0", "g1-c2", "g1-c1"), told);
    assertTrue(Page.text(lineage).contains("crossover of g1-c2 and g1-c1, AP 0.402"));
    assertTrue(Page.text(lineage).contains("g1-c1 initial loss, AP 0.366"));
  }

  @Test
  void listsAllCandidates() {
    Element table = Page.parse(SampleSearch.build().html()).section("All candidates");

    assertTrue(Page.text(table).contains("12 candidates, the default pair included"));
    assertEquals(13, Page.children(table, "tr").size());
    assertEquals("lost: Infrastructure: node lost", Page.row(table, "g2-c2").get(1));
    assertEquals("1 − i/u", Page.row(table, "g1-c1").get(6));
  }

  @Test
  void everyFormulaOfTheSampleIsStoredAsItWasProposed() {
    String html = SampleSearch.build().html();

    for (var loss : List.of(SampleSearch.FLI, SampleSearch.IOU, SampleSearch.GIOU)) {
      assertTrue(html.contains("<code>" + Printer.prefix(loss) + "</code>"));
    }
  }

  @Test
  void sameInputSamePage() {
    assertEquals(SampleSearch.build().html(), SampleSearch.build().html());
  }

  @Test
  void nothingProposed() {
    Page page = Page.parse(new Searches(2, 1).html());

    assertTrue(page.text().contains("Nothing is proposed yet."));
    assertTrue(page.text().contains("No loss is trained yet."));
    assertTrue(page.text().contains("No generation is screened yet."));
  }

  @Test
  void onlyTheBaselineIsScored() {
    Page page =
        Page.parse(
            started()
                .propose(1, Searches.funnel(100, 1), iou(1, 0, Origin.INITIAL))
                .score(Searches.id(0, 0), 0.25)
                .html());

    assertTrue(
        page.text()
            .contains(
                "No loss has a score yet: 1 not finished. The default pair reached AP 0.250 (one"
                    + " seed)."));
  }

  @Test
  void allDiverged() {
    Page page = Page.parse(oneOf(new TrialOutcome.Diverged()).html());

    assertTrue(page.text().contains("No loss has a score yet: 1 diverged."));
    assertTrue(page.all("article").isEmpty());
  }

  @Test
  void noLossBeatTheBaseline() {
    Page page =
        Page.parse(
            started()
                .propose(1, Searches.funnel(100, 1), iou(1, 0, Origin.INITIAL))
                .score(Searches.id(0, 0), 0.25)
                .score(Searches.id(1, 0), 0.2)
                .html());

    assertTrue(page.text().contains("No loss beat the default pair. The best, g1-c0"));
    assertTrue(page.text().contains("−0.050"));
    assertFalse(page.text().contains("The best of"), "there is no choice among one");
  }

  @Test
  void baselineWithoutScore() {
    Page page =
        Page.parse(
            started()
                .propose(1, Searches.funnel(100, 1), iou(1, 0, Origin.INITIAL))
                .record(Searches.id(0, 0), new TrialOutcome.Diverged())
                .score(Searches.id(1, 0), 0.2)
                .html());

    assertTrue(page.text().contains("the default pair has no score to compare it with."));
  }

  @Test
  void failedSearchSaysWhy() {
    Page page =
        Page.parse(
            oneOf(new TrialOutcome.Lost("gone"))
                .event(new SearchEvent.Failed(FailureReason.TOO_MANY_LOST, "3 of 4 lost"))
                .html());

    assertEquals(
        "The search failed (too many lost): 3 of 4 lost",
        Page.text(page.styled("p", "alarm").getFirst()));
  }

  @Test
  void severalSeedsGiveAMeanAndAPairedError() {
    Page page =
        Page.parse(
            new Searches(1, 3)
                .propose(0, Searches.noFunnel(), Searches.baseline())
                .propose(1, Searches.funnel(100, 1), iou(1, 0, Origin.INITIAL))
                .score(Searches.id(0, 0), 0.30, 0.32, 0.34)
                .score(Searches.id(1, 0), 0.31, 0.35, 0.36)
                .seal(0)
                .seal(1, Searches.id(1, 0))
                .html());

    assertTrue(page.text().contains("Complete: all 1 generation is sealed."), page.text());
    assertTrue(page.text().contains("reached AP 0.340 (mean of 3 seeds)"));
    // Differences .01 .03 .02: mean .02, deviation .01, error .01/√3.
    assertTrue(
        page.text().contains("difference is +0.020 with a standard error of 0.006 over 3 seeds"));
    assertEquals("2 min 30 s", Page.row(page.section("Best losses"), "g1-c0").getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "lost", "failed"})
  void hostileTextIsOnlyText(String where) {
    Searches search =
        switch (where) {
          case "name" -> oneOf(new TrialOutcome.Diverged()).named(HOSTILE);
          case "lost" -> oneOf(new TrialOutcome.Lost(HOSTILE));
          default ->
              oneOf(new TrialOutcome.Diverged())
                  .event(new SearchEvent.Failed(FailureReason.TOO_MANY_LOST, HOSTILE));
        };
    String html = search.html();
    Page page = Page.parse(html);

    assertTrue(page.all("script").isEmpty());
    assertFalse(html.contains("<script"));
    assertTrue(page.text().contains("<script>alert(1)</script>\"'&amp; ]]>"), page.text());
    assertTrue(page.text().contains("ü 🙂"));
  }

  @Test
  void needsNothingElse() {
    String html = SampleSearch.build().html();
    Page page = Page.parse(html);

    for (String tag : List.of("script", "link", "img", "iframe", "object", "use", "image")) {
      assertTrue(page.all(tag).isEmpty(), tag);
    }
    assertFalse(html.contains("url("));
    assertFalse(html.contains("@import"));
    assertFalse(html.replace("http://www.w3.org/", "").contains("://"));
  }

  @Test
  void everyPictureHasANameAndEveryTableItsHeads() {
    Page page = Page.parse(SampleSearch.build().html());

    for (Element svg : page.all("svg")) {
      assertEquals("img", svg.getAttribute("role"));
      assertFalse(Page.text(Page.children(svg, "title").getFirst()).isBlank());
    }
    for (Element head : page.all("th")) {
      assertFalse(head.getAttribute("scope").isEmpty(), Page.text(head));
    }
  }

  @Test
  void aLargeSearchStaysSmall() {
    Searches search = new Searches(30, 1);
    search
        .propose(0, Searches.noFunnel(), Searches.baseline())
        .score(Searches.id(0, 0), 0.3)
        .seal(0);
    for (int generation = 1; generation <= 30; generation++) {
      var candidates = new ArrayList<Candidate>();
      for (int slot = 0; slot < 500; slot++) {
        candidates.add(large(generation, slot));
      }
      search.propose(
          generation, Searches.funnel(100_000, 500), candidates.toArray(Candidate[]::new));
      for (int slot = 0; slot < 500; slot++) {
        search.score(Searches.id(generation, slot), (generation * 500 + slot) / 16_000.0);
      }
      search.seal(generation, Searches.id(generation, 499));
    }
    String html = search.html();
    Page page = Page.parse(html);

    int bytes = html.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 5_000_000, bytes + " bytes");
    assertEquals(10, page.all("article").size());
    assertTrue(page.text().contains("15,001 candidates"));
    assertTrue(page.text().contains("Of these the first 15,000 by rank are shown."));
  }

  private static Candidate large(int generation, int slot) {
    var losses = Searches.pair(CatalogueLoss.CSE_B_CLASSIFICATION, CatalogueLoss.CSE_B_REGRESSION);
    return generation == 1
        ? Searches.candidate(generation, slot, Origin.RANDOM, losses)
        : Searches.candidate(
            generation,
            slot,
            Origin.CROSSOVER,
            losses,
            Searches.id(generation - 1, slot),
            Searches.id(generation - 1, 499 - slot));
  }
}
