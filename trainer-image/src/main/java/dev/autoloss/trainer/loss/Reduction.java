package dev.autoloss.trainer.loss;

/**
 * Averages numbers over the replicas that compute parts of one batch, for what a loss is divided by
 * in the whole batch.
 */
public interface Reduction {
  /** Of a batch that is not divided. */
  Reduction ALONE =
      new Reduction() {
        @Override
        public int replicas() {
          return 1;
        }

        @Override
        public double[] mean(double... own) {
          return own;
        }
      };

  /**
   * Counts the replicas.
   *
   * @return at least 1
   */
  int replicas();

  /**
   * Waits until every replica has told its numbers; all call this equally often.
   *
   * @param own numbers of the replica that calls
   * @return the mean of each over all replicas, the same for every one
   */
  double[] mean(double... own);
}
