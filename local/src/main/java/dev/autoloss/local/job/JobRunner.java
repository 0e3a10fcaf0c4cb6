package dev.autoloss.local.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the Jobs of a namespace as processes, as many at once as the cores allow; those that wait
 * are suspended, as by a queue. A Job whose process died with an earlier run of ours is run again:
 * the trainer goes on from what it has written.
 */
public final class JobRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final JobOptions options;
  private final JobLogs logs;
  private final InstantSource clock;
  private final JobWrites writes;
  private final SharedIndexInformer<Job> jobs;
  private final Semaphore wakes = new Semaphore(0);

  /** By UID of the Job; of the loop's thread alone. */
  private final Map<String, TrainerProcess> processes = new LinkedHashMap<>();

  private final Set<String> announced = new HashSet<>();
  private final Set<String> overdue = new HashSet<>();

  /** Jobs whose end is written though the cache may not show it yet. */
  private final Set<String> reported = new HashSet<>();

  private final Thread loop = Thread.ofPlatform().name("job-runner").unstarted(this::loop);
  private volatile boolean closing;

  private JobRunner(
      KubernetesClient client,
      String namespace,
      JobOptions options,
      JobLogs logs,
      InstantSource clock) {
    this.options = options;
    this.logs = logs;
    this.clock = clock;
    this.writes = new JobWrites(client);
    this.jobs =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Job job) {
                    wake();
                  }

                  @Override
                  public void onUpdate(Job old, Job job) {
                    wake();
                  }

                  @Override
                  public void onDelete(Job job, boolean unknown) {
                    wake();
                  }
                });
  }

  /**
   * Starts to run Jobs. Before it returns, all Jobs that an earlier run left unfinished wait in the
   * queue, so that no time that passed without us counts against them.
   *
   * @param client client of the API server; closing it is the caller's
   * @param namespace whose Jobs are run
   * @param options how they run
   * @param logs learns where the log of each pod is
   * @param clock the time
   * @return runs until it is closed
   */
  public static JobRunner start(
      KubernetesClient client,
      String namespace,
      JobOptions options,
      JobLogs logs,
      InstantSource clock) {
    var runner = new JobRunner(client, namespace, options, logs, clock);
    runner.unfinished().forEach(runner.writes::queueAgain);
    runner.loop.start();
    return runner;
  }

  private void wake() {
    wakes.release();
  }

  private void loop() {
    while (!closing) {
      try {
        step();
        var _ = wakes.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        wakes.drainPermits();
      } catch (InterruptedException closed) {
        return;
      } catch (RuntimeException failure) {
        // What could not be written is written by a later step.
        LOG.warn("Jobs: {}", failure.toString());
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Job> unfinished() {
    return jobs.getStore().list().stream()
        .filter(job -> !PodStates.finished(job))
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .sorted(
            Comparator.comparing((Job job) -> job.getMetadata().getCreationTimestamp())
                .thenComparing(job -> job.getMetadata().getName()))
        .toList();
  }

  private void step() {
    List<Job> unfinished = unfinished();
    var byUid = new HashMap<String, Job>();
    unfinished.forEach(job -> byUid.put(job.getMetadata().getUid(), job));
    reported.retainAll(byUid.keySet());
    for (String uid : List.copyOf(processes.keySet())) {
      look(uid, Optional.ofNullable(byUid.get(uid)));
    }
    for (Job job : unfinished) {
      String uid = job.getMetadata().getUid();
      if (!processes.containsKey(uid) && !reported.contains(uid)) {
        startOrQueue(uid, job);
      }
    }
  }

  private void look(String uid, Optional<Job> job) {
    TrainerProcess process = processes.get(uid);
    if (process == null) {
      return;
    }
    Optional<ProcessEnd> end = process.ended();
    if (job.isEmpty()) {
      process.stop();
      end.ifPresent(ignored -> forget(uid));
    } else if (end.isPresent()) {
      writes.ended(job.get(), end.get(), overdue.contains(uid));
      reported.add(uid);
      forget(uid);
    } else {
      process.started().ifPresent(started -> lookAtRunning(uid, job.get(), process, started));
    }
  }

  private void lookAtRunning(String uid, Job job, TrainerProcess process, Instant started) {
    if (announced.add(uid)) {
      try {
        writes.running(job, started);
      } catch (KubernetesClientException failure) {
        announced.remove(uid);
        throw failure;
      }
    }
    Long most = job.getSpec().getTemplate().getSpec().getActiveDeadlineSeconds();
    if (most != null && clock.instant().isAfter(started.plusSeconds(most))) {
      overdue.add(uid);
      process.stop();
    }
  }

  private void forget(String uid) {
    processes.remove(uid);
    announced.remove(uid);
    overdue.remove(uid);
  }

  private void startOrQueue(String uid, Job job) {
    Launch launch = Launch.of(job, options);
    if (!fits(launch)) {
      writes.queue(job);
      return;
    }
    Pod pod = writes.pod(job);
    Optional<ProcessEnd> earlier = PodStates.ended(pod);
    if (earlier.isPresent()) {
      // A crash kept the pod's end from the Job.
      writes.jobEnded(job, earlier.get(), "Failed".equals(pod.getStatus().getPhase()));
      reported.add(uid);
      return;
    }
    var metadata = pod.getMetadata();
    logs.add(metadata.getNamespace(), metadata.getName(), Launch.logFile(launch.folder()));
    writes.release(job);
    processes.put(uid, TrainerProcess.start(launch, clock, this::wake));
  }

  private boolean fits(Launch launch) {
    if (processes.isEmpty()) {
      return true;
    }
    if (options.parallel().isPresent()) {
      return processes.size() < options.parallel().getAsInt();
    }
    int busy = processes.values().stream().mapToInt(one -> one.launch().threads()).sum();
    return busy + launch.threads() <= options.cores();
  }

  /**
   * Stops all trainers and waits for them, for at most ten seconds. Their Jobs stay unfinished: a
   * later run goes on with them.
   */
  @Override
  public void close() {
    closing = true;
    loop.interrupt();
    try {
      loop.join();
      processes.values().forEach(TrainerProcess::stop);
      for (TrainerProcess process : processes.values()) {
        process.awaitEnd(Orphan.GRACE.multipliedBy(2));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    jobs.close();
  }
}
