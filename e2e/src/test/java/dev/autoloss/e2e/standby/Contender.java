package dev.autoloss.e2e.standby;

import dev.autoloss.e2e.faults.Call;
import dev.autoloss.e2e.faults.Fault;
import dev.autoloss.e2e.faults.FaultProxy;
import dev.autoloss.local.server.ApiEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the operators that want the same lease, which reaches the API server through a proxy of
 * its own.
 *
 * @param process the operator
 * @param proxy what stands between it and the API server
 * @param attempts writes that it has tried, but for events and leases, whatever the server said
 */
record Contender(OperatorProcess process, FaultProxy proxy, AtomicInteger attempts)
    implements AutoCloseable {
  /** Starts one, see {@link OperatorProcess#start}. */
  static Contender start(
      ApiEndpoint server, Path directory, String name, String namespace, String... options)
      throws IOException {
    FaultProxy proxy = FaultProxy.start(server);
    var attempts = new AtomicInteger();
    proxy.happens(new Counting(attempts));
    return new Contender(
        OperatorProcess.start(proxy.endpoint(), directory, name, namespace, options),
        proxy,
        attempts);
  }

  private record Counting(AtomicInteger attempts) implements Fault {
    @Override
    public OptionalInt refusal(Call call) {
      if (call.write() && !call.about("leases")) {
        attempts.incrementAndGet();
      }
      return OptionalInt.empty();
    }
  }

  String name() {
    return process.name();
  }

  boolean alive() {
    return process.alive();
  }

  String log() {
    return process.log();
  }

  String page(String path) {
    return process.page(path);
  }

  /** Writes that it has tried, but for events and leases. */
  int tried() {
    return attempts.get();
  }

  /** Writes that the server has done for it, but for events and leases. */
  long done() {
    return proxy.writes().stream().filter(call -> !call.about("leases")).count();
  }

  @Override
  public void close() {
    process.close();
    proxy.close();
  }
}
