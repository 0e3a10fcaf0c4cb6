package dev.autoloss.operator.lease;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private static final String WRITE = "POST /api/v1/namespaces/n/pods";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Semaphore answers = new Semaphore(0);
  private final AtomicLong now = new AtomicLong(1);
  private final Leadership leadership = new Leadership(now::get);
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    client =
        new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder().withMasterUrl(address).build())
            .withHttpClientBuilderConsumer(leadership::guard)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  /** A write is answered with itself, and once it may be. */
  private void answer(HttpExchange exchange) throws IOException {
    boolean write = !"GET".equals(exchange.getRequestMethod());
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (write) {
      answers.acquireUninterruptibly();
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(write ? 201 : 404, write ? body.length : -1);
    if (write) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private Pod create(String name) {
    var pod = new PodBuilder().withNewMetadata().withName(name).endMetadata().build();
    return client.pods().inNamespace("n").resource(pod).create();
  }

  private CompletableFuture<Pod> createLater(String name) {
    var made = CompletableFuture.supplyAsync(() -> create(name));
    await().atMost(LIMIT).until(() -> leadership.unanswered().contains(WRITE));
    return made;
  }

  @Test
  void whatIsOnItsWayAtTheEndOfTheTermIsKnown() {
    leadership.until(now.get() + LIMIT.toNanos());
    CompletableFuture<Pod> within = createLater("within");
    answers.release();
    assertEquals("within", within.join().getMetadata().getName());
    assertEquals(List.of(), leadership.unanswered());
    CompletableFuture<Pod> late = createLater("late");
    now.addAndGet(LIMIT.toNanos());
    var refused = assertThrows(KubernetesClientException.class, () -> create("after"));
    assertTrue(refused.getMessage().contains("this operator does not lead"), refused::toString);
    assertNull(client.pods().inNamespace("n").withName("read").get());
    answers.release();
    assertEquals("late", late.join().getMetadata().getName());
    assertEquals(List.of(WRITE), leadership.unanswered());
  }

  @Test
  void aRequestThatWasGivenUpIsForgotten() {
    leadership.until(now.get() + Duration.ofHours(1).toNanos());
    CompletableFuture<Pod> hangs = createLater("hangs");
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    CompletableFuture<Pod> next = CompletableFuture.supplyAsync(() -> create("next"));
    await().atMost(LIMIT).until(() -> answers.getQueueLength() == 2);
    assertEquals(List.of(WRITE), leadership.unanswered());
    answers.release(2);
    hangs.join();
    next.join();
  }
}
