package dev.autoloss.e2e.faults;

import dev.autoloss.local.server.ApiEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes bytes on between clients and the API server until it is told to fall silent: all
 * connections of that moment stay open, and nothing comes through them any more, as behind a load
 * balancer or a router that has forgotten them. Later ones pass.
 */
public final class SilentRelay implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  private final ApiEndpoint upstream;
  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Passage> open = ConcurrentHashMap.newKeySet();

  private SilentRelay(ApiEndpoint upstream, ServerSocket listening) {
    this.upstream = upstream;
    this.listening = listening;
  }

  /** Starts one before an API server that speaks TLS, whose certificate nobody looks at. */
  public static SilentRelay start(ApiEndpoint upstream) throws IOException {
    var relay =
        new SilentRelay(upstream, new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
    relay.threads.execute(relay::accept);
    return relay;
  }

  /** Where a client finds it. */
  public ApiEndpoint endpoint() {
    return new ApiEndpoint("https://127.0.0.1:" + listening.getLocalPort(), upstream.token());
  }

  /** Lets all connections that are open now fall silent, and returns how many these are. */
  public int fallSilent() {
    var silenced = Set.copyOf(open);
    silenced.forEach(passage -> passage.silent = true);
    open.removeAll(silenced);
    return silenced.size();
  }

  private void accept() {
    int port = URI.create(upstream.address()).getPort();
    try {
      while (true) {
        Socket client = listening.accept();
        var passage = new Passage(client, new Socket(InetAddress.getLoopbackAddress(), port));
        open.add(passage);
        threads.execute(() -> pass(passage, passage.client, passage.server));
        threads.execute(() -> pass(passage, passage.server, passage.client));
      }
    } catch (IOException closed) {
      // There is nobody to be connected any more.
    }
  }

  private void pass(Passage passage, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      for (int read = 0; read >= 0; read = from.getInputStream().read(buffer)) {
        if (passage.silent) {
          // Both ends are kept open: neither learns of it.
          Thread.sleep(Long.MAX_VALUE);
        }
        to.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // The other direction ends with it.
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(passage);
    }
  }

  /** Two sockets that belong together. */
  private static final class Passage {
    final Socket client;
    final Socket server;
    volatile boolean silent;

    Passage(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
