package dev.autoloss.trainer.shapes;

import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one image shows: shapes, each of which may cover parts of earlier ones, on a noisy ground of
 * changing brightness.
 */
final class Scene {
  private static final List<Shape.Kind> KINDS = List.of(Shape.Kind.values());
  private static final int GROUND = -1;
  private static final int MOST_SHAPES = 6;
  private static final int ATTEMPTS = 20;
  private static final double LEAST_VISIBLE = .5;
  private static final int CONTRAST = 64;
  private static final int NOISE = 16;
  private static final double TYPICAL = .8;
  private static final int HUE = 40;
  private static final int TINT = 20;

  private final int width;
  private final int height;
  private final int ground;
  private final RandomGenerator random;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Integer> fullAreas = new ArrayList<>();
  private int[] owners;

  /** Draws a scene; the generator is used up by {@link #paint}, so that is called once. */
  Scene(int width, int height, RandomGenerator random) {
    this.width = width;
    this.height = height;
    this.random = random;
    this.ground = dull();
    this.owners = new int[width * height];
    Arrays.fill(owners, GROUND);
    int wanted = 1 + random.nextInt(MOST_SHAPES);
    for (int attempt = 0; attempt < ATTEMPTS && shapes.size() < wanted; attempt++) {
      place(draw());
    }
  }

  private int colour() {
    return random.nextInt(1 << 24);
  }

  /** Nearly grey. */
  private int dull() {
    int colour = 0;
    int level = TINT + random.nextInt(256 - 2 * TINT);
    for (int channel = 0; channel < 3; channel++) {
      colour = (colour << 8) | (level - TINT + random.nextInt(2 * TINT));
    }
    return colour;
  }

  private Shape draw() {
    double side = Math.min(width, height);
    // Uniform in the logarithm: as many small ones as large ones.
    double radius = side * .09 * StrictMath.pow(3, random.nextDouble());
    Shape.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    boolean typical = random.nextDouble() < TYPICAL;
    int colour = colour();
    while (distance(colour, ground) < CONTRAST || (typical && !isTypical(colour, kind))) {
      colour = colour();
    }
    return new Shape(
        kind,
        radius + random.nextDouble() * (width - 2 * radius),
        radius + random.nextDouble() * (height - 2 * radius),
        radius,
        random.nextDouble() * 2 * Math.PI,
        colour);
  }

  /** Circles tend to red, squares to green, triangles to blue. */
  private static boolean isTypical(int colour, Shape.Kind kind) {
    int own = channel(colour, kind.label());
    return own > channel(colour, (kind.label() + 1) % 3) + HUE
        && own > channel(colour, (kind.label() + 2) % 3) + HUE;
  }

  private static int channel(int colour, int index) {
    return (colour >> (16 - 8 * index)) & 0xff;
  }

  /** The largest difference of a channel. */
  private static int distance(int first, int second) {
    int largest = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      largest = Math.max(largest, Math.abs((first >> shift & 0xff) - (second >> shift & 0xff)));
    }
    return largest;
  }

  /** Adds a shape unless it would hide too much of an earlier one. */
  private void place(Shape shape) {
    int[] changed = owners.clone();
    int area = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        if (shape.covers(column, row)) {
          changed[row * width + column] = shapes.size();
          area++;
        }
      }
    }
    int[] visible = new int[shapes.size()];
    for (int owner : changed) {
      if (owner >= 0 && owner < visible.length) {
        visible[owner]++;
      }
    }
    for (int i = 0; i < visible.length; i++) {
      if (visible[i] < LEAST_VISIBLE * fullAreas.get(i)) {
        return;
      }
    }
    if (area > 0) {
      owners = changed;
      shapes.add(shape);
      fullAreas.add(area);
    }
  }

  /** The visible pixels of each shape as an object. */
  List<CocoAnnotation> objects(long imageId) {
    List<CocoAnnotation> objects = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      objects.add(object(imageId, i));
    }
    return objects;
  }

  private CocoAnnotation object(long imageId, int index) {
    int left = width;
    int right = 0;
    int top = height;
    int bottom = 0;
    int area = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        if (owners[row * width + column] == index) {
          left = Math.min(left, column);
          right = Math.max(right, column + 1);
          top = Math.min(top, row);
          bottom = Math.max(bottom, row + 1);
          area++;
        }
      }
    }
    int label = shapes.get(index).kind().label();
    return new CocoAnnotation(imageId, label, left, top, right - left, bottom - top, area, false);
  }

  /** Paints the pixels: brightness falls across the image, each channel is noisy. */
  RgbImage paint() {
    double slopeX = (random.nextDouble() - .5) / width;
    double slopeY = (random.nextDouble() - .5) / height;
    byte[] pixels = new byte[3 * width * height];
    for (int row = 0, at = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int owner = owners[row * width + column];
        int colour = owner == GROUND ? ground : shapes.get(owner).colour();
        double light = 1 + slopeX * (column - width / 2.0) + slopeY * (row - height / 2.0);
        for (int shift = 16; shift >= 0; shift -= 8) {
          int noise = random.nextInt(2 * NOISE + 1) - NOISE;
          int value = (int) Math.round(((colour >> shift) & 0xff) * light) + noise;
          pixels[at++] = (byte) Math.clamp(value, 0, 255);
        }
      }
    }
    return new RgbImage(width, height, pixels);
  }
}
