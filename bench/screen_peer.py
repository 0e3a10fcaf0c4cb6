"""A screening of the language of losses with DEAP's trees and PyTorch's autograd, in turns with ours.

As a researcher would write it: DEAP's primitive sets and generators, the published operators on float32 tensors, values and
gradients on 64 x 4 points and the monotone test, each candidate until it fails. In the peer's favour its trees are drawn
before the clock starts, it does not look for duplicates, twins, nor for what depends on the label, and it has a process a core.
"""

import argparse
import functools
import json
import math
import multiprocessing
import os
import random
import statistics
import subprocess
import time

import torch
from deap import gp

EPSILON = 1e-20
LARGEST = 1e15
ROWS, COLUMNS, STEPS = 64, 4, 32
INPUTS = {"two-stage": "X Y Z".split(), "one-stage": "X Q PY NY".split(), "regression": "I U E".split()}


def tensor(x):
    return x if isinstance(x, torch.Tensor) else torch.tensor(float(x))


def unary(f):
    return lambda x: f(tensor(x))


def softmax(x):
    return torch.softmax(x, 1) if x.dim() > 1 else torch.ones_like(x)


def dot(a, b):
    product = tensor(a) * tensor(b)
    return product.sum(1, keepdim=True) if product.dim() > 1 else product


def gudermann(x):
    return 2 * torch.atan(torch.tanh(x / 2))


COMMON = {
    "Neg": lambda x: -x,
    "Exp": lambda x: torch.exp(torch.clamp(x, max=88)),
    "Log": lambda x: torch.log(x + EPSILON),
    "Abs": torch.abs,
    "Sqrt": torch.sqrt,
    "Softplus": torch.nn.functional.softplus,
    "Sig": torch.sigmoid,
    "Tanh": torch.tanh,
    "Relu": torch.relu,
    "Sin": torch.sin,
    "Cos": torch.cos,
}
CLASSES = {
    "Softmax": softmax,
    "Serf": lambda x: (torch.erf(math.sqrt(math.pi) / 2 * x / 2) + 1) / 2,
    "Serfc": lambda x: 1 - (torch.erf(math.sqrt(math.pi) / 2 * x / 2) + 1) / 2,
    "Salf": lambda x: (x / 2 / torch.sqrt(1 + (x / 2) ** 2) + 1) / 2,
    "Sgdf": lambda x: (2 / math.pi * gudermann(math.pi * x / 4) + 1) / 2,
}
BINARY = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a / (b + EPSILON),
}


def primitives(branch):
    names = INPUTS[branch]
    pset = gp.PrimitiveSet("LOSS", len(names))
    pset.renameArguments(**{f"ARG{i}": name for i, name in enumerate(names)})
    for name, f in {**COMMON, **({} if branch == "regression" else CLASSES)}.items():
        pset.addPrimitive(unary(f), 1, name=name)
    for name, f in BINARY.items():
        pset.addPrimitive(f, 2, name=name)
    if branch == "two-stage":
        pset.addPrimitive(dot, 2, name="Dot")
    pset.addEphemeralConstant("constant", functools.partial(random.choice, [1, 2, 3]))
    return pset


def draw(pset, count, seed):
    """Trees of DEAP's ramped half and half with 5 to 40 nodes, sizes as near to uniform as the generator gives them."""
    random.seed(seed)
    most = math.ceil(count / 36)
    by_size = {size: [] for size in range(5, 41)}
    for _ in range(40 * count):
        tree = gp.PrimitiveTree(gp.genHalfAndHalf(pset, 2, 7))
        if 5 <= len(tree) <= 40 and len(by_size[len(tree)]) < most:
            by_size[len(tree)].append(tree)
            if sum(map(len, by_size.values())) >= count:
                break
    trees = [tree for same in by_size.values() for tree in same]
    random.shuffle(trees)
    return trees


def classification(branch, logits, labels, overlaps):
    """Inputs of samples; a label of -1 is a negative."""
    hot = torch.zeros_like(logits)
    for row, label in enumerate(labels):
        if label >= 0:
            hot[row, label] = 1
        elif branch == "two-stage":
            hot[row, -1] = 1
    w = torch.tensor([o if label >= 0 else 1.0 for o, label in zip(overlaps, labels)]).unsqueeze(1)
    if branch == "two-stage":
        return [logits, hot, w.expand_as(logits).contiguous()]
    return [logits, w * hot, hot, 1 - hot]


def areas(boxes):
    """I, U, E of predicted boxes (dx, dy, w, h), in sides of a true box of side 64."""
    side = 64.0
    dx, dy, w, h = (column * side for column in torch.tensor(boxes).T)
    low, high = -side / 2, side / 2
    clip = lambda x: torch.clamp(x, min=0)
    wide = clip(torch.clamp(dx + w / 2, max=high) - torch.clamp(dx - w / 2, min=low))
    tall = clip(torch.clamp(dy + h / 2, max=high) - torch.clamp(dy - h / 2, min=low))
    inter = wide * tall
    union = w * h + side * side - inter + 1e-7
    around = (torch.clamp(dx + w / 2, min=high) - torch.clamp(dx - w / 2, max=low)) * (
        torch.clamp(dy + h / 2, min=high) - torch.clamp(dy - h / 2, max=low)
    ) + 1e-7
    return [column.unsqueeze(1) for column in (inter, union, around)]


