package dev.autoloss.trainer.loss;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;

/**
 * The losses of two-stage detectors: those of the proposals and the masks, which are fixed, and the
 * exchangeable pair of the box heads, as the published code computes them.
 *
 * <p>Classification: {@code Σ f(X, Y, Z) / regions} over all sampled regions (and columns, if
 * {@code f} leaves them); {@code X} are logits with the background last, {@code Z} is 1 for
 * background and the overlap of the decoded with the true box for an object, without gradient, at
 * least 1e-7. Regression: {@code 10 Σ f(I, U, E) / regions} over the objects, areas of decoded
 * boxes in square pixels, {@code U} and {@code E} plus 1e-7; every box weighs alike, so that
 * released and intended box weighting are the same here. The built-in L1 and smooth L1 are those of
 * the encoded offsets, without the 10. Without objects regression is zero.
 *
 * @see <a href="https://github.com/PerdonLiu/CSE-Autoloss">the published code: bbox_head.py,
 *     get_loss.py</a>
 */
public final class TwoStageLoss {
  /**
   * What a box head predicts.
   *
   * @param logits regions × (classes + 1), background last
   * @param offsets regions × 4, or regions × (4 · classes)
   */
  public record Prediction(Tensor logits, Tensor offsets) {}

  /**
   * What is true of sampled regions.
   *
   * @param labels class of each region, or the number of classes for background
   * @param positives regions with a class
   * @param slots for each positive, the position of its four offsets among all
   * @param regions positives × 4, the boxes that offsets start from
   * @param boxes positives × 4, the true boxes
   * @param offsets positives × 4, the true boxes encoded
   * @param deviations four, of the offsets
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  public record Target(
      long[] labels,
      long[] positives,
      long[] slots,
      float[] regions,
      float[] boxes,
      float[] offsets,
      float[] deviations) {}

  /**
   * What is true of sampled anchors.
   *
   * @param anchors sampled ones, at least one
   * @param labels of each, 1 for an object, else 0
   * @param positives those of {@code anchors} with an object
   * @param offsets positives × 4, the true boxes encoded
   * @param divisor of both losses
   */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  public record AnchorTarget(
      long[] anchors, float[] labels, long[] positives, float[] offsets, double divisor) {}

  private static final double BOX_FACTOR = 10;

  private static final String METHODS =
      """
        def proposal_loss(self: __torch__.Ops, x: Tensor, d: Tensor, anchors: Tensor, labels: Tensor, positives: Tensor, t: Tensor, divisor: float, beta: float, factor: float) -> List[Tensor]:
          cls = torch.div(torch.binary_cross_entropy_with_logits(torch.index_select(torch.reshape(x, [-1]), 0, anchors), labels, None, None, 2), divisor)
          reg = torch.div(torch.mul(torch.smooth_l1_loss(torch.index_select(torch.reshape(d, [-1, 4]), 0, positives), t, 2, beta), factor), divisor)
          return [cls, reg]
        def region_classes(self: __torch__.Ops, x: Tensor, z: Tensor, labels: Tensor, divisor: float, wc: float) -> Tensor:
          classes = torch.arange(torch.size(x, 1), dtype=4, layout=None, device=ops.prim.device(labels), pin_memory=None)
          y = torch.type_as(torch.eq(torch.unsqueeze(labels, 1), classes), x)
          f = (self).classification(x, y, torch.expand_as(torch.unsqueeze(z, 1), x))
          return torch.mul(torch.div(torch.sum(f, dtype=None), divisor), wc)
        def region_loss(self: __torch__.Ops, x: Tensor, d: Tensor, labels: Tensor, positives: Tensor, slots: Tensor, b: Tensor, t: Tensor, o: Tensor, s: Tensor, divisor: float, wc: float, wr: float) -> List[Tensor]:
          v = torch.index_select(torch.reshape(d, [-1, 4]), 0, slots)
          p = (self).decode_boxes(v, b, s)
          areas = (self).edge_areas(p, t)
          i = areas[0]
          u = areas[1]
          w = torch.detach(torch.clamp(torch.div(i, torch.clamp(u, 1e-6, None)), 1e-7, None))
          ones = torch.ones_like(torch.detach(torch.select(x, 1, 0)), dtype=None, layout=None, device=None, pin_memory=None, memory_format=None)
          z = torch.index_put(ones, annotate(List[Optional[Tensor]], [positives]), w, False)
          cls = (self).region_classes(x, z, labels, divisor, wc)
          f = (self).box_loss(p, t, v, o, areas)
          reg = torch.mul(torch.div(torch.sum(f, dtype=None), divisor), wr)
          return [cls, reg]
        def region_loss_empty(self: __torch__.Ops, x: Tensor, d: Tensor, labels: Tensor, divisor: float, wc: float) -> List[Tensor]:
          z = torch.ones_like(torch.detach(torch.select(x, 1, 0)), dtype=None, layout=None, device=None, pin_memory=None, memory_format=None)
          return [(self).region_classes(x, z, labels, divisor, wc), torch.mul(torch.sum(d, dtype=None), 0.)]
        def mask_loss(self: __torch__.Ops, x: Tensor, slots: Tensor, t: Tensor) -> Tensor:
          m = torch.index_select(torch.flatten(x, 0, 1), 0, slots)
          return torch.binary_cross_entropy_with_logits(m, t, None, None, 1)
        def loss_terms(self: __torch__.Ops, cls: List[Tensor], reg: List[Tensor], rest: List[Tensor]) -> List[Tensor]:
          parts = torch.cat([torch.stack([torch.sum(torch.stack(cls, 0), dtype=None), torch.sum(torch.stack(reg, 0), dtype=None)], 0), torch.stack(rest, 0)], 0)
          return [torch.sum(parts, dtype=None), torch.detach(parts)]
      """;

