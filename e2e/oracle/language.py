"""Random expressions and points of the language of losses, and its evaluation by `autoloss loss eval`."""

import json
import os
import subprocess

UNARY = "Neg Exp Log Abs Sqrt Softplus Sig Tanh Relu Sin Cos Softmax Serf Serfc Salf Sgdf".split()
CLASSES_ONLY = {"Softmax", "Serf", "Serfc", "Salf", "Sgdf"}
BINARY = "Add Sub Mul Div".split()
INPUTS = {"two-stage": "X Y Z".split(), "one-stage": "X Q PY NY".split(), "regression": "I U E".split()}
DIFFERENTIATED = {"two-stage": ["X"], "one-stage": ["X"], "regression": ["I", "U", "E"]}
BRANCHES = list(INPUTS)


def tree(random, branch, height):
    """A tree as nested tuples (name, operands...); leaves are names and numbers."""
    kind = 1.0 if height == 0 else random.random()
    if kind < 0.45:
        names = [name for name in UNARY if branch != "regression" or name not in CLASSES_ONLY]
        return (random.choice(names), tree(random, branch, height - 1))
    if kind < 0.9:
        names = BINARY + (["Dot"] if branch == "two-stage" else [])
        return (random.choice(names), tree(random, branch, height - 1), tree(random, branch, height - 1))
    return random.choice(INPUTS[branch]) if random.random() < 0.75 else random.choice([1, 2, 3, -1.5, 0.25])


def text(node):
    if isinstance(node, tuple):
        return f"{node[0]}({','.join(text(operand) for operand in node[1:])})"
    return repr(node) if isinstance(node, float) else str(node)


def points(random, branch, rows=6, columns=4):
    """Points as a detector gives them: lists by the input's name."""
    if branch == "regression":
        areas = {"I": [], "U": [], "E": []}
        for _ in range(rows):
            side = random.choice([4, 16, 64, 256])
            box = lambda x, y, w, h: (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
            a = box(0, 0, side, side)
            b = box(*(side * random.uniform(-0.7, 0.7) for _ in "xy"), *(side * random.uniform(0.4, 2) for _ in "wh"))
            width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
            height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
            of = lambda c: (c[2] - c[0]) * (c[3] - c[1])
            around = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
            areas["I"].append(width * height)
            areas["U"].append(of(a) + of(b) - width * height + 1e-7)
            areas["E"].append(of(around) + 1e-7)
        return areas
    logits = [[random.uniform(-6, 6) for _ in range(columns)] for _ in range(rows)]
    labels = [random.randrange(columns) for _ in range(rows)]
    overlaps = [random.uniform(0.05, 1) for _ in range(rows)]
    if branch == "two-stage":
        hot = [[float(c == label) for c in range(columns)] for label in labels]
        w = [1.0 if label == columns - 1 else overlap for label, overlap in zip(labels, overlaps)]
        return {"X": logits, "Y": hot, "Z": [[one] * columns for one in w]}
    hot = [[float(c == label and row % 3 > 0) for c in range(columns)] for row, label in enumerate(labels)]
    return {
        "X": logits,
        "Q": [[y * w for y in row] for row, w in zip(hot, overlaps)],
        "PY": hot,
        "NY": [[1 - y for y in row] for row in hot],
    }


def number(value):
    return {"NaN": float("nan"), "Inf": float("inf"), "-Inf": float("-inf")}.get(value, value)


def numbers(value):
    return [numbers(one) for one in value] if isinstance(value, list) else number(value)


def evaluate(cases):
    """What the Java evaluation says of (loss, branch, points): a value and gradients for each."""
    lines = "".join(json.dumps({"loss": loss, "branch": branch, **at}) + "\n" for loss, branch, at in cases)
    ran = subprocess.run(
        ["./autoloss", "loss", "eval", "-"], input=lines, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    if ran.returncode != 0:
        raise SystemExit(f"autoloss loss eval: {ran.stderr.strip()}")
    results = [json.loads(line) for line in ran.stdout.splitlines()]
    return [{"value": numbers(one["value"]), "grad": {k: numbers(v) for k, v in one["grad"].items()}} for one in results]
