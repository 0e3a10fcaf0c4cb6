package dev.autoloss.operator.lease;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Whether this process may write, and until when.
 *
 * <p>A guarded client refuses every write while it may not; the lease is written with another one.
 * The time is the monotonic clock's, which runs on while a process is stopped: one that wakes after
 * its term has run out finds that it may not write, before it has learnt that another one leads.
 * Only what had passed the guard and not left the process when it was stopped is still sent: no
 * client can call that back. It names a version, a UID or a name of its own, and whoever leads puts
 * right the rest.
 */
public final class Leadership {
  private static final String FENCE = "autoloss-leadership";

  /** Longer than any request is waited for. */
  private static final Duration GIVEN_UP = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final AtomicReference<Term> term;

  /** Writes that passed the guard and were not seen to be answered within the term. */
  private final Queue<Passed> unanswered = new ConcurrentLinkedQueue<>();

  private record Passed(String write, long nanos) {}

  /**
   * Makes the leadership of a process that takes part in an election; it does not lead yet.
   *
   * @param nanoTime a clock as {@link System#nanoTime} is one
   */
  public Leadership(LongSupplier nanoTime) {
    this(nanoTime, new Term.None());
  }

  private Leadership(LongSupplier nanoTime, Term term) {
    this.nanoTime = nanoTime;
    this.term = new AtomicReference<>(term);
  }

  /**
   * The leadership of a process that is alone.
   *
   * @return one that holds until it is ended
   */
  public static Leadership alone() {
    return new Leadership(System::nanoTime, new Term.Alone());
  }

  /** What is held. */
  private sealed interface Term {
    record None() implements Term {}

    record Alone() implements Term {}

    record Until(long nanos) implements Term {}

    record Ended() implements Term {}
  }

  /**
   * Says whether this process may write now.
   *
   * @return true while it leads
   */
  public boolean holds() {
    return switch (term.get()) {
      case Term.Alone _ -> true;
      case Term.Until until -> until.nanos() - nanoTime.getAsLong() > 0;
      case Term.None _, Term.Ended _ -> false;
    };
  }

  /**
   * Writes that were on their way when the leadership ended.
   *
   * @return method and path of each; all that are on their way now, while it holds
   */
  List<String> unanswered() {
    return unanswered.stream().map(Passed::write).sorted().toList();
  }

  /** Ends it for good: no renewal gives it back. */
  public void end() {
    term.set(new Term.Ended());
  }

  /** Leads until a time of the clock, unless it was ended. */
  void until(long nanos) {
    term.updateAndGet(now -> now instanceof Term.Ended ? now : new Term.Until(nanos));
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /**
   * Lets a client refuse writes while this process does not lead.
   *
   * @param client the client's part that sends requests, before it is built
   */
  public void guard(HttpClient.Builder client) {
    client.addOrReplaceInterceptor(FENCE, new Fence(this));
  }

  /** Looks at each request, and at each time that it is tried again. */
  private record Fence(Leadership leadership) implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if ("GET".equals(request.method())) {
        return;
      }
      String write = write(request);
      // Known before the look at the clock: what is let through is never missing among these.
      long now = leadership.nanoTime();
      var passed = new Passed(write, now);
      leadership.unanswered.add(passed);
      if (!leadership.holds()) {
        leadership.unanswered.remove(passed);
        throw new KubernetesClientException(write + ": not sent, this operator does not lead");
      }
      // The client does not tell of every request that it gives up.
      leadership.unanswered.removeIf(one -> now - one.nanos() > GIVEN_UP.toNanos());
    }

    @Override
    public void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      answered(request);
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
      answered(request);
    }

    /** Of several equal ones, any: the client gives a request no name that lasts. */
    private void answered(HttpRequest request) {
      if (leadership.holds()) {
        String write = write(request);
        leadership.unanswered.stream()
            .filter(one -> one.write().equals(write))
            .findFirst()
            .ifPresent(leadership.unanswered::remove);
      }
    }

    private static String write(HttpRequest request) {
      return request.method() + " " + request.uri().getPath();
    }
  }
}
