"""Writes what SciPy says of the numbers that the tests of dev.autoloss.search.evidence compare with.

python3 -m venv V && V/bin/pip install scipy==1.15.3 numpy==2.2.6
V/bin/python evidence_cases.py > ../resources/dev/autoloss/search/evidence/scipy-1.15.3.csv
"""

import itertools

import numpy as np
import scipy
from scipy import integrate, stats

assert scipy.__version__ == "1.15.3" and np.__version__ == "2.2.6"
rows = []


def row(kind, result, *arguments):
    rows.append(",".join([kind, repr(float(result))] + [repr(float(a)) for a in arguments]))


def lists(kind, result, *values):
    rows.append(",".join([kind, repr(float(result))] + [";".join(repr(float(v)) for v in one) for one in values]))


for df in (1, 2, 3, 4, 7, 15, 30, 100, 1000):
    for t in (-40, -6.5, -2.1, -1, -0.3, -1e-6, 0, 0.7, 1.96, 5, 33):
        row("tCdf", stats.t.cdf(t, df), t, df)
    for p in (1e-6, 0.0005, 0.01, 0.025, 0.05, 0.2, 0.5, 0.9, 0.975, 0.995):
        row("tQuantile", stats.t.ppf(p, df), p, df)
    for c in (0.5, 2, 6.3):
        for shift in (0, 0.5, 2.5, 5):
            row("noncentralTail", stats.nct.sf(c, df, shift) if shift else stats.t.sf(c, df), c, df, shift)
for x in (-38, -9, -5, -3.0001, -3, -2.9999, -1.5, -0.2, 0, 1e-9, 0.4, 1, 2, 3, 3.5, 6, 8.5):
    row("normalCdf", stats.norm.cdf(x), x)
for p in (1e-12, 1e-4, 0.025, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999):
    row("normalQuantile", stats.norm.ppf(p), p)
for k in (1, 2, 3, 5, 10, 50, 500):
    largest = integrate.quad(lambda x: x * k * stats.norm.pdf(x) * stats.norm.cdf(x) ** (k - 1), -12, 12, epsabs=1e-13)[0]
    row("largestOf", largest, k)

random = np.random.default_rng(7)
for n in (2, 3, 5, 8, 12, 16):
    for gain in (-0.01, 0, 0.005, 0.02):
        values = random.normal(gain, 0.011, n).round(4)
        lists("tTest", stats.ttest_1samp(values, 0, alternative="greater").pvalue, values)
        low, high = stats.ttest_1samp(values, 0).confidence_interval(0.9)
        lists("intervalLow", low, values)
        lists("intervalHigh", high, values)
        flips = np.array(list(itertools.product((1, -1), repeat=n)))
        lists("signFlip", np.mean(flips @ values >= values.sum() - 1e-12), values)
for n in (2, 3, 6, 20, 60):
    for digits in (0, 1, 6):
        x = random.normal(0, 1.5, n).round(digits)
        y = (x * random.choice([-1, 0.3, 2]) + random.normal(0, 1.5, n)).round(digits)
        if len(set(x)) > 1 and len(set(y)) > 1:
            lists("spearman", stats.spearmanr(x, y).statistic, x, y)
            lists("kendall", stats.kendalltau(x, y, variant="b").statistic, x, y)

print("\n".join(rows))
