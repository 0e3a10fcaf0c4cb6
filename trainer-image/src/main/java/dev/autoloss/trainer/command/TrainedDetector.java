package dev.autoloss.trainer.command;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.DetectorNetwork;
import dev.autoloss.trainer.detector.DetectorPlan;
import dev.autoloss.trainer.fit.ModelDescription;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Torch;
import dev.autoloss.trainer.weights.StartingWeights;
import dev.autoloss.trainer.weights.WeightsException;
import java.util.List;
import java.util.random.RandomGeneratorFactory;

/** A detector with the weights of a file, to find objects with and nothing else. */
final class TrainedDetector implements AutoCloseable {
  private final Torch torch;
  private final DetectorNetwork network;

  /**
   * Builds the detector.
   *
   * @param gpu whether on a GPU
   * @param threads of an operation on CPU
   * @throws WeightsException if the weights are of another detector
   */
  TrainedDetector(ModelDescription model, StartingWeights weights, boolean gpu, int threads) {
    DetectorPlan plan = DetectorPlan.of(model.detector());
    torch = Torch.open(gpu, threads, plan.scripts());
    try {
      var parameters = new Parameters(torch);
      // Every number is replaced below.
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(0);
      List<Long> ids = model.categories().ids();
      network = plan.build(torch, parameters, ids.size(), random);
      weights.fillAll(parameters, ids, model.categories().names());
    } catch (WeightsException wrong) {
      torch.close();
      throw wrong;
    }
  }

  /** Finds objects: one element for each image, in order. */
  List<Detections> detect(Batch batch) {
    try (Step _ = torch.step(false)) {
      return network.detect(batch);
    }
  }

  @Override
  public void close() {
    torch.close();
  }
}
