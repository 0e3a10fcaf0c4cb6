package dev.autoloss.trainer.tensor;

import java.util.List;

/** TorchScript methods behind {@link Torch} and {@link Parameters}. */
final class Scripts {
  static final List<String> METHODS =
      List.of(
          """
            def forward(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.relu(x)
            def convolution(self: __torch__.Ops, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
              return torch.conv2d(x, w, None, [s, s], [p, p], [1, 1], 1)
            def group_norm(self: __torch__.Ops, x: Tensor, g: int, w: Tensor, b: Tensor) -> Tensor:
              return torch.group_norm(x, g, w, b, 1e-5, True)
            def batch_norm_fixed(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, m: Tensor, v: Tensor) -> Tensor:
              return torch.batch_norm(x, w, b, m, v, False, 0.1, 1e-5, True)
            def batch_norm_moving(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, m: Tensor, v: Tensor) -> Tensor:
              return torch.batch_norm(x, w, b, m, v, True, 0.1, 1e-5, True)
            def max_pool(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], False)
            def upsample_nearest(self: __torch__.Ops, x: Tensor, h: int, w: int) -> Tensor:
              return torch.upsample_nearest2d(x, [h, w], None, None)
            def sigmoid(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.sigmoid(x)
            def rows(self: __torch__.Ops, maps: List[Tensor]) -> Tensor:
              all = annotate(List[Tensor], [])
              for i in range(torch.len(maps)):
                m = maps[i]
                r = torch.reshape(torch.permute(m, [0, 2, 3, 1]), [-1, torch.size(m, 1)])
                _0 = torch.append(all, r)
              return torch.cat(all, 0)
          """,
          // Several maps' pixels as rows, and of these a weighted sum for each cell of each region.
          """
            def linear(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              return torch.linear(torch.flatten(x, 1, -1), w, b)
            def deconvolution(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              return torch.conv_transpose2d(x, w, b, [2, 2], [0, 0], [0, 0], 1, [1, 1])
            def subsample(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.max_pool2d(x, [1, 1], [2, 2], [0, 0], [1, 1], False)
            def select_maps(self: __torch__.Ops, x: Tensor, slots: Tensor) -> Tensor:
              return torch.index_select(torch.flatten(x, 0, 1), 0, slots)
            def region_align(self: __torch__.Ops, maps: List[Tensor], pixels: Tensor, starts: Tensor, weights: Tensor, side: int) -> Tensor:
              rows = (self).rows(maps)
              y, a, b, c = torch.embedding_bag(rows, pixels, starts, False, 0, False, weights, False)
              cells = torch.reshape(y, [-1, torch.mul(side, side), torch.size(rows, 1)])
              return torch.reshape(torch.permute(cells, [0, 2, 1]), [-1, torch.size(rows, 1), side, side])
          """,
          """
            def copy_numbers(self: __torch__.Ops, to: Tensor, values: Tensor) -> int:
              torch.copy_(to, values, False)
              return 0
          """,
          // The norm of all gradients together.
          """
            def norm(self: __torch__.Ops, g: List[Tensor]) -> Tensor:
              return torch.norm(torch.stack(torch._foreach_norm(g, 2), 0), 2)
          """,
          // As torch.optim.SGD: buffer = momentum·buffer + gradient + decay·weight.
          """
            def sgd(self: __torch__.Ops, w: List[Tensor], g: List[Tensor], m: List[Tensor], rate: float, decay: float, momentum: float, scale: float) -> int:
              torch._foreach_mul_(g, scale)
              torch._foreach_mul_(m, momentum)
              torch._foreach_add_(m, g, alpha=1)
              torch._foreach_add_(m, w, alpha=decay)
              torch._foreach_add_(w, m, alpha=torch.neg(rate))
              torch._foreach_zero_(g)
              return 0
          """);

  private Scripts() {}
}
