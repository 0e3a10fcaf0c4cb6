package dev.autoloss.trainer.command;

import dev.autoloss.api.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to stop, by a signal or by the end of stdin, and the promise that the process ends soon
 * after it: within {@value #GRACE_MILLIS} ms by itself, or {@value #KEEPING_MILLIS} ms while there
 * is something to keep, else by force. It waits for the work at hand, because native code that is
 * torn down while it runs crashes the process.
 */
final class Stop implements AutoCloseable {
  /**
   * Well below the 5 seconds that whoever stops a trainer waits: one that has just been started
   * must first come up to hear of it.
   */
  private static final long GRACE_MILLIS = 2_500;

  /** Time to finish a step and to write where the training stands; a pod is given 30 seconds. */
  private static final long KEEPING_MILLIS = 20_000;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean asked;
  private volatile long graceMillis = GRACE_MILLIS;

  /**
   * Listens to signals.
   *
   * @return closed when the work has ended
   */
  static Stop onSignal() {
    Stop stop = new Stop();
    Runtime.getRuntime().addShutdownHook(new Thread(stop::signalled, "stop-by-signal"));
    return stop;
  }

  private Stop() {}

  /**
   * Takes the end of a stream for a request.
   *
   * @param parent a pipe that the parent process holds open while it lives
   */
  void atEndOf(InputStream parent) {
    Thread.ofPlatform().daemon().name("stop-by-stdin").start(() -> watch(parent));
  }

  /** Tells whether the work should stop. */
  boolean isAsked() {
    return asked;
  }

  /** Says whether there is something to keep from now on. */
  void hasSomethingToKeep(boolean something) {
    graceMillis = something ? KEEPING_MILLIS : GRACE_MILLIS;
  }

  private void signalled() {
    if (ended.getCount() > 0) {
      end();
      Runtime.getRuntime().halt(ExitCode.STOPPED.code());
    }
  }

  private void watch(InputStream parent) {
    byte[] buffer = new byte[256];
    try {
      while (parent.read(buffer) >= 0) {
        // What it writes means nothing.
      }
    } catch (IOException gone) {
      // A broken pipe is an end, too.
    }
    end();
    // All is written by now, and nobody is left to read the exit code: native code need not be torn
    // down.
    Runtime.getRuntime().halt(ExitCode.STOPPED.code());
  }

  private void end() {
    asked = true;
    try {
      var _ = ended.await(graceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the work has ended and the process may go. */
  @Override
  public void close() {
    ended.countDown();
  }
}
