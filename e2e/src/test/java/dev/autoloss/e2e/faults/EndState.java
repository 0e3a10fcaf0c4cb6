package dev.autoloss.e2e.faults;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that is left of a search, without times, UIDs and versions: equal for equal ends. */
public final class EndState {
  private EndState() {}

  /** The state of the one search of a namespace. */
  public static SortedMap<String, String> of(KubernetesClient client, String namespace) {
    var state = new TreeMap<String, String>();
    LossSearch search =
        client.resources(LossSearch.class).inNamespace(namespace).list().getItems().getFirst();
    state.put("LossSearch", text(search));
    client
        .resources(DetectorTraining.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(
            training ->
                state.put(
                    "DetectorTraining/" + History.plain(training.getMetadata().getName()),
                    text(training)));
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(
            job ->
                state.put(
                    "Job/" + History.plain(job.getMetadata().getName()),
                    "succeeded " + job.getStatus().getSucceeded()));
    // In which order results came and generations closed beside them is chance.
    state.put(
        "ledger", String.join("\n", ledger(client, namespace, search).stream().sorted().toList()));
    return state;
  }

  private static String text(LossSearch search) {
    var status = search.getStatus();
    var conditions = new TreeMap<String, String>();
    status
        .conditions()
        .forEach(one -> conditions.put(one.getType(), one.getStatus() + " " + one.getReason()));
    return "%s generation %d trials %s baseline %s best %s %s finalizers %s"
        .formatted(
            status.state(),
            status.generation(),
            status.trials(),
            status.baseline(),
            status.best(),
            conditions,
            search.getMetadata().getFinalizers());
  }

  private static String text(DetectorTraining training) {
    var status = training.getStatus();
    return "%s %s %s attempts %s finalizers %s losses %s"
        .formatted(
            status.state(),
            status.outcome(),
            status.metrics(),
            status.attempts().stream().map(one -> one.number() + " " + one.end()).toList(),
            training.getMetadata().getFinalizers(),
            training.getSpec().loss());
  }

  private static List<String> ledger(KubernetesClient client, String namespace, LossSearch search) {
    try {
      return Ledger.lines(
          search,
          Branch.ONE_STAGE,
          client.apps().controllerRevisions().inNamespace(namespace).list().getItems());
    } catch (DamagedLedgerException damaged) {
      throw new AssertionError(damaged.line(), damaged);
    }
  }
}
