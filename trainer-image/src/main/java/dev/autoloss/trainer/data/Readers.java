package dev.autoloss.trainer.data;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that read batches ahead. */
final class Readers {
  /** Batches in memory ahead of the one at work. */
  static final int DEPTH = 2;

  private Readers() {}

  static ExecutorService start() {
    return Executors.newFixedThreadPool(
        DEPTH, Thread.ofPlatform().daemon().name("batch-reader-", 0).factory());
  }
}
