"""Compares `autoloss loss eval` with PyTorch's autograd in double precision on random expressions and points.

A number counts where it is settled: moving every input by one to sixteen units in its last place, up or down, at random and
twelve times, never moves it by as much as 1e-11 of itself; each time every step of PyTorch's is also scaled by a random factor
and back, for the rounding of its backward pass is not seen in that of the inputs. Numbers below 1e-300 are 0. Every number that counts must agree to 1e-9 of itself; a tree counts if at least one of
its numbers does, and 98 % of the trees must. Numbers that are NaN or infinite must be so on both sides where neighbours agree.
Gradients are not asked for in rows whose value is no number: there clamp, which stands in the published Exp, passes on 0.
"""

import argparse
import math
import random as randoms
import sys

import torch

import language

TOLERANCE = 1e-9
SETTLED = 1e-11
LEAST = 1e-300
SHARE = 0.98
SHAKES = 12
UNITS = 16


def tanh(x):
    # Its gradient in PyTorch is 1 - tanh^2, which has no digits left where tanh is nearly 1.
    e = torch.exp(-2 * x.abs())
    return torch.where(x.abs() < 1, torch.tanh(x.clamp(-1, 1)), x.sign() * (1 - e) / (1 + e))


class Softmax(torch.autograd.Function):
    """As torch.softmax, whose gradient p_i (g_i - sum_j g_j p_j) has no digits left where all classes pull alike: p_i sum_j p_j (g_i - g_j)."""

    @staticmethod
    def forward(ctx, x):
        shares = torch.softmax(x, dim=-1)
        ctx.save_for_backward(shares)
        return shares

    @staticmethod
    def backward(ctx, g):
        (shares,) = ctx.saved_tensors
        return shares * ((g.unsqueeze(-1) - g.unsqueeze(-2)) * shares.unsqueeze(-2)).sum(dim=-1)


def salf(x):
    z = x / 2
    root = torch.sqrt(1 + z * z)
    return torch.where(z > 0, 1 - 0.5 / (root * (root + z.clamp(min=0))), 0.5 / (root * (root - z.clamp(max=0))))


def sgdf(x):
    t = math.pi / 4 * x
    above = 1 - torch.atan(torch.exp(-t.clamp(min=0))) * 2 / math.pi
    return torch.where(t > 0, above, torch.atan(torch.exp(t.clamp(max=0))) * 2 / math.pi)


FUNCTIONS = {
    "Neg": lambda x: -x,
    "Exp": lambda x: torch.exp(x.clamp(max=88)),
    "Log": lambda x: torch.log(x + 1e-20),
    "Abs": torch.abs,
    "Sqrt": torch.sqrt,
    "Softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    # As torch.sigmoid, but with all digits of the gradient where it is nearly 1.
    "Sig": lambda x: torch.exp(-torch.logaddexp(-x, torch.zeros_like(x))),
    "Tanh": tanh,
    "Relu": torch.relu,
    "Sin": torch.sin,
    "Cos": torch.cos,
    "Softmax": lambda x: Softmax.apply(x) if x.dim() else torch.ones_like(x),
    "Serf": lambda x: torch.erfc(-math.sqrt(math.pi) / 4 * x) / 2,
    "Serfc": lambda x: torch.erfc(math.sqrt(math.pi) / 4 * x) / 2,
    "Salf": salf,
    "Sgdf": sgdf,
    "Add": torch.add,
    "Sub": torch.sub,
    "Mul": torch.mul,
    "Div": lambda a, b: a / (b + 1e-20),
    "Dot": lambda a, b: (a * b).sum(dim=-1, keepdim=True),
}


def value(node, inputs, random=None):
    result = plain(node, inputs, random)
    if random is None:
        return result
    # A number each, for Softmax loses the same digits of all when they are scaled alike.
    scale = 0.5 + 1.5 * torch.rand(result.shape, dtype=torch.float64)
    return result * scale * (1 / scale)


def plain(node, inputs, random):
    if isinstance(node, str):
        return inputs[node]
    if not isinstance(node, tuple):
        return torch.tensor(node, dtype=torch.float64)
    if node[0] == "Log" and isinstance(node[1], tuple) and node[1][0] == "Softmax":
        logits = value(node[1][1], inputs, random)
        return torch.logaddexp(torch.log_softmax(logits, dim=-1), torch.tensor(1e-20, dtype=torch.float64).log())
    return FUNCTIONS[node[0]](*(value(operand, inputs, random) for operand in node[1:]))


