package dev.autoloss.local.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A real Kubernetes control plane for a test: etcd, kube-apiserver and kube-controller-manager as
 * children of this process, on free ports of 127.0.0.1, with their state in a directory that goes
 * with them. They end when this is closed and also when this process dies in any way: each runs
 * under a shell that ends it when its standard input closes.
 */
public final class RealApiServer implements AutoCloseable {
  private static final String WRAPPER =
      "\"$@\" </dev/null & child=$!; cat >/dev/null; kill -TERM $child; "
          + "for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $child 2>/dev/null || exit 0; sleep 0.2; done; kill -KILL $child";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path binaries;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final int etcdPort = freePort();
  private final int port = freePort();
  private final String token = newToken();

  private Process apiServer;

  private RealApiServer(Path binaries, Path directory) {
    this.binaries = binaries;
    this.directory = directory;
  }

  /**
   * Where the binaries are: AUTOLOSS_CLUSTER_BIN, or the newest version in the cache that
   * AUTOLOSS_CLUSTER_CACHE names or ~/.cache/autoloss-cluster.
   */
  public static Optional<Path> binaries() {
    String given = System.getenv("AUTOLOSS_CLUSTER_BIN");
    if (given != null) {
      return Optional.of(Path.of(given)).filter(RealApiServer::complete);
    }
    String cache = System.getenv("AUTOLOSS_CLUSTER_CACHE");
    Path root =
        cache != null
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache", "autoloss-cluster");
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(root)) {
      return versions
          .map(v -> v.resolve("bin"))
          .filter(RealApiServer::complete)
          .max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What to say when there are none. */
  public static String missing() {
    return "no etcd, kube-apiserver and kube-controller-manager: set AUTOLOSS_CLUSTER_BIN to a directory that has them";
  }

  private static boolean complete(Path directory) {
    return Stream.of("etcd", "kube-apiserver", "kube-controller-manager")
        .allMatch(name -> Files.isExecutable(directory.resolve(name)));
  }

  /** Starts a control plane and waits until it is ready. */
  public static RealApiServer start(Path binaries) throws Exception {
    RealApiServer server = new RealApiServer(binaries, Files.createTempDirectory("autoloss-api"));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    try {
      server.startAll();
      return server;
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  /** Where it is. */
  public ApiEndpoint endpoint() {
    return new ApiEndpoint("https://127.0.0.1:" + port, token);
  }

  private void startAll() throws Exception {
    writeKeys();
    Files.writeString(directory.resolve("tokens.csv"), token + ",admin,admin,\"system:masters\"\n");
    String etcd = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + freePort();
    run(
        "etcd",
        "--name=m",
        "--data-dir=" + directory.resolve("etcd"),
        "--unsafe-no-fsync",
        "--log-level=warn",
        "--listen-client-urls=" + etcd,
        "--advertise-client-urls=" + etcd,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=m=" + peer);
    startApiServer();
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, kubeconfigText());
    run(
        "kube-controller-manager",
        "--kubeconfig=" + kubeconfig,
        "--leader-elect=false",
        "--secure-port=0",
        "--service-account-private-key-file=" + directory.resolve("account.key"),
        "--kube-api-qps=500",
        "--kube-api-burst=1000");
  }

  /** Starts kube-apiserver, the first time or again, and waits until it is ready. */
  public void startApiServer() throws Exception {
    apiServer =
        run(
            "kube-apiserver",
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + directory.resolve("certificates"),
            "--token-auth-file=" + directory.resolve("tokens.csv"),
            "--authorization-mode=RBAC",
            "--disable-admission-plugins=ServiceAccount",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=" + directory.resolve("account.key"),
            "--service-account-key-file=" + directory.resolve("account.pub"));
    awaitReady();
  }

  /** Ends kube-apiserver; etcd keeps what it had stored, and everything else goes on without it. */
  public void stopApiServer() throws IOException, InterruptedException {
    apiServer.getOutputStream().close();
    apiServer.waitFor();
  }

  private String kubeconfigText() {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
        .formatted(port, token);
  }

  private void writeKeys() throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Files.writeString(
        directory.resolve("account.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    Files.writeString(
        directory.resolve("account.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
  }

  private static String pem(String what, byte[] encoded) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }

  /** Where its state and logs are. */
  public Path directory() {
    return directory;
  }

  /** The administrator's configuration of kubectl and of other programs. */
  public Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  /** Starts one more program of the cluster, which ends with the others. */
  public Process run(String binary, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WRAPPER, "sh"));
    command.add(binaries.resolve(binary).toString());
    command.addAll(List.of(arguments));
    Path log = directory.resolve(binary + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private void awaitReady() throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(endpoint().address() + "/readyz"))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(5))
            .build();
    long end = System.nanoTime() + PATIENCE.toNanos();
    try (HttpClient http = HttpClient.newBuilder().sslContext(trusting).build()) {
      while (true) {
        try {
          if (http.send(ready, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not listening yet.
        }
        if (System.nanoTime() > end) {
          throw new IOException(
              "kube-apiserver is not ready: " + tail(directory.resolve("kube-apiserver.log")));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
  }

  @Override
  public void close() {
    try {
      for (Process process : processes.reversed()) {
        process.getOutputStream().close();
      }
      for (Process process : processes) {
        process.waitFor(5, TimeUnit.SECONDS);
      }
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.walk(directory)) {
          files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String newToken() {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  /** The server makes its own certificate, on this machine: there is nobody to trust or not. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
