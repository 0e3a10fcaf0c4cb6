"""Runs exported losses and compares their values and gradients with `autoloss loss eval`, in double precision.

Differences are relative to the greatest value, or gradient, of the expression at its points: torch.sigmoid and torch.tanh,
which the exported files use as everybody does, have few digits of the gradient where they are nearly 1. What is compared is
settled: numbers that sixteen units of the inputs' last places move by 1e-11 or more are left out, as in loss-oracle.py.
"""

import argparse
import hashlib
import importlib.util
import json
import math
import random as randoms
import subprocess
import sys
import tempfile
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

import language

TOLERANCE = 1e-9
SETTLED = 1e-11
SHAKES = 6
UNITS = 16
CATALOGUE = {
    "two-stage": ["CrossEntropy", "CEI", "Poly1", "CseAClassification"],
    "one-stage": ["Focal", "FLI", "QFL", "VFL", "CseBClassification"],
    "regression": ["IoU", "GIoU", "AlphaIoU", "CseARegression", "CseBRegression"],
}


class Registry:
    """What exported files use of mmengine's Registry: register_module as a decorator, and build from a config."""

    def __init__(self):
        self.modules = {}

    def register_module(self, name=None, force=False, module=None):
        def register(one):
            self.modules[name or one.__name__] = one
            return one

        return register if module is None else register(module)

    def build(self, config):
        config = dict(config)
        return self.modules[config.pop("type")](**config)


def stand_in():
    """A package mmdet whose registry has the interface of mmdetection 3."""
    registry = types.ModuleType("mmdet.registry")
    registry.MODELS = Registry()
    sys.modules["mmdet"] = types.ModuleType("mmdet")
    sys.modules["mmdet.registry"] = registry
    return registry.MODELS


def loaded(source, name, folder):
    file = Path(folder) / f"{name}.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def export(cases):
    """The files of (loss, branch, framework, class name)."""

    def one(case):
        loss, branch, target, name = case
        command = ["./autoloss", "loss", "export", loss, "--branch", branch, "--to", target, "--name", name]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode != 0:
            raise SystemExit(f"autoloss loss export {loss}: {ran.stderr.strip()}")
        return ran.stdout

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, cases))


def computed(module, branch, at):
    """Value and gradients of the exported value(...), as lists of numbers."""
    inputs = [torch.tensor(rows, dtype=torch.float64) for rows in at.values()]
    wanted = [one.requires_grad_() for one, name in zip(inputs, at) if name in language.DIFFERENTIATED[branch]]
    value = module.value(*inputs)
    if value.requires_grad:
        gradients = torch.autograd.grad(value.sum(), wanted, allow_unused=True)
    else:
        gradients = [None] * len(wanted)
    gradients = [torch.zeros_like(one) if g is None else g for one, g in zip(wanted, gradients)]
    return value.detach(), torch.stack(gradients)


def shaken(random, at):
    def move(one):
        if isinstance(one, list):
            return [move(x) for x in one]
        return one + random.choice([-1, 1]) * random.randint(1, UNITS) * math.ulp(one)

    return {name: move(rows) for name, rows in at.items()}


def settled_numbers(expected, others):
    settled = expected.isfinite()
    for one in others:
        moved = torch.where(one == expected, 0.0, (one - expected).abs() / torch.maximum(one.abs(), expected.abs()))
        settled &= moved < SETTLED
    return settled


def apart(found, expected, others):
    """The worst difference of settled numbers, as a share of the greatest of them."""
    settled = settled_numbers(expected, others)
    if not settled.any():
        return None
    difference = (found - expected).abs()[settled].nan_to_num(nan=math.inf)
    return float(difference.max() / expected[settled].abs().max().clamp(min=1e-300))


