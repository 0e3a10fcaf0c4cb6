package dev.autoloss.e2e.standby;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.e2e.PodsByAnnotation;
import dev.autoloss.e2e.RealCluster;
import dev.autoloss.e2e.WholeSuite;
import dev.autoloss.e2e.faults.History;
import dev.autoloss.e2e.faults.SilentRelay;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All connections of an operator fall silent at once and none ends, as behind a load balancer that
 * has forgotten them: it keeps the lease, and finds by itself that it needs others.
 */
class SilentConnectionTest {
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** The client opens a watch again after five to ten minutes, whatever has come through it. */
  private static final Duration LONGEST_WATCH = Duration.ofMinutes(11);

  @TempDir Path directory;

  @Test
  void theLeaseIsKeptAndTheSearchGoesOn() throws Exception {
    WholeSuite.orSkip();
    var jobs = new AtomicInteger();
    try (var cluster = RealCluster.startOrSkip();
        var relay = SilentRelay.start(cluster.endpoint());
        KubernetesClient client = cluster.client();
        ExecutorService kubelet = Executors.newVirtualThreadPerTaskExecutor()) {
      cluster.applyCrds();
      cluster.startFakeNodes(2);
      var pods = new PodsByAnnotation(client);
      String seconds = "--lease-seconds=" + LEASE.toSeconds();
      try (var operator =
              OperatorProcess.start(relay.endpoint(), directory, "silent", "default", seconds);
          var _ =
              History.of(
                  client,
                  "default",
                  job -> {
                    jobs.incrementAndGet();
                    kubelet.execute(() -> pods.end(job, SearchScenario.message(job)));
                  })) {
        var metadata = new ObjectMetaBuilder().withName("small").withNamespace("default").build();
        LossSearch search =
            client.resource(LossSearch.of(metadata, Samples.searchSpec(4, 6, 3))).create();
        await().atMost(LIMIT).until(() -> jobs.get() > 3);
        long silent = System.nanoTime();
        System.out.println("silent: " + relay.fallSilent() + " connections");
        TimeUnit.NANOSECONDS.sleep(LEASE.multipliedBy(2).toNanos());
        checkLeads(client, operator);
        await()
            .atMost(LONGEST_WATCH)
            .until(() -> client.resource(search).get().getStatus().state() == SearchPhase.COMPLETE);
        System.out.printf(
            "silent: complete after %d s%n",
            Duration.ofNanos(System.nanoTime() - silent).toSeconds());
        checkLeads(client, operator);
      }
    }
  }

  /** It has led all the time, and does now. */
  private static void checkLeads(KubernetesClient client, OperatorProcess operator) {
    assertTrue(operator.alive(), operator::log);
    LeaseSpec lease =
        client.leases().inNamespace("default").withName("autoloss-operator").get().getSpec();
    assertTrue(lease.getHolderIdentity().startsWith(operator.name() + "_"), operator::log);
    assertEquals(0, lease.getLeaseTransitions(), operator::log);
    Duration since = Duration.between(lease.getRenewTime().toInstant(), Instant.now());
    assertTrue(since.compareTo(LEASE) < 0, () -> "renewed " + since + " ago\n" + operator.log());
  }
}
