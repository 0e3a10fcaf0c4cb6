package dev.autoloss.local.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Server-side apply. */
interface ApplyRules extends ApiRules {

  private Api.Answer apply(String path, String manager, String document) {
    return api().patch(path + "?fieldManager=" + manager + "&force=true", Api.APPLY, document);
  }

  private Api.Answer applied(String path, String manager, String document) {
    Api.Answer answer = apply(path, manager, document);
    assertTrue(answer.code() < 300, () -> answer.body().toString());
    return answer;
  }

  @Test
  default void applyCreatesAndThenMerges() {
    String path = MAPS + "/applied";
    assertEquals(201, apply(path, "one", map("applied", "a: b")).code());
    assertEquals(200, apply(path, "two", map("applied", "c: d")).code());
    assertEquals("{\"a\":\"b\",\"c\":\"d\"}", api().get(path).body().path("data").toString());
  }

  @Test
  default void applyTwiceWritesOnce() {
    String path = WIDGETS + "/same";
    String document = widget("same", "title: a, parts: [{name: x, note: n}]");
    String first = applied(path, "one", document).version();
    assertEquals(first, applied(path, "one", document).version());
  }

  @Test
  default void whatAManagerLeavesOutGoesUnlessAnotherWantsIt() {
    String path = MAPS + "/left-out";
    applied(path, "one", map("left-out", "mine: '1', both: '2'"));
    applied(path, "two", map("left-out", "both: '2', theirs: '3'"));
    JsonNode data = applied(path, "one", map("left-out", "other: '4'")).body().path("data");
    assertEquals("{\"both\":\"2\",\"other\":\"4\",\"theirs\":\"3\"}", sorted(data));
    data = applied(path, "two", map("left-out", "theirs: '3'")).body().path("data");
    assertEquals("{\"other\":\"4\",\"theirs\":\"3\"}", sorted(data));
  }