def compare_values(random, cases, results, modules, points):
    worst, worst_at, compared = 0.0, "", 0
    for (loss, branch), ours, module, at in zip(cases, results, modules, points):
        found = computed(module, branch, at)
        others = [computed(module, branch, shaken(random, at)) for _ in range(SHAKES)]
        gradient = torch.stack([torch.tensor(ours["grad"][name], dtype=torch.float64) for name in language.DIFFERENTIATED[branch]])
        value = torch.tensor(ours["value"], dtype=torch.float64)
        if value.shape != found[0].shape:
            raise SystemExit(f"{loss}: shape {tuple(found[0].shape)}, expected {tuple(value.shape)}")
        numberless = value.isnan().reshape(value.shape[0], -1).any(dim=1)
        gradient[:, numberless] = math.nan
        differences = [apart(f, e, [o[k] for o in others]) for k, (f, e) in enumerate(zip(found, (value, gradient)))]
        compared += any(one is not None for one in differences)
        for one in differences:
            if one is not None and one > worst:
                worst, worst_at = one, loss
    return worst, worst_at, compared


def boxes(random, rows):
    def box():
        x, y = random.uniform(0, 40), random.uniform(0, 40)
        return [x, y, x + random.uniform(5, 60), y + random.uniform(5, 60)]

    return [box() for _ in range(rows)]


def area_inputs(a, b):
    """I, U, E in plain Python."""
    i = max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    of = lambda c: (c[2] - c[0]) * (c[3] - c[1])
    around = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
    return i, of(a) + of(b) - i + 1e-7, of(around) + 1e-7


def check_modules(random, registry, folder):
    """Builds every loss of the catalogue from an mmdetection config, and its PyTorch module, and compares both with
    `autoloss loss eval` on the inputs that the definition of the branch gives for logits, labels, overlaps and boxes."""
    cases = [(loss, branch) for branch, names in CATALOGUE.items() for loss in names]
    rows, classes = 7, 4
    logits = [[random.uniform(-6, 6) for _ in range(classes)] for _ in range(rows)]
    overlaps = [random.choice([0.0, random.uniform(0.05, 1)]) for _ in range(rows)]
    weights = [random.choice([0.0, 1.0, 0.5]) for _ in range(rows)]
    predicted, truths = boxes(random, rows), boxes(random, rows)
    tensor = lambda x: torch.tensor(x, dtype=torch.float64)
    points, calls = [], []
    for _, branch in cases:
        labels = [random.randrange(classes + (branch == "one-stage")) for _ in range(rows)]
        w = [max(overlap, 1e-7) for overlap in overlaps]
        if branch == "regression":
            areas = [area_inputs(a, b) for a, b in zip(predicted, truths)]
            points.append(dict(zip("IUE", map(list, zip(*areas)))))
            calls.append((tensor(predicted), tensor(truths)))
            continue
        hot = [[float(c == label) for c in range(classes)] for label in labels]
        calls.append((tensor(logits), torch.tensor(labels), tensor(overlaps)))
        if branch == "two-stage":
            z = [[1.0 if label == classes - 1 else one] * classes for label, one in zip(labels, w)]
            points.append({"X": logits, "Y": hot, "Z": z})
        else:
            q = [[y * one for y in row] for row, one in zip(hot, w)]
            points.append({"X": logits, "Q": q, "PY": hot, "NY": [[1 - y for y in row] for row in hot]})
    results = language.evaluate([(loss, branch, at) for (loss, branch), at in zip(cases, points)])
    ours = export([(loss, branch, to, f"Of{loss}") for loss, branch in cases for to in ("torch", "mmdetection")])
    worst = 0.0
    for k, ((loss, branch), result) in enumerate(zip(cases, results)):
        value = tensor(result["value"])
        if branch == "one-stage":
            positive = tensor(points[k]["PY"])
            value = value * (0.25 * positive + 0.75 * (1 - positive))
        expected = value.sum(dim=1) if value.dim() == 2 else value
        torch_module = getattr(loaded(ours[2 * k], f"torch_{loss}", folder), f"Of{loss}")()
        loaded(ours[2 * k + 1], f"mmdetection_{loss}", folder)
        built = registry.build({"type": f"Of{loss}", "loss_weight": 2.0})
        target = calls[k][1] if branch == "regression" else calls[k][1:]
        weighted = 2.0 * (expected * tensor(weights)).sum() / 3.0
        checks = [
            (torch_module(*calls[k]), expected),
            (built(calls[k][0], target, weight=tensor(weights), avg_factor=3.0), weighted),
            (built(calls[k][0], target, reduction_override="none"), 2.0 * expected),
            (built(calls[k][0], target), 2.0 * expected.mean()),
            (built(calls[k][0], target, reduction_override="sum"), 2.0 * expected.sum()),
        ]
        if branch != "regression":
            full = torch_module(*calls[k][:2], torch.ones(rows, dtype=torch.float64))
            checks.append((built(calls[k][0], calls[k][1], reduction_override="none"), 2.0 * full))
        for found, wanted in checks:
            worst = max(worst, float((found - wanted).abs().max() / wanted.abs().max()))
    return worst, len(cases)


