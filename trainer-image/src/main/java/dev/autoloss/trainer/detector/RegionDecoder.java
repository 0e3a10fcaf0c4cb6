package dev.autoloss.trainer.detector;

import dev.autoloss.api.Compatibility;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.region.BoxCoder;
import dev.autoloss.trainer.detector.region.Boxes;
import dev.autoloss.trainer.mask.MaskPaste;
import dev.autoloss.trainer.mask.RunLengths;
import dev.autoloss.trainer.mask.WholePixelPaste;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes detections of what box heads say: softmax of the mean logits of all stages, scores above
 * 0.05, each class with its own box (or a shared one) clipped to the image and brought to pixels of
 * the original, then suppression at 0.5, and the best 100. Torchvision's come to pixels of the
 * original last, and those of less than a hundredth of a pixel are dropped.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     standard_roi_head.py, cascade_roi_head.py, bbox_head.py</a>
 */
final class RegionDecoder {
  private static final float LEAST_SCORE = .05f;
  private static final float OVERLAP = .5f;
  private static final int BOXES_PER_IMAGE = 100;

  /** In pixels. */
  private static final float LEAST_SIDE = 1e-2f;

  private final int classes;
  private final boolean agnostic;
  private final Compatibility compatibility;
  private final List<float[]> logits = new ArrayList<>();

  RegionDecoder(int classes, boolean agnostic, Compatibility compatibility) {
    this.classes = classes;
    this.agnostic = agnostic;
    this.compatibility = compatibility;
  }

  /** Takes a stage's logits, regions × (classes + 1). */
  void add(float[] stageLogits) {
    logits.add(stageLogits);
  }

  /**
   * Makes the detections of each image.
   *
   * @param regions of the last stage
   * @param offsets of the last stage
   */
  List<Detections> detections(
      RegionBatch regions, float[] offsets, BoxCoder stageCoder, List<Batch.Sample> samples) {
    var coder = stageCoder.boundedOnBothSides(compatibility == Compatibility.PUBLISHED);
    List<Candidates> found = new ArrayList<>();
    samples.forEach(_ -> found.add(new Candidates()));
    for (int region = 0; region < regions.count(); region++) {
      float[] scores = scores(region);
      int image = regions.imageOf()[region];
      for (int label = 0; label < classes; label++) {
        if (scores[label] > LEAST_SCORE) {
          int slot = agnostic ? region : region * classes + label;
          float[] box =
              coder.decode(
                  Boxes.pick(regions.boxes(), new int[] {region}),
                  Boxes.pick(offsets, new int[] {slot}));
          add(box, scores[label], label, samples.get(image), found.get(image));
        }
      }
    }
    List<Detections> detections = new ArrayList<>();
    for (int image = 0; image < samples.size(); image++) {
      Batch.Sample sample = samples.get(image);
      Detections best = found.get(image).best(sample.imageId(), OVERLAP, BOXES_PER_IMAGE);
      detections.add(
          switch (compatibility) {
            case PUBLISHED -> best;
            case TORCHVISION -> OriginalPixels.of(best, sample);
          });
    }
    return detections;
  }

  private void add(float[] box, float score, int label, Batch.Sample sample, Candidates found) {
    Boxes.clip(box, sample.height(), sample.width());
    switch (compatibility) {
      case PUBLISHED -> found.add(OriginalPixels.of(box, sample), score, label);
      case TORCHVISION -> {
        if (!Boxes.isNarrow(box, LEAST_SIDE)) {
          found.add(box, score, label);
        }
      }
    }
  }

  /** A region's softmax over the classes and the background. */
  private float[] scores(int region) {
    float[] mean = new float[classes + 1];
    float greatest = Float.NEGATIVE_INFINITY;
    for (int c = 0; c <= classes; c++) {
      for (float[] stage : logits) {
        mean[c] += stage[region * (classes + 1) + c];
      }
      mean[c] /= logits.size();
      greatest = Math.max(greatest, mean[c]);
    }
    double sum = 0;
    for (int c = 0; c <= classes; c++) {
      mean[c] = (float) Math.exp(mean[c] - greatest);
      sum += mean[c];
    }
    for (int c = 0; c <= classes; c++) {
      mean[c] = (float) (mean[c] / sum);
    }
    return mean;
  }

  /**
   * Draws each detection's mask into its image.
   *
   * @param cells of all detections, image by image, in 0..1
   */
  List<Detections> withMasks(List<Detections> found, float[] cells, List<Batch.Sample> samples) {
    int side = MaskHead.MASK_SIDE;
    List<Detections> all = new ArrayList<>();
    int first = 0;
    for (int image = 0; image < found.size(); image++) {
      Detections boxes = found.get(image);
      Batch.Sample sample = samples.get(image);
      List<RunLengths> masks = new ArrayList<>();
      for (int i = 0; i < boxes.count(); i++) {
        float[] box = Boxes.pick(boxes.boxes(), new int[] {i});
        float[] own = Arrays.copyOfRange(cells, first, first + side * side);
        int height = sample.originalHeight();
        int width = sample.originalWidth();
        masks.add(
            RunLengths.of(
                switch (compatibility) {
                  case PUBLISHED -> MaskPaste.draw(own, side, box, height, width);
                  case TORCHVISION -> WholePixelPaste.draw(own, side, box, height, width);
                }));
        first += side * side;
      }
      all.add(
          new Detections(boxes.imageId(), boxes.boxes(), boxes.scores(), boxes.labels(), masks));
    }
    return all;
  }
}