  private static String sorted(JsonNode object) {
    StringBuilder text = new StringBuilder();
    new TreeSet<>(names(object))
        .forEach(
            name ->
                text.append(text.isEmpty() ? "{" : ",")
                    .append('"' + name + "\":")
                    .append(object.get(name)));
    return text.append("}").toString();
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  default void aFieldThatAnUpdateChangedIsNoLongerTheAppliers() {
    String path = MAPS + "/taken";
    applied(path, "one", map("taken", "a: b, c: d"));
    api().patch(path + "?fieldManager=editor", Api.MERGE, "{data: {a: changed}}");
    JsonNode data = applied(path, "one", map("taken", "c: d")).body().path("data");
    assertEquals("{\"a\":\"changed\",\"c\":\"d\"}", sorted(data));
  }

  @Test
  default void withoutForceOthersFieldsAreAConflict() {
    String path = MAPS + "/contested";
    applied(path, "one", map("contested", "a: b"));
    Api.Answer refused =
        api().patch(path + "?fieldManager=two", Api.APPLY, map("contested", "a: c"));
    assertRefused(409, "Apply failed with 1 conflict", refused);
    assertEquals(
        ".data.a", refused.body().path("details").path("causes").path(0).path("field").asText());
    assertEquals("b", api().get(path).body().path("data").path("a").asText());
    assertEquals(
        200, api().patch(path + "?fieldManager=two", Api.APPLY, map("contested", "a: b")).code());
    applied(path, "two", map("contested", "a: c"));
    JsonNode data = applied(path, "one", map("contested", "z: z")).body().path("data");
    assertEquals("{\"a\":\"c\",\"z\":\"z\"}", sorted(data), "force took the field over");
  }

  @Test
  default void applyNeedsAManager() {
    assertRefused(
        422, "fieldManager", api().patch(MAPS + "/nobody", Api.APPLY, map("nobody", "a: b")));
  }

  @Test
  default void finalizersOfSeveralManagersAddUp() {
    String path = WIDGETS + "/finalized";
    applied(path, "user", widget("finalized", "title: a"));
    applied(path, "one", finalized("[a.dev/one]"));
    JsonNode metadata = applied(path, "two", finalized("[a.dev/two]")).body().path("metadata");
    assertEquals("[\"a.dev/one\",\"a.dev/two\"]", metadata.path("finalizers").toString());
    assertEquals("a", api().get(path).body().path("spec").path("title").asText());
    metadata = applied(path, "one", finalized("[]")).body().path("metadata");
    assertEquals("[\"a.dev/two\"]", metadata.path("finalizers").toString());
    api().delete(path, "{}");
    applied(path, "two", finalized("[]"));
    assertEquals(404, api().get(path).code());
  }

  private static String finalized(String finalizers) {
    return "{apiVersion: test.autoloss.dev/v1, kind: Widget, metadata: {name: finalized, finalizers: "
        + finalizers
        + "}}";
  }

  @Test
  default void statusIsAppliedThroughItsSubresource() {
    String path = WIDGETS + "/reported";
    made(WIDGETS, widget("reported", "title: a"));
    String status =
        "{apiVersion: test.autoloss.dev/v1, kind: Widget, metadata: {name: reported, labels: {x: y}}, status: {%s}}";
    JsonNode object =
        applied(path + "/status", "one", status.formatted("phase: A, observedGeneration: 1"))
            .body();
    assertEquals("A", object.path("status").path("phase").asText());
    assertEquals(1, object.path("metadata").path("generation").asInt());
    assertFalse(object.path("metadata").has("labels"), "the rest of the document is not written");
    object = applied(path + "/status", "one", status.formatted("phase: B")).body();
    assertEquals("{\"phase\":\"B\"}", object.path("status").toString());
    object = applied(path, "one", widget("reported", "size: 5")).body();
    assertEquals(
        "B",
        object.path("status").path("phase").asText(),
        "an apply of the spec leaves the status");
  }

  @Test
  default void listsMergeByTheirKeys() {
    String path = WIDGETS + "/keyed";
    applied(
        path,
        "one",
        widget("keyed", "title: a, parts: [{name: x, note: mine}, {name: y}], notes: [p, q]"));
    JsonNode spec =
        applied(path, "two", widget("keyed", "parts: [{name: x, count: 5}, {name: z}]"))
            .body()
            .path("spec");
    assertEquals("x mine 5, y - 1, z - 1", parts(spec));
    spec =
        applied(path, "one", widget("keyed", "title: a, parts: [{name: x}], notes: [r]"))
            .body()
            .path("spec");
    assertEquals("x - 5, z - 1", parts(spec), "the note and y were one's alone");
    assertEquals("[\"r\"]", spec.path("notes").toString(), "a plain list is one value");
  }

  private static String parts(JsonNode spec) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : spec.path("parts")) {
      text.append(text.isEmpty() ? "" : ", ").append(part.path("name").asText());
      text.append(' ')
          .append(part.path("note").asText("-"))
          .append(' ')
          .append(part.path("count").asInt());
    }
    return text.toString();
  }

  @Test
  default void conditionsOfSeveralManagersStandSideBySide() {
    String path = WIDGETS + "/conditioned";
    made(WIDGETS, widget("conditioned", "title: a"));
    String status =
        "{apiVersion: test.autoloss.dev/v1, kind: Widget, metadata: {name: conditioned}, status: {conditions: [%s]}}";
    applied(
        path + "/status",
        "one",
        status.formatted("{type: Ready, status: 'True'}, {type: Old, status: 'True'}"));
    applied(path + "/status", "two", status.formatted("{type: Other, status: 'False'}"));
    JsonNode conditions =
        applied(
                path + "/status",
                "one",
                status.formatted("{type: Ready, status: 'False', reason: R}"))
            .body()
            .path("status")
            .path("conditions");
    Set<String> found = new TreeSet<>();
    conditions.forEach(c -> found.add(c.path("type").asText() + "=" + c.path("status").asText()));
    assertEquals(Set.of("Ready=False", "Other=False"), found);
  }

  @Test
  default void managedFieldsSayWhoOwnsWhat() {
    String path = WIDGETS + "/managed";
    applied(path, "one", widget("managed", "title: a, parts: [{name: x}]"));
    JsonNode entry = api().get(path).body().path("metadata").path("managedFields").path(0);
    assertEquals("one", entry.path("manager").asText());
    assertEquals("Apply", entry.path("operation").asText());
    assertEquals(
        "{\"f:spec\":{\"f:parts\":{\"k:{\\\"name\\\":\\\"x\\\"}\":{\".\":{},\"f:name\":{}}},\"f:title\":{}}}",
        entry.path("fieldsV1").toString());
  }
}
