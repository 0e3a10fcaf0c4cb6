package dev.autoloss.e2e.standby;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.e2e.RealCluster;
import dev.autoloss.e2e.WholeSuite;
import dev.autoloss.e2e.faults.Call;
import dev.autoloss.e2e.faults.Fault;
import dev.autoloss.e2e.faults.SilentRelay;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two operators, each a process, on a real control plane: whatever becomes of the one that leads,
 * the search ends as if nothing had happened, and each object was made and deleted as often.
 */
class StandbyTest {
  private static final int SEEDS = WholeSuite.runs() ? 4 : 1;
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int LOST = 3;
  private static final int TERMINATED = 128 + 15;
  private static final int OPERATORS = 3;
  private static final Duration LEASE = Duration.ofSeconds(15);

  /** The client opens a watch again after five to ten minutes, whatever has come through it. */
  private static final Duration LONGEST_WATCH = Duration.ofMinutes(11);

  private static final String ON_ITS_WAY = "On its way when the lease was lost: ";
  private static final String LOST_RENEWAL = "Lease silent/autoloss-operator: The timeout period";

  @TempDir static Path directory;
  private static RealCluster cluster;
  private static Handover.End undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    cluster = RealCluster.startOrSkip();
    cluster.applyCrds();
    cluster.startFakeNodes(2);
    try (var search = search("undisturbed")) {
      search.start();
      search.apply();
      undisturbed = search.end();
    }
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Handover search(String namespace) {
    return new Handover(cluster.endpoint(), directory, namespace);
  }

  private static void check(Handover.End end, String what) {
    assertEquals(undisturbed.state(), end.state(), what);
    assertEquals(undisturbed.creations(), end.creations(), what);
    assertEquals(undisturbed.deletions(), end.deletions(), what);
  }

  /** What is done to the one that leads, until it has ended; the other one leads by then. */
  interface Disturbance {
    void of(Handover search, Contender leader, Random random) throws Exception;
  }

  static void kill(Handover search, Contender leader, Random random) throws Exception {
    long before = System.nanoTime();
    leader.process().signal("KILL");
    leader.process().awaitEnd(GRACE);
    search.awaitLeader(Optional.of(leader));
    say("KILL", "to the next leader", before);
  }

  static void terminate(Handover search, Contender leader, Random random) throws Exception {
    long before = System.nanoTime();
    leader.process().signal("TERM");
    assertEquals(TERMINATED, leader.process().awaitEnd(GRACE), leader::log);
    say("TERM", "to its end", before);
    search.awaitLeader(Optional.of(leader));
    say("TERM", "to the next leader", before);
    assertTrue(
        leader.log().lines().noneMatch(line -> line.contains("was not given back")), leader::log);
  }

  static void stopAndWake(Handover search, Contender leader, Random random) throws Exception {
    leader.process().signal("STOP");
    // What it has sent before is on its way.
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    int tried = leader.tried();
    long done = leader.done();
    Contender next = search.awaitLeader(Optional.of(leader));
    int writes = random.nextInt(8);
    long from = next.done();
    await()
        .atMost(Handover.LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> next.done() >= from + writes || search.complete());
    long before = System.nanoTime();
    leader.process().signal("CONT");
    assertEquals(LOST, leader.process().awaitEnd(GRACE), leader::log);
    say("CONT", "to its end", before);
    int sent = leader.tried() - tried;
    List<String> onTheirWay =
        leader.log().lines().filter(line -> line.contains(ON_ITS_WAY)).toList();
    System.out.printf(
        "standby: after waking it sent %d writes, of which %d were done; %d were on their way%n",
        sent, leader.done() - done, onTheirWay.size());
    // What had passed its guard before it was stopped can't be called back; that it does no harm
    // is seen at the search's end. Nothing else may come.
    assertTrue(sent <= onTheirWay.size(), leader::log);
  }

  private static void say(String signal, String what, long since) {
    System.out.printf(
        "standby: %s %s %d ms%n", signal, what, (System.nanoTime() - since) / 1_000_000);
  }

