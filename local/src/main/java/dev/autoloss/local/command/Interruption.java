package dev.autoloss.local.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C: interrupts the thread that works, waits until it has put everything away, and ends the
 * process.
 */
final class Interruption implements AutoCloseable {
  static final int EXIT_CODE = 130;

  /** Trainers have five seconds, the operator ten. */
  private static final long MOST_SECONDS = 25;

  private final Thread worker;
  private final CountDownLatch put = new CountDownLatch(1);
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean asked;
  private final Thread hook = new Thread(this::stop, "stop");

  private Interruption(Thread worker) {
    this.worker = worker;
  }

  /** Listens to signals until it is closed. */
  static Interruption ofThisThread() {
    var interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void stop() {
    if (over.get()) {
      return;
    }
    asked = true;
    worker.interrupt();
    try {
      var _ = put.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    }
    System.err.println("Stopped; run the same command again to go on");
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  /** Says whether a signal has come. */
  boolean isAsked() {
    return asked;
  }

  /** Says that everything is put away: signals are taken no more notice of. */
  @Override
  public void close() {
    over.set(true);
    put.countDown();
  }
}
