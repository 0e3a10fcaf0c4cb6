package dev.autoloss.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Document;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
    Optional<String> difference =
        difference("spec", MAPPER.valueToTree(spec(found)), MAPPER.valueToTree(spec(wanted)));
    if (difference.isPresent()) {
      throw new RunException(
          name(wanted)
              + " was begun with another spec: "
              + difference.get()
              + "; take another folder with --work",
          true);
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

  /** The first field that differs; empty if none does. */
  static Optional<String> difference(String path, JsonNode there, JsonNode here) {
    if (there.isObject() && here.isObject()) {
      var names = new TreeSet<String>();
      for (Map.Entry<String, JsonNode> field : there.properties()) {
        names.add(field.getKey());
      }
      for (Map.Entry<String, JsonNode> field : here.properties()) {
        names.add(field.getKey());
      }
      return names.stream()
          .flatMap(
              name -> difference(path + "." + name, there.path(name), here.path(name)).stream())
          .findFirst();
    }
    if (same(there, here)) {
      return Optional.empty();
    }
    return Optional.of(path + " was " + show(there) + ", is " + show(here));
  }

  private static boolean same(JsonNode there, JsonNode here) {
    if (there.isNumber() && here.isNumber()) {
      return there.decimalValue().compareTo(here.decimalValue()) == 0;
    }
    return there.equals(here);
  }

  private static String show(JsonNode value) {
    return value.isMissingNode() ? "absent" : Texts.shortened(value.toString(), 60);
  }
}
