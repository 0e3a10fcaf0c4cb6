package dev.autoloss.local.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** What the groups of conformance tests share: an API to talk to, and documents. */
interface ApiRules {
  String MAPS = "/api/v1/namespaces/default/configmaps";
  String WIDGETS = "/apis/test.autoloss.dev/v1/namespaces/default/widgets";
  Duration SOON = Duration.ofSeconds(30);

  ApiEndpoint endpoint();

  Api api();

  KubernetesClient client();

  default String map(String name, String data) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: "
        + name
        + "}, data: {"
        + data
        + "}}";
  }

  default String widget(String name, String spec) {
    return "{apiVersion: test.autoloss.dev/v1, kind: Widget, metadata: {name: "
        + name
        + "}, spec: {"
        + spec
        + "}}";
  }

  default JsonNode made(String collection, String document) {
    Api.Answer answer = api().post(collection, document);
    assertEquals(201, answer.code(), () -> answer.body().toString());
    return answer.body();
  }

  default void assertRefused(int code, String part, Api.Answer answer) {
    assertEquals(code, answer.code(), () -> answer.body().toString());
    assertTrue(
        answer.message().contains(part), () -> "expected \"" + part + "\" in: " + answer.message());
  }
}