  static Stream<Arguments> disturbances() {
    Disturbance kill = StandbyTest::kill;
    Disturbance terminate = StandbyTest::terminate;
    Disturbance stopAndWake = StandbyTest::stopAndWake;
    return LongStream.rangeClosed(1, SEEDS)
        .boxed()
        .flatMap(
            seed ->
                Stream.of(
                    Arguments.of("kill", kill, seed),
                    Arguments.of("terminate", terminate, seed),
                    Arguments.of("stop-and-wake", stopAndWake, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("disturbances")
  void theOtherOneGoesOn(String name, Disturbance disturbance, long seed) throws Exception {
    var random = new Random(seed);
    int handovers = 0;
    try (var search = search(name + "-" + seed)) {
      for (int i = 0; i < OPERATORS; i++) {
        search.awaitReady(search.start());
      }
      search.apply();
      while (true) {
        Contender leader = search.awaitLeader(Optional.empty());
        long writes = leader.done() + 2 + random.nextInt(16);
        await()
            .atMost(Handover.LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> leader.done() >= writes || search.complete() || !leader.alive());
        if (search.complete()) {
          break;
        }
        // On a busy machine one may miss its short term by itself.
        if (leader.alive()) {
          search.awaitAnotherReady(leader);
          disturbance.of(search, leader, random);
          handovers++;
        }
        search.start();
      }
      check(search.end(), name + ", seed " + seed);
      System.out.println("faults: " + handovers);
      assertTrue(handovers > 0, name + ", seed " + seed + ": complete before anything happened");
    }
  }

  @Test
  void theOneThatWaitsIsReadyAndShowsItsMetrics() throws Exception {
    try (var search = search("waits")) {
      Contender one = search.start();
      search.awaitLeader(Optional.empty());
      Contender two = search.start();
      search.awaitReady(two);
      assertEquals("200 ok\n", two.page("/healthz"));
      String metrics = two.page("/metrics");
      assertTrue(metrics.contains("autoloss_trials"), metrics);
      assertEquals(Optional.of(one), search.leader());
      assertEquals(0, two.tried());
      // The same with the API server gone: alive, but not ready; and ready again.
      two.proxy().down(true);
      await()
          .atMost(Handover.LIMIT)
          .until(() -> two.page("/readyz").equals("503 the API server does not answer\n"));
      assertEquals("200 ok\n", two.page("/healthz"));
      two.proxy().down(false);
      search.awaitReady(two);
    }
  }

  /** What a container does whose operator has ended because it lost the lease. */
  @Test
  void oneThatIsStartedAgainIsReadySoon() throws Exception {
    try (var search = search("again")) {
      search.awaitReady(search.start());
      for (int i = 0; i < 3; i++) {
        long before = System.nanoTime();
        search.awaitReady(search.start());
        say("start", "to ready", before);
      }
    }
  }

  /** The creation of a Job hangs in the API server. */
  @Test
  void aReconciliationThatHangsIsNoticed() throws Exception {
    var released = new CountDownLatch(1);
    Fault hanging =
        new Fault() {
          @Override
          public java.util.OptionalInt refusal(Call call) {
            if (call.write() && call.about("jobs")) {
              try {
                released.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            }
            return java.util.OptionalInt.empty();
          }
        };
    try (var search = search("hangs")) {
      Contender one = search.start("--stuck-seconds=4");
      search.awaitLeader(Optional.empty());
      one.proxy().happens(hanging);
      search.apply();
      await().atMost(Handover.LIMIT).until(() -> one.page("/healthz").startsWith("503"));
      String page = one.page("/healthz");
      assertTrue(page.contains("controller detectortraining is stuck"), page);
      released.countDown();
      await().atMost(Handover.LIMIT).until(() -> one.page("/healthz").startsWith("200"));
      check(search.end(), "a request that hung");
    }
  }

  /** As behind a load balancer that has forgotten all connections and ends none. */
  @Test
  void connectionsThatFallSilentCostNoLease() throws Exception {
    WholeSuite.orSkip();
    String seconds = "--lease-seconds=" + LEASE.toSeconds();
    try (var relay = SilentRelay.start(cluster.endpoint());
        var search = search("silent");
        var operator =
            OperatorProcess.start(relay.endpoint(), directory, "silent", "silent", seconds)) {
      search.apply();
      await().atMost(Handover.LIMIT).until(() -> search.jobs() > 3);
      long before = System.nanoTime();
      System.out.println("standby: " + relay.fallSilent() + " connections fall silent");
      TimeUnit.NANOSECONDS.sleep(LEASE.multipliedBy(2).toNanos());
      checkLeads(search, operator);
      assertTrue(operator.log().contains(LOST_RENEWAL), operator::log);
      await().atMost(LONGEST_WATCH).until(search::complete);
      say("silence", "to the search's end", before);
      checkLeads(search, operator);
      check(search.end(), "connections that fell silent");
    }
  }

  /** It has led all the time, and does now. */
  private static void checkLeads(Handover search, OperatorProcess operator) {
    assertTrue(operator.alive(), operator::log);
    LeaseSpec lease = search.lease().orElseThrow();
    assertTrue(lease.getHolderIdentity().startsWith(operator.name() + "_"), operator::log);
    assertEquals(0, lease.getLeaseTransitions(), operator::log);
    Duration since = Duration.between(lease.getRenewTime().toInstant(), Instant.now());
    assertTrue(since.compareTo(LEASE) < 0, () -> "renewed " + since + " ago\n" + operator.log());
  }
}
