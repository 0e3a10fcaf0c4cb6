package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.AnchorGrid.Proposals;
import dev.autoloss.trainer.detector.region.RegionAlign;
import dev.autoloss.trainer.detector.region.RegionAlign.Grid;
import dev.autoloss.trainer.detector.region.RegionAlign.Maps;
import dev.autoloss.trainer.detector.region.Sampling;
import dev.autoloss.trainer.loss.Reduction;
import dev.autoloss.trainer.loss.Terms;
import dev.autoloss.trainer.loss.TwoStageLoss;
import dev.autoloss.trainer.loss.TwoStageLoss.Prediction;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Faster, Cascade and Mask R-CNN: regions are proposed from anchors, then one or more heads name
 * and refine each.
 *
 * @see <a href="https://arxiv.org/abs/1712.00726">Cai and Vasconcelos, CVPR 2018</a>
 */
final class TwoStage implements DetectorNetwork {
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Torch torch;
  private final TwoStageLayout layout;
  private final TwoStageRecipe recipe;
  private final TwoStageLoss loss;
  private final long seed;
  private final int classes;
  private final Body body;
  private final Pyramid pyramid;
  private final RpnHead rpn;
  private final List<BoxHead> boxHeads = new ArrayList<>();
  private final Optional<MaskHead> maskHead;

  TwoStage(TwoStagePlan plan, Weights weights, int classes) {
    this.torch = weights.torch();
    this.layout = plan.layout();
    this.recipe = plan.recipe();
    this.loss = plan.loss();
    this.seed = plan.seed();
    this.classes = classes;
    body = Body.of(plan.body(), weights);
    int channels = layout.channels();
    pyramid =
        new Pyramid(
            weights, body.channels(), channels, layout.strides().size(), Pyramid.Top.SUBSAMPLED);
    rpn = new RpnHead(weights, channels);
    for (int stage = 0; stage < recipe.stages().size(); stage++) {
      var names = recipe.classAgnostic() ? BoxHead.Names.stage(stage) : BoxHead.Names.single();
      int boxes = recipe.classAgnostic() ? 1 : classes;
      boxHeads.add(new BoxHead(weights, names, layout, classes, boxes));
    }
    maskHead =
        recipe.masks() ? Optional.of(new MaskHead(weights, channels, classes)) : Optional.empty();
  }

  @Override
  public Terms loss(Batch batch, long step, Reduction reduction) {
    // As published, each replica divides by what it has sampled itself.
    return train(levels(batch), batch.samples(), step).terms();
  }

  /**
   * The loss and what it was computed of.
   *
   * @param terms total and parts
   * @param stages one for each box head
   */
  record Trained(Terms terms, List<StageRun> stages) {}

  /**
   * A stage of a training step.
   *
   * @param sampled its regions
   * @param prediction what its head says of them
   * @param losses classification and regression
   */
  record StageRun(RegionBatch sampled, Prediction prediction, List<Tensor> losses) {}

  Trained train(List<Tensor> levels, List<Batch.Sample> samples, long step) {
    List<RandomGenerator> random =
        samples.stream().map(sample -> generator(step, sample.imageId())).toList();
    AnchorGrid anchors = layout.anchors(grids(levels), samples);
    RpnHead.Prediction proposed = rpn.predict(levels);
    List<Tensor> rest =
        new ArrayList<>(
            loss.proposals(
                torch,
                proposed.logits(),
                proposed.offsets(),
                anchors.target(recipe, random),
                recipe.anchorBeta()));
    List<float[]> regions =
        proposals(anchors, proposed, recipe.training()).stream().map(Proposals::boxes).toList();
    List<StageRun> stages = stages(levels, samples, regions, random);
    maskLoss(levels, samples, stages.getLast().sampled()).ifPresent(rest::add);
    Terms terms =
        loss.terms(
            torch,
            stages.stream().map(run -> run.losses().getFirst()).toList(),
            stages.stream().map(run -> run.losses().getLast()).toList(),
            rest);
    return new Trained(terms, stages);
  }

  /** Each stage samples what the one before has refined. */
  private List<StageRun> stages(
      List<Tensor> levels,
      List<Batch.Sample> samples,
      List<float[]> proposals,
      List<RandomGenerator> random) {
    List<StageRun> runs = new ArrayList<>();
    List<float[]> regions = proposals;
    for (int i = 0; i < boxHeads.size(); i++) {
      TwoStageRecipe.Stage stage = recipe.stages().get(i);
      RegionBatch sampled =
          RegionBatch.sample(regions, samples, stage, recipe.regionSampler(), random);
      Prediction prediction = boxHeads.get(i).predict(align(levels, sampled, BoxHead.SIDE));
      var target = sampled.target(samples, classes, recipe.classAgnostic(), stage.coder());
      List<Tensor> losses = loss.regions(torch, prediction, target, stage.weight());
      runs.add(new StageRun(sampled, prediction, losses));
      if (i + 1 < boxHeads.size()) {
        regions = sampled.refined(prediction.offsets().floats(), stage.coder(), samples);
      }
    }
    return runs;
  }

