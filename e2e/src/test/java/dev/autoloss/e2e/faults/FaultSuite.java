package dev.autoloss.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same small search again and again, with something going wrong each time: whatever it is, the
 * end is that of the undisturbed run, and each object was made and deleted as often as there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultSuite {
  private Ground ground;
  private SmallSearch.End undisturbed;

  /** Starts what the searches run on. */
  abstract Ground start() throws Exception;

  /** The API server is gone for a while and comes back; the operator reaches nothing meanwhile. */
  abstract void stayAway() throws Exception;

  /** Of how many writes one is followed by a crash and further faults. */
  abstract int stride();

  @BeforeAll
  void runUndisturbed() throws Exception {
    ground = start();
    try (var search = search("undisturbed", Fault.NONE)) {
      undisturbed = search.run();
    }
  }

  private SmallSearch search(String namespace, Fault fault) throws IOException {
    return new SmallSearch(ground, namespace, fault, InstantSource.system());
  }

  private void check(SmallSearch.End end, String what) {
    assertEquals(undisturbed.state(), end.state(), what);
    assertEquals(undisturbed.creations(), end.creations(), what);
    assertEquals(undisturbed.deletions(), end.deletions(), what);
  }

  /** Cuts the connection after the n-th write. */
  private record Crash(int n) implements Fault {
    @Override
    public boolean cutAfter(Call write, int number) {
      return number == n;
    }
  }

  /** Crashes after the first write and every so many on, each followed by something else. */
  private void crash(String what, int stride, Fault afterwards) throws Exception {
    int crashes = 0;
    for (int n = 1; n <= undisturbed.writes(); n += stride) {
      try (var search = search(what + "-" + n, new Crash(n))) {
        check(search.runAndCrash(afterwards), what + " after a crash after write " + n);
        crashes += search.killed() ? 1 : 0;
      }
    }
    System.out.println("faults: " + crashes);
    assertTrue(crashes > 0, what + ": nothing was killed");
  }

  @Test
  void aCrashAfterAnyWrite() throws Exception {
    crash("nothing-else", 1, Fault.NONE);
  }

  /** After each crash the new operator first reads what its predecessor read at its start. */
  @Test
  void aCrashAndThenStaleLists() throws Exception {
    Fault stale =
        new Fault() {
          @Override
          public byte[] list(Call list, byte[] newest, byte[] before) {
            return before;
          }
        };
    crash("stale", stride(), stale);
  }

  /**
   * The new operator knows at once what its predecessor did, but for the trainings: those that it
   * would make stand there already, and have ended.
   */
  @Test
  void aCrashAndThenLateTrainings() throws Exception {
    Fault late =
        new Fault() {
          @Override
          public byte[] list(Call list, byte[] newest, byte[] before) {
            return list.about("detectortrainings") ? before : newest;
          }

          @Override
          public List<String> event(Call watch, String line) throws InterruptedException {
            if (watch.about("detectortrainings")) {
              Thread.sleep(250);
            }
            return List.of(line);
          }
        };
    crash("late", stride(), late);
  }

  /** The caches of one kind lag behind what the operator itself has written. */
  @ParameterizedTest
  @ValueSource(strings = {"jobs", "pods", "detectortrainings", "losssearches"})
  void eventsOfOneKindComeLate(String kind) throws Exception {
    Fault late =
        new Fault() {
          @Override
          public List<String> event(Call watch, String line) throws InterruptedException {
            if (watch.about(kind)) {
              Thread.sleep(1500);
            }
            return List.of(line);
          }
        };
    try (var search = search("late-" + kind, late)) {
      check(search.run(), kind + " come late");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eventsAreLostUntilTheWatchBreaks(long seed) throws Exception {
    var random = new Random(seed);
    Fault lost =
        new Fault() {
          @Override
          public List<String> event(Call watch, String line) {
            synchronized (random) {
              return random.nextDouble() < 0.4 ? List.of() : List.of(line);
            }
          }

          @Override
          public long watchMillis() {
            return 700;
          }
        };
    try (var search = search("lost-" + seed, lost)) {
      check(search.run(), "lost events, seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void eventsComeTwiceAndInAnotherOrder(long seed) throws Exception {
    var random = new Random(seed);
    Fault twice =
        new Fault() {
          private final Map<Call, String> held = new ConcurrentHashMap<>();

          @Override
          public List<String> event(Call watch, String line) {
            synchronized (random) {
              String before = held.remove(watch);
              if (before == null && random.nextDouble() < 0.3) {
                held.put(watch, line);
                return List.of(line);
              }
              return before == null ? List.of(line) : List.of(line, before, line);
            }
          }
        };
    try (var search = search("twice-" + seed, twice)) {
      check(search.run(), "duplicates and old events, seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503})
  void everyThirdRequestIsRefused(int code) throws Exception {
    var count = new AtomicInteger();
    Fault refusing =
        new Fault() {
          @Override
          public OptionalInt refusal(Call call) {
            boolean refuse = !"GET".equals(call.method()) && count.incrementAndGet() % 3 == 0;
            return refuse ? OptionalInt.of(code) : OptionalInt.empty();
          }
        };
    try (var search = search("refused-" + code, refusing)) {
      check(search.run(), "refused with " + code);
    }
  }

  /** The server has done the write, and the operator is told that it failed. */
  @Test
  void everyFourthAnswerIsLost() throws Exception {
    Fault unanswered =
        new Fault() {
          @Override
          public boolean unanswered(Call write, int number) {
            return number % 4 == 0;
          }
        };
    try (var search = search("unanswered", unanswered)) {
      check(search.run(), "answers lost");
    }
  }

  @Test
  void theServerIsAwayForAWhile() throws Exception {
    try (var search = search("away", new Crash(9))) {
      search.apply();
      try (var _ = search.operator()) {
        search.proxy().cut().acquire();
        stayAway();
        search.proxy().happens(Fault.NONE);
        search.proxy().down(false);
        check(search.end(), "the API server was away");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void theClockJumps(long seconds) throws Exception {
    var jump = new AtomicLong();
    InstantSource clock = () -> Instant.now().plusSeconds(jump.get());
    Fault jumping =
        new Fault() {
          @Override
          public boolean unanswered(Call write, int number) {
            if (number == 9) {
              jump.set(seconds);
            }
            return false;
          }
        };
    String namespace = "clock-" + (seconds > 0 ? "forward" : "back");
    try (var search = new SmallSearch(ground, namespace, jumping, clock)) {
      check(search.run(), "clock jumps by " + seconds + " s");
    }
  }
}