def rounded(rows):
    return [rounded(one) for one in rows] if isinstance(rows, list) else float(f"{rows:.6g}")


def write(file, options, random, losses):
    """A line for each loss: the digest of its exported code, points, and what PyTorch computes; null where not settled."""
    lines = [f"PyTorch {torch.__version__}, e2e/loss-export {options.trees} {options.seed}"]
    for (loss, branch), module, at, source in losses:
        value, gradient = computed(module, branch, at)
        numberless = value.isnan().reshape(value.shape[0], -1).any(dim=1)
        gradient[:, numberless] = math.nan
        others = [computed(module, branch, shaken(random, at)) for _ in range(SHAKES)]
        kept = []
        for k, numbers in enumerate((value, gradient)):
            settled = settled_numbers(numbers, [one[k] for one in others])
            kept.append([x if ok else None for x, ok in zip(numbers.flatten().tolist(), settled.flatten().tolist())])
        code = hashlib.sha256(source.encode()).hexdigest()
        flat = [x for rows in at.values() for row in rows for x in (row if isinstance(row, list) else [row])]
        lines.append(json.dumps([loss, branch, code, flat, *kept], separators=(",", ":")))
    file.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trees", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write")
    options = parser.parse_args()
    random = randoms.Random(options.seed)
    registry = stand_in()
    cases = [(loss, branch) for branch, names in CATALOGUE.items() for loss in names]
    for k in range(options.trees):
        branch = language.BRANCHES[k % 3]
        cases.append((language.text(language.tree(random, branch, 2 + k % 5)), branch))
    points = [language.points(random, branch, rows=3, columns=2) for _, branch in cases]
    points = [{name: rounded(rows) for name, rows in at.items()} for at in points]
    results = language.evaluate([(loss, branch, at) for (loss, branch), at in zip(cases, points)])
    sources = export([(loss, branch, "torch", "Loss") for loss, branch in cases])
    with tempfile.TemporaryDirectory() as folder:
        modules = [loaded(source, f"loss_{k}", folder) for k, source in enumerate(sources)]
        worst, worst_at, compared = compare_values(random, cases, results, modules, points)
        module_worst, built = check_modules(random, registry, folder)
    print(f"PyTorch {torch.__version__}, seed {options.seed}")
    print(f"exported: {len(cases)} losses, {compared} with numbers to compare")
    print(f"worst difference: {worst:.2e} of the greatest, expected at most {TOLERANCE:.0e}" + (f" ({worst_at})" if worst else ""))
    print(f"modules and mmdetection configs: {built} losses, worst difference {module_worst:.2e}")
    if options.write:
        write(Path(options.write), options, random, zip(cases, modules, points, sources))
    sys.exit(0 if max(worst, module_worst) <= TOLERANCE and compared >= 0.9 * len(cases) else 1)


if __name__ == "__main__":
    main()
