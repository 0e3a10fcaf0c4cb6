package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.losssearch.SearchSpecs;
import dev.autoloss.operator.report.Report;
import dev.autoloss.operator.report.ReportInput;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.search.TrialId;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** Writes the ledger as lines of JSON, and {@code report.html} from it. */
final class Reports {
  private final KubernetesClient client;
  private final Path file;
  private final Path lines;
  private final List<ReportInput.Location> locations;

  Reports(KubernetesClient client, Path file, Path lines, List<ReportInput.Location> locations) {
    this.client = client;
    this.file = file;
    this.lines = lines;
    this.locations = locations;
  }

  /**
   * Writes both for a search as it stands; a reader never sees half of one.
   *
   * @throws IOException if it can't be written
   * @throws DamagedLedgerException if the ledger can't be trusted
   */
  void write(LossSearch search, List<DetectorTraining> trainings)
      throws IOException, DamagedLedgerException {
    var spec = Objects.requireNonNull(search.getSpec(), "spec");
    Branch branch = SearchSpecs.classification(spec.detector().architecture());
    List<ControllerRevision> segments =
        client
            .apps()
            .controllerRevisions()
            .inNamespace(search.getMetadata().getNamespace())
            .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
            .list()
            .getItems();
    Ledger ledger = Ledger.read(search, branch, segments, Ledger.EMPTY);
    String page =
        Report.html(
            new ReportInput(
                search.getMetadata().getName(),
                spec,
                branch,
                ledger.state(),
                Optional.ofNullable(search.getStatus()).map(LossSearchStatus::verdict),
                measurements(trainings),
                locations));
    write(lines, String.join("\n", Ledger.lines(search, branch, segments)) + "\n");
    write(file, page);
  }

  private static void write(Path file, String text) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(whole, text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Map<TrialId, ReportInput.Measurement> measurements(
      List<DetectorTraining> trainings) {
    var measurements = new HashMap<TrialId, ReportInput.Measurement>();
    for (DetectorTraining training : trainings) {
      Snapshot.status(training)
          .filter(status -> status.outcome() != null)
          .ifPresent(
              status ->
                  measurements.put(TrialId.parse(Snapshot.trial(training)), measurement(status)));
    }
    return measurements;
  }

  private static ReportInput.Measurement measurement(DetectorTrainingStatus status) {
    Double seconds = status.seconds();
    return new ReportInput.Measurement(
        Optional.ofNullable(status.metrics()),
        seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds));
  }
}