  private final LossPair pair;

  /**
   * Takes the pair.
   *
   * @param pair losses and weights
   */
  public TwoStageLoss(LossPair pair) {
    this.pair = pair;
  }

  /**
   * The methods that the others call, to be given to {@link Torch#open}.
   *
   * @return TorchScript source
   */
  public List<String> scripts() {
    return List.of(BoxScripts.METHODS, METHODS, classification(pair), BoxScripts.loss(pair));
  }

  /** A loss that leaves out what is trained still gets a gradient, of zero. */
  private static String classification(LossPair pair) {
    Expression expression = pair.classification();
    String method =
        ExpressionScript.method(
            "classification_raw", expression, Branch.TWO_STAGE, pair.numerics());
    String result = "(self).classification_raw(X, Y, Z)";
    String joined =
        ExpressionScript.uses(expression, Variable.X)
            ? result
            : "torch.add(torch.mul(torch.sum(X, [1], True, dtype=None), 0.), "
                + result
                + ", alpha=1)";
    return method
        + "  def classification(self: __torch__.Ops, X: Tensor, Y: Tensor, Z: Tensor)"
        + " -> Tensor:\n    return "
        + joined
        + "\n";
  }

  /**
   * Computes the losses of the proposals.
   *
   * @param torch opened with {@link #scripts()}
   * @param logits one for each anchor, in any shape
   * @param offsets four for each anchor, in any shape
   * @param target what is true
   * @param beta where smooth L1 goes over from square to straight; 0 for L1
   * @return classification, then regression
   */
  public List<Tensor> proposals(
      Torch torch, Tensor logits, Tensor offsets, AnchorTarget target, double beta) {
    int positives = target.positives().length;
    // The engine takes no empty list: without positives any anchor stands in, with factor 0.
    boolean none = positives == 0;
    return torch
        .call("proposal_loss")
        .with(logits)
        .with(offsets)
        .with(torch.tensor(target.anchors(), target.anchors().length))
        .with(torch.tensor(target.labels(), target.labels().length))
        .with(none ? torch.tensor(new long[1], 1) : torch.tensor(target.positives(), positives))
        .with(
            none ? torch.tensor(new float[4], 1, 4) : torch.tensor(target.offsets(), positives, 4))
        .with(target.divisor())
        .with(beta)
        .with(none ? 0. : 1.)
        .tensors();
  }

  /**
   * Computes the losses of a box head.
   *
   * @param torch opened with {@link #scripts()}
   * @param prediction what the head says, of at least one region
   * @param target what is true
   * @param stageWeight factor of both losses
   * @return classification, then regression
   */
  public List<Tensor> regions(
      Torch torch, Prediction prediction, Target target, double stageWeight) {
    int regions = target.labels().length;
    int positives = target.positives().length;
    double classWeight = stageWeight * pair.classificationWeight();
    var call =
        torch
            .call(positives == 0 ? "region_loss_empty" : "region_loss")
            .with(prediction.logits())
            .with(prediction.offsets())
            .with(torch.tensor(target.labels(), regions));
    if (positives == 0) {
      return call.with((double) regions).with(classWeight).tensors();
    }
    double factor = ofOffsets() ? 1 : BOX_FACTOR;
    return call.with(torch.tensor(target.positives(), positives))
        .with(torch.tensor(target.slots(), positives))
        .with(torch.tensor(target.regions(), positives, 4))
        .with(torch.tensor(target.boxes(), positives, 4))
        .with(torch.tensor(target.offsets(), positives, 4))
        .with(torch.tensor(target.deviations(), 4))
        .with((double) regions)
        .with(classWeight)
        .with(stageWeight * factor * pair.regressionWeight())
        .tensors();
  }

  /** Whether the loss is one of encoded offsets, not of boxes. */
  private boolean ofOffsets() {
    return pair.regression() instanceof BoxLoss.BuiltIn(var loss)
        && (loss == CatalogueLoss.L1 || loss == CatalogueLoss.SMOOTH_L1);
  }

  /**
   * Computes the loss of the masks: mean binary cross-entropy of the map of each region's class.
   *
   * @param torch opened with {@link #scripts()}
   * @param logits regions × classes × side × side
   * @param slots for each region, the position of its class's map among all
   * @param masks regions × side × side, 0 or 1
   * @param side of a map
   * @return one number
   */
  public Tensor masks(Torch torch, Tensor logits, long[] slots, float[] masks, int side) {
    return torch
        .call("mask_loss")
        .with(logits)
        .with(torch.tensor(slots, slots.length))
        .with(torch.tensor(masks, slots.length, side, side))
        .tensor();
  }

  /**
   * Adds up.
   *
   * @param torch opened with {@link #scripts()}
   * @param classification of each stage, at least one
   * @param regression of each stage, at least one
   * @param rest other losses, at least one
   * @return the total and its parts
   */
  public Terms terms(
      Torch torch, List<Tensor> classification, List<Tensor> regression, List<Tensor> rest) {
    List<Tensor> result =
        torch.call("loss_terms").with(classification).with(regression).with(rest).tensors();
    return new Terms(result.get(0), result.get(1));
  }
}
