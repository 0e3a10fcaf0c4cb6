package dev.autoloss.trainer.detector.region;

/**
 * A box as its offset from another one: {@code (Δx/w, Δy/h, ln w′/w, ln h′/h)}, of centres and
 * sides, divided by four deviations. Decoding holds the logarithms below ln(1000/16), and where the
 * coder is bounded on both sides, above its negative.
 *
 * @param x deviation of the first
 * @param y deviation of the second
 * @param width deviation of the third
 * @param height deviation of the fourth
 * @param bothSides whether decoded logarithms are bounded below, too; torchvision's are not
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     delta_xywh_bbox_coder.py</a>
 */
public record BoxCoder(float x, float y, float width, float height, boolean bothSides) {
  /** Greatest size of a logarithm that is decoded. */
  public static final double GREATEST_LOGARITHM = Math.log(1000.0 / 16);

  /**
   * A coder that is bounded on both sides.
   *
   * @param x deviation of the first
   * @param y deviation of the second
   * @param width deviation of the third
   * @param height deviation of the fourth
   */
  public BoxCoder(float x, float y, float width, float height) {
    this(x, y, width, height, true);
  }

  /**
   * The coder with other bounds.
   *
   * @param bounded whether decoded logarithms are bounded below, too
   * @return the same deviations
   */
  public BoxCoder boundedOnBothSides(boolean bounded) {
    return new BoxCoder(x, y, width, height, bounded);
  }

  /**
   * Encodes boxes.
   *
   * @param from n × 4 boxes with positive sides
   * @param to n × 4 boxes with positive sides
   * @return n × 4 offsets
   */
  public float[] encode(float[] from, float[] to) {
    float[] offsets = new float[from.length];
    for (int at = 0; at < from.length; at += 4) {
      float w = from[at + 2] - from[at];
      float h = from[at + 3] - from[at + 1];
      float dx = (to[at] + to[at + 2]) * .5f - (from[at] + from[at + 2]) * .5f;
      float dy = (to[at + 1] + to[at + 3]) * .5f - (from[at + 1] + from[at + 3]) * .5f;
      offsets[at] = dx / w / x;
      offsets[at + 1] = dy / h / y;
      offsets[at + 2] = (float) Math.log((to[at + 2] - to[at]) / w) / width;
      offsets[at + 3] = (float) Math.log((to[at + 3] - to[at + 1]) / h) / height;
    }
    return offsets;
  }

  /**
   * Decodes boxes.
   *
   * @param from n × 4 boxes
   * @param offsets n × 4 offsets
   * @return n × 4 boxes, not clipped
   */
  public float[] decode(float[] from, float[] offsets) {
    float[] boxes = new float[from.length];
    for (int at = 0; at < from.length; at += 4) {
      float w = from[at + 2] - from[at];
      float h = from[at + 3] - from[at + 1];
      float centreX = (from[at] + from[at + 2]) * .5f + w * (offsets[at] * x);
      float centreY = (from[at + 1] + from[at + 3]) * .5f + h * (offsets[at + 1] * y);
      float halfWidth = w * stretch(offsets[at + 2] * width) * .5f;
      float halfHeight = h * stretch(offsets[at + 3] * height) * .5f;
      boxes[at] = centreX - halfWidth;
      boxes[at + 1] = centreY - halfHeight;
      boxes[at + 2] = centreX + halfWidth;
      boxes[at + 3] = centreY + halfHeight;
    }
    return boxes;
  }

  private float stretch(float logarithm) {
    double least = bothSides ? -GREATEST_LOGARITHM : Double.NEGATIVE_INFINITY;
    return (float) Math.exp(Math.clamp(logarithm, least, GREATEST_LOGARITHM));
  }
}
