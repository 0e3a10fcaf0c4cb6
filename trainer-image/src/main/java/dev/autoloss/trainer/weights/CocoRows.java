package dev.autoloss.trainer.weights;

import java.util.List;
import java.util.Optional;

/**
 * Which rows of torchvision's detectors of COCO belong to the classes of a data set: they have one
 * for each of the 91 ids, eleven of which COCO does not use.
 */
final class CocoRows {
  /** Rows of the scores of such a detector. */
  static final int ROWS = 91;

  /** By id from 1; a dash is an id that is not used. */
  private static final List<String> NAMES =
      List.of(
          ("person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,"
                  + "-,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,"
                  + "zebra,giraffe,-,backpack,umbrella,-,-,handbag,tie,suitcase,frisbee,skis,"
                  + "snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,"
                  + "tennis racket,bottle,-,wine glass,cup,fork,knife,spoon,bowl,banana,apple,"
                  + "sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,"
                  + "potted plant,bed,-,dining table,-,-,toilet,-,tv,laptop,mouse,remote,keyboard,"
                  + "cell phone,microwave,oven,toaster,sink,refrigerator,-,book,clock,vase,scissors,"
                  + "teddy bear,hair drier,toothbrush")
              .split(",", -1));

  private static final String UNUSED = "-";

  private CocoRows() {}

  /**
   * The rows of a data set's classes.
   *
   * @param ids of the classes
   * @param names of the classes
   * @return their ids, which are the rows; empty if one of them is none of COCO's
   */
  static Optional<int[]> of(List<Long> ids, List<String> names) {
    for (int i = 0; i < ids.size(); i++) {
      long id = ids.get(i);
      String name = names.get(i);
      boolean known = id >= 1 && id <= NAMES.size() && NAMES.get((int) id - 1).equals(name);
      if (!known || name.equals(UNUSED)) {
        return Optional.empty();
      }
    }
    return Optional.of(ids.stream().mapToInt(Long::intValue).toArray());
  }

  /**
   * The rows of a tensor that belong to some classes.
   *
   * @param ours our name of the tensor
   * @param numbers rows as they are here: the background's, where there is one, last
   * @param ids of the classes
   * @return empty if it has not a row for each id
   */
  static Optional<Numbers> choose(String ours, Numbers numbers, int[] ids) {
    boolean scores = ours.startsWith(BackgroundRow.SCORES);
    boolean points = ours.startsWith("head.");
    int width = ours.startsWith(BackgroundRow.BOXES) ? BackgroundRow.SIDES : 1;
    int rows = (scores || points ? ROWS : ROWS - 1) * width;
    if (numbers.shape()[0] != rows) {
      return Optional.empty();
    }
    // Of one-stage detectors the row 0 is that of no id; of others it was the background's.
    int first = points ? 0 : 1;
    int count = ids.length + (scores ? 1 : 0);
    int size = numbers.values().length / rows * width;
    float[] chosen = new float[count * size];
    for (int i = 0; i < count; i++) {
      int row = i < ids.length ? ids[i] - first : ROWS - 1;
      System.arraycopy(numbers.values(), row * size, chosen, i * size, size);
    }
    long[] shape = numbers.shape().clone();
    shape[0] = (long) count * width;
    return Optional.of(new Numbers(shape, chosen));
  }
}
