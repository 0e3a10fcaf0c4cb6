package dev.autoloss.trainer.detector.region;

import java.util.Arrays;
import java.util.List;

/**
 * Which pixels of the feature maps each cell of a region reads, and with what weight: RoIAlign,
 * bilinear. A cell's weights are products of weights along y and x, so each pixel occurs once.
 *
 * <p>Cells are numbered region by region, row by row. Pixels are numbered map by map, image by
 * image, row by row.
 *
 * @see <a href="https://arxiv.org/abs/1703.06870">He et al., ICCV 2017</a>
 * @see <a href="https://github.com/open-mmlab/mmcv">mmcv, roi_align with sampling_ratio 0 and
 *     aligned; torchvision, roi_align with 2 and not</a>
 */
public final class RegionAlign {
  /** Lifts regions that are a whole power of two onto their level. */
  private static final float ROUNDING = 1e-6f;

  private final Maps maps;
  private long[] pixels = new long[1024];
  private float[] weights = new float[1024];
  private int count;

  /**
   * A feature map.
   *
   * @param stride pixels of the image for one of the map
   * @param height rows
   * @param width columns
   */
  public record Grid(int stride, int height, int width) {}

  /**
   * The feature maps of a batch.
   *
   * @param images of the batch
   * @param grids of the maps; all images have the same
   */
  public record Maps(int images, List<Grid> grids) {
    /** Copies the list. */
    public Maps {
      grids = List.copyOf(grids);
    }

    /** Number of a map's first pixel of an image. */
    int first(int level, int image) {
      int base = 0;
      for (Grid grid : grids.subList(0, level)) {
        base += images * grid.height() * grid.width();
      }
      Grid own = grids.get(level);
      return base + image * own.height() * own.width();
    }
  }

  /**
   * What the cells read.
   *
   * @param pixels of all cells, cell after cell
   * @param starts of each cell in {@code pixels}
   * @param weights of {@code pixels}
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  public record Bags(long[] pixels, long[] starts, float[] weights) {}

  /** Weights along one side of a cell: pixels {@code first, first + 1, …}. */
  private static final class Axis {
    private int first;
    private int length;
    private float[] weights = new float[8];

    /** Samples one cell of a side; {@code samples} at least 1. */
    void sample(float start, float cell, int samples, int size) {
      length = 0;
      for (int i = 0; i < samples; i++) {
        float at = start + (i + .5f) * cell / samples;
        if (at < -1 || at > size) {
          continue;
        }
        float clamped = Math.max(at, 0);
        int low = Math.min((int) clamped, size - 1);
        float share = low == size - 1 ? 0 : clamped - low;
        add(low, 1 - share);
        if (share > 0) {
          add(low + 1, share);
        }
      }
    }

    private void add(int pixel, float weight) {
      if (length == 0) {
        first = pixel;
      }
      int at = pixel - first;
      if (at >= weights.length) {
        weights = Arrays.copyOf(weights, 2 * at);
      }
      while (length <= at) {
        weights[length++] = 0;
      }
      weights[at] += weight;
    }
  }

  private RegionAlign(Maps maps) {
    this.maps = maps;
  }

  /**
   * Computes what the cells read.
   *
   * @param regions n × 4, xyxy in pixels of the image, at least one
   * @param imageOf image of each region
   * @param levelOf position of each region's map in {@code maps}
   * @param side cells in a row and in a column of a region
   * @param maps the feature maps
   * @param sampling where samples are taken
   * @return the bags of {@code n · side · side} cells; a cell outside of the map reads nothing
   */
  public static Bags bags(
      float[] regions, int[] imageOf, int[] levelOf, int side, Maps maps, Sampling sampling) {
    var align = new RegionAlign(maps);
    long[] starts = new long[imageOf.length * side * side];
    Axis[] rows = axes(side);
    Axis[] columns = axes(side);
    int cell = 0;
    for (int i = 0; i < imageOf.length; i++) {
      Grid map = maps.grids().get(levelOf[i]);
      float scale = 1f / map.stride();
      Span vertical = Span.of(regions[4 * i + 1] * scale, regions[4 * i + 3] * scale, sampling);
      Span horizontal = Span.of(regions[4 * i] * scale, regions[4 * i + 2] * scale, sampling);
      int samples =
          sample(rows, vertical, map.height(), sampling)
              * sample(columns, horizontal, map.width(), sampling);
      int base = align.maps.first(levelOf[i], imageOf[i]);
      for (Axis row : rows) {
        for (Axis column : columns) {
          starts[cell++] = align.count;
          align.addCell(row, column, base, map.width(), 1f / Math.max(samples, 1));
        }
      }
    }
    align.leaveNoneEmpty();
    return new Bags(
        Arrays.copyOf(align.pixels, align.count),
        starts,
        Arrays.copyOf(align.weights, align.count));
  }

  /**
   * Gives each region its map: {@code ⌊log₂(√area / finest)⌋}, the first map below that and the
   * last beyond the others. A millionth is added to the quotient, or, where torchvision's sampling
   * is asked for, to the logarithm.
   *
   * @param regions n × 4, xyxy in pixels of the image
   * @param finest √area in pixels from which on a region belongs to the first map
   * @param maps how many there are
   * @param sampling of the regions
   * @return n positions of maps
   */
  public static int[] levels(float[] regions, float finest, int maps, Sampling sampling) {
    int[] levels = new int[regions.length / 4];
    for (int i = 0; i < levels.length; i++) {
      float ratio = (float) Math.sqrt(Boxes.area(regions, i)) / finest;
      double level =
          switch (sampling) {
            case ADAPTIVE -> Math.log(ratio + ROUNDING) / Math.log(2);
            case TWO -> Math.log(ratio) / Math.log(2) + ROUNDING;
          };
      levels[i] = Math.clamp((int) Math.floor(level), 0, maps - 1);
    }
    return levels;
  }

  private static Axis[] axes(int side) {
    Axis[] axes = new Axis[side];
    Arrays.setAll(axes, _ -> new Axis());
    return axes;
  }

  /** One side of a region in pixels of its map. */
  private record Span(float start, float length) {
    static Span of(float low, float high, Sampling sampling) {
      return switch (sampling) {
        case ADAPTIVE -> new Span(low - .5f, high - .5f - (low - .5f));
        case TWO -> new Span(low, Math.max(high - low, 1));
      };
    }
  }

  /** Samples one side of a region; returns the samples of a cell. */
  private static int sample(Axis[] axes, Span span, int size, Sampling sampling) {
    float cell = span.length() / axes.length;
    int samples =
        switch (sampling) {
          case ADAPTIVE -> Math.max(0, (int) Math.ceil(cell));
          case TWO -> 2;
        };
    for (int i = 0; i < axes.length; i++) {
      axes[i].sample(span.start() + i * cell, cell, samples, size);
    }
    return samples;
  }

  private void addCell(Axis row, Axis column, int base, int width, float factor) {
    if (count + row.length * column.length > pixels.length) {
      int size = 2 * (pixels.length + row.length * column.length);
      pixels = Arrays.copyOf(pixels, size);
      weights = Arrays.copyOf(weights, size);
    }
    for (int y = 0; y < row.length; y++) {
      int at = base + (row.first + y) * width + column.first;
      float weight = row.weights[y] * factor;
      for (int x = 0; x < column.length; x++) {
        pixels[count] = (long) at + x;
        weights[count++] = weight * column.weights[x];
      }
    }
  }

  /** The engine takes no empty list: one pixel without weight stands for it. */
  private void leaveNoneEmpty() {
    if (count == 0) {
      count = 1;
    }
  }
}
