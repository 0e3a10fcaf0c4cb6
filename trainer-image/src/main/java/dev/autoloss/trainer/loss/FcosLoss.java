package dev.autoloss.trainer.loss;

import dev.autoloss.api.BoxWeighting;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;

/**
 * The loss of FCOS with a pair of exchangeable losses, as the published code computes it.
 *
 * <p>Classification: {@code Σ α f(X, Q, PY, NY) / (positives + images)} over all points and
 * classes, {@code α} = 0.25 where {@code PY} = 1, else 0.75, whatever {@code f} is; {@code Q} is
 * the overlap of the predicted with the true box at a positive's class, without gradient, at least
 * 1e-7. Regression: over the positives, with areas from distances in units of the stride, {@code U}
 * and {@code E} plus 1e-7, weighted as {@link BoxWeighting} says. The centerness branch learns the
 * overlap (mean binary cross-entropy over the positives). Without positives the last two are zero.
 *
 * @see <a href="https://github.com/PerdonLiu/CSE-Autoloss">the published code: fcos_head.py,
 *     get_loss.py</a>
 */
public final class FcosLoss {
  /**
   * What a head predicts, all points below one another.
   *
   * @param logits points × classes
   * @param distances points × 4 to left, top, right, bottom, in units of the point's stride
   * @param centerness points × 1
   */
  public record Prediction(Tensor logits, Tensor distances, Tensor centerness) {}

  /**
   * The total and its parts.
   *
   * @param total one number, the start of the backward pass
   * @param parts classification (weighted), regression (weighted), centerness
   */
  public record Terms(Tensor total, Tensor parts) {}

  private static final String METHODS =
      """
        def fcos_labels(self: __torch__.Ops, x: Tensor, labels: Tensor) -> Tensor:
          classes = torch.arange(torch.size(x, 1), dtype=4, layout=None, device=ops.prim.device(labels), pin_memory=None)
          return torch.type_as(torch.eq(torch.unsqueeze(labels, 1), classes), x)
        def fcos_classification(self: __torch__.Ops, x: Tensor, overlap: Tensor, py: Tensor, divisor: float) -> Tensor:
          f = (self).classification(x, torch.mul(py, torch.unsqueeze(overlap, 1)), py, torch.rsub(py, 1, 1))
          return torch.div(torch.sum(torch.mul(f, torch.rsub(torch.mul(py, 0.5), 0.75, 1)), dtype=None), divisor)
        def box_area(self: __torch__.Ops, w: Tensor, h: Tensor) -> Tensor:
          return torch.mul(torch.clamp(w, 0., None), torch.clamp(h, 0., None))
        def box_areas(self: __torch__.Ops, p: Tensor, t: Tensor) -> List[Tensor]:
          lo = torch.minimum(p, t)
          hi = torch.maximum(p, t)
          i = (self).box_area(torch.add(torch.select(lo, 1, 0), torch.select(lo, 1, 2), alpha=1), torch.add(torch.select(lo, 1, 1), torch.select(lo, 1, 3), alpha=1))
          a = torch.mul(torch.add(torch.select(p, 1, 0), torch.select(p, 1, 2), alpha=1), torch.add(torch.select(p, 1, 1), torch.select(p, 1, 3), alpha=1))
          b = torch.mul(torch.add(torch.select(t, 1, 0), torch.select(t, 1, 2), alpha=1), torch.add(torch.select(t, 1, 1), torch.select(t, 1, 3), alpha=1))
          u = torch.sub(torch.add(a, b, alpha=1), i, alpha=1)
          e = (self).box_area(torch.add(torch.select(hi, 1, 0), torch.select(hi, 1, 2), alpha=1), torch.add(torch.select(hi, 1, 1), torch.select(hi, 1, 3), alpha=1))
          return [i, u, e]
        def fcos_loss(self: __torch__.Ops, x: Tensor, d: Tensor, c: Tensor, labels: Tensor, positives: Tensor, t: Tensor, divisor: float, wc: float, wr: float) -> List[Tensor]:
          p = torch.index_select(d, 0, positives)
          areas = (self).box_areas(p, t)
          i = areas[0]
          u = areas[1]
          e = areas[2]
          w = torch.detach(torch.clamp(torch.div(i, torch.clamp(u, 1e-6, None)), 1e-7, None))
          overlap = torch.index_put(torch.zeros_like(torch.detach(torch.select(c, 1, 0)), dtype=None, layout=None, device=None, pin_memory=None, memory_format=None), annotate(List[Optional[Tensor]], [positives]), w, False)
          cls = torch.mul((self).fcos_classification(x, overlap, (self).fcos_labels(x, labels), divisor), wc)
          f = (self).box_loss(p, t, i, torch.add(u, 1e-7, 1), torch.add(e, 1e-7, 1))
          reg = torch.mul((self).weigh(f, w), wr)
          ctr = torch.binary_cross_entropy_with_logits(torch.index_select(torch.select(c, 1, 0), 0, positives), w, None, None, 1)
          total = torch.add(torch.add(cls, reg, alpha=1), ctr, alpha=1)
          return [total, torch.detach(torch.stack([cls, reg, ctr], 0))]
        def fcos_loss_empty(self: __torch__.Ops, x: Tensor, d: Tensor, c: Tensor, labels: Tensor, divisor: float, wc: float) -> List[Tensor]:
          overlap = torch.zeros_like(torch.detach(torch.select(c, 1, 0)), dtype=None, layout=None, device=None, pin_memory=None, memory_format=None)
          cls = torch.mul((self).fcos_classification(x, overlap, (self).fcos_labels(x, labels), divisor), wc)
          reg = torch.mul(torch.sum(d, dtype=None), 0.)
          ctr = torch.mul(torch.sum(c, dtype=None), 0.)
          total = torch.add(torch.add(cls, reg, alpha=1), ctr, alpha=1)
          return [total, torch.detach(torch.stack([cls, reg, ctr], 0))]
      """;

