package dev.autoloss.local.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the embedded server's own: restarts, a full disk, slow watchers, logs, tables. */
final class ApiServerTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final PodLogs NO_LOGS = (namespace, pod, lines) -> Optional.empty();
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String WIDGETS = "/apis/test.autoloss.dev/v1/namespaces/default/widgets";

  @TempDir Path directory;

  private static KubernetesClient client(ApiServer server) {
    return new ApiEndpoint(server.address().toString(), server.token()).client();
  }

  private static String map(String name) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}";
  }

  private ApiServer open(AppendFile.Opener opener, int window) throws IOException {
    return ApiServer.open(
        directory,
        List.of(Api.widgets()),
        NO_LOGS,
        new ApiServer.Settings(InstantSource.system(), opener, Journal.COMPACT_AT, window));
  }

  @Test
  void aRestartedServerGoesOn() throws IOException {
    JsonNode before;
    try (ApiServer server = ApiServer.open(directory, List.of(Api.widgets()), NO_LOGS);
        KubernetesClient client = client(server)) {
      Api api = new Api(client);
      api.post(
          WIDGETS,
          "{apiVersion: test.autoloss.dev/v1, kind: Widget, metadata: {name: w}, spec: {title: a}}");
      before = api.get(WIDGETS + "/w").body();
    }
    try (ApiServer server = ApiServer.open(directory, List.of(), NO_LOGS);
        KubernetesClient client = client(server)) {
      Api api = new Api(client);
      assertEquals(before, api.get(WIDGETS + "/w").body(), "its type is known from the journal");
      String last = before.path("metadata").path("resourceVersion").asText();
      String next = api.post(MAPS, map("after")).version();
      assertEquals(Long.parseLong(last) + 1, Long.parseLong(next));
      assertEquals(
          410, api.get(MAPS + "?watch=true&resourceVersion=1").code(), "before the restart");
      assertEquals(
          410, api.get(MAPS + "?watch=true&resourceVersion=999999").code(), "from another life");
    }
    int size = (int) Files.size(directory.resolve("journal.jsonl"));
    ApiServer.open(directory, List.of(Api.widgets()), NO_LOGS).close();
    ApiServer.open(directory, List.of(Api.widgets()), NO_LOGS).close();
    assertEquals(
        size, Files.size(directory.resolve("journal.jsonl")), "the same definitions write nothing");
  }

  @Test
  void dependentsOfAnOwnerThatWentBeforeACrashAreCollectedAtTheNextStart() throws IOException {
    String child =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: child, ownerReferences: ["
            + "{apiVersion: v1, kind: ConfigMap, name: gone, uid: 00000000-0000-0000-0000-000000000000}]}}";
    ObjectKey key = new ObjectKey("", "configmaps", "default", "child");
    try (ObjectStore store = new ObjectStore(directory, AppendFile::open, Journal.COMPACT_AT, 16)) {
      store.put(key, Json.MAPPER.readValue(Api.json(child), ObjectNode.class));
    }
    try (ApiServer server = ApiServer.open(directory, List.of(), NO_LOGS);
        KubernetesClient client = client(server)) {
      await().atMost(SOON).until(() -> new Api(client).get(MAPS + "/child").code() == 404);
    }
  }

  @Test
  void aFullDiskIsAnswered() throws IOException {
    FailingFile.Switch disk = new FailingFile.Switch();
    try (ApiServer server = open(path -> new FailingFile(path, disk), 100);
        KubernetesClient client = client(server)) {
      Api api = new Api(client);
      api.post(MAPS, map("before"));
      disk.fault = FailingFile.Fault.HALF;
      Api.Answer full = api.post(MAPS, map("during"));
      assertEquals(500, full.code());
      assertTrue(full.message().contains("No space left on device"), full.message());
      assertEquals(500, api.delete(MAPS + "/before", "{}").code());
      assertEquals(200, api.get(MAPS + "/before").code());
      assertEquals(404, api.get(MAPS + "/during").code());
      disk.fault = FailingFile.Fault.NONE;
      assertEquals(201, api.post(MAPS, map("during")).code());
    }
  }

  @Test
  void aDirectoryInUseIsRefusedWithOneLine() throws IOException {
    try (ApiServer server = ApiServer.open(directory, List.of(), NO_LOGS)) {
      IOException e =
          assertThrows(
              IOException.class, () -> ApiServer.open(directory, List.of(), NO_LOGS).close());
      assertTrue(e.getMessage().contains("in use by another process"), e.getMessage());
      assertEquals("127.0.0.1", server.address().getHost());
    }
  }

  @Test
  void aDefinitionThatIsNotOneIsRefusedWithOneLine() {
    JsonNode crd = Api.widgets().deepCopy();
    ((ObjectNode) crd.path("spec")).put("group", "other.dev");
    IOException e =
        assertThrows(
            IOException.class, () -> ApiServer.open(directory, List.of(crd), NO_LOGS).close());
    assertTrue(e.getMessage().contains("metadata.name"), e.getMessage());
  }

  @Test
  void aWatchThatDoesNotReadHoldsNobodyUpAndIsToldToListAgain() throws Exception {
    try (ApiServer server = open(AppendFile::open, 16);
        KubernetesClient client = client(server);
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      Api api = new Api(client);
      api.post(MAPS, map("first"));
      String request =
          "GET "
              + MAPS
              + "?watch=true HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
              + server.token()
              + "\r\n\r\n";
      slow.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = slow.getInputStream();
      assertEquals('H', in.read(), "the watch has begun");
      String large = "{\"data\":{\"text\":\"%d" + "x".repeat(1 << 20) + "\"}}";
      for (int i = 0; i < 40; i++) {
        assertEquals(200, api.send("PATCH", MAPS + "/first", Api.MERGE, large.formatted(i)).code());
      }
      String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(
          rest.contains("\"type\":\"ERROR\"") && rest.contains("\"code\":410"), "ends with 410");
    }
  }

  @Test
  void logsComeFromWhoeverRunsThePods() throws IOException {
    PodLogs logs =
        (namespace, pod, lines) ->
            Optional.of((namespace + " " + pod + " " + lines).getBytes(StandardCharsets.UTF_8));
    try (ApiServer server = ApiServer.open(directory, List.of(), logs);
        KubernetesClient client = client(server)) {
      String pods = "/api/v1/namespaces/default/pods";
      Api.Answer made =
          new Api(client)
              .post(pods, "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}");
      assertEquals("Pending", made.body().path("status").path("phase").asText());
      String log = client.pods().inNamespace("default").withName("p").tailingLines(7).getLog();
      assertEquals("default p OptionalInt[7]", log);
      assertEquals(404, new Api(client).get(pods + "/other/log").code());
    }
  }

  @Test
  void withoutTheTokenThereIsNothing() throws IOException {
    try (ApiServer server = ApiServer.open(directory, List.of(), NO_LOGS);
        KubernetesClient stranger = new ApiEndpoint(server.address().toString(), "").client()) {
      assertEquals(64, server.token().length());
      assertEquals(401, new Api(stranger).get("/version").code());
      assertEquals(401, new Api(stranger).get(MAPS).code());
      assertEquals(401, new Api(stranger).post(MAPS, map("m")).code());
    }
  }

  @Test
  void theTokenAlsoComesAsPassword() throws Exception {
    try (ApiServer server = ApiServer.open(directory, List.of(), NO_LOGS);
        HttpClient http = HttpClient.newHttpClient()) {
      assertEquals(200, basic(http, server, "autoloss:" + server.token()));
      assertEquals(401, basic(http, server, "autoloss:" + server.token().replace('0', '1')));
      assertEquals(401, basic(http, server, ":"));
    }
  }

  private static int basic(HttpClient http, ApiServer server, String login) throws Exception {
    String encoded = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.US_ASCII));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + "/version"))
            .header("Authorization", "Basic " + encoded)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void tablesHaveThePrinterColumns() throws Exception {
    try (ApiServer server = ApiServer.open(directory, List.of(Api.widgets()), NO_LOGS);
        KubernetesClient client = client(server)) {
      Api api = new Api(client);
      api.post(WIDGETS, "{metadata: {name: w}, spec: {title: a, size: 5}}");
      Api.Answer status =
          api.patch(
              WIDGETS + "/w/status",
              Api.MERGE,
              "{status: {conditions: [{type: Old, status: x}, {type: Ready, status: 'yes'}]}}");
      assertEquals(200, status.code(), status::message);
      HttpResponse<String> response;
      try (HttpClient http = HttpClient.newHttpClient()) {
        response =
            http.send(
                HttpRequest.newBuilder(URI.create(server.address() + WIDGETS))
                    .header("Authorization", "Bearer " + server.token())
                    .header(
                        "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
      }
      JsonNode table = Json.MAPPER.readTree(response.body());
      assertEquals("Table", table.path("kind").asText());
      assertEquals("Ready", table.path("columnDefinitions").path(2).path("name").asText());
      JsonNode cells = table.path("rows").path(0).path("cells");
      assertEquals("[\"w\",5,\"yes\"", cells.toString().substring(0, 12));
    }
  }

  @Test
  void aDeletedDefinitionTakesItsObjectsAlong() throws IOException {
    try (ApiServer server = ApiServer.open(directory, List.of(Api.widgets()), NO_LOGS);
        KubernetesClient client = client(server)) {
      Api api = new Api(client);
      api.post(WIDGETS, "{metadata: {name: w}, spec: {title: a}}");
      String crd =
          "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.autoloss.dev";
      assertEquals(200, api.delete(crd, "{}").code());
      assertEquals(404, api.get(WIDGETS).code());
      assertFalse(api.get("/apis").body().toString().contains("test.autoloss.dev"));
    }
  }
}