def tensors(branch, at):
    made = {name: torch.tensor(rows, dtype=torch.float64) for name, rows in at.items()}
    return {name: rows.requires_grad_(name in language.DIFFERENTIATED[branch]) for name, rows in made.items()}


def numbers(node, branch, inputs, random=None):
    """The value and the gradients of its sum, one after the other, and which of these numbers are asked for."""
    result = value(node, inputs, random)
    shape = next(iter(inputs.values()))
    if result.dim() == 0:
        result = result.expand_as(shape)
    wanted = [inputs[name] for name in language.DIFFERENTIATED[branch]]
    if result.requires_grad:
        gradients = torch.autograd.grad(result.sum(), wanted, allow_unused=True)
    else:
        gradients = [None] * len(wanted)
    gradients = [torch.zeros_like(one) if g is None else g for one, g in zip(wanted, gradients)]
    result = result.detach()
    numberless = result.isnan().reshape(result.shape[0], -1).any(dim=1)
    asked = [~numberless.reshape(-1, *[1] * (g.dim() - 1)).expand_as(g).flatten() for g in gradients]
    return (
        torch.cat([result.flatten(), *(g.flatten() for g in gradients)]),
        torch.cat([torch.ones(result.numel(), dtype=torch.bool), *asked]),
    )


def shaken(random, at):
    def move(one):
        if isinstance(one, list):
            return [move(x) for x in one]
        return one + random.choice([-1, 1]) * random.randint(1, UNITS) * math.ulp(one)

    return {name: move(rows) for name, rows in at.items()}


def difference(a, b):
    same = (a == b) | ((a.abs() < LEAST) & (b.abs() < LEAST))
    return torch.where(same, 0.0, (a - b).abs() / torch.maximum(a.abs(), b.abs()))


def flat(value):
    return [x for one in value for x in flat(one)] if isinstance(value, list) else [value]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trees", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = randoms.Random(options.seed)
    torch.manual_seed(options.seed)
    cases = []
    for k in range(options.trees):
        branch = language.BRANCHES[k % 3]
        node = language.tree(random, branch, 1 + k % 6)
        cases.append((node, branch, language.points(random, branch)))
    results = language.evaluate([(language.text(node), branch, at) for node, branch, at in cases])

    worst, worst_at, counted_trees, counted, total, odd = 0.0, "", 0, 0, 0, []
    for (node, branch, at), ours in zip(cases, results):
        expected, asked = numbers(node, branch, tensors(branch, at))
        found = torch.tensor(flat(ours["value"]) + [x for name in language.DIFFERENTIATED[branch] for x in flat(ours["grad"][name])], dtype=torch.float64)
        if found.shape != expected.shape:
            odd.append(f"{language.text(node)} has {found.numel()} numbers, PyTorch {expected.numel()}")
            continue
        others = [numbers(node, branch, tensors(branch, shaken(random, at)), random)[0] for _ in range(SHAKES)]
        finite = expected.isfinite() & asked
        settled = finite & torch.stack([difference(expected, one) < SETTLED for one in others]).all(dim=0)
        # A tree without a finite number is settled if it stays so.
        never = ~expected.isfinite() & asked & torch.stack([~one.isfinite() for one in others]).all(dim=0)
        same = (found.isnan() & expected.isnan()) | (found == expected)
        if (never & ~same).any():
            odd.append(f"{language.text(node)}: {found[never & ~same][0]}, PyTorch {expected[never & ~same][0]}")
        counted_trees += bool(settled.any() or never[asked].all())
        counted += int(settled.sum())
        total += int(finite.sum())
        apart = torch.where(settled, difference(expected, found), 0.0).nan_to_num(nan=math.inf)
        if float(apart.max()) > worst:
            worst = float(apart.max())
            i = int(apart.argmax())
            worst_at = f"{language.text(node)}: {float(found[i])!r}, PyTorch {float(expected[i])!r}"
    share = counted_trees / options.trees
    print(f"PyTorch {torch.__version__}, seed {options.seed}")
    print(f"trees that count: {counted_trees} of {options.trees} ({100 * share:.2f} %), expected at least {100 * SHARE:.0f} %")
    print(f"numbers that count: {counted} of {total} finite ones ({100 * counted / total:.2f} %)")
    print(f"worst relative difference: {worst:.2e}, expected at most {TOLERANCE:.0e}" + (f" ({worst_at})" if worst else ""))
    print(f"NaN or infinite on one side only: {len(odd)}" + "".join(f"\n  {line}" for line in odd[:10]))
    sys.exit(0 if worst <= TOLERANCE and share >= SHARE and not odd else 1)


if __name__ == "__main__":
    main()
