package dev.autoloss.operator.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's part in the election of the one that works: who holds the lease leads, and who has
 * lost it never leads again, so that its process has to end.
 *
 * <p>How long another one's lease is respected is counted from when a change of it was last seen
 * here, on the monotonic clock; what the clocks of other machines say has no influence. The rules
 * are those of client-go's {@code leaderelection}, but that a renewal that failed is tried again
 * sooner.
 */
public final class LeaseElection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseElection.class);
  private static final Duration WATCHED_EVERY = Duration.ofMillis(100);

  private final LeaseStore store;
  private final Template template;
  private final LeaseTiming timing;
  private final Leadership leadership;
  private final Outcome outcome;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().daemon().name("election-", 0).factory());

  private Optional<Lease> held = Optional.empty();
  private String seenVersion = "";
  private long seenAt;
  private volatile boolean led;
  private final AtomicBoolean over = new AtomicBoolean();

  /** What an election comes to. */
  public interface Outcome {
    /** This process leads from now on; called once at most. */
    void leads();

    /**
     * This process leads no more, and can't again; called once at most, and not after {@link
     * LeaseElection#close}.
     *
     * @param why a sentence
     */
    void lost(String why);
  }

  /**
   * Names a lease.
   *
   * @param namespace its namespace
   * @param name its name
   */
  public record Key(String namespace, String name) {}

  /**
   * What is written into the lease.
   *
   * @param key which lease
   * @param identity who takes part, told apart from every other process
   * @param clock time for people who read the lease
   */
  record Template(Key key, String identity, InstantSource clock) {}

  LeaseElection(
      LeaseStore store,
      Template template,
      LeaseTiming timing,
      Leadership leadership,
      Outcome outcome) {
    this.store = store;
    this.template = template;
    this.timing = timing;
    this.leadership = leadership;
    this.outcome = outcome;
  }

  /**
   * Starts to take part.
   *
   * @param client client to reach the lease with
   * @param key which lease
   * @param timing how long things may take
   * @param clock time for people who read the lease
   * @param leadership what is held while this process leads
   * @param outcome who is told
   * @return an election that is taken part in until it is closed
   */
  public static LeaseElection start(
      KubernetesClient client,
      Key key,
      LeaseTiming timing,
      InstantSource clock,
      Leadership leadership,
      Outcome outcome) {
    var election =
        new LeaseElection(
            new ClusterLease(client, key, timing.retry().multipliedBy(2)),
            new Template(key, identity(), clock),
            timing,
            leadership,
            outcome);
    election.stepAfter(Duration.ZERO);
    var _ =
        election.threads.scheduleWithFixedDelay(
            election::watch, 0, WATCHED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return election;
  }

  private void stepAfter(Duration pause) {
    try {
      var _ = threads.schedule(() -> stepAfter(step()), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.debug("No further try: the election is closed");
    }
  }

  /** A container that is started again in its pod is another process. */
  private static String identity() {
    return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "autoloss")
        + "_"
        + UUID.randomUUID();
  }

  /**
   * One try to take or to renew the lease.
   *
   * @return time until the next one: little after a renewal that failed, as most of what was left
   *     of the term has gone by in waiting for its answer, and the next takes another connection
   */
  synchronized Duration step() {
    try {
      if (led) {
        renew();
      } else {
        acquire();
      }
      return timing.retry();
    } catch (KubernetesClientException unreachable) {
      LOG.warn(
          "Lease {}/{}: {}",
          template.key().namespace(),
          template.key().name(),
          unreachable.getMessage());
    } catch (RuntimeException unexpected) {
      // An exception that leaves a scheduled task would end all tries.
      LOG.error("Lease {}/{}", template.key().namespace(), template.key().name(), unexpected);
    }
    return led ? timing.retryFailed() : timing.retry();
  }

  /** Notices the end of the term even where a request does not return. */
  void watch() {
    if (led && !leadership.holds()) {
      lose("the lease could not be renewed for " + timing.term());
    }
  }

  private void acquire() {
    Optional<Lease> found = store.read();
    if (found.isEmpty()) {
      long before = leadership.nanoTime();
      store.create(lease(Optional.empty())).ifPresent(lease -> take(lease, before));
      return;
    }
    Lease other = found.get();
    String version = other.getMetadata().getResourceVersion();
    long now = leadership.nanoTime();
    if (!version.equals(seenVersion)) {
      seenVersion = version;
      seenAt = now;
    }
    if (free(other.getSpec(), now)) {
      store.replace(lease(found)).ifPresent(lease -> take(lease, now));
    }
  }

  private boolean free(LeaseSpec spec, long now) {
    String holder = spec.getHolderIdentity();
    Integer seconds = spec.getLeaseDurationSeconds();
    Duration respected = seconds == null ? timing.lease() : Duration.ofSeconds(seconds);
    return holder == null || holder.isEmpty() || now - seenAt > respected.toNanos();
  }

  private void take(Lease lease, long before) {
    held = Optional.of(lease);
    leadership.until(before + timing.term().toNanos());
    if (leadership.holds()) {
      led = true;
      LOG.info("{} leads", template.identity());
      outcome.leads();
    }
  }

  private void renew() {
    long before = leadership.nanoTime();
    Optional<Lease> renewed = store.replace(lease(held));
    if (renewed.isEmpty()) {
      // The answer to an earlier renewal may have been lost.
      Optional<Lease> now = store.read();
      if (!now.map(LeaseElection::holder).equals(Optional.of(template.identity()))) {
        lose("the lease is held by " + now.map(LeaseElection::holder).orElse("nobody"));
        return;
      }
      renewed = store.replace(lease(now));
    }
    if (renewed.isPresent()) {
      held = renewed;
      leadership.until(before + timing.term().toNanos());
    }
  }

  private static String holder(Lease lease) {
    return Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "nobody");
  }

  private void lose(String why) {
    leadership.end();
    if (over.compareAndSet(false, true)) {
      leadership
          .unanswered()
          .forEach(write -> LOG.warn("On its way when the lease was lost: {}", write));
      outcome.lost(why);
    }
  }

  private Lease lease(Optional<Lease> before) {
    ZonedDateTime now = template.clock().instant().atZone(ZoneOffset.UTC);
    Optional<LeaseSpec> spec = before.map(Lease::getSpec);
    boolean again = spec.map(LeaseSpec::getHolderIdentity).equals(Optional.of(template.identity()));
    int transitions = spec.map(LeaseSpec::getLeaseTransitions).orElse(0);
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(template.key().namespace())
        .withName(template.key().name())
        .withResourceVersion(
            before.map(lease -> lease.getMetadata().getResourceVersion()).orElse(null))
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(template.identity())
        .withLeaseDurationSeconds((int) timing.lease().toSeconds())
        .withAcquireTime(again ? spec.map(LeaseSpec::getAcquireTime).orElse(now) : now)
        .withRenewTime(now)
        .withLeaseTransitions(again || before.isEmpty() ? transitions : transitions + 1)
        .endSpec()
        .build();
  }

  /**
   * Takes part no more: after this nothing is written, and if this process led, the next one need
   * not wait for the lease to run out. Call it when the work has ended.
   */
  @Override
  public void close() {
    leadership.end();
    over.set(true);
    threads.shutdownNow();
    release();
  }

  private synchronized void release() {
    if (!led) {
      return;
    }
    try {
      // A renewal that was interrupted may have reached the server.
      Optional<Lease> now = store.read();
      if (now.map(LeaseElection::holder).equals(Optional.of(template.identity()))) {
        var free =
            new LeaseBuilder(lease(now)).editSpec().withHolderIdentity(null).endSpec().build();
        var _ = store.replace(free);
      }
    } catch (KubernetesClientException unreachable) {
      LOG.warn("The lease was not given back: {}", unreachable.getMessage());
    }
  }
}
