package dev.autoloss.local.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Watches. */
interface WatchRules extends ApiRules {
  int CHILDREN = 500;

  /** What a watch has said, as TYPE name. */
  final class Recorder implements Watcher<ConfigMap> {
    final List<String> seen = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();

    @Override
    public void eventReceived(Action action, ConfigMap map) {
      if (action != Action.BOOKMARK) {
        seen.add(action + " " + map.getMetadata().getName());
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      closed.add(String.valueOf(cause.getMessage()));
    }
  }

  private String labelled(String name, String label) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: "
        + name
        + ", labels: {w: "
        + label
        + "}}}";
  }

  @Test
  default void aWatchGoesOnFromAVersion() {
    String version =
        made(MAPS, labelled("w-before", "resume"))
            .path("metadata")
            .path("resourceVersion")
            .asText();
    made(MAPS, labelled("w-after", "resume"));
    api().patch(MAPS + "/w-before", Api.MERGE, "{data: {a: b}}");
    api().delete(MAPS + "/w-after", "{}");
    Recorder recorder = new Recorder();
    try (Watch _ =
        client()
            .configMaps()
            .inNamespace("default")
            .withLabel("w", "resume")
            .watch(new ListOptionsBuilder().withResourceVersion(version).build(), recorder)) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertEquals(
                      List.of("ADDED w-after", "MODIFIED w-before", "DELETED w-after"),
                      recorder.seen));
    }
  }

  @Test
  default void anObjectThatLeavesASelectionIsDeletedForIt() {
    Recorder recorder = new Recorder();
    try (Watch _ =
        client().configMaps().inNamespace("default").withLabel("w", "in").watch(recorder)) {
      made(MAPS, labelled("w-moving", "in"));
      made(MAPS, labelled("w-never", "out"));
      api().patch(MAPS + "/w-moving", Api.MERGE, "{data: {a: b}}");
      api().patch(MAPS + "/w-moving", Api.MERGE, "{metadata: {labels: {w: out}}}");
      api().patch(MAPS + "/w-moving", Api.MERGE, "{data: {a: c}}");
      api().patch(MAPS + "/w-moving", Api.MERGE, "{metadata: {labels: {w: in}}}");
      api().delete(MAPS + "/w-moving", "{}");
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertEquals(
                      List.of(
                          "ADDED w-moving",
                          "MODIFIED w-moving",
                          "DELETED w-moving",
                          "ADDED w-moving",
                          "DELETED w-moving"),
                      recorder.seen));
    }
  }

  @Test
  default void aWatchOfOneNameSeesNoOther() {
    Recorder recorder = new Recorder();
    try (Watch _ = client().configMaps().inNamespace("default").withName("w-one").watch(recorder)) {
      made(MAPS, map("w-two", ""));
      made(MAPS, map("w-one", ""));
      await().atMost(SOON).untilAsserted(() -> assertEquals(List.of("ADDED w-one"), recorder.seen));
    }
  }

  @Test
  default void aWatchEndsWhenItsTimeIsOver() {
    String version = api().get(MAPS).version();
    Api.Answer answer = api().get(MAPS + "?watch=true&timeoutSeconds=1&resourceVersion=" + version);
    assertEquals(200, answer.code());
  }

  @Test
  default void initialEventsEndWithABookmark() {
    made(MAPS, labelled("w-initial", "initial"));
    String path =
        MAPS
            + "?watch=true&timeoutSeconds=2&labelSelector=w%3Dinitial&allowWatchBookmarks=true"
            + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    List<JsonNode> events = api().lines(path);
    assertEquals("ADDED", events.get(0).path("type").asText());
    assertEquals("BOOKMARK", events.get(1).path("type").asText());
    JsonNode bookmark = events.get(1).path("object").path("metadata");
    assertEquals("true", bookmark.path("annotations").path("k8s.io/initial-events-end").asText());
    assertTrue(Long.parseLong(bookmark.path("resourceVersion").asText()) > 0);
  }

  @Test
  default void nothingIsLostBetweenListAndWatch() throws InterruptedException {
    Set<String> known = ConcurrentHashMap.newKeySet();
    AtomicInteger added = new AtomicInteger();
    ResourceEventHandler<ConfigMap> handler =
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(ConfigMap map) {
            added.incrementAndGet();
            known.add(map.getMetadata().getName());
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap after) {}

          @Override
          public void onDelete(ConfigMap map, boolean unknown) {}
        };
    Thread writer = Thread.ofPlatform().start(this::createChildren);
    // Begins somewhere in the middle of the writing.
    await()
        .atMost(SOON)
        .until(() -> !api().get(MAPS + "?labelSelector=w%3Dmany").body().path("items").isEmpty());
    try (SharedIndexInformer<ConfigMap> informer =
        client().configMaps().inNamespace("default").withLabel("w", "many").inform(handler)) {
      writer.join();
      await().atMost(SOON).untilAsserted(() -> assertEquals(CHILDREN, known.size()));
      assertEquals(CHILDREN, informer.getStore().list().size());
      assertEquals(CHILDREN, added.get(), "each once");
    }
  }

  private void createChildren() {
    for (int i = 0; i < CHILDREN; i++) {
      client()
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withNamespace("default")
                  .withName("many-" + i)
                  .addToLabels("w", "many")
                  .endMetadata()
                  .build())
          .create();
    }
  }
}
