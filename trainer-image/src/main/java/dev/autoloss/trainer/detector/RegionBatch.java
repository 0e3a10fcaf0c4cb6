package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.detector.region.BoxCoder;
import dev.autoloss.trainer.detector.region.Boxes;
import dev.autoloss.trainer.detector.region.MaskCrop;
import dev.autoloss.trainer.detector.region.RandomSampler;
import dev.autoloss.trainer.loss.TwoStageLoss.Target;
import dev.autoloss.trainer.mask.Bitmap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Regions of all images of a batch, image by image.
 *
 * @param boxes n × 4, xyxy in pixels of the resized image
 * @param imageOf image of each
 * @param objectOf position of each one's object in its image, or −1; of sampled regions, positives
 *     first within an image
 * @param trueBox whether the region is the object's own box
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
record RegionBatch(float[] boxes, int[] imageOf, int[] objectOf, boolean[] trueBox) {
  /** Takes boxes of each image as they are. */
  static RegionBatch of(List<float[]> boxesOfImages) {
    float[] all = new float[0];
    var images = IntStream.builder();
    for (int image = 0; image < boxesOfImages.size(); image++) {
      float[] boxes = boxesOfImages.get(image);
      all = Boxes.join(all, boxes);
      for (int i = 0; i < boxes.length / 4; i++) {
        images.add(image);
      }
    }
    int[] imageOf = images.build().toArray();
    int[] objectOf = new int[imageOf.length];
    Arrays.fill(objectOf, -1);
    return new RegionBatch(all, imageOf, objectOf, new boolean[imageOf.length]);
  }

  /**
   * Samples the proposals of each image, with the objects' own boxes added after the assignment.
   *
   * @param stage whose assigner is asked
   * @param random one generator for each image
   */
  static RegionBatch sample(
      List<float[]> proposals,
      List<Batch.Sample> samples,
      TwoStageRecipe.Stage stage,
      RandomSampler sampler,
      List<RandomGenerator> random) {
    List<float[]> boxes = new ArrayList<>();
    var objects = IntStream.builder();
    var own = IntStream.builder();
    for (int image = 0; image < samples.size(); image++) {
      float[] truth = samples.get(image).boxes();
      int count = truth.length / 4;
      int[] assigned = stage.assigner().assign(proposals.get(image), truth);
      int[] all = IntStream.concat(IntStream.range(0, count), IntStream.of(assigned)).toArray();
      RandomSampler.Sample drawn = sampler.sample(all, random.get(image));
      int[] both =
          IntStream.concat(IntStream.of(drawn.positives()), IntStream.of(drawn.negatives()))
              .toArray();
      boxes.add(Boxes.pick(Boxes.join(truth, proposals.get(image)), both));
      for (int i : both) {
        objects.add(all[i] >= 0 ? all[i] : -1);
        own.add(i < count ? 1 : 0);
      }
    }
    RegionBatch plain = of(boxes);
    int[] isOwn = own.build().toArray();
    boolean[] trueBox = new boolean[isOwn.length];
    for (int i = 0; i < isOwn.length; i++) {
      trueBox[i] = isOwn[i] == 1;
    }
    return new RegionBatch(plain.boxes, plain.imageOf, objects.build().toArray(), trueBox);
  }

  int count() {
    return imageOf.length;
  }

  /** Positions of the regions with an object, rising. */
  int[] positives() {
    return IntStream.range(0, count()).filter(i -> objectOf[i] >= 0).toArray();
  }

  /** What a head should say of these regions. */
  Target target(List<Batch.Sample> samples, int classes, boolean agnostic, BoxCoder coder) {
    int[] positives = positives();
    long[] labels = new long[count()];
    Arrays.fill(labels, classes);
    long[] slots = new long[positives.length];
    float[] truth = new float[4 * positives.length];
    for (int i = 0; i < positives.length; i++) {
      int region = positives[i];
      Batch.Sample sample = samples.get(imageOf[region]);
      labels[region] = sample.labels()[objectOf[region]];
      slots[i] = agnostic ? region : (long) region * classes + labels[region];
      System.arraycopy(sample.boxes(), 4 * objectOf[region], truth, 4 * i, 4);
    }
    float[] from = Boxes.pick(boxes, positives);
    return new Target(
        labels,
        IntStream.of(positives).asLongStream().toArray(),
        slots,
        from,
        truth,
        coder.encode(from, truth),
        new float[] {coder.x(), coder.y(), coder.width(), coder.height()});
  }

  /**
   * The boxes that a stage of one box for all classes makes of these regions, clipped, without
   * those that were an object's own.
   *
   * @param offsets n × 4
   * @return boxes of each image
   */
  List<float[]> refined(float[] offsets, BoxCoder coder, List<Batch.Sample> samples) {
    float[] decoded = coder.decode(boxes, offsets);
    List<float[]> refined = new ArrayList<>();
    for (int image = 0; image < samples.size(); image++) {
      int wanted = image;
      int[] kept =
          IntStream.range(0, count()).filter(i -> imageOf[i] == wanted && !trueBox[i]).toArray();
      float[] own = Boxes.pick(decoded, kept);
      Boxes.clip(own, samples.get(image).height(), samples.get(image).width());
      refined.add(own);
    }
    return refined;
  }

  /** Of regions with objects, where each one's class stands among regions × classes. */
  long[] maskSlots(List<Batch.Sample> samples, int classes) {
    long[] slots = new long[count()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = (long) i * classes + samples.get(imageOf[i]).labels()[objectOf[i]];
    }
    return slots;
  }

  /**
   * Of regions with objects, what lies in each of its object's mask: regions × side × side, 0 or 1.
   */
  float[] masks(List<Batch.Sample> samples, int side) {
    float[] masks = new float[count() * side * side];
    for (int i = 0; i < count(); i++) {
      Bitmap whole = samples.get(imageOf[i]).masks().get(objectOf[i]);
      float[] part = MaskCrop.of(whole, Boxes.pick(boxes, new int[] {i}), side);
      System.arraycopy(part, 0, masks, i * side * side, part.length);
    }
    return masks;
  }

  /** Some of the regions. */
  RegionBatch only(int[] positions) {
    boolean[] own = new boolean[positions.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = trueBox[positions[i]];
    }
    return new RegionBatch(
        Boxes.pick(boxes, positions),
        IntStream.of(positions).map(i -> imageOf[i]).toArray(),
        IntStream.of(positions).map(i -> objectOf[i]).toArray(),
        own);
  }
}
