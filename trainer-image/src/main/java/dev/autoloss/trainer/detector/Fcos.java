package dev.autoloss.trainer.detector;

import dev.autoloss.api.Backbone;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.FcosTargets.Size;
import dev.autoloss.trainer.loss.FcosLoss;
import dev.autoloss.trainer.loss.FcosLoss.Prediction;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * FCOS: a detector that predicts a class, four distances to the sides and an overlap at every point
 * of its feature maps.
 *
 * @see <a href="https://arxiv.org/abs/1904.01355">Tian et al., ICCV 2019</a>
 */
public final class Fcos {
  private static final int HEAD_GROUPS = 32;

  private final Torch torch;
  private final FcosLayout layout;
  private final Body body;
  private final Pyramid pyramid;
  private final FcosHead head;
  private final int classes;

  /**
   * Makes a detector with random weights.
   *
   * @param torch where it computes
   * @param parameters takes the weights
   * @param backbone feature network
   * @param classes number of classes, at least 1
   * @param random source of the weights
   */
  public Fcos(
      Torch torch, Parameters parameters, Backbone backbone, int classes, RandomGenerator random) {
    var weights = new Weights(torch, parameters, random, Weights.Biases.FAST);
    this.torch = torch;
    this.classes = classes;
    layout = FcosLayout.of(backbone);
    body = Body.of(backbone, weights);
    pyramid =
        new Pyramid(
            weights,
            body.channels().subList(1, 4),
            layout.channels(),
            layout.levels().size(),
            Pyramid.Top.RELU_CONVOLUTIONS);
    head = new FcosHead(weights, layout, classes, HEAD_GROUPS);
  }

  /**
   * Computes the loss of a batch.
   *
   * @param batch images with boxes
   * @param loss how it is computed
   * @return the total, to start a backward pass from, and its parts
   */
  public FcosLoss.Terms loss(Batch batch, FcosLoss loss) {
    List<Tensor> levels = levels(batch);
    Prediction prediction = head.predict(levels);
    FcosLoss.Target target =
        FcosTargets.assign(layout.levels(), sizes(levels), batch.samples(), classes);
    return loss.terms(torch, prediction, target, batch.samples().size());
  }

  /**
   * Finds objects.
   *
   * @param batch images; their boxes are not read
   * @return one for each image, in order
   */
  public List<Detections> detect(Batch batch) {
    List<Tensor> levels = levels(batch);
    Prediction prediction = head.predict(levels);
    var output =
        new FcosDecoder.Output(
            torch.sigmoid(prediction.logits()).floats(),
            prediction.distances().floats(),
            torch.sigmoid(prediction.centerness()).floats());
    return new FcosDecoder(layout.levels(), sizes(levels), classes).decode(output, batch.samples());
  }

  private List<Tensor> levels(Batch batch) {
    Tensor images =
        torch.tensor(batch.pixels(), batch.samples().size(), 3, batch.height(), batch.width());
    return pyramid.levels(body.features(images).subList(1, 4));
  }

  private static List<Size> sizes(List<Tensor> levels) {
    return levels.stream()
        .map(level -> new Size((int) level.shape()[2], (int) level.shape()[3]))
        .toList();
  }
}
