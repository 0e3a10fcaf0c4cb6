package dev.autoloss.local.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Custom resources against the schema of their definition. */
interface SchemaRules extends ApiRules {
  @Test
  default void defaultsAreSetWhereverTheyStand() {
    JsonNode spec = made(WIDGETS, widget("defaulted", "title: a, parts: [{name: x}]")).path("spec");
    assertEquals(3, spec.path("size").asInt());
    assertEquals("Red", spec.path("color").asText());
    assertEquals(7, spec.path("options").path("depth").asInt(), "inside a default of {}");
    assertEquals(1, spec.path("parts").path(0).path("count").asInt());
    JsonNode given =
        made(WIDGETS, widget("given", "title: a, size: 4, options: {label: l}")).path("spec");
    assertEquals(4, given.path("size").asInt());
    assertEquals(
        "{\"depth\":7,\"label\":\"l\"}",
        given
            .path("options")
            .toString()
            .replace("{\"label\":\"l\",\"depth\":7}", "{\"depth\":7,\"label\":\"l\"}"));
  }

  @Test
  default void unknownFieldsAreDroppedOrRefused() {
    String body =
        widget(
            "unknown",
            "title: a, colour: red, parts: [{name: x, y: z}], options: {deep: 1}, free: {any: 1}");
    JsonNode spec = made(WIDGETS, body).path("spec");
    assertFalse(spec.has("colour"));
    assertFalse(spec.path("parts").path(0).has("y"));
    assertFalse(spec.path("options").has("deep"));
    assertEquals(1, spec.path("free").path("any").asInt(), "kept where the definition says so");
    Api.Answer strict =
        api()
            .post(
                WIDGETS + "?fieldValidation=Strict",
                widget("strict", "title: a, colour: red, parts: [{name: x, y: z}]"));
    assertRefused(400, "unknown field \"spec.colour\"", strict);
    assertTrue(strict.message().contains("unknown field \"spec.parts[0].y\""), strict::message);
    assertEquals(404, api().get(WIDGETS + "/strict").code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          size: 3                         | spec.title
          title: ''                       | spec.title
          title: abcdefghijklmnopqrstu    | spec.title
          title: Upper                    | spec.title
          title: 5                        | spec.title
          title: a, size: 0               | spec.size
          title: a, size: 11              | spec.size
          title: a, size: 2.5             | spec.size
          title: a, size: '3'             | spec.size
          title: a, ratio: 0              | spec.ratio
          title: a, ratio: 1.01           | spec.ratio
          title: a, color: Blue           | spec.color
          title: a, enabled: 1            | spec.enabled
          title: a, quantity: 1.5         | spec.quantity
          title: a, options: []           | spec.options
          title: a, tags: {k: toolong}    | spec.tags.k
          title: a, tags: {k: 1}          | spec.tags.k
          title: a, parts: []             | spec.parts
          title: a, parts: [{name: a}, {name: b}, {name: c}, {name: d}] | spec.parts
          title: a, parts: [{count: 1}]   | spec.parts[0].name
          title: a, parts: [{name: a}, {name: a}] | spec.parts[1]
          title: a, notes: [a, 1]         | spec.notes[1]
          """)
  default void mistakesAreRefusedWithTheirField(String spec, String expected) {
    Api.Answer answer = api().post(WIDGETS, widget("mistaken", spec));
    assertRefused(422, expected, answer);
    assertEquals("Invalid", answer.body().path("reason").asText());
    String field = answer.body().path("details").path("causes").path(0).path("field").asText();
    assertEquals(expected, field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          accept-1 | title: abcdefghijklmnopqrst, size: 1, ratio: 1
          accept-2 | title: a, size: 10, ratio: 0.5, quantity: 5, enabled: true
          accept-3 | title: a, quantity: 10Gi, color: Green, tags: {k: short}
          accept-4 | title: a, size: 3.0, notes: [], tags: {}, free: {a: {b: [1]}}
          """)
  default void whatIsWithinTheBoundsIsAccepted(String name, String spec) {
    made(WIDGETS, widget(name, spec));
  }

  @Test
  default void updatesAndStatusAreCheckedToo() {
    made(WIDGETS, widget("checked", "title: a"));
    assertRefused(
        422, "spec.size", api().patch(WIDGETS + "/checked", Api.MERGE, "{spec: {size: 99}}"));
    assertRefused(
        422,
        "status.phase",
        api().patch(WIDGETS + "/checked/status", Api.MERGE, "{status: {phase: 5}}"));
    assertRefused(
        422,
        "spec.color",
        api()
            .patch(
                WIDGETS + "/checked?fieldManager=m&force=true",
                Api.APPLY,
                widget("checked", "color: Blue")));
  }
}
