package dev.autoloss.trainer.detector.region;

import dev.autoloss.trainer.detector.region.RegionAlign.Grid;
import dev.autoloss.trainer.detector.region.RegionAlign.Maps;
import dev.autoloss.trainer.mask.Bitmap;
import java.util.List;

/**
 * What a mask is like within a box, in few cells: at least half of a cell's samples.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     mask_target.py</a>
 */
public final class MaskCrop {
  private static final float LEAST_SHARE = .5f;

  private MaskCrop() {}

  /**
   * Crops.
   *
   * @param mask of the whole image
   * @param box four numbers, xyxy in pixels of the mask
   * @param side cells in a row and in a column of the box
   * @return side × side, 0 or 1
   */
  public static float[] of(Bitmap mask, float[] box, int side) {
    var maps = new Maps(1, List.of(new Grid(1, mask.height(), mask.width())));
    var bags = RegionAlign.bags(box, new int[1], new int[1], side, maps, Sampling.ADAPTIVE);
    float[] cells = new float[side * side];
    for (int cell = 0; cell < cells.length; cell++) {
      int end = cell + 1 < cells.length ? (int) bags.starts()[cell + 1] : bags.pixels().length;
      float share = 0;
      for (int i = (int) bags.starts()[cell]; i < end; i++) {
        share += mask.pixels()[(int) bags.pixels()[i]] ? bags.weights()[i] : 0;
      }
      cells[cell] = share >= LEAST_SHARE ? 1 : 0;
    }
    return cells;
  }
}