  /** What is sampled of an image depends on nothing but the seed, the step and the image. */
  private RandomGenerator generator(long step, long imageId) {
    return RandomGeneratorFactory.of("L64X128MixRandom")
        .create((seed * SPREAD + step) * SPREAD + imageId);
  }

  /** The proposals for inference, of feature levels. */
  List<Proposals> proposals(List<Tensor> levels, List<Batch.Sample> samples) {
    AnchorGrid anchors = layout.anchors(grids(levels), samples);
    return proposals(anchors, rpn.predict(levels), recipe.inference());
  }

  private List<Proposals> proposals(
      AnchorGrid anchors, RpnHead.Prediction proposed, TwoStageRecipe.Limits limits) {
    float[] scores = torch.sigmoid(proposed.logits()).floats();
    // Where scores are so high that they are all 1, the logits still differ.
    float[] ranks =
        switch (layout.compatibility()) {
          case PUBLISHED -> scores;
          case TORCHVISION -> proposed.logits().floats();
        };
    return anchors.propose(ranks, scores, proposed.offsets().floats(), limits);
  }

  private Optional<Tensor> maskLoss(
      List<Tensor> levels, List<Batch.Sample> samples, RegionBatch sampled) {
    RegionBatch positives = sampled.only(sampled.positives());
    return maskHead
        .filter(_ -> positives.count() > 0)
        .map(
            head -> {
              Tensor logits = head.predict(align(levels, positives, MaskHead.SIDE));
              return loss.masks(
                  torch,
                  logits,
                  positives.maskSlots(samples, classes),
                  positives.masks(samples, MaskHead.MASK_SIDE),
                  MaskHead.MASK_SIDE);
            });
  }

  private Tensor align(List<Tensor> levels, RegionBatch regions, int side) {
    List<Tensor> maps = levels.subList(0, layout.regionLevels());
    Sampling sampling = layout.sampling();
    int[] levelOf = RegionAlign.levels(regions.boxes(), layout.finest(), maps.size(), sampling);
    var all = new Maps((int) maps.getFirst().shape()[0], grids(maps));
    var bags = RegionAlign.bags(regions.boxes(), regions.imageOf(), levelOf, side, all, sampling);
    return torch.regions(maps, bags.pixels(), bags.starts(), bags.weights(), side);
  }

  @Override
  public List<Detections> detect(Batch batch) {
    return detect(levels(batch), batch.samples());
  }

  List<Detections> detect(List<Tensor> levels, List<Batch.Sample> samples) {
    return detect(
        levels, proposals(levels, samples).stream().map(Proposals::boxes).toList(), samples);
  }

  /** Detections of the boxes proposed in each image, xyxy in pixels of the input. */
  List<Detections> detect(List<Tensor> levels, List<float[]> proposed, List<Batch.Sample> samples) {
    List<float[]> boxes = proposed;
    var decoder = new RegionDecoder(classes, recipe.classAgnostic(), layout.compatibility());
    for (int i = 0; i < boxHeads.size(); i++) {
      var coder = recipe.stages().get(i).coder();
      RegionBatch regions = RegionBatch.of(boxes);
      Prediction prediction = boxHeads.get(i).predict(align(levels, regions, BoxHead.SIDE));
      float[] offsets = prediction.offsets().floats();
      decoder.add(prediction.logits().floats());
      if (i + 1 < boxHeads.size()) {
        boxes = regions.refined(offsets, coder, samples);
      } else {
        List<Detections> found = decoder.detections(regions, offsets, coder, samples);
        return maskHead.map(head -> withMasks(head, levels, samples, found, decoder)).orElse(found);
      }
    }
    throw new IllegalStateException("a recipe without stages");
  }

  private List<Detections> withMasks(
      MaskHead head,
      List<Tensor> levels,
      List<Batch.Sample> samples,
      List<Detections> found,
      RegionDecoder decoder) {
    List<float[]> boxes = new ArrayList<>();
    var labels = IntStream.builder();
    for (int image = 0; image < found.size(); image++) {
      boxes.add(OriginalPixels.resized(found.get(image).boxes(), samples.get(image)));
      IntStream.of(found.get(image).labels()).forEach(labels::add);
    }
    RegionBatch regions = RegionBatch.of(boxes);
    if (regions.count() == 0) {
      return found;
    }
    Tensor logits = head.predict(align(levels, regions, MaskHead.SIDE));
    int[] labelOf = labels.build().toArray();
    long[] slots =
        IntStream.range(0, labelOf.length)
            .mapToLong(i -> (long) i * classes + labelOf[i])
            .toArray();
    float[] cells = torch.sigmoid(torch.maps(logits, slots)).floats();
    return decoder.withMasks(found, cells, samples);
  }

  List<Tensor> levels(Batch batch) {
    Tensor images =
        torch.tensor(batch.pixels(), batch.samples().size(), 3, batch.height(), batch.width());
    return pyramid.levels(body.features(images));
  }

  private List<Grid> grids(List<Tensor> maps) {
    List<Grid> grids = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      long[] shape = maps.get(i).shape();
      grids.add(new Grid(layout.strides().get(i), (int) shape[2], (int) shape[3]));
    }
    return grids;
  }
}
