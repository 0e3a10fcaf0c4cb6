package dev.autoloss.operator.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.LossSearch;
import dev.autoloss.operator.resource.ChildNames;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Segments as ControllerRevisions: the API server keeps their data from being changed. */
final class Revisions {
  private static final ObjectMapper MAPPER = new ObjectMapper();

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

  static Segment read(ControllerRevision revision) throws DamagedLedgerException {
    String name = revision.getMetadata().getName();
    Map<String, Object> data;
    try {
      data = MAPPER.convertValue(revision.getData(), new TypeReference<Map<String, Object>>() {});
    } catch (IllegalArgumentException foreign) {
      throw new DamagedLedgerException(name + ": data is not a segment");
    }
    if (data == null || !(data.get("version") instanceof Integer version) || version < 1) {
      throw new DamagedLedgerException(name + ": data.version: expected " + Segment.VERSION);
    }
    if (version > Segment.VERSION) {
      throw DamagedLedgerException.newer(
          "%s: has version %d of the format, this operator knows %d"
              .formatted(name, version, Segment.VERSION));
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
