package dev.autoloss.trainer.loss;

/** TorchScript methods on boxes given by their edges, n × 4, xyxy. */
final class BoxScripts {
  /**
   * {@code decode_boxes(d, b, s)}: boxes of offsets {@code d} from boxes {@code b}, with the four
   * deviations {@code s}, as {@code detector.region.BoxCoder} decodes. {@code edge_areas(p, t)}:
   * intersection, union and enclosing area of each pair.
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
          return [i, u, e]
      """;

  private BoxScripts() {}
}
