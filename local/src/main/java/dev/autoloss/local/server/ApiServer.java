package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Kubernetes API server in this process, for one machine: the API on 127.0.0.1 for whoever has
 * the token, with all objects in a journal. A client must use watches over plain HTTP ({@code
 * onlyHttpWatches} in fabric8), JSON or YAML.
 *
 * <p>It serves the types that the operator needs and those of the given CustomResourceDefinitions:
 * discovery, tables for kubectl, reads with selectors, creation, PUT, merge, JSON and apply
 * patches, status subresources, finalizers, preconditions, owner collection, watches from a
 * resourceVersion. It has no CEL rules, no admission, no OpenAPI documents ({@code kubectl apply
 * --validate=false}), no strategic merge patch, no protobuf, no paging (a list is always complete),
 * and deletes in the background whatever policy is asked for, except Orphan. Any namespace exists.
 * {@code events} and {@code events.k8s.io} are kept apart.
 *
 * <p>Every write is on disk (fsync) before it is answered; when the disk fails it is answered with
 * 500 and has not happened.
 */
public final class ApiServer implements Closeable {
  private static final int WINDOW = 4096;

  private final ObjectStore store;
  private final HttpServer http;
  private final ExecutorService threads;
  private final String token;

  private ApiServer(ObjectStore store, HttpServer http, ExecutorService threads, String token) {
    this.store = store;
    this.http = http;
    this.threads = threads;
    this.token = token;
  }

  /**
   * Starts a server on a directory that holds its journal, or will; its state is the one that it
   * had there.
   *
   * @param journalDirectory made when it is missing; no two servers can use one
   * @param definitions CustomResourceDefinition documents, stored in place of those of the same
   *     name
   * @param logs the logs of pods
   * @return the running server
   * @throws IOException if the directory is in use, the journal is damaged, a definition is not
   *     accepted or the disk or the network fails; the message is one line
   */
  public static ApiServer open(Path journalDirectory, List<JsonNode> definitions, PodLogs logs)
      throws IOException {
    return open(
        journalDirectory,
        definitions,
        logs,
        new Settings(InstantSource.system(), AppendFile::open, Journal.COMPACT_AT, WINDOW));
  }

  /**
   * What tests set.
   *
   * @param clock gives creation and deletion times
   * @param opener opens the journal's files
   * @param compactAt size in bytes from which the journal is rewritten
   * @param window how many writes a watch can go back
   */
  record Settings(InstantSource clock, AppendFile.Opener opener, long compactAt, int window) {}

  static ApiServer open(
      Path journalDirectory, List<JsonNode> definitions, PodLogs logs, Settings settings)
      throws IOException {
    ObjectStore store =
        new ObjectStore(
            journalDirectory, settings.opener(), settings.compactAt(), settings.window());
    try {
      return start(store, definitions, logs, settings.clock());
    } catch (StatusError e) {
      store.close();
      throw new IOException(e.getMessage(), e);
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  private static ApiServer start(
      ObjectStore store, List<JsonNode> definitions, PodLogs logs, InstantSource clock)
      throws IOException {
    TypeRegistry types = new TypeRegistry();
    Deletions deletions = new Deletions(store, types, clock);
    ResourceService service = new ResourceService(store, types, deletions, clock);
    registerStored(store, types);
    new Bootstrap(store, types, service).run(definitions);
    String token = newToken();
    // The JDK's server delays small answers by 40 ms without this; it reads the property once, when
    // the first server starts.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    http.setExecutor(threads);
    http.createContext(
        "/", new Routes(store, types, new Verbs(store, service, deletions, logs), token));
    http.start();
    threads.execute(new GarbageCollector(store, types, deletions));
    return new ApiServer(store, http, threads, token);
  }

  private static void registerStored(ObjectStore store, TypeRegistry types) {
    for (ObjectNode crd : store.list(types.definitions(), "").objects()) {
      types.register(Definitions.typeOf(types.definitions(), crd));
    }
  }

  private static String newToken() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  /**
   * Where the API is.
   *
   * @return base address, like {@code http://127.0.0.1:40123}
   */
  public URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /**
   * What a client must send as bearer token; another one at every start. kubectl, which sends no
   * token without TLS, gets in by {@code --server http://autoloss:TOKEN@127.0.0.1:PORT}.
   *
   * @return the token, 64 hexadecimal digits
   */
  public String token() {
    return token;
  }

  /**
   * Ends all watches and requests and lets go of the directory.
   *
   * @throws IOException if the journal can't be closed
   */
  @Override
  public void close() throws IOException {
    store.events().close();
    http.stop(0);
    threads.shutdownNow();
    store.close();
  }
}
