package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.api.verdict.VerdictDocuments;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.local.job.JobLogs;
import dev.autoloss.local.job.JobRunner;
import dev.autoloss.local.server.ApiServer;
import dev.autoloss.local.verdict.VerdictOfSearch;
import dev.autoloss.operator.AutolossOperator;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.OperatorOptions;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.report.ReportInput;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs a resource on this machine to its end: API server, operator and Job runner in this process.
 * All that is decided and measured is in the work folder before it is acted upon, so a run that
 * died at any moment is gone on with by running it again.
 */
public final class LocalRun {
  /** Version of the program. */
  public static final String VERSION = "0.1.0";

  private static final long LEAST_MILLIS_BETWEEN_SIGHTS = 250;
  private static final long MOST_MILLIS_BETWEEN_SIGHTS = 1000;

  private final Document document;
  private final RunOptions options;
  private final View view;
  private final long start = System.nanoTime();
  private final Semaphore changes = new Semaphore(0);
  private int reported;

  /**
   * Prepares a run; nothing is started or written yet.
   *
   * @param document what is run, checked
   * @param options how
   */
  public LocalRun(Document document, RunOptions options) {
    this.document = document;
    this.options = options;
    this.view =
        switch (options.view()) {
          case LIVE -> new LiveView(System.out, Terminal.width());
          case PLAIN -> new PlainView(System.out);
          case JSON -> new JsonView(System.out, System.err);
        };
  }

  /**
   * Runs to the end.
   *
   * @return how it ended, which the user has been shown
   * @throws RunException if it can't begin
   * @throws IOException if the work folder can't be written or is in use
   * @throws InterruptedException if it is stopped; everything that it started has ended
   */
  public RunEnd run() throws RunException, IOException, InterruptedException {
    Files.createDirectories(options.work());
    var logs = new JobLogs();
    try (ApiServer server =
            ApiServer.open(
                RunOptions.journal(options.work()),
                DocumentReader.customResourceDefinitions(),
                logs::tail);
        KubernetesClient client = client(server)) {
      var resource = new Resource(client, document);
      resource.apply();
      return operate(client, logs);
    }
  }

  private KubernetesClient client(ApiServer server) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.address().toString())
            .withOauthToken(server.token())
            .withNamespace(Resource.namespace(document))
            .withOnlyHttpWatches(true)
            .build();
    return OperatorClient.of(config);
  }

  private RunEnd operate(KubernetesClient client, JobLogs logs)
      throws IOException, InterruptedException {
    String namespace = Resource.namespace(document);
    // The runner first: Jobs of an earlier run must wait before the operator judges their age.
    try (var _ = JobRunner.start(client, namespace, options.jobs(), logs, InstantSource.system());
        var _ = AutolossOperator.start(client, OperatorOptions.embedded("local", namespace));
        var searches = inform(client, LossSearch.class, namespace);
        var trainings = inform(client, DetectorTraining.class, namespace)) {
      return watch(client, searches, trainings);
    }
  }

  private <T extends HasMetadata> SharedIndexInformer<T> inform(
      KubernetesClient client, Class<T> type, String namespace) {
    return client
        .resources(type)
        .inNamespace(namespace)
        .inform(
            new ResourceEventHandler<>() {
              @Override
              public void onAdd(T one) {
                changes.release();
              }

              @Override
              public void onUpdate(T old, T one) {
                changes.release();
              }

              @Override
              public void onDelete(T one, boolean unknown) {
                changes.release();
              }
            });
  }

  private RunEnd watch(
      KubernetesClient client,
      SharedIndexInformer<LossSearch> searches,
      SharedIndexInformer<DetectorTraining> trainings)
      throws InterruptedException {
    var reports = new Reports(client, reportFile(), ledgerFile(), locations());
    var finder = new EventFinder();
    while (true) {
      var now =
          new Snapshot(
              searches.getStore().list().stream().findFirst(), trainings.getStore().list());
      view.show(now, finder.events(now), elapsed());
      Optional<RunEnd> end = now.end();
      int sealed = sealedGenerations(now);
      if (now.search().isPresent() && (end.isPresent() || sealed > reported)) {
        reported = sealed;
        report(reports, now);
      }
      if (end.isPresent()) {
        finish(now, end.get());
        return end.get();
      }
      Thread.sleep(LEAST_MILLIS_BETWEEN_SIGHTS);
      var _ = changes.tryAcquire(MOST_MILLIS_BETWEEN_SIGHTS, TimeUnit.MILLISECONDS);
      changes.drainPermits();
    }
  }

  private static int sealedGenerations(Snapshot now) {
    return now.sealed(now.generation()) ? now.generation() : now.generation() - 1;
  }

  private void report(Reports reports, Snapshot now) {
    try {
      reports.write(now.search().orElseThrow(), now.trainings());
    } catch (IOException | DamagedLedgerException failure) {
      view.note("no report: " + failure.getMessage());
    }
  }

  private void finish(Snapshot last, RunEnd end) {
    if (end.message().isEmpty()) {
      verdict(last);
      view.end(last, places());
    } else {
      view.note("");
    }
  }

  private void verdict(Snapshot last) {
    try {
      Optional<VerdictFile> verdict =
          last.search().flatMap(search -> VerdictOfSearch.of(search, last.trainings(), VERSION));
      if (verdict.isPresent()) {
        VerdictDocuments.write(verdictFile(), verdict.get());
      }
    } catch (IOException failure) {
      view.note("no verdict file: " + failure.getMessage());
    }
  }

  private Path verdictFile() {
    return options.work().resolve("verdict.json");
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Path reportFile() {
    return options.work().resolve("report.html");
  }

  private Path ledgerFile() {
    return options.work().resolve("ledger.jsonl");
  }

  private List<ReportInput.Location> locations() {
    return List.of(
        new ReportInput.Location("Ledger", ledgerFile().toString()),
        new ReportInput.Location("Trials", options.jobs().trials().toString()));
  }

  private List<String> places() {
    String ledger = "ledger       " + ledgerFile();
    String trials =
        "checkpoints  " + options.jobs().trials() + "/*/checkpoint.safetensors (log.txt beside)";
    if (!(document instanceof Document.Search)) {
      return List.of(trials);
    }
    String report = "report       " + reportFile();
    return Files.exists(verdictFile())
        ? List.of(report, "verdict      " + verdictFile(), ledger, trials)
        : List.of(report, ledger, trials);
  }
}
