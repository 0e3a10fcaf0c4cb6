package dev.autoloss.operator.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Immutability;
import dev.autoloss.operator.resource.ChildNames;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Segments as ControllerRevisions: the API server keeps their data from being changed. */
final class Revisions {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** In the first segment: what a client that drops zeros must not change. */
  private static final String ZEROS = "zeros";

  private Revisions() {}

  static String name(LossSearch search, int index) {
    return ChildNames.of(search, "l" + index);
  }

  static ControllerRevision write(LossSearch search, Segment segment) {
    var data = new LinkedHashMap<String, Object>();
    data.put("version", Segment.VERSION);
    data.put("index", segment.index());
    data.put("previous", segment.previous());
    data.put("digest", segment.digest());
    data.put("events", segment.payload());
    if (segment.index() == 1) {
      data.put(ZEROS, Immutability.zeros(search));
    }
    return new ControllerRevisionBuilder()
        .withNewMetadata()
        .withName(name(search, segment.index()))
        .withNamespace(search.getMetadata().getNamespace())
        .addToLabels(Labels.MANAGED_BY, Labels.OPERATOR)
        .addToLabels(Labels.SEARCH_UID, search.getMetadata().getUid())
        .addToAnnotations(Labels.SEARCH, search.getMetadata().getName())
        .withOwnerReferences(Ownership.controller(search))
        .endMetadata()
        .withRevision((long) segment.index())
        .withData(data)
        .build();
  }

  /** The fields that were 0 when the search began; none of a segment that does not say it. */
  static List<String> zeros(ControllerRevision first) {
    JsonNode data = MAPPER.valueToTree(first.getData());
    var zeros = new ArrayList<String>();
    data.path(ZEROS).forEach(path -> zeros.add(path.asText()));
    return zeros;
  }

  static Segment read(ControllerRevision revision) throws DamagedLedgerException {
    String name = revision.getMetadata().getName();
    Map<String, Object> data;
    try {
      data = MAPPER.convertValue(revision.getData(), new TypeReference<Map<String, Object>>() {});
    } catch (IllegalArgumentException foreign) {
      throw new DamagedLedgerException(name + ": data is not a segment");
    }
    if (data == null || !Integer.valueOf(Segment.VERSION).equals(data.get("version"))) {
      throw new DamagedLedgerException(
          name + ": data.version: expected " + Segment.VERSION + ", a newer operator wrote it?");
    }
    if (data.get("index") instanceof Integer index
        && data.get("previous") instanceof String previous
        && data.get("digest") instanceof String digest
        && data.get("events") instanceof String payload) {
      return new Segment(index, previous, digest, payload);
    }
    throw new DamagedLedgerException(name + ": data lacks index, previous, digest or events");
  }
}
