package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.loss.OneStageTarget;
import dev.autoloss.trainer.loss.Prediction;
import dev.autoloss.trainer.loss.Reduction;
import dev.autoloss.trainer.loss.Terms;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;

/** FCOS or ATSS: a class, a box and an overlap at every point of the feature maps. */
final class OneStage implements DetectorNetwork {
  private final OneStagePlan plan;
  private final Torch torch;
  private final Body body;
  private final Pyramid pyramid;
  private final OneStageHead head;
  private final int classes;

  OneStage(OneStagePlan plan, Weights weights, int classes) {
    this.plan = plan;
    this.torch = weights.torch();
    this.classes = classes;
    OneStageLayout layout = plan.layout();
    body = Body.of(plan.body(), weights);
    pyramid =
        new Pyramid(
            weights,
            fromStride8(body.channels()),
            layout.channels(),
            layout.levels().size(),
            plan.kind().top());
    head = new OneStageHead(weights, plan.kind(), layout, classes);
  }

  private static <T> List<T> fromStride8(List<T> maps) {
    return maps.subList(1, maps.size());
  }

  @Override
  public Terms loss(Batch batch, long step, Reduction reduction) {
    List<Tensor> levels = levels(batch);
    Prediction prediction = head.predict(levels);
    OneStageTarget target = target(plan.layout().points(plan.kind(), levels), batch);
    return plan.loss().terms(torch, prediction, target, plan.kind().reduces(reduction));
  }

  private OneStageTarget target(List<Points> points, Batch batch) {
    List<OneStageLayout.Level> levels = plan.layout().levels();
    return switch (plan.kind()) {
      case FCOS -> FcosTargets.assign(levels, points, batch.samples(), classes);
      case ATSS -> AtssTargets.assign(levels, points, batch.samples(), classes);
    };
  }

  @Override
  public List<Detections> detect(Batch batch) {
    List<Tensor> levels = levels(batch);
    Prediction prediction = head.predict(levels);
    var output =
        new OneStageDecoder.Output(
            torch.sigmoid(prediction.logits()).floats(),
            prediction.boxes().floats(),
            torch.sigmoid(prediction.centerness()).floats());
    List<Points> points = plan.layout().points(plan.kind(), levels);
    return new OneStageDecoder(plan.kind(), plan.layout(), points, classes)
        .decode(output, batch.samples());
  }

  /** The pyramid's levels, finest first. */
  List<Tensor> levels(Batch batch) {
    Tensor images =
        torch.tensor(batch.pixels(), batch.samples().size(), 3, batch.height(), batch.width());
    return pyramid.levels(fromStride8(body.features(images)));
  }

  /** What the head says of the levels. */
  Prediction predict(List<Tensor> levels) {
    return head.predict(levels);
  }
}
