package dev.autoloss.operator;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks a running operator whether it is ready and counts, as a test of an installation. */
record OperatorCheck(String address, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final String COUNTED = "autoloss_build_info";

  static OperatorCheck of(String address) {
    return new OperatorCheck(address, PATIENCE);
  }

  /** Tries until the patience is over; tells the answer, or what is wrong. */
  boolean run(Consumer<String> told) {
    long end = System.nanoTime() + patience.toNanos();
    try (var http = HttpClient.newBuilder().connectTimeout(ANSWER).build()) {
      while (true) {
        String wrong = fault(http);
        if (wrong.isEmpty()) {
          told.accept(address + " is ready and shows its metrics");
          return true;
        }
        if (System.nanoTime() > end) {
          told.accept(wrong);
          return false;
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What is wrong; empty if nothing is. */
  private String fault(HttpClient http) throws InterruptedException {
    try {
      HttpResponse<String> ready = get(http, "/readyz");
      if (ready.statusCode() != HttpURLConnection.HTTP_OK) {
        return address + "/readyz: expected 200, found " + ready.statusCode();
      }
      return get(http, "/metrics").body().contains(COUNTED)
          ? ""
          : address + "/metrics: expected " + COUNTED;
    } catch (IOException | IllegalArgumentException unreachable) {
      return address + ": no answer: " + unreachable;
    }
  }

  private HttpResponse<String> get(HttpClient http, String path)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(address + path)).timeout(ANSWER).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
