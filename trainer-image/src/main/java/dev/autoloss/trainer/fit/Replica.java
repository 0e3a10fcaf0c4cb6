package dev.autoloss.trainer.fit;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.DetectorNetwork;
import dev.autoloss.trainer.detector.DetectorPlan;
import dev.autoloss.trainer.loss.Reduction;
import dev.autoloss.trainer.loss.Terms;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Placement;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGenerator;

/** One copy of a detector with an engine of its own. For one thread at a time. */
final class Replica implements AutoCloseable {
  private final Torch torch;
  private final Parameters parameters;
  private final DetectorNetwork detector;

  /**
   * Makes a detector with random weights.
   *
   * @param random source of the weights
   */
  Replica(Placement placement, DetectorPlan plan, int classes, RandomGenerator random) {
    torch = Torch.open(placement, plan.scripts());
    parameters = new Parameters(torch);
    detector = plan.build(torch, parameters, classes, random);
  }

  Parameters parameters() {
    return parameters;
  }

  /**
   * Adds the gradients of a batch's loss to those that the parameters have.
   *
   * @param step number of the step
   * @param share factor of the loss
   * @return parts of the loss, times the factor
   */
  double[] learn(Batch batch, long step, double share, Reduction reduction) {
    try (Step _ = torch.step(true)) {
      Terms terms = detector.loss(batch, step, reduction);
      torch.backward(terms.total(), share);
      float[] numbers = terms.parts().floats();
      double[] parts = new double[numbers.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = share * numbers[i];
      }
      return parts;
    }
  }

  List<Detections> detect(Batch batch) {
    try (Step _ = torch.step(false)) {
      return detector.detect(batch);
    }
  }

  /** Counts what is held beyond the step, which must not grow. */
  int lastingTensors() {
    return torch.lasting();
  }

  @Override
  public void close() {
    torch.close();
  }
}
