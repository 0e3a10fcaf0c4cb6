package dev.autoloss.operator.health;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the API server for its version from time to time, so as to know that it can be reached. */
public final class Contact implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);
  private static final Duration EVERY = Duration.ofSeconds(3);
  private static final Duration ENOUGH = Duration.ofSeconds(12);
  private static final RequestConfig ONCE =
      new RequestConfigBuilder()
          .withRequestTimeout((int) EVERY.toMillis())
          .withRequestRetryBackoffLimit(0)
          .build();

  private final LongSupplier nanoTime;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("contact").factory());
  private volatile long last;

  private Contact(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong() - ENOUGH.toNanos() - 1;
  }

  /**
   * Starts to ask.
   *
   * @param client client to ask with
   * @param nanoTime a clock as {@link System#nanoTime} is one
   * @return a contact that asks until it is closed
   */
  public static Contact start(KubernetesClient client, LongSupplier nanoTime) {
    var contact = new Contact(nanoTime);
    var namespaced = client.adapt(NamespacedKubernetesClient.class);
    var _ =
        contact.thread.scheduleWithFixedDelay(
            () -> contact.ask(namespaced), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return contact;
  }

  private void ask(NamespacedKubernetesClient client) {
    try {
      if (client.withRequestConfig(ONCE).call(one -> one.raw("/version")) != null) {
        last = nanoTime.getAsLong();
      }
    } catch (KubernetesClientException unreachable) {
      LOG.debug("The API server does not answer: {}", unreachable.getMessage());
    } catch (RuntimeException unexpected) {
      // An exception that leaves a scheduled task would end all asking.
      LOG.warn("The API server was not asked", unexpected);
    }
  }

  /**
   * Says whether the API server has answered lately.
   *
   * @return true if it has within the last 12 seconds
   */
  public boolean lately() {
    return nanoTime.getAsLong() - last <= ENOUGH.toNanos();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
