package dev.autoloss.trainer.weights;

import dev.autoloss.trainer.tensor.Tensor;
import java.util.Arrays;

/**
 * The place of the background among the rows of a two-stage detector's last layers: here and in
 * mmdetection scores have it last and boxes and masks have none, in torchvision it is the first of
 * all.
 */
final class BackgroundRow {
  static final String SCORES = "roi_heads.box_predictor.cls_score.";
  static final String BOXES = "roi_heads.box_predictor.bbox_pred.";
  private static final String MASKS = "roi_heads.mask_predictor.mask_fcn_logits.";
  static final int SIDES = 4;

  private BackgroundRow() {}

  /** A tensor under torchvision's name, or any other, with its rows as they are here. */
  static Numbers last(String name, Numbers numbers) {
    if (numbers.shape().length == 0 || numbers.shape()[0] == 0) {
      return numbers;
    }
    if (name.startsWith(SCORES)) {
      int row = numbers.values().length / (int) numbers.shape()[0];
      float[] values = new float[numbers.values().length];
      System.arraycopy(numbers.values(), row, values, 0, values.length - row);
      System.arraycopy(numbers.values(), 0, values, values.length - row, row);
      return new Numbers(numbers.shape(), values);
    }
    if (name.startsWith(BOXES) && numbers.shape()[0] > SIDES) {
      return without(SIDES, numbers);
    }
    return name.startsWith(MASKS) && numbers.shape()[0] > 1 ? without(1, numbers) : numbers;
  }

  /** A tensor of here with its rows as torchvision has them under the same name. */
  static Stored first(String name, Tensor tensor) {
    long[] shape = tensor.shape();
    if (name.startsWith(SCORES)) {
      float[] values = tensor.floats();
      int row = values.length / (int) shape[0];
      float[] turned = new float[values.length];
      System.arraycopy(values, 0, turned, row, values.length - row);
      System.arraycopy(values, values.length - row, turned, 0, row);
      return Stored.of(new Numbers(shape, turned));
    }
    if (name.startsWith(BOXES)) {
      return with(SIDES, shape, tensor.floats());
    }
    return name.startsWith(MASKS) ? with(1, shape, tensor.floats()) : Stored.of(tensor);
  }

  /** Zeros before the first row. */
  private static Stored with(int rows, long[] shape, float[] values) {
    int row = values.length / (int) shape[0];
    float[] longer = new float[values.length + rows * row];
    System.arraycopy(values, 0, longer, rows * row, values.length);
    long[] longerShape = shape.clone();
    longerShape[0] += rows;
    return Stored.of(new Numbers(longerShape, longer));
  }

  private static Numbers without(int rows, Numbers numbers) {
    int row = numbers.values().length / (int) numbers.shape()[0];
    long[] shape = numbers.shape().clone();
    shape[0] -= rows;
    return new Numbers(
        shape, Arrays.copyOfRange(numbers.values(), rows * row, numbers.values().length));
  }
}
