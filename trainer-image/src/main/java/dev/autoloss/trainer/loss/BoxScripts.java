package dev.autoloss.trainer.loss;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;

/** TorchScript methods on boxes given by their edges, n × 4, xyxy. */
final class BoxScripts {
  /**
   * {@code decode_boxes(d, b, s)}: boxes of offsets {@code d} from boxes {@code b}, with the four
   * deviations {@code s}, as {@code detector.region.BoxCoder} decodes. {@code edge_areas(p, t)}:
   * intersection, union and enclosing area of each pair, and the area of {@code t}.
   */
  static final String METHODS =
      """
        def decode_boxes(self: __torch__.Ops, d: Tensor, b: Tensor, s: Tensor) -> Tensor:
          v = torch.mul(d, s)
          w = torch.sub(torch.select(b, 1, 2), torch.select(b, 1, 0), alpha=1)
          h = torch.sub(torch.select(b, 1, 3), torch.select(b, 1, 1), alpha=1)
          x = torch.add(torch.mul(torch.add(torch.select(b, 1, 0), torch.select(b, 1, 2), alpha=1), 0.5), torch.mul(w, torch.select(v, 1, 0)), alpha=1)
          y = torch.add(torch.mul(torch.add(torch.select(b, 1, 1), torch.select(b, 1, 3), alpha=1), 0.5), torch.mul(h, torch.select(v, 1, 1)), alpha=1)
          hw = torch.mul(torch.mul(w, torch.exp(torch.clamp(torch.select(v, 1, 2), -4.135166556742356, 4.135166556742356))), 0.5)
          hh = torch.mul(torch.mul(h, torch.exp(torch.clamp(torch.select(v, 1, 3), -4.135166556742356, 4.135166556742356))), 0.5)
          return torch.stack([torch.sub(x, hw, alpha=1), torch.sub(y, hh, alpha=1), torch.add(x, hw, alpha=1), torch.add(y, hh, alpha=1)], 1)
        def edge_area(self: __torch__.Ops, x0: Tensor, y0: Tensor, x1: Tensor, y1: Tensor) -> Tensor:
          return torch.mul(torch.clamp(torch.sub(x1, x0, alpha=1), 0., None), torch.clamp(torch.sub(y1, y0, alpha=1), 0., None))
        def edge_areas(self: __torch__.Ops, p: Tensor, t: Tensor) -> List[Tensor]:
          lo = torch.minimum(p, t)
          hi = torch.maximum(p, t)
          i = (self).edge_area(torch.select(hi, 1, 0), torch.select(hi, 1, 1), torch.select(lo, 1, 2), torch.select(lo, 1, 3))
          a = torch.mul(torch.sub(torch.select(p, 1, 2), torch.select(p, 1, 0), alpha=1), torch.sub(torch.select(p, 1, 3), torch.select(p, 1, 1), alpha=1))
          b = torch.mul(torch.sub(torch.select(t, 1, 2), torch.select(t, 1, 0), alpha=1), torch.sub(torch.select(t, 1, 3), torch.select(t, 1, 1), alpha=1))
          u = torch.sub(torch.add(a, b, alpha=1), i, alpha=1)
          e = (self).edge_area(torch.select(lo, 1, 0), torch.select(lo, 1, 1), torch.select(hi, 1, 2), torch.select(hi, 1, 3))
          return [i, u, e, b]
      """;