  private static final String WEIGH_EACH =
      """
        def weigh(self: __torch__.Ops, f: Tensor, w: Tensor) -> Tensor:
          return torch.div(torch.sum(torch.mul(f, w), dtype=None), torch.sum(w, dtype=None))
      """;

  private static final String WEIGH_ALIKE =
      """
        def weigh(self: __torch__.Ops, f: Tensor, w: Tensor) -> Tensor:
          return torch.mean(f, dtype=None)
      """;

  private static final String BOX_DISTANCES =
      """
        def box_loss(self: __torch__.Ops, p: Tensor, t: Tensor, i: Tensor, u: Tensor, e: Tensor) -> Tensor:
          return torch.sum(torch.abs(torch.sub(p, t, alpha=1)), [1], False, dtype=None)
      """;

  private static final String BOX_AREAS =
      """
        def box_loss(self: __torch__.Ops, p: Tensor, t: Tensor, i: Tensor, u: Tensor, e: Tensor) -> Tensor:
          return torch.add(torch.mul(i, 0.), (self).regression(i, u, e), alpha=1)
      """;

  private final LossPair pair;

  /**
   * Takes the pair.
   *
   * @param pair losses, weights and box weighting
   */
  public FcosLoss(LossPair pair) {
    this.pair = pair;
  }

  /**
   * The methods that {@link #terms} calls, to be given to {@link Torch#open}.
   *
   * @return TorchScript source
   */
  public List<String> scripts() {
    return List.of(
        METHODS,
        pair.weighsEachBox() ? WEIGH_EACH : WEIGH_ALIKE,
        classification(pair.classification()),
        pair.regression().map(FcosLoss::areas).orElse(BOX_DISTANCES));
  }

  /** A loss that leaves out what is trained still gets a gradient, of zero. */
  private static String classification(Expression expression) {
    String method = ExpressionScript.method("classification_raw", expression, Branch.ONE_STAGE);
    String result = "(self).classification_raw(X, Q, PY, NY)";
    String joined =
        ExpressionScript.uses(expression, Variable.X)
            ? result
            : "torch.add(torch.mul(X, 0.), " + result + ", alpha=1)";
    return method
        + "  def classification(self: __torch__.Ops, X: Tensor, Q: Tensor, PY: Tensor, NY: Tensor)"
        + " -> Tensor:\n    return "
        + joined
        + "\n";
  }

  private static String areas(Expression expression) {
    return ExpressionScript.method("regression", expression, Branch.REGRESSION) + BOX_AREAS;
  }

  /**
   * Computes the loss of a batch.
   *
   * @param torch opened with {@link #scripts()}
   * @param prediction what the head says
   * @param target what is true
   * @param images of the batch
   * @return the total and its parts
   */
  public Terms terms(Torch torch, Prediction prediction, Target target, int images) {
    long points = target.labels().length;
    int positives = target.positives().length;
    double divisor = positives + images;
    var call =
        torch
            .call(positives == 0 ? "fcos_loss_empty" : "fcos_loss")
            .with(prediction.logits())
            .with(prediction.distances())
            .with(prediction.centerness())
            .with(torch.tensor(target.labels(), points));
    if (positives > 0) {
      call.with(torch.tensor(target.positives(), positives))
          .with(torch.tensor(target.distances(), positives, 4));
    }
    call.with(divisor).with(pair.classificationWeight());
    if (positives > 0) {
      call.with(pair.regressionWeight());
    }
    List<Tensor> result = call.tensors();
    return new Terms(result.get(0), result.get(1));
  }

  /**
   * What is true of each point, all points below one another.
   *
   * @param labels class of each point, or the number of classes for background
   * @param positives points that have a class, rising
   * @param distances positives × 4 to left, top, right, bottom, in units of the point's stride
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  public record Target(long[] labels, long[] positives, float[] distances) {}
}
