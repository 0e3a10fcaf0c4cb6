package dev.autoloss.local.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator framework with its defaults – server-side apply for finalizers, status and
 * dependents – on the embedded server.
 */
final class OperatorSdkTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String WIDGETS = "/apis/test.autoloss.dev/v1/namespaces/default/widgets";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TempDir Path directory;

  /** Its spec. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public static final class WidgetSpec {
    public String title = "";
    public int size;
  }

  /** Its status. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public static final class WidgetStatus {
    public String phase = "";
    public long observedGeneration;
  }

  /** A resource of the test's own. */
  @Group("test.autoloss.dev")
  @Version("v1")
  public static final class Widget extends CustomResource<WidgetSpec, WidgetStatus>
      implements Namespaced {}

  /** Keeps a ConfigMap for each Widget and says how far it is. */
  private static final class WidgetReconciler implements Reconciler<Widget>, Cleaner<Widget> {
    private final AtomicInteger cleanups = new AtomicInteger();

    @Override
    public List<EventSource<?, Widget>> prepareEventSources(EventSourceContext<Widget> context) {
      return List.of(
          new InformerEventSource<>(
              InformerEventSourceConfiguration.from(ConfigMap.class, Widget.class).build(),
              context));
    }

    @Override
    public UpdateControl<Widget> reconcile(Widget widget, Context<Widget> context) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace("default")
              .withName(widget.getMetadata().getName())
              .endMetadata()
              .withData(Map.of("size", Integer.toString(widget.getSpec().size)))
              .build();
      map.addOwnerReference(widget);
      context.getClient().resource(map).fieldManager("widgets").forceConflicts().serverSideApply();
      Widget status = new Widget();
      status.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace("default")
              .withName(widget.getMetadata().getName())
              .build());
      status.setStatus(new WidgetStatus());
      status.getStatus().phase =
          context.getSecondaryResource(ConfigMap.class).isPresent() ? "Ready" : "Pending";
      status.getStatus().observedGeneration = widget.getMetadata().getGeneration();
      return UpdateControl.patchStatus(status);
    }

    @Override
    public DeleteControl cleanup(Widget widget, Context<Widget> context) {
      cleanups.incrementAndGet();
      return DeleteControl.defaultDelete();
    }
  }

  /** A server and an operator on it. */
  private record World(
      ApiServer server, KubernetesClient client, Operator operator, WidgetReconciler reconciler)
      implements AutoCloseable {
    static World start(Path directory) throws Exception {
      ApiServer server =
          ApiServer.open(
              directory, List.of(Api.widgets()), (namespace, pod, lines) -> Optional.empty());
      KubernetesClient client =
          new ApiEndpoint(server.address().toString(), server.token()).client();
      WidgetReconciler reconciler = new WidgetReconciler();
      Operator operator =
          new Operator(
              o ->
                  o.withKubernetesClient(client)
                      .withCloseClientOnStop(false)
                      .checkingCRDAndValidateLocalModel(true));
      operator.register(reconciler);
      operator.start();
      return new World(server, client, operator, reconciler);
    }

    Api api() {
      return new Api(client);
    }

    JsonNode widget(String name) {
      return api().get(WIDGETS + "/" + name).body();
    }

    void awaitReady(String name, int generation) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                JsonNode status = widget(name).path("status");
                assertEquals("Ready", status.path("phase").asText(), status::toString);
                assertEquals(generation, status.path("observedGeneration").asInt());
              });
    }

    @Override
    public void close() throws IOException {
      operator.stop();
      client.close();
      server.close();
    }
  }

  @Test
  void aReconcilerWithItsDefaultsWorksAndGoesOnAfterARestart() throws Exception {
    try (World world = World.start(directory)) {
      for (String name : List.of("first", "second")) {
        Api.Answer made =
            world
                .api()
                .post(WIDGETS, "{metadata: {name: " + name + "}, spec: {title: a, size: 2}}");
        assertEquals(201, made.code(), made::message);
        world.awaitReady(name, 1);
      }
      assertEquals(1, world.widget("first").path("metadata").path("finalizers").size());
      assertEquals("a", world.widget("first").path("spec").path("title").asText());
      world.api().patch(WIDGETS + "/first", Api.MERGE, "{spec: {size: 9}}");
      world.awaitReady("first", 2);
      world.api().delete(MAPS + "/first", "{}");
      await().atMost(SOON).until(() -> size(world, "first").equals("9"));
    }
    try (World world = World.start(directory)) {
      world.api().patch(WIDGETS + "/first", Api.MERGE, "{spec: {size: 10}}");
      world.awaitReady("first", 3);
      assertEquals("10", size(world, "first"));
      world.api().delete(WIDGETS + "/second", "{}");
      await().atMost(SOON).until(() -> world.api().get(WIDGETS + "/second").code() == 404);
      await().atMost(SOON).until(() -> world.api().get(MAPS + "/second").code() == 404);
      assertTrue(world.reconciler().cleanups.get() >= 1);
      assertEquals(200, world.api().get(MAPS + "/first").code());
    }
  }

  private static String size(World world, String name) {
    return world.api().get(MAPS + "/" + name).body().path("data").path("size").asText();
  }
}
