package dev.autoloss.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.Immutability;
import dev.autoloss.api.document.Mistake;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The resource that a user runs, in the API server of its work folder. */
final class Resource {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String NAMESPACE = "default";

  private final KubernetesClient client;
  private final HasMetadata wanted;

  Resource(KubernetesClient client, Document document) {
    this.client = client;
    this.wanted =
        switch (document) {
          case Document.Search search -> search.resource();
          case Document.Training training -> training.resource();
        };
    wanted.getMetadata().setNamespace(namespace(document));
  }

  static String namespace(Document document) {
    String given =
        switch (document) {
          case Document.Search search -> search.resource().getMetadata().getNamespace();
          case Document.Training training -> training.resource().getMetadata().getNamespace();
        };
    return given == null || given.isEmpty() ? NAMESPACE : given;
  }

  /**
   * Creates the resource, unless it is there with the same spec.
   *
   * @throws RunException if the folder is another resource's, or the spec differs
   */
  void apply() throws RunException {
    Optional<HasMetadata> other =
        roots().filter(root -> !name(root).equals(name(wanted))).findFirst();
    if (other.isPresent()) {
      throw new RunException(
          "the work folder is that of "
              + name(other.get())
              + ": take another for "
              + name(wanted)
              + " with --work",
          true);
    }
    HasMetadata found = client.resource(wanted).get();
    if (found == null) {
      var _ = client.resource(wanted).create();
      return;
    }
    JsonNode there = spec(found);
    JsonNode here = spec(wanted);
    List<Mistake> changed = Immutability.strictly(wanted.getKind(), there, here);
    if (!changed.isEmpty()) {
      String path = changed.getFirst().path();
      String field = "/" + path.substring("spec.".length()).replace('.', '/');
      throw new RunException(
          "%s was begun with another spec: %s was %s, is %s; take another folder with --work"
              .formatted(name(wanted), path, show(there.at(field)), show(here.at(field))),
          true);
    }
    update(found);
  }

  /** What may be edited is; the API server changes nothing where nothing has changed. */
  private void update(HasMetadata found) {
    if (found instanceof LossSearch search && wanted instanceof LossSearch edited) {
      search.setSpec(edited.getSpec());
      var _ = client.resource(search).update();
    } else if (found instanceof DetectorTraining training
        && wanted instanceof DetectorTraining edited) {
      training.setSpec(edited.getSpec());
      var _ = client.resource(training).update();
    }
  }

  /** Searches, and trainings that are of no search. */
  private Stream<HasMetadata> roots() {
    return Stream.concat(
        client.resources(LossSearch.class).inAnyNamespace().list().getItems().stream(),
        client.resources(DetectorTraining.class).inAnyNamespace().list().getItems().stream()
            .filter(training -> training.getMetadata().getOwnerReferences().isEmpty()));
  }

  private static String name(HasMetadata resource) {
    return resource.getKind() + " " + resource.getMetadata().getName();
  }

  private static JsonNode spec(HasMetadata resource) {
    return MAPPER.valueToTree(resource).path("spec");
  }

  private static String show(JsonNode value) {
    return value.isMissingNode() ? "absent" : Texts.shortened(value.toString(), 60);
  }
}
