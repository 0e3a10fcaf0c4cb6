package dev.autoloss.operator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseElectionTest {
  private static final LeaseTiming TIMING = LeaseTiming.of(Duration.ofSeconds(15));
  private static final LeaseElection.Key KEY = new LeaseElection.Key("autoloss", "operator");

  private final Server server = new Server();
  private long now = 1_000_000_000_000L;

  /** Compares and swaps as the API server does. */
  private static final class Server {
    private Optional<Lease> lease = Optional.empty();
    private long version;

    Optional<Lease> store(Lease next) {
      version++;
      lease =
          Optional.of(
              new LeaseBuilder(next)
                  .editMetadata()
                  .withResourceVersion(Long.toString(version))
                  .endMetadata()
                  .build());
      return lease;
    }

    boolean newest(Lease candidate) {
      return lease
          .map(one -> one.getMetadata().getResourceVersion())
          .equals(Optional.ofNullable(candidate.getMetadata().getResourceVersion()));
    }

    String holder() {
      return lease.map(one -> one.getSpec().getHolderIdentity()).orElse(null);
    }
  }

  /** One process: its election, and what becomes of its requests. */
  private final class Candidate implements LeaseStore, LeaseElection.Outcome {
    final Leadership leadership = new Leadership(() -> now);
    final List<String> told = new ArrayList<>();
    final LeaseElection election;
    boolean reachable = true;
    boolean answered = true;

    Candidate(String identity, Duration clockError) {
      var template =
          new LeaseElection.Template(
              KEY, identity, () -> Instant.ofEpochSecond(0, now).plus(clockError));
      election = new LeaseElection(this, template, TIMING, leadership, this);
    }

    @Override
    public Optional<Lease> read() {
      return answer(server.lease);
    }

    @Override
    public Optional<Lease> create(Lease lease) {
      reach();
      return answer(server.lease.isEmpty() ? server.store(lease) : Optional.empty());
    }

    @Override
    public Optional<Lease> replace(Lease lease) {
      reach();
      return answer(server.newest(lease) ? server.store(lease) : Optional.empty());
    }

    private void reach() {
      if (!reachable) {
        throw new KubernetesClientException("unreachable");
      }
    }

    private Optional<Lease> answer(Optional<Lease> lease) {
      reach();
      if (!answered) {
        throw new KubernetesClientException("no answer");
      }
      return lease;
    }

    @Override
    public void leads() {
      told.add("leads");
    }

    @Override
    public void lost(String why) {
      told.add("lost");
    }

    void look() {
      election.watch();
      election.step();
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void theFirstLeadsAndTheOtherWaitsUntilTheLeaseHasRunOut() {
    var one = new Candidate("one", Duration.ZERO);
    var two = new Candidate("two", Duration.ZERO);
    one.look();
    two.look();
    assertEquals("one", server.holder());
    assertTrue(one.leadership.holds());
    assertFalse(two.leadership.holds());
    pass(TIMING.lease());
    two.look();
    assertEquals("one", server.holder(), "respected for exactly its duration");
    pass(Duration.ofMillis(1));
    two.look();
    assertEquals("two", server.holder());
    assertEquals(List.of("leads"), two.told);
    assertEquals(1, server.lease.orElseThrow().getSpec().getLeaseTransitions());
    assertFalse(one.leadership.holds(), "its term ended before");
    one.look();
    assertEquals(List.of("leads", "lost"), one.told);
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void aClockThatIsWrongTakesNothingFromALeaderThatRenews(long error) {
    var one = new Candidate("one", Duration.ZERO);
    var two = new Candidate("two", Duration.ofSeconds(error));
    for (int i = 0; i < 100; i++) {
      one.look();
      two.look();
      pass(TIMING.retry());
    }
    assertEquals(List.of("leads"), one.told);
    assertEquals(List.of(), two.told);
  }

  @Test
  void aLeaderThatReachesNobodyStopsBeforeAnotherOneStarts() {
    var one = new Candidate("one", Duration.ZERO);
    one.look();
    one.reachable = false;
    pass(TIMING.term().minusMillis(1));
    one.look();
    assertEquals(List.of("leads"), one.told);
    assertTrue(one.leadership.holds());
    pass(Duration.ofMillis(1));
    assertFalse(one.leadership.holds(), "before it was looked at");
    one.look();
    assertEquals(List.of("leads", "lost"), one.told);
    one.reachable = true;
    one.look();
    assertFalse(one.leadership.holds(), "what was lost is lost");
  }

  @Test
  void aRenewalWhoseAnswerIsLostIsNoLoss() {
    var one = new Candidate("one", Duration.ZERO);
    one.look();
    one.answered = false;
    pass(TIMING.retry());
    assertEquals(TIMING.retryFailed(), one.election.step());
    assertTrue(TIMING.retryFailed().compareTo(TIMING.retry()) < 0);
    one.answered = true;
    pass(TIMING.retryFailed());
    assertEquals(TIMING.retry(), one.election.step());
    pass(TIMING.term().minusMillis(1));
    assertTrue(one.leadership.holds());
    assertEquals(List.of("leads"), one.told);
  }

  @Test
  void whatIsGivenBackIsFreeAtOnce() {
    var one = new Candidate("one", Duration.ZERO);
    var two = new Candidate("two", Duration.ZERO);
    one.look();
    two.look();
    one.election.close();
    assertFalse(one.leadership.holds());
    two.look();
    assertEquals("two", server.holder());
    assertEquals(List.of("leads"), one.told, "who gives it back has not lost it");
  }

  @Test
  void oneThatWaitsTriesNoSoonerWhereNothingIsReached() {
    var one = new Candidate("one", Duration.ZERO);
    one.reachable = false;
    assertEquals(TIMING.retry(), one.election.step());
  }

  @Test
  void aStandbyGivesNothingBack() {
    var one = new Candidate("one", Duration.ZERO);
    var two = new Candidate("two", Duration.ZERO);
    one.look();
    two.look();
    two.election.close();
    assertEquals("one", server.holder());
  }

  @Test
  void aLeaseThatSomebodyDeletesIsLost() {
    var one = new Candidate("one", Duration.ZERO);
    one.look();
    server.lease = Optional.empty();
    pass(TIMING.retry());
    one.look();
    assertFalse(one.leadership.holds());
    assertEquals(List.of("leads", "lost"), one.told);
  }

  /** Processes that stop, wake, are cut off, lose answers and are replaced: never two at once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverTwoLead(long seed) {
    var random = new Random(seed);
    var processes = new ArrayList<Candidate>();
    var asleepUntil = new ArrayList<Long>();
    int changes = 0;
    String leader = "";
    for (int i = 0; i < 3; i++) {
      processes.add(new Candidate("p" + i, Duration.ofSeconds(random.nextInt(-4000, 4000))));
      asleepUntil.add(0L);
    }
    for (int step = 0; step < 20_000; step++) {
      pass(Duration.ofMillis(random.nextInt(1, 900)));
      int i = random.nextInt(processes.size());
      Candidate one = processes.get(i);
      if (now >= asleepUntil.get(i)) {
        one.reachable = random.nextDouble() < 0.9;
        one.answered = random.nextDouble() < 0.9;
        one.look();
      }
      if (random.nextDouble() < 0.004) {
        asleepUntil.set(i, now + Duration.ofSeconds(random.nextInt(1, 60)).toNanos());
      }
      if (one.told.contains("lost")) {
        processes.set(
            i, new Candidate("p" + step, Duration.ofSeconds(random.nextInt(-4000, 4000))));
      }
      List<String> leading =
          processes.stream().filter(p -> p.leadership.holds()).map(p -> p.told.toString()).toList();
      assertTrue(leading.size() <= 1, "seed " + seed + " step " + step + ": " + leading);
      if (server.holder() != null && !server.holder().equals(leader)) {
        leader = server.holder();
        changes++;
      }
    }
    assertTrue(changes > 20, "seed " + seed + ": only " + changes + " changes of leader");
  }
}
