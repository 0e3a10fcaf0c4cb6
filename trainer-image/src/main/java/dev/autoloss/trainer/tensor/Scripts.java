package dev.autoloss.trainer.tensor;

import java.util.List;

/** TorchScript methods behind {@link Torch} and {@link Parameters}. */
final class Scripts {
  /**
   * What is computed in the numbers of a {@link Placement}: {@code $} ends the names, {@code to(…)}
   * takes an argument there, {@code back(…)} a result back.
   */
  private static final String IN_NUMBERS =
      """
        def convolution$(self: __torch__.Ops, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
          return back(torch.conv2d(to(x), to(w), None, [s, s], [p, p], [1, 1], 1))
        def biased_convolution$(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, s: int, p: int) -> Tensor:
          return back(torch.conv2d(to(x), to(w), to(b), [s, s], [p, p], [1, 1], 1))
        def normalised_convolution$(self: __torch__.Ops, x: Tensor, k: Tensor, s: int, p: int, w: Tensor, b: Tensor, m: Tensor, v: Tensor) -> Tensor:
          f = torch.mul(w, torch.rsqrt(torch.add(v, 1e-5, 1)))
          kernel = torch.mul(k, torch.reshape(f, [-1, 1, 1, 1]))
          shift = torch.sub(b, torch.mul(m, f), alpha=1)
          return back(torch.conv2d(to(x), to(kernel), to(shift), [s, s], [p, p], [1, 1], 1))
        def linear$(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
          rows = torch.flatten(x, 1, -1)
          return back(torch.linear(to(rows), to(w), to(b)))
        def deconvolution$(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
          return back(torch.conv_transpose2d(to(x), to(w), to(b), [2, 2], [0, 0], [0, 0], 1, [1, 1]))
      """;

  static final List<String> METHODS =
      List.of(
          in("", "", "", ""),
          // Element type 15 is bfloat16, 6 single precision.
          in("_brain", "torch.to(", ", 15, False, False, None)", ", 6, False, False, None)"),
          """
            def forward(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.relu(x)
            def relu_over(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.relu_(x)
            def add_relu_over(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
              return torch.relu_(torch.add_(x, y, alpha=1))
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
            def copy_all(self: __torch__.Ops, to: List[Tensor], values: List[Tensor]) -> int:
              torch._foreach_copy_(to, values, False)
              return 0
            def add_all(self: __torch__.Ops, to: List[Tensor], values: List[Tensor]) -> int:
              for i in range(torch.len(to)):
                t = to[i]
                _0 = torch.add_(t, torch.to(values[i], t, False, False, None), alpha=1)
              torch._foreach_zero_(values)
              return 0
            def number_like(self: __torch__.Ops, x: Tensor, value: float) -> Tensor:
              return torch.full_like(x, value, dtype=None, layout=None, device=None, pin_memory=None, memory_format=None)
          """,
          // The norm of all gradients together.
          """
            def norm(self: __torch__.Ops, g: List[Tensor]) -> Tensor:
              return torch.norm(torch.stack(torch._foreach_norm(g, 2), 0), 2)
          """,
          // As torch.optim.SGD, in one pass: buffer = momentum·buffer + gradient + decay·weight.
          """
            def scale_numbers(self: __torch__.Ops, g: List[Tensor], scale: float) -> int:
              torch._foreach_mul_(g, scale)
              return 0
            def sgd(self: __torch__.Ops, w: List[Tensor], g: List[Tensor], m: List[Tensor], rate: float, decay: float, momentum: float) -> int:
              torch._foreach_mul_(m, momentum)
              torch._foreach_add_(m, g, alpha=1)
              torch._foreach_add_(m, w, alpha=decay)
              torch._foreach_add_(w, m, alpha=torch.neg(rate))
              return 0
            def zero_numbers(self: __torch__.Ops, g: List[Tensor]) -> int:
              torch._foreach_zero_(g)
              return 0
            def nothing_of(self: __torch__.Ops, w: List[Tensor]) -> Tensor:
              all = annotate(List[Tensor], [])
              for i in range(torch.len(w)):
                _0 = torch.append(all, torch.mul(torch.sum(w[i], dtype=None), 0.))
              return torch.sum(torch.stack(all, 0), dtype=None)
          """);

  private static String in(String suffix, String open, String close, String closeBack) {
    String source = IN_NUMBERS.replace("$", suffix);
    source = source.replaceAll("\\bto\\((\\w+)\\)", open + "$1" + close);
    return source.replaceAll("return back\\((.*)\\)\n", "return " + open + "$1" + closeBack + "\n");
  }

  private Scripts() {}
}
