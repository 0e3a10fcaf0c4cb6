package dev.autoloss.local.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the operator relies on of the API: one class for the embedded server and the real one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApiConformance implements ApplyRules, SchemaRules, WatchRules {

  private KubernetesClient client;
  private Api api;

  @Override
  public Api api() {
    return api;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @BeforeAll
  void define() {
    client = endpoint().client();
    api = new Api(client);
    String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    api.patch(
        definitions + "/widgets.test.autoloss.dev?fieldManager=test&force=true",
        Api.APPLY,
        Api.widgets().toString());
    await()
        .atMost(SOON)
        .until(
            () ->
                api.get(WIDGETS).code() == 200
                    && api.get("/api/v1/namespaces/default").code() == 200);
  }

  @AfterAll
  void close() {
    if (client != null) {
      client.close();
    }
  }

  @Test
  void createSetsWhatOnlyTheServerKnows() {
    JsonNode metadata = made(MAPS, map("created", "a: b")).path("metadata");
    assertEquals(36, metadata.path("uid").asText().length());
    assertTrue(metadata.path("creationTimestamp").asText().endsWith("Z"));
    assertTrue(Long.parseLong(metadata.path("resourceVersion").asText()) > 0);
    assertFalse(metadata.has("generation"), "a ConfigMap has no generation");
    assertEquals("b", api.get(MAPS + "/created").body().path("data").path("a").asText());
  }

  @Test
  void createTwiceConflicts() {
    made(MAPS, map("twice", "a: b"));
    Api.Answer again = api.post(MAPS, map("twice", "a: c"));
    assertRefused(409, "configmaps \"twice\" already exists", again);
    assertEquals("AlreadyExists", again.body().path("reason").asText());
  }

  @Test
  void missingObjectsAreNotFound() {
    Api.Answer answer = api.get(WIDGETS + "/nothing");
    assertRefused(404, "widgets.test.autoloss.dev \"nothing\" not found", answer);
    assertEquals("NotFound", answer.body().path("reason").asText());
    assertEquals(404, api.get("/apis/test.autoloss.dev/v1/namespaces/default/gadgets").code());
    assertEquals(404, api.patch(WIDGETS + "/nothing", Api.MERGE, "{}").code());
    assertEquals(404, api.delete(WIDGETS + "/nothing", "{}").code());
    assertEquals(
        404,
        api.patch(WIDGETS + "/nothing/status?fieldManager=m", Api.APPLY, widget("nothing", ""))
            .code());
  }

  @Test
  void generateNameMakesDifferentNames() {
    String body = "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: made-}}";
    String first = made(MAPS, body).path("metadata").path("name").asText();
    String second = made(MAPS, body).path("metadata").path("name").asText();
    assertTrue(first.matches("made-[a-z0-9]{5}"), first);
    assertNotEquals(first, second);
  }

  @Test
  void metadataIsChecked() {
    assertRefused(422, "metadata.name", api.post(MAPS, map("Upper", "")));
    assertRefused(422, "metadata.name", api.post(MAPS, map("a" + "b".repeat(253), "")));
    assertRefused(
        422,
        "name or generateName is required",
        api.post(MAPS, "{apiVersion: v1, kind: ConfigMap}"));
    String labelled =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: labels, labels: {%s: %s}}}";
    assertRefused(422, "metadata.labels", api.post(MAPS, labelled.formatted("a", "not ok")));
    assertRefused(422, "metadata.labels", api.post(MAPS, labelled.formatted("a", "v".repeat(64))));
    assertRefused(422, "metadata.labels", api.post(MAPS, labelled.formatted("-a", "v")));
    assertRefused(
        400, "namespace", api.post(MAPS, "{metadata: {name: elsewhere, namespace: other}}"));
    assertEquals(
        400, api.post(MAPS, "{apiVersion: v1, kind: Secret, metadata: {name: kind}}").code());
    assertEquals(400, api.send("POST", MAPS, "application/json", "{not json").code());
    assertEquals(415, api.send("POST", MAPS, "text/strange", "x").code());
  }

  @Test
  void putReplacesAndChecksTheVersion() {
    ObjectNode object = (ObjectNode) made(MAPS, map("put", "a: b, c: d"));
    object.putObject("data").put("a", "x");
    Api.Answer put = api.put(MAPS + "/put", object);
    assertEquals(200, put.code(), put::message);
    assertEquals("{\"a\":\"x\"}", put.body().path("data").toString());
    Api.Answer stale = api.put(MAPS + "/put", object);
    assertRefused(409, "the object has been modified", stale);
    assertEquals("Conflict", stale.body().path("reason").asText());
    assertEquals(
        put.version(),
        api.put(MAPS + "/put", put.body()).version(),
        "nothing changed: same version");
    ObjectNode other = put.body().deepCopy();
    Json.metadata(other).put("uid", "00000000-0000-0000-0000-000000000000");
    assertEquals(409, api.put(MAPS + "/put", other).code());
    assertEquals(400, api.put(MAPS + "/another", put.body()).code());
  }

  @Test
  void aCustomResourceIsNotPutWithoutVersion() {
    ObjectNode object = made(WIDGETS, widget("unconditional", "title: a")).deepCopy();
    Json.metadata(object).remove("resourceVersion");
    assertRefused(422, "metadata.resourceVersion", api.put(WIDGETS + "/unconditional", object));
  }

  @Test
  void mergePatchSetsAndRemoves() {
    JsonNode object = made(MAPS, map("merge", "a: b, c: d"));
    Api.Answer patched =
        api.patch(
            MAPS + "/merge", Api.MERGE, "{data: {a: null, e: f}, metadata: {labels: {x: y}}}");
    assertEquals("{\"c\":\"d\",\"e\":\"f\"}", patched.body().path("data").toString());
    assertEquals("y", patched.body().path("metadata").path("labels").path("x").asText());
    String version = object.path("metadata").path("resourceVersion").asText();
    String stale = "{metadata: {resourceVersion: '" + version + "'}, data: {z: z}}";
    assertEquals(409, api.patch(MAPS + "/merge", Api.MERGE, stale).code());
  }

  @Test
  void jsonPatchIsAtomic() {
    made(MAPS, map("patched", "a: b"));
    String path = MAPS + "/patched";
    Api.Answer ok =
        api.patch(
            path,
            Api.JSON_PATCH,
            "[{op: test, path: /data/a, value: b}, {op: replace, path: /data/a, value: c}]");
    assertEquals("c", ok.body().path("data").path("a").asText());
    Api.Answer failed =
        api.patch(
            path,
            Api.JSON_PATCH,
            "[{op: add, path: /data/n, value: n}, {op: test, path: /data/a, value: b}]");
    assertEquals(422, failed.code());
    assertEquals("{\"a\":\"c\"}", api.get(path).body().path("data").toString());
  }

  @Test
  void unknownPatchTypesAreRefused() {
    made(WIDGETS, widget("strategic", "title: a"));
    assertEquals(
        415,
        api.patch(WIDGETS + "/strategic", "application/strategic-merge-patch+json", "{}").code());
  }

  @Test
  void statusIsWrittenThroughItsSubresourceAlone() {
    String body = widget("isolated", "title: a").replaceFirst("}$", ", status: {phase: Forged}}");
    ObjectNode object = (ObjectNode) made(WIDGETS, body);
    assertFalse(object.has("status"), object::toString);
    object.putObject("status").put("phase", "Forged");
    assertFalse(api.put(WIDGETS + "/isolated", object).body().has("status"));
    ObjectNode current = (ObjectNode) api.get(WIDGETS + "/isolated").body();
    current.putObject("status").put("phase", "Real");
    ((ObjectNode) current.get("spec")).put("size", 9);
    Api.Answer status = api.put(WIDGETS + "/isolated/status", current);
    assertEquals("Real", status.body().path("status").path("phase").asText(), status::message);
    assertEquals(3, status.body().path("spec").path("size").asInt());
    assertEquals(1, status.body().path("metadata").path("generation").asInt());
    api.patch(WIDGETS + "/isolated", Api.MERGE, "{status: {phase: Forged}}");
    assertEquals(
        "Real", api.get(WIDGETS + "/isolated/status").body().path("status").path("phase").asText());
  }

  @Test
  void generationCountsChangesOfTheSpec() {
    made(WIDGETS, widget("counted", "title: a"));
    String path = WIDGETS + "/counted";
    assertEquals(1, generation(api.patch(path, Api.MERGE, "{metadata: {labels: {a: b}}}")));
    assertEquals(2, generation(api.patch(path, Api.MERGE, "{spec: {size: 4}}")));
    assertEquals(2, generation(api.patch(path, Api.MERGE, "{spec: {size: 4}}")));
    assertEquals(2, generation(api.patch(path + "/status", Api.MERGE, "{status: {phase: A}}")));
  }

  private static int generation(Api.Answer answer) {
    return answer.body().path("metadata").path("generation").asInt();
  }

  @Test
  void finalizersKeepAnObjectUntilTheLastIsGone() {
    String body =
        widget("kept", "title: a")
            .replace("name: kept", "name: kept, finalizers: [a.dev/one, a.dev/two]");
    made(WIDGETS, body);
    String path = WIDGETS + "/kept";
    Api.Answer deleted = api.delete(path, "{}");
    assertEquals(200, deleted.code());
    JsonNode marked = api.get(path).body().path("metadata");
    assertTrue(marked.has("deletionTimestamp"));
    assertEquals(2, marked.path("generation").asInt());
    assertEquals(marked, again(path), "deleting twice changes nothing");
    assertEquals(
        422,
        api.patch(path, Api.MERGE, "{metadata: {finalizers: [a.dev/one, a.dev/two, a.dev/new]}}")
            .code());
    assertEquals(200, api.patch(path, Api.MERGE, "{metadata: {finalizers: [a.dev/two]}}").code());
    assertEquals(200, api.get(path).code());
    assertEquals(200, api.patch(path, Api.MERGE, "{metadata: {finalizers: null}}").code());
    assertEquals(404, api.get(path).code());
  }

  private JsonNode again(String path) {
    api.delete(path, "{}");
    return api.get(path).body().path("metadata");
  }

  @Test
  void deletionHonoursPreconditions() {
    JsonNode metadata = made(MAPS, map("guarded", "a: b")).path("metadata");
    String path = MAPS + "/guarded";
    String wrong = "00000000-0000-0000-0000-000000000000";
    assertEquals(409, api.delete(path, "{preconditions: {uid: " + wrong + "}}").code());
    assertEquals(409, api.delete(path, "{preconditions: {resourceVersion: '1'}}").code());
    Api.Answer deleted =
        api.delete(path, "{preconditions: {uid: " + metadata.path("uid").asText() + "}}");
    assertEquals(200, deleted.code());
    assertEquals("Success", deleted.body().path("status").asText());
    assertEquals(404, api.get(path).code());
  }

  @Test
  void deleteCollectionDeletesWhatIsSelected() {
    String labelled = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, labels: {set: %s}}}";
    made(MAPS, labelled.formatted("one", "go"));
    made(MAPS, labelled.formatted("two", "go"));
    made(MAPS, labelled.formatted("three", "stay"));
    assertEquals(200, api.delete(MAPS + "?labelSelector=set%3Dgo", "{}").code());
    assertEquals(0, api.get(MAPS + "?labelSelector=set%3Dgo").body().path("items").size());
    assertEquals(200, api.get(MAPS + "/three").code());
  }

  @Test
  void dryRunStoresNothing() {
    assertEquals(201, api.post(MAPS + "?dryRun=All", map("dry", "a: b")).code());
    assertEquals(404, api.get(MAPS + "/dry").code());
    made(MAPS, map("wet", "a: b"));
    assertEquals(
        "c",
        api.patch(MAPS + "/wet?dryRun=All", Api.MERGE, "{data: {a: c}}")
            .body()
            .path("data")
            .path("a")
            .asText());
    assertEquals(200, api.delete(MAPS + "/wet", "{dryRun: [All]}").code());
    assertEquals("b", api.get(MAPS + "/wet").body().path("data").path("a").asText());
  }

  @Test
  void dependentsGoWithTheirLastOwner() {
    String first = made(MAPS, map("owner-1", "")).path("metadata").path("uid").asText();
    String second = made(MAPS, map("owner-2", "")).path("metadata").path("uid").asText();
    made(MAPS, owned("child-of-one", ref("owner-1", first)));
    made(MAPS, owned("child-of-both", ref("owner-1", first) + ", " + ref("owner-2", second)));
    api.delete(MAPS + "/owner-1", "{propagationPolicy: Background}");
    await().atMost(SOON).until(() -> api.get(MAPS + "/child-of-one").code() == 404);
    assertEquals(200, api.get(MAPS + "/child-of-both").code());
    api.delete(MAPS + "/owner-2", "{}");
    await().atMost(SOON).until(() -> api.get(MAPS + "/child-of-both").code() == 404);
  }

  @Test
  void orphansStayAndLoseTheirReference() {
    String uid = made(MAPS, map("leaving", "")).path("metadata").path("uid").asText();
    made(MAPS, owned("orphan", ref("leaving", uid)));
    api.delete(MAPS + "/leaving", "{propagationPolicy: Orphan}");
    await().atMost(SOON).until(() -> api.get(MAPS + "/leaving").code() == 404);
    Api.Answer orphan = api.get(MAPS + "/orphan");
    assertEquals(200, orphan.code());
    assertEquals(0, orphan.body().path("metadata").path("ownerReferences").size());
  }

  @Test
  void aDependentOfAnOwnerThatWasReplacedGoes() {
    String uid = made(MAPS, map("replaced", "")).path("metadata").path("uid").asText();
    api.delete(MAPS + "/replaced", "{}");
    made(MAPS, map("replaced", ""));
    made(MAPS, owned("late", ref("replaced", uid)));
    await().atMost(SOON).until(() -> api.get(MAPS + "/late").code() == 404);
  }

  private static String ref(String name, String uid) {
    return "{apiVersion: v1, kind: ConfigMap, name: " + name + ", uid: " + uid + "}";
  }

  private static String owned(String name, String references) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: "
        + name
        + ", ownerReferences: ["
        + references
        + "]}}";
  }

  @Test
  void selectorsSelect() {
    String labelled = "{apiVersion: v1, kind: Secret, metadata: {name: %s, labels: {tier: %s}}}";
    String secrets = "/api/v1/namespaces/default/secrets";
    made(secrets, labelled.formatted("s-a", "a"));
    made(secrets, labelled.formatted("s-b", "b"));
    made(secrets, "{apiVersion: v1, kind: Secret, metadata: {name: s-c}}");
    assertEquals("s-a", names(secrets, "labelSelector=tier%3Da"));
    assertEquals("s-a", names(secrets, "labelSelector=tier%3D%3Da"));
    assertEquals("s-b s-c", names(secrets, "labelSelector=tier!%3Da"));
    assertEquals("s-a s-b", names(secrets, "labelSelector=tier%20in%20(a,b)"));
    assertEquals("s-b s-c", names(secrets, "labelSelector=tier%20notin%20(a)"));
    assertEquals("s-a s-b", names(secrets, "labelSelector=tier"));
    assertEquals("s-c", names(secrets, "labelSelector=!tier"));
    assertEquals("s-b", names(secrets, "labelSelector=tier,tier!%3Da"));
    assertEquals("s-c", names(secrets, "fieldSelector=metadata.name%3Ds-c"));
    assertEquals("s-a s-b", names(secrets, "fieldSelector=metadata.name!%3Ds-c"));
    assertEquals(400, api.get(secrets + "?labelSelector=a%20within%20b").code());
    assertEquals(400, api.get(secrets + "?fieldSelector=spec.color%3Dred").code());
  }

  private String names(String collection, String query) {
    StringBuilder names = new StringBuilder();
    Api.Answer answer = api.get(collection + "?" + query);
    assertEquals(200, answer.code(), answer::message);
    for (JsonNode item : answer.body().path("items")) {
      names.append(names.isEmpty() ? "" : " ").append(item.path("metadata").path("name").asText());
    }
    return names.toString();
  }

  @Test
  void whatIsImmutableStays() {
    String revisions = "/apis/apps/v1/namespaces/default/controllerrevisions";
    made(
        revisions,
        "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: r}, revision: 1, data: {a: b}}");
    Api.Answer changed = api.patch(revisions + "/r", Api.MERGE, "{data: {a: c}}");
    assertRefused(422, "data", changed);
    assertEquals(
        200, api.patch(revisions + "/r", Api.MERGE, "{metadata: {labels: {a: b}}}").code());
    String jobs = "/apis/batch/v1/namespaces/default/jobs";
    JsonNode job = made(jobs, job("j"));
    assertRefused(
        422,
        "spec.template",
        api.patch(
            jobs + "/j", Api.MERGE, "{spec: {template: {spec: {priorityClassName: other}}}}"));
    assertEquals(200, api.patch(jobs + "/j", Api.MERGE, "{spec: {suspend: true}}").code());
    assertEquals(
        "j",
        job.path("spec")
            .path("template")
            .path("metadata")
            .path("labels")
            .path("job-name")
            .asText());
    assertEquals(
        job.path("metadata").path("uid"),
        job.path("spec")
            .path("selector")
            .path("matchLabels")
            .path("batch.kubernetes.io/controller-uid"));
    assertRefused(
        422,
        "spec.template.spec.restartPolicy",
        api.post(jobs, job("k").replace("Never", "Always")));
  }

  private static String job(String name) {
    return "{apiVersion: batch/v1, kind: Job, metadata: {name: "
        + name
        + "}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}";
  }

  @Test
  void discoveryKnowsTheTypes() {
    assertEquals("v1", api.get("/api").body().path("versions").path(0).asText());
    assertTrue(
        api.get("/apis").body().path("groups").toString().contains("\"test.autoloss.dev/v1\""));
    JsonNode resources = api.get("/apis/test.autoloss.dev/v1").body().path("resources");
    assertEquals("widgets", resources.path(0).path("name").asText());
    assertEquals("widgets/status", resources.path(1).path("name").asText());
    assertTrue(resources.path(0).path("namespaced").asBoolean());
    assertEquals("[\"wg\"]", resources.path(0).path("shortNames").toString());
    assertEquals(401, unauthorised());
    assertEquals("Established", established());
  }

  private int unauthorised() {
    try (KubernetesClient stranger = new ApiEndpoint(endpoint().address(), "wrong").client()) {
      return new Api(stranger).get(MAPS).code();
    }
  }

  private String established() {
    JsonNode crd =
        api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.autoloss.dev")
            .body();
    for (JsonNode condition : crd.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Established")
          && condition.path("status").asText().equals("True")) {
        return "Established";
      }
    }
    return crd.path("status").toString();
  }
}
