package dev.autoloss.trainer.mask;

import java.util.Arrays;

/**
 * What lies in a polygon, pixel for pixel as COCO's code decides it: the boundary is walked in
 * fifths of a pixel, and each time that it crosses a column's centre the column changes sides.
 *
 * @see <a href="https://github.com/cocodataset/cocoapi">COCO API, maskApi.c, rleFrPoly</a>
 */
final class PolygonRaster {
  private static final double SCALE = 5;

  private final int height;
  private final int width;
  private int[] u = new int[256];
  private int[] v = new int[256];
  private int points;

  private PolygonRaster(int height, int width) {
    this.height = height;
    this.width = width;
  }

  static RunLengths runs(int height, int width, double[] polygon) {
    var raster = new PolygonRaster(height, width);
    int corners = polygon.length / 2;
    for (int i = 0; i < corners; i++) {
      int next = (i + 1) % corners;
      raster.walk(
          fifths(polygon[2 * i]),
          fifths(polygon[2 * i + 1]),
          fifths(polygon[2 * next]),
          fifths(polygon[2 * next + 1]));
    }
    return raster.crossings();
  }

  private static int fifths(double coordinate) {
    return (int) (SCALE * coordinate + .5);
  }

  private void walk(int fromX, int fromY, int toX, int toY) {
    int dx = Math.abs(toX - fromX);
    int dy = Math.abs(toY - fromY);
    boolean flat = dx >= dy;
    boolean flip = flat ? fromX > toX : fromY > toY;
    int startX = flip ? toX : fromX;
    int startY = flip ? toY : fromY;
    int endX = flip ? fromX : toX;
    int endY = flip ? fromY : toY;
    double slope = flat ? (double) (endY - startY) / dx : (double) (endX - startX) / dy;
    int steps = Math.max(dx, dy);
    for (int d = 0; d <= steps; d++) {
      int t = flip ? steps - d : d;
      if (flat) {
        add(t + startX, (int) (startY + slope * t + .5));
      } else {
        add((int) (startX + slope * t + .5), t + startY);
      }
    }
  }

  private void add(int x, int y) {
    if (points == u.length) {
      u = Arrays.copyOf(u, 2 * points);
      v = Arrays.copyOf(v, 2 * points);
    }
    u[points] = x;
    v[points++] = y;
  }

  private RunLengths crossings() {
    int[] at = new int[points + 1];
    int count = 0;
    for (int i = 1; i < points; i++) {
      double x = ((u[i] < u[i - 1] ? u[i] : u[i] - 1) + .5) / SCALE - .5;
      if (u[i] != u[i - 1] && Math.floor(x) == x && x >= 0 && x <= width - 1) {
        double y = (Math.min(v[i], v[i - 1]) + .5) / SCALE - .5;
        at[count++] = ((int) x) * height + (int) Math.ceil(Math.clamp(y, 0, height));
      }
    }
    at[count++] = height * width;
    Arrays.sort(at, 0, count);
    return new RunLengths(height, width, runs(at, count));
  }

  /** Differences of positions; a run of no length joins its neighbours. */
  private static int[] runs(int[] at, int count) {
    int[] runs = new int[count];
    runs[0] = at[0];
    int used = 1;
    for (int i = 1; i < count; i++) {
      int length = at[i] - at[i - 1];
      if (length > 0) {
        runs[used++] = length;
      } else if (++i < count) {
        runs[used - 1] += at[i] - at[i - 1];
      }
    }
    return Arrays.copyOf(runs, used);
  }
}
