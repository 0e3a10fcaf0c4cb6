package dev.autoloss.operator.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest progress line of running trainers from the ends of their logs: at most two
 * requests a second in all, and each trainer at most once an interval. What can't be read is left
 * out; nothing waits for it.
 */
public final class ProgressReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressReader.class);
  private static final long MILLIS_BETWEEN_REQUESTS = 500;
  private static final int TAIL_LINES = 20;
  private static final int TAIL_BYTES = 65_536;

  private final LogTail logs;
  private final Duration interval;
  private final InstantSource clock;
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());

  /** The end of a container's log. */
  @FunctionalInterface
  interface LogTail {
    String of(Pod pod);
  }

  private record Followed(Pod pod, Instant due, Optional<Progress> progress) {}

  ProgressReader(LogTail logs, Duration interval, InstantSource clock) {
    this.logs = logs;
    this.interval = interval;
    this.clock = clock;
  }

  /**
   * Starts reading.
   *
   * @param client client to read logs with
   * @param interval time between two readings of one trainer
   * @param clock the time
   * @return a reader that runs until it is closed
   */
  public static ProgressReader start(
      KubernetesClient client, Duration interval, InstantSource clock) {
    var reader = new ProgressReader(pod -> tail(client, pod), interval, clock);
    var _ =
        reader.executor.scheduleWithFixedDelay(
            reader::readNext,
            MILLIS_BETWEEN_REQUESTS,
            MILLIS_BETWEEN_REQUESTS,
            TimeUnit.MILLISECONDS);
    return reader;
  }

  private static String tail(KubernetesClient client, Pod pod) {
    return client
        .pods()
        .resource(pod)
        .inContainer(AttemptJudge.CONTAINER)
        .limitBytes(TAIL_BYTES)
        .tailingLines(TAIL_LINES)
        .getLog();
  }

  Duration interval() {
    return interval;
  }

  /** Reads a training's pod from now on; a pod that is followed already keeps its turn. */
  void follow(String uid, Pod pod) {
    followed.merge(
        uid,
        new Followed(pod, clock.instant(), Optional.empty()),
        (old, fresh) ->
            old.pod().getMetadata().getUid().equals(pod.getMetadata().getUid()) ? old : fresh);
  }

  void forget(String uid) {
    followed.remove(uid);
  }

  Optional<Progress> latest(String uid) {
    return Optional.ofNullable(followed.get(uid)).flatMap(Followed::progress);
  }

  /** One request at most: the trainer that has waited longest. */
  void readNext() {
    Instant now = clock.instant();
    followed.entrySet().stream()
        .filter(entry -> !entry.getValue().due().isAfter(now))
        .min(Comparator.comparing(entry -> entry.getValue().due()))
        .ifPresent(entry -> read(entry.getKey(), entry.getValue(), now));
  }

  private void read(String uid, Followed one, Instant now) {
    Optional<Progress> progress = one.progress();
    try {
      progress = parse(logs.of(one.pod())).or(one::progress);
    } catch (KubernetesClientException unreadable) {
      LOG.debug("No log of {}: {}", one.pod().getMetadata().getName(), unreadable.getMessage());
    } catch (RuntimeException unexpected) {
      // An exception that leaves a scheduled task would end all reading.
      LOG.warn("No log of {}: {}", one.pod().getMetadata().getName(), unexpected.toString());
    }
    var next = new Followed(one.pod(), now.plus(interval), progress);
    followed.replace(uid, one, next);
  }

  /** The last line that is a progress; a log holds other lines, too. */
  static Optional<Progress> parse(String log) {
    List<String> lines = log.lines().toList();
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i).strip();
      if (line.startsWith("{")) {
        Optional<Progress> progress = parseLine(line);
        if (progress.isPresent()) {
          return progress;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Progress> parseLine(String line) {
    try {
      JsonNode node = TerminationMessage.MAPPER.readTree(line).path("progress");
      if (!node.path("epoch").isInt() || !node.path("iterations").isInt()) {
        return Optional.empty();
      }
      return Optional.of(TerminationMessage.MAPPER.treeToValue(node, Progress.class));
    } catch (JsonProcessingException broken) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
