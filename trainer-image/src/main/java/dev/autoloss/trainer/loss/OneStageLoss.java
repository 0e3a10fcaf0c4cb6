package dev.autoloss.trainer.loss;

import dev.autoloss.api.BoxWeighting;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import dev.autoloss.trainer.tensor.Call;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;

/**
 * The loss of FCOS and ATSS with a pair of exchangeable losses, as the published code computes it.
 *
 * <p>Classification: {@code Σ α f(X, Q, PY, NY) / divisor} over all points and classes, {@code α} =
 * 0.25 where {@code PY} = 1, else 0.75, whatever {@code f} is; {@code Q} is the overlap of the
 * predicted with the true box at a positive's class, without gradient, at least 1e-7. Regression:
 * over the positives, with areas from distances (FCOS: in units of the stride, ATSS: in pixels),
 * {@code U} and {@code E} plus 1e-7, weighted as {@link BoxWeighting} says. The centerness branch
 * learns the overlap (binary cross-entropy over the positives). Built-in L1 and smooth L1 are sums
 * over the four distances in units of the stride. Without positives the last two are zero.
 *
 * @see <a href="https://github.com/PerdonLiu/CSE-Autoloss">the published code: fcos_head.py,
 *     atss_head.py, get_loss.py</a>
 */
public final class OneStageLoss {
  /** How a head's boxes become distances. */
  public enum Boxes {
    /** They are distances: FCOS. */
    DISTANCES,
    /**
     * They are offsets from a square anchor of eight strides, in units of a tenth (centre) and a
     * fifth (logarithm of the sides, at most log(1000/16)): ATSS.
     */
    ANCHOR_OFFSETS
  }

  private static final String METHODS =
      """
        def labels(self: __torch__.Ops, x: Tensor, labels: Tensor) -> Tensor:
          classes = torch.arange(torch.size(x, 1), dtype=4, layout=None, device=ops.prim.device(labels), pin_memory=None)
          return torch.type_as(torch.eq(torch.unsqueeze(labels, 1), classes), x)
        def classification_sum(self: __torch__.Ops, x: Tensor, overlap: Tensor, labels: Tensor, divisor: float) -> Tensor:
          py = (self).labels(x, labels)
          f = (self).classification(x, torch.mul(py, torch.unsqueeze(overlap, 1)), py, torch.rsub(py, 1, 1))
          counted = torch.unsqueeze(torch.type_as(torch.ge(labels, 0), x), 1)
          alpha = torch.mul(torch.rsub(torch.mul(py, 0.5), 0.75, 1), counted)
          return torch.div(torch.sum(torch.mul(f, alpha), dtype=None), divisor)
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
          return [i, u, e, b]
        def overlaps(self: __torch__.Ops, areas: List[Tensor]) -> Tensor:
          return torch.detach(torch.clamp(torch.div(areas[0], torch.clamp(areas[1], 1e-6, None)), 1e-7, None))
        def overlap_sum(self: __torch__.Ops, d: Tensor, positives: Tensor, t: Tensor, strides: Tensor) -> Tensor:
          p = (self).distances(torch.index_select(d, 0, positives), strides)
          return torch.sum((self).overlaps((self).box_areas(p, t)), dtype=None)
        def edges(self: __torch__.Ops, d: Tensor) -> Tensor:
          return torch.cat([torch.neg(torch.slice(d, 1, 0, 2, 1)), torch.slice(d, 1, 2, 4, 1)], 1)
        def one_stage(self: __torch__.Ops, x: Tensor, d: Tensor, c: Tensor, labels: Tensor, positives: Tensor, t: Tensor, strides: Tensor, levels: Tensor, total: Tensor, divisors: List[float], weights: List[float]) -> List[Tensor]:
          p = (self).distances(torch.index_select(d, 0, positives), strides)
          areas = (self).box_areas(p, t)
          w = (self).overlaps(areas)
          overlap = torch.index_put(torch.zeros_like(torch.detach(torch.select(c, 1, 0)), dtype=None, layout=None, device=None, pin_memory=None, memory_format=None), annotate(List[Optional[Tensor]], [positives]), w, False)
          cls = torch.mul((self).classification_sum(x, overlap, labels, divisors[0]), weights[0])
          s = torch.unsqueeze(strides, 1)
          f = (self).box_loss((self).edges(p), (self).edges(t), torch.div(p, s), torch.div(t, s), areas)
          overlaps = torch.where(torch.ge(total, 0), total, torch.sum(w, dtype=None))
          reg = torch.mul(torch.div(torch.sum((self).weigh(f, w, levels), dtype=None), overlaps), weights[1])
          ctr = torch.div(torch.binary_cross_entropy_with_logits(torch.index_select(torch.select(c, 1, 0), 0, positives), w, None, None, 2), divisors[1])
          total = torch.add(torch.add(cls, reg, alpha=1), ctr, alpha=1)
          return [total, torch.detach(torch.stack([cls, reg, ctr], 0))]
        def one_stage_empty(self: __torch__.Ops, x: Tensor, d: Tensor, c: Tensor, labels: Tensor, divisors: List[float], weights: List[float]) -> List[Tensor]:
          overlap = torch.zeros_like(torch.detach(torch.select(c, 1, 0)), dtype=None, layout=None, device=None, pin_memory=None, memory_format=None)
          cls = torch.mul((self).classification_sum(x, overlap, labels, divisors[0]), weights[0])
          reg = torch.mul(torch.sum(d, dtype=None), 0.)
          ctr = torch.mul(torch.sum(c, dtype=None), 0.)
          total = torch.add(torch.add(cls, reg, alpha=1), ctr, alpha=1)
          return [total, torch.detach(torch.stack([cls, reg, ctr], 0))]
      """;

