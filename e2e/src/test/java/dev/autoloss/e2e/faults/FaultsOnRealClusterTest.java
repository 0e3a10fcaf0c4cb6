package dev.autoloss.e2e.faults;

import dev.autoloss.e2e.PodsByAnnotation;
import dev.autoloss.e2e.RealCluster;
import dev.autoloss.e2e.WholeSuite;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;

/**
 * The faults on a real control plane, whose Job controller, scheduler and garbage collector go on
 * while the operator is disturbed; its pods end on fake nodes.
 */
final class FaultsOnRealClusterTest extends FaultSuite {
  private RealCluster cluster;

  @Override
  Ground start() throws Exception {
    WholeSuite.orSkip();
    cluster = RealCluster.startOrSkip();
    cluster.applyCrds();
    cluster.startFakeNodes(2);
    return new Ground(cluster.endpoint(), PodsByAnnotation::new, Duration.ofSeconds(2));
  }

  /** The API server's process is ended: nobody else reaches it either. */
  @Override
  void stayAway() throws Exception {
    cluster.stopApiServer();
    Thread.sleep(Duration.ofMinutes(2));
    cluster.startApiServer();
  }

  @Override
  int stride() {
    return 1;
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }
}
