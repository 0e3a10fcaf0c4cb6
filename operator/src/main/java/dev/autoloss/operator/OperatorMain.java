package dev.autoloss.operator;

import dev.autoloss.operator.lease.Leadership;
import dev.autoloss.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the operator in a cluster until it is told to stop. */
public final class OperatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);

  /** Reconciliations have six seconds, and giving the lease back two requests. */
  private static final Duration STOP = Duration.ofSeconds(9);

  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int LOST = 3;

  private OperatorMain() {}

  /**
   * Starts the operator; with {@code check URL} it only asks one that runs, and exits with 0 if
   * that is ready.
   *
   * @param arguments see {@link OperatorOptions#parse}
   */
  public static void main(String[] arguments) {
    if (arguments.length == 2 && "check".equals(arguments[0])) {
      System.exit(OperatorCheck.of(arguments[1]).run(LOG::info) ? 0 : FAILED);
    }
    OperatorOptions options;
    try {
      options = OperatorOptions.parse(System.getenv(), arguments);
    } catch (IllegalArgumentException wrong) {
      LOG.error("{}", wrong.getMessage());
      System.exit(USAGE);
      return;
    }
    Leadership leadership =
        options.leaseNamespace().isPresent()
            ? new Leadership(System::nanoTime)
            : Leadership.alone();
    var metrics = new OperatorMetrics(options.searchSeries());
    KubernetesClient client = OperatorClient.of(Config.autoConfigure(null), metrics, leadership);
    KubernetesClient lease = OperatorClient.forLease(Config.autoConfigure(null), metrics);
    try {
      AutolossOperator operator =
          AutolossOperator.start(client, lease, options, metrics, leadership, OperatorMain::die);
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(operator, client, lease)));
      LOG.info("Autoloss operator started; HTTP port {}", operator.httpPort());
    } catch (IOException | OperatorException | KubernetesClientException failure) {
      LOG.error("The operator did not start: {}", failure.getMessage());
      System.exit(FAILED);
    }
  }

  /** Without any farewell: another operator may be at work already. */
  private static void die(String why) {
    LOG.error("Ends, to be started again: {}", why);
    Runtime.getRuntime().halt(LOST);
  }

  /** In a thread of its own, so that nothing that hangs keeps the process. */
  private static void stop(
      AutolossOperator operator, KubernetesClient client, KubernetesClient lease) {
    Thread stopping =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  operator.close();
                  client.close();
                  lease.close();
                });
    try {
      stopping.join(STOP);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
