package dev.autoloss.operator.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.operator.Samples;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final HasMetadata TRAINING = Samples.training("t");
  private static final Map<String, Object> CONTROLLER =
      Map.of(Constants.CONTROLLER_NAME, "detectortraining");

  private final AtomicLong now = new AtomicLong(5_000_000_000L);
  private final Heartbeat heartbeat = new Heartbeat(Metrics.NOOP, Duration.ofMinutes(10), now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** A reconciliation that returns when it is let go. */
  private record Hanging(CountDownLatch begun, CountDownLatch end)
      implements Metrics.ControllerExecution<String> {
    @Override
    public String name() {
      return "reconcile";
    }

    @Override
    public String controllerName() {
      return "detectortraining";
    }

    @Override
    public String successTypeName(String result) {
      return result;
    }

    @Override
    public ResourceID resourceID() {
      return new ResourceID("t", "default");
    }

    @Override
    public Map<String, Object> metadata() {
      return CONTROLLER;
    }

    @Override
    public String execute() throws InterruptedException {
      begun.countDown();
      end.await();
      return "done";
    }
  }

  @Test
  void aReconciliationThatHangsIsNamed() throws Exception {
    var hanging = new Hanging(new CountDownLatch(1), new CountDownLatch(1));
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    heartbeat.timeControllerExecution(hanging);
                  } catch (Exception impossible) {
                    throw new IllegalStateException(impossible);
                  }
                });
    hanging.begun().await();
    pass(Duration.ofMinutes(10));
    assertEquals(Optional.empty(), heartbeat.stuck());
    pass(Duration.ofSeconds(1));
    assertEquals(
        Optional.of(
            "controller detectortraining is stuck: it reconciles "
                + hanging.resourceID()
                + " for 601 s"),
        heartbeat.stuck());
    hanging.end().countDown();
    thread.join();
    assertEquals(Optional.empty(), heartbeat.stuck());
  }

  @Test
  void aQueueFromWhichNothingIsTakenIsNamed() {
    heartbeat.reconcileCustomResource(TRAINING, null, CONTROLLER);
    heartbeat.reconcileCustomResource(TRAINING, null, CONTROLLER);
    pass(Duration.ofMinutes(11));
    assertEquals(
        Optional.of(
            "controller detectortraining is stuck: 2 resources wait, none was taken for 660 s"),
        heartbeat.stuck());
    heartbeat.reconciliationExecutionStarted(TRAINING, CONTROLLER);
    heartbeat.reconciliationExecutionFinished(TRAINING, CONTROLLER);
    assertEquals(Optional.empty(), heartbeat.stuck());
    pass(Duration.ofMinutes(9));
    heartbeat.reconciliationExecutionFinished(TRAINING, CONTROLLER);
    pass(Duration.ofHours(5));
    assertEquals(
        Optional.empty(), heartbeat.stuck(), "an empty queue may stand as long as it likes");
    heartbeat.reconcileCustomResource(TRAINING, null, CONTROLLER);
    assertEquals(Optional.empty(), heartbeat.stuck(), "the wait is counted from now");
  }
}
