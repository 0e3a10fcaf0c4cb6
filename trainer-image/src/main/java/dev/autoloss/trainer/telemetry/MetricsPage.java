package dev.autoloss.trainer.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The trainer's own {@code /metrics} for Prometheus, in its text format. Numbers have no labels:
 * one process is one training, and who scrapes knows the pod.
 */
public final class MetricsPage implements Watcher {
  private static final String PATH = "/metrics";
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final int images;
  private final AtomicReference<Optional<Progress>> progress =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Metrics>> metrics =
      new AtomicReference<>(Optional.empty());

  private MetricsPage(HttpServer server, int images) {
    this.server = server;
    this.images = images;
  }

  /**
   * Opens a port.
   *
   * @param port on all addresses of the machine, 0 for any that is free
   * @param images of a step
   * @return the page, being served
   * @throws IOException if the port is taken: the message names it
   */
  public static MetricsPage open(int port, int images) throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException taken) {
      throw new IOException("port %d: %s".formatted(port, taken.getMessage()), taken);
    }
    var page = new MetricsPage(server, images);
    server.createContext(PATH, page::answer);
    server.start();
    return page;
  }

  /**
   * Tells where it listens.
   *
   * @return the port
   */
  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean found = exchange.getRequestURI().getPath().equals(PATH);
      byte[] body = (found ? text() : "").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", TYPE);
      exchange.sendResponseHeaders(found ? 200 : 404, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private String text() {
    var page = new Page();
    progress.get().ifPresent(told -> describe(told, page));
    metrics
        .get()
        .ifPresent(
            found -> page.gauge("evaluation_ap_ratio", "COCO AP of the evaluation.", found.ap()));
    Runtime runtime = Runtime.getRuntime();
    page.gauge(
        "heap_used_bytes",
        "Java heap in use.",
        (double) runtime.totalMemory() - runtime.freeMemory());
    return page.text.toString();
  }

  private void describe(Progress told, Page page) {
    page.counter("steps_total", "Steps done, those of earlier attempts too.", told.iteration());
    page.counter("images_total", "Images learnt from.", (double) told.iteration() * images);
    page.gauge("planned_steps", "Steps of the whole training.", told.iterations());
    page.gauge("epoch", "Epoch at work, from 1.", told.epoch());
    page.gauge("step_duration_seconds", "Mean time of a step.", told.secondsPerIteration());
    page.gauge("remaining_seconds", "Time until the end.", told.remainingSeconds());
    page.gauge("loss", "Mean loss of the last steps.", orNaN(told.loss()));
    page.gauge("classification_loss", "Its part of the classes.", orNaN(told.classificationLoss()));
    page.gauge("regression_loss", "Its part of the boxes.", orNaN(told.regressionLoss()));
  }

  private static double orNaN(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  @Override
  public void progress(Progress now) {
    progress.set(Optional.of(now));
  }

  @Override
  public void result(TrialResult result) {
    metrics.set(Optional.ofNullable(result.metrics()));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Prometheus's text format in the making. */
  private static final class Page {
    private final StringBuilder text = new StringBuilder();

    void counter(String name, String help, double value) {
      add(name, "counter", help, value);
    }

    void gauge(String name, String help, double value) {
      add(name, "gauge", help, value);
    }

    private void add(String name, String type, String help, double value) {
      text.append(
          String.format(
              Locale.ROOT,
              "# HELP autoloss_trainer_%1$s %2$s\n# TYPE autoloss_trainer_%1$s %3$s\nautoloss_trainer_%1$s %4$s\n",
              name,
              help,
              type,
              value));
    }
  }
}
