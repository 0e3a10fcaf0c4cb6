package dev.autoloss.trainer.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
  private static final Progress HALF = new Progress(2, 4, 50, 100, 1.5, .5, -.25, .125, 6.25);

  private static HttpResponse<String> get(MetricsPage page, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + page.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void tellsWhereTheTrainingStands() throws IOException, InterruptedException {
    try (MetricsPage page = MetricsPage.open(0, 16)) {
      assertFalse(get(page, "/metrics").body().contains("steps_total"));
      page.progress(HALF);
      HttpResponse<String> answer = get(page, "/metrics");
      assertEquals(200, answer.statusCode());
      assertTrue(
          answer.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"),
          answer.headers().toString());
      List<String> lines = answer.body().lines().toList();
      assertTrue(lines.contains("# TYPE autoloss_trainer_steps_total counter"), answer.body());
      assertTrue(lines.contains("autoloss_trainer_steps_total 50.0"), answer.body());
      assertTrue(lines.contains("autoloss_trainer_images_total 800.0"), answer.body());
      assertTrue(lines.contains("autoloss_trainer_regression_loss -0.25"), answer.body());
      assertTrue(answer.body().endsWith("\n"));
      assertTrue(
          lines.stream()
              .allMatch(
                  line ->
                      line.matches("# (HELP|TYPE) autoloss_trainer_.*|autoloss_trainer_\\w+ \\S+")),
          answer.body());
      assertEquals(404, get(page, "/metrics/other").statusCode());
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (MetricsPage page = MetricsPage.open(0, 1)) {
      var thrown = assertThrows(IOException.class, () -> MetricsPage.open(page.port(), 1).close());
      assertTrue(thrown.getMessage().startsWith("port " + page.port() + ": "), thrown.getMessage());
    }
  }

  /** A watcher whose disk is full. */
  private static final class Full implements Watcher {
    private int told;
    private boolean closed;

    @Override
    public void progress(Progress progress) throws IOException {
      told++;
      throw new IOException("no space left");
    }

    @Override
    public void result(TrialResult result) {}

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void aWatcherThatFailsIsNamedOnceAndStopsNobody() throws IOException, InterruptedException {
    var full = new Full();
    List<String> notes = new ArrayList<>();
    try (MetricsPage page = MetricsPage.open(0, 1);
        var watchers = new Watchers(List.of(full, page), notes::add)) {
      watchers.progress(HALF);
      watchers.progress(HALF);
      watchers.result(
          new TrialResult(Outcome.DIVERGED, "hash", 1, "digest", null, 12, "CPU", "lost"));
      assertTrue(get(page, "/metrics").body().contains("autoloss_trainer_steps_total 50.0"));
    }
    assertEquals(1, full.told);
    assertTrue(full.closed);
    assertEquals(List.of("Full is not written any more: no space left"), notes);
  }
}