  private static final String DISTANCES =
      """
        def distances(self: __torch__.Ops, d: Tensor, strides: Tensor) -> Tensor:
          return d
      """;

  private static final String ANCHOR_OFFSETS =
      """
        def distances(self: __torch__.Ops, d: Tensor, strides: Tensor) -> Tensor:
          side = torch.unsqueeze(torch.mul(strides, 8.), 1)
          centre = torch.mul(torch.slice(d, 1, 0, 2, 1), 0.1)
          half = torch.mul(torch.exp(torch.clamp(torch.mul(torch.slice(d, 1, 2, 4, 1), 0.2), -4.135166556742356, 4.135166556742356)), 0.5)
          return torch.mul(torch.cat([torch.sub(half, centre, alpha=1), torch.add(half, centre, alpha=1)], 1), side)
      """;

  private static final String WEIGH_EACH =
      """
        def weigh(self: __torch__.Ops, f: Tensor, w: Tensor, levels: Tensor) -> Tensor:
          return torch.mul(f, w)
      """;

  /** Every box of a level by the mean overlap of that level. */
  private static final String WEIGH_ALIKE =
      """
        def weigh(self: __torch__.Ops, f: Tensor, w: Tensor, levels: Tensor) -> Tensor:
          none = torch.new_zeros(w, [8], dtype=None, layout=None, device=None, pin_memory=None)
          sums = torch.index_add(none, 0, levels, w, alpha=1)
          counts = torch.index_add(none, 0, levels, torch.ones_like(w, dtype=None, layout=None, device=None, pin_memory=None, memory_format=None), alpha=1)
          means = torch.div(sums, torch.clamp(counts, 1., None))
          return torch.mul(f, torch.index_select(means, 0, levels))
      """;

  private static final double NOT_ASKED = -1;

  private final LossPair pair;
  private final Boxes boxes;

  /**
   * Takes the pair.
   *
   * @param pair losses, weights and box weighting
   * @param boxes what the head's boxes are
   */
  public OneStageLoss(LossPair pair, Boxes boxes) {
    this.pair = pair;
    this.boxes = boxes;
  }

  /**
   * The methods that {@link #terms} calls, to be given to {@link Torch#open}.
   *
   * @return TorchScript source
   */
  public List<String> scripts() {
    return List.of(
        METHODS,
        switch (boxes) {
          case DISTANCES -> DISTANCES;
          case ANCHOR_OFFSETS -> ANCHOR_OFFSETS;
        },
        pair.weighsEachBox() ? WEIGH_EACH : WEIGH_ALIKE,
        classification(pair),
        BoxScripts.loss(pair));
  }

  /** A loss that leaves out what is trained still gets a gradient, of zero. */
  private static String classification(LossPair pair) {
    Expression expression = pair.classification();
    String method =
        ExpressionScript.method(
            "classification_raw", expression, Branch.ONE_STAGE, pair.numerics());
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

  /**
   * Computes the loss of a batch.
   *
   * @param torch opened with {@link #scripts()}
   * @param prediction what the head says
   * @param target what is true
   * @param reduction averages the divisors over the replicas of a step
   * @return the total and its parts: classification (weighted), regression (weighted), centerness
   */
  public Terms terms(
      Torch torch, Prediction prediction, OneStageTarget target, Reduction reduction) {
    int positives = target.positives().length;
    Tensor labels = torch.tensor(target.labels(), target.labels().length);
    if (positives == 0) {
      Divisors divisors = Divisors.of(target, 0, reduction);
      return result(start(torch.call("one_stage_empty"), prediction).with(labels), divisors);
    }
    Tensor points = torch.tensor(target.positives(), positives);
    Tensor distances = torch.tensor(target.distances(), positives, 4);
    Tensor strides = torch.tensor(target.strides(), positives);
    double overlaps = NOT_ASKED;
    if (reduction.replicas() > 1) {
      var sum = torch.call("overlap_sum").with(prediction.boxes()).with(points);
      overlaps = sum.with(distances).with(strides).tensor().floats()[0];
    }
    Divisors divisors = Divisors.of(target, overlaps, reduction);
    return result(
        start(torch.call("one_stage"), prediction)
            .with(labels)
            .with(points)
            .with(distances)
            .with(strides)
            .with(torch.tensor(target.levels(), positives))
            .with(torch.full(divisors.overlaps())),
        divisors);
  }

  private static Call start(Call call, Prediction prediction) {
    return call.with(prediction.logits()).with(prediction.boxes()).with(prediction.centerness());
  }

  private Terms result(Call call, Divisors divisors) {
    List<Tensor> result =
        call.withNumbers(divisors.classification(), divisors.centerness())
            .withNumbers(pair.classificationWeight(), pair.regressionWeight())
            .tensors();
    return new Terms(result.get(0), result.get(1));
  }

  /**
   * What the parts of the loss are divided by.
   *
   * @param overlaps sum over the positives' overlaps, or {@link #NOT_ASKED} for that of the batch
   */
  private record Divisors(double classification, double centerness, double overlaps) {
    static Divisors of(OneStageTarget target, double overlaps, Reduction reduction) {
      double[] means =
          reduction.mean(target.classificationDivisor(), target.centernessDivisor(), overlaps);
      return new Divisors(means[0], means[1], means[2]);
    }
  }
}