class Screening:
    def __init__(self, branch):
        torch.set_num_threads(1)
        self.branch = branch
        self.pset = primitives(branch)
        generator = random.Random(1)
        if branch == "regression":
            draws = [[generator.uniform(-0.8, 0.8), generator.uniform(-0.8, 0.8)] for _ in range(ROWS * COLUMNS)]
            self.points = areas([d + [math.exp(generator.uniform(-1, 1)), math.exp(generator.uniform(-1, 1))] for d in draws])
            self.trained = [0, 1, 2]
            shifts = [0.9 * k / STEPS for k in range(STEPS + 1)]
            self.series = [(1, areas([[t, 0.0, 1.0, 1.0] for t in shifts])), (1, areas([[t, t, 1.0, 1.0] for t in shifts]))]
            self.tolerance = 1e-3
            return
        logits = torch.tensor([[generator.uniform(-8, 8) for _ in range(COLUMNS)] for _ in range(ROWS)])
        labels = [generator.randrange(COLUMNS - 1) if row % 2 else -1 for row in range(ROWS)]
        self.points = classification(branch, logits, labels, [generator.uniform(0.1, 1) for _ in range(ROWS)])
        self.trained = [0]
        line = torch.zeros(STEPS + 1, COLUMNS)
        line[:, 0] = torch.linspace(-8, 8, STEPS + 1)
        count = STEPS + 1
        self.series = [
            (-1, classification(branch, line, [0] * count, [1.0] * count)),
            (1, classification(branch, line, [-1] * count, [1.0] * count)),
        ]
        self.tolerance = 0.05

    def passes(self, tree):
        f = gp.compile(tree, self.pset)
        points = [p.detach().requires_grad_(i in self.trained) for i, p in enumerate(self.points)]
        value = f(*points)
        if not isinstance(value, torch.Tensor) or not value.requires_grad:
            return False
        if not bool((value.detach().abs() <= LARGEST).all()):
            return False
        gradients = torch.autograd.grad(value.sum(), [points[i] for i in self.trained], allow_unused=True)
        if not all(g is None or bool((g.abs() <= LARGEST).all()) for g in gradients):
            return False
        with torch.no_grad():
            return any(all(self.monotone(f, sign * way, at) for way, at in self.series) for sign in (1, -1))

    def monotone(self, f, direction, at):
        loss = direction * f(*at)
        loss = loss.reshape(loss.shape[0], -1).sum(1)
        steps = loss[1:] - loss[:-1]
        width = float(loss.max() - loss.min())
        against = float(-steps.clamp(max=0).sum())
        return width > 0 and against <= self.tolerance * width


worker = None


def start(branch):
    global worker
    worker = Screening(branch)


def judge(trees):
    return sum(worker.passes(tree) for tree in trees)


def peer_round(pool, trees, cores):
    parts = [trees[i :: 4 * cores] for i in range(4 * cores)]
    began = time.perf_counter()
    passed = sum(pool.imap_unordered(judge, parts))
    return len(trees) / (time.perf_counter() - began), passed


def our_round(branch, candidates, seed):
    command = ["./autoloss", "screen", "--branch", branch, "--candidates", str(candidates), "--seed", str(seed), "--json"]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode not in (0, 1) or not ran.stdout.strip():
        raise SystemExit(f"{' '.join(command)}: {ran.stderr.strip()}")
    result = json.loads(ran.stdout.splitlines()[-1])
    return result["perSecond"], result["stages"][-1]["out"]


def spread(numbers, digits=0):
    return f"{statistics.median(numbers):,.{digits}f} ({min(numbers):,.{digits}f} to {max(numbers):,.{digits}f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--branch", default="two-stage", choices=list(INPUTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--candidates", type=int, default=1_000_000)
    parser.add_argument("--peer-candidates", type=int, default=2_000)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pset = primitives(options.branch)
    print(f"{options.branch}, {cores} cores; peer: torch {torch.__version__}, {cores} processes; a round is")
    print(f"{options.peer_candidates:,} candidates of the peer's, then {options.candidates:,} of ours")
    ours, peers = [], []
    with multiprocessing.get_context("fork").Pool(cores, start, [options.branch]) as pool:
        peer_round(pool, draw(pset, 100, 0), cores)
        for number in range(1, options.rounds + 1):
            trees = draw(pset, options.peer_candidates, number)
            theirs, passed = peer_round(pool, trees, cores)
            own, left = our_round(options.branch, options.candidates, number)
            peers.append(theirs)
            ours.append(own)
            nodes = statistics.mean(map(len, trees))
            print(f"round {number}: peer {theirs:,.0f}/s ({passed} of {len(trees)} pass, {nodes:.1f} nodes on average), ", end="")
            print(f"ours {own:,.0f}/s ({left} left), ratio {own / theirs:,.0f}", flush=True)
    ratios = [own / theirs for own, theirs in zip(ours, peers)]
    print("median (least to greatest):")
    print(f"  peer   {spread(peers)} candidates/s")
    print(f"  ours   {spread(ours)} candidates/s")
    print(f"  ratio  {spread(ratios)}")


if __name__ == "__main__":
    main()
