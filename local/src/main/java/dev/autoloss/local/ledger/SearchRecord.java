package dev.autoloss.local.ledger;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A search with all that is kept of it.
 *
 * @param search the search
 * @param segments segments of its ledger
 * @param trainings its trainings that are still there
 * @param trials folder with a folder for each training on one machine
 */
public record SearchRecord(
    LossSearch search,
    List<ControllerRevision> segments,
    List<DetectorTraining> trainings,
    Optional<Path> trials) {
  /** Copies the lists. */
  public SearchRecord {
    segments = List.copyOf(segments);
    trainings = List.copyOf(trainings);
  }

  /**
   * Reads what an API server has.
   *
   * @param client to ask by
   * @param search the search as the server has it
   * @param trials folder with a folder for each training on one machine
   * @return the record
   */
  public static SearchRecord read(
      KubernetesClient client, LossSearch search, Optional<Path> trials) {
    String namespace = search.getMetadata().getNamespace();
    String uid = search.getMetadata().getUid();
    return new SearchRecord(
        search,
        client
            .apps()
            .controllerRevisions()
            .inNamespace(namespace)
            .withLabel(Labels.SEARCH_UID, uid)
            .list()
            .getItems(),
        client
            .resources(DetectorTraining.class)
            .inNamespace(namespace)
            .withLabel(Labels.SEARCH_UID, uid)
            .list()
            .getItems(),
        trials);
  }
}