  /**
   * {@code distance_iou(p, t, a)} and {@code complete_iou(p, t, a)} of boxes by their edges and of
   * areas as {@code edge_areas} gives them. The factor of the aspect ratios has no gradient, as in
   * torchvision.
   */
  private static final String DISTANCE_IOU =
      """
        def distance_iou(self: __torch__.Ops, p: Tensor, t: Tensor, iou: Tensor) -> Tensor:
          lo = torch.slice(torch.minimum(p, t), 1, 0, 2, 1)
          hi = torch.slice(torch.maximum(p, t), 1, 2, 4, 1)
          c = torch.add(torch.sum(torch.square(torch.sub(hi, lo, alpha=1)), [1], False, dtype=None), 1e-7, 1)
          pc = torch.add(torch.slice(p, 1, 0, 2, 1), torch.slice(p, 1, 2, 4, 1), alpha=1)
          tc = torch.add(torch.slice(t, 1, 0, 2, 1), torch.slice(t, 1, 2, 4, 1), alpha=1)
          r = torch.mul(torch.sum(torch.square(torch.sub(pc, tc, alpha=1)), [1], False, dtype=None), 0.25)
          return torch.add(torch.rsub(iou, 1, 1), torch.div(r, c), alpha=1)
        def aspect(self: __torch__.Ops, p: Tensor) -> Tensor:
          w = torch.sub(torch.select(p, 1, 2), torch.select(p, 1, 0), alpha=1)
          h = torch.sub(torch.select(p, 1, 3), torch.select(p, 1, 1), alpha=1)
          return torch.atan(torch.div(w, torch.clamp(h, 1e-7, None)))
        def complete_iou(self: __torch__.Ops, p: Tensor, t: Tensor, iou: Tensor) -> Tensor:
          v = torch.mul(torch.square(torch.sub((self).aspect(t), (self).aspect(p), alpha=1)), 0.4052847345693511)
          alpha = torch.detach(torch.div(v, torch.add(torch.add(torch.rsub(iou, 1, 1), v, alpha=1), 1e-7, 1)))
          return torch.add((self).distance_iou(p, t, iou), torch.mul(alpha, v), alpha=1)
      """;

  private static final String AREAS_AS_THEY_ARE =
      """
        def regression_of(self: __torch__.Ops, areas: List[Tensor]) -> Tensor:
          i = areas[0]
          return torch.add(torch.mul(i, 0.), (self).regression(i, torch.add(areas[1], 1e-7, 1), torch.add(areas[2], 1e-7, 1)), alpha=1)
      """;

  private static final String AREAS_IN_TARGETS =
      """
        def regression_of(self: __torch__.Ops, areas: List[Tensor]) -> Tensor:
          i = torch.div(areas[0], areas[3])
          u = torch.div(torch.add(areas[1], 1e-7, 1), areas[3])
          e = torch.div(torch.add(areas[2], 1e-7, 1), areas[3])
          return torch.add(torch.mul(i, 0.), (self).regression(i, u, e), alpha=1)
      """;

  private static final String BUILT_IN =
      """
        def box_loss(self: __torch__.Ops, p: Tensor, t: Tensor, d: Tensor, o: Tensor, areas: List[Tensor]) -> Tensor:
          return %s
      """;

  /**
   * {@code box_loss(p, t, d, o, areas)}, the loss of each box.
   *
   * <p>Of boxes {@code p} and {@code t} by their edges, of predicted and true numbers {@code d} and
   * {@code o} that L1 is taken of, and of intersection, union, enclosing and true area.
   */
  static String loss(LossPair pair) {
    return switch (pair.regression()) {
      case BoxLoss.Areas(var expression) ->
          ExpressionScript.method("regression", expression, Branch.REGRESSION, pair.numerics())
              + switch (pair.areaUnits()) {
                case NATIVE -> AREAS_AS_THEY_ARE;
                case TARGET_NORMALIZED -> AREAS_IN_TARGETS;
              }
              + BUILT_IN.formatted("(self).regression_of(areas)");
      case BoxLoss.BuiltIn(var loss) -> DISTANCE_IOU + BUILT_IN.formatted(builtIn(loss));
    };
  }

  private static String builtIn(CatalogueLoss loss) {
    String overlap = "torch.div(areas[0], torch.add(areas[1], 1e-7, 1))";
    return switch (loss) {
      case L1 -> "torch.sum(torch.abs(torch.sub(d, o, alpha=1)), [1], False, dtype=None)";
      case SMOOTH_L1 ->
          "torch.sum(torch.smooth_l1_loss(d, o, 0, 0.1111111111111111), [1], False, dtype=None)";
      case DIOU -> "(self).distance_iou(p, t, " + overlap + ")";
      case CIOU -> "(self).complete_iou(p, t, " + overlap + ")";
      default -> throw new IllegalArgumentException(loss + " is an expression");
    };
  }

  private BoxScripts() {}
}
