package dev.autoloss.trainer.fit;

import dev.autoloss.trainer.loss.Reduction;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Where the replicas of a step, each on its thread, tell one another numbers. */
final class Exchange {
  private final CyclicBarrier meeting;
  private final double[][] told;

  Exchange(int replicas) {
    meeting = new CyclicBarrier(replicas);
    told = new double[replicas][];
  }

  /** The door of one replica, for its thread alone. */
  Reduction of(int replica) {
    return new Reduction() {
      @Override
      public int replicas() {
        return told.length;
      }

      @Override
      public double[] mean(double... own) {
        told[replica] = own;
        meet();
        double[] means = new double[own.length];
        for (double[] numbers : told) {
          for (int i = 0; i < means.length; i++) {
            means[i] += numbers[i] / told.length;
          }
        }
        // Nobody tells anew before everybody has read.
        meet();
        return means;
      }
    };
  }

  /** Ends the waiting of all others, now and for ever: one replica will not come. */
  void abandon() {
    Thread.currentThread().interrupt();
    try {
      meeting.await();
    } catch (InterruptedException | BrokenBarrierException expected) {
      // An interrupted thread breaks the barrier, which is what was wanted.
    }
  }

  private void meet() {
    try {
      meeting.await();
    } catch (BrokenBarrierException | InterruptedException e) {
      throw new AbandonedException(e);
    }
  }

  /** Another replica has failed. */
  static final class AbandonedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AbandonedException(Throwable cause) {
      super("another replica has failed", cause);
    }
  }
}
