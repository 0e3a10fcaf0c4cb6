package dev.autoloss.operator.metrics;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** All numbers of one operator: its searches and trainings, its calls, its process. */
public final class OperatorMetrics implements AutoCloseable {
  private static final String CALLS = "autoloss-api-calls";
  private static final String UNPACKED = "unknown";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final AtomicBoolean leading = new AtomicBoolean();
  private final SearchMetrics searches;
  private final TrainingMetrics trainings = new TrainingMetrics(registry);

  /**
   * Registers all meters.
   *
   * @param mostSeries searches that have series of their own, at most; 0 for none
   */
  public OperatorMetrics(int mostSeries) {
    this.searches = new SearchMetrics(registry, mostSeries);
    Gauge.builder("autoloss.leader", leading, led -> led.get() ? 1 : 0)
        .description("1 while this operator is the one that works")
        .register(registry);
    Gauge.builder("autoloss.build.info", () -> 1)
        .description("Version of the operator")
        .tag("version", version())
        .register(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    collections.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessMemory().bindTo(registry);
  }

  private static String version() {
    return Objects.requireNonNullElse(
        OperatorMetrics.class.getPackage().getImplementationVersion(), UNPACKED);
  }

  /**
   * Where other meters go.
   *
   * @return the registry, which this object closes
   */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Meters of searches.
   *
   * @return the same object each time
   */
  public SearchMetrics searches() {
    return searches;
  }

  /**
   * Meters of trainings.
   *
   * @return the same object each time
   */
  public TrainingMetrics trainings() {
    return trainings;
  }

  /**
   * Lets a client count its requests.
   *
   * @param client the client's part that sends them, before it is built
   */
  public void count(HttpClient.Builder client) {
    client.addOrReplaceInterceptor(CALLS, new ApiCalls(registry));
  }

  /**
   * Says whether this operator is the one that works.
   *
   * @param leads true from the start where there is no election
   */
  public void leads(boolean leads) {
    leading.set(leads);
  }

  /**
   * The numbers now.
   *
   * @return Prometheus' text format, version 0.0.4
   */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
