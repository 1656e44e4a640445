"""Distributions and comparisons, beside SciPy, NumPy and statsmodels."""

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests


def ask(k, random):
    for _ in range(12):
        holm(k, random)
    for _ in range(300):
        student(k, random)
        classes(k, random)
        boxes(k, random)
        levels(k, random)
        directions(k, random)
        heights(k, random)


def student(k, random):
    df, t = 10.0 ** random.uniform(-0.5, 6), random.normal() * 10.0 ** random.uniform(-2, 1)
    expected = 2 * stats.t.sf(abs(t), df)
    k.ask("student_p", lambda answer: k.near("p of t", answer["ok"], expected), t=t, df=df)
    probability = random.choice([random.uniform(0.5, 0.999), 0.975, 0.95, 0.995])
    quantile = stats.t.ppf(probability, df)
    k.ask("student_quantile", lambda answer: k.near("quantile of t", answer["ok"], quantile, scale=1e-3), probability=probability, df=df)


def classes(k, random):
    a = random.normal(size=random.integers(2, 40)) * random.uniform(0.1, 3) + 9.8
    b = random.normal(size=random.integers(2, 40)) * random.uniform(0.1, 3) + random.choice([9.8, 8.0])
    welch = stats.ttest_ind(a, b, equal_var=False)
    k.ask("welch", judge(k, "welch", welch, a.mean() - b.mean()), x=a, y=b)
    pairs = a + random.normal(size=len(a)) * 0.2 - 0.1
    k.ask("paired", judge(k, "paired", stats.ttest_rel(a, pairs), np.mean(a - pairs)), x=a, y=pairs)


def holm(k, random):
    """Few: statsmodels clears the interpreter's memory each time, which takes a third of a second."""
    p_values = random.uniform(0, 1, random.integers(1, 12)) ** 3
    expected = multipletests(p_values, method="holm")[1]
    k.ask("holm", lambda answer: k.near("holm", answer["ok"], expected), y=p_values)


def judge(k, name, test, difference):
    interval = test.confidence_interval(0.95)

    def compare(answer):
        found = answer["ok"]
        se = difference / test.statistic
        k.near(f"{name} difference", found["difference"], difference, scale=se)
        k.near(f"{name} standard error", found["se"], se, 1e-8)
        k.near(f"{name} degrees of freedom", found["df"], test.df)
        k.near(f"{name} interval", found["ci95"], [interval.low, interval.high], scale=se)
        k.near(f"{name} p", found["p"], test.pvalue, 1e-8)

    return compare


def boxes(k, random):
    values = np.round(random.normal(size=random.integers(1, 60)) * 5, int(random.integers(0, 6)))
    share = random.uniform()
    k.ask("quantile", lambda answer: k.near("quantile", answer["ok"], np.quantile(values, share), scale=1), y=values, share=share)
    q1, middle, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    reach = 1.5 * (q3 - q1)
    # Whether a value lies just at the fence is a matter of the last bit: leave such samples to the tests by hand.
    if np.min(np.abs(np.concatenate([values - q1 + reach, values - q3 - reach]))) > 1e-9 or q1 == q3:
        inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
        expected = [min(inside.min(), q1), q1, middle, q3, max(inside.max(), q3)]

        def compare(answer):
            k.near("box plot", answer["ok"]["box"], expected, scale=1)
            k.checks.equal("outliers", answer["ok"]["outliers"], sorted(values[(values < q1 - reach) | (values > q3 + reach)].tolist()))

        k.ask("box_plot", compare, y=values)
    edges = np.sort(random.choice(np.arange(-20, 20), 6, replace=False)).astype(float)
    counts, _ = np.histogram(values, edges)
    k.ask("histogram", lambda answer: k.checks.equal("counts", answer["ok"]["counts"], counts.tolist()), y=values, rule="edges", edges=edges)
    rule(k, random, values)


def rule(k, random, values):
    """Round edges near the rule's width that hold every value."""
    wanted = np.histogram_bin_edges(values, "fd") if np.quantile(values, 0.75) > np.quantile(values, 0.25) else np.histogram_bin_edges(values, "sturges")

    def compare(answer):
        edges, counts = np.array(answer["ok"]["edges"]), answer["ok"]["counts"]
        width = edges[1] - edges[0]
        k.checks.true("edges hold every value", edges[0] <= values.min() and values.max() <= edges[-1] and sum(counts) == len(values), answer)
        lead = width / 10.0 ** np.floor(np.log10(width) + 1e-9)
        k.checks.true("edges are round", min(abs(lead - one) for one in (1, 2, 5)) < 1e-9, edges.tolist())
        if np.ptp(values) > 0:
            # NumPy makes a whole number of bins of the range; the rule itself lies within one of its bins, rounding within √5/2 and √2.
            low, high = np.ptp(values) / len(wanted), np.ptp(values) / max(len(wanted) - 2, 0.5)
            k.checks.true("width is the rule's", low / 1.59 <= width <= 1.59 * high, f"{width}, rule between {low} and {high}")

    k.ask("histogram", compare, y=values)


def levels(k, random):
    values = random.normal(size=random.integers(20, 200)) * random.uniform(1, 20) + random.choice([-60.0, 50.0])
    expected = 10 * np.log10(np.mean(10 ** (values / 10)))
    k.ask("energy_mean", lambda answer: k.near("Leq", answer["ok"][0], expected, scale=1), y=values)
    percent = random.choice([10.0, 50.0, 90.0, 95.0])
    k.ask("percentile_level", lambda answer: k.near("L10", answer["ok"][0], np.percentile(values, 100 - percent), scale=1), y=values, percent=percent)


def directions(k, random):
    angles = random.vonmises(random.uniform(-3, 3), random.uniform(1.5, 20), random.integers(5, 100)) + 2 * np.pi * random.integers(-2, 3)
    expected = stats.circmean(angles) % (2 * np.pi)
    resultant = np.abs(np.mean(np.exp(1j * angles)))
    second = np.mean(np.cos(2 * (angles - expected)))

    def compare(answer):
        if len(angles) * resultant**2 < 3:
            return k.checks.equal("no common direction", answer.get("error"), "no_direction")
        found = answer["ok"]
        off = (found["mean"][0] - expected + np.pi) % (2 * np.pi) - np.pi
        k.near("mean direction", off, 0.0, 1e-9, scale=1)
        k.near("its error", found["mean"][1], np.sqrt((1 - second) / (2 * len(angles) * resultant**2)))
        return k.near("resultant", found["resultant"], resultant)

    k.ask("circular_mean", compare, y=angles)


def heights(k, random):
    p0, p1 = random.uniform(700, 1050), 0.0
    p1 = p0 + random.uniform(-20, 20)
    exponent, scale = 0.190294957, 44330.77

    def height(p0, p1, kelvin=None):
        below, above = (p0 / 1013.25) ** exponent, (p1 / 1013.25) ** exponent
        return scale * (below - above) * (kelvin / (288.15 * (below + above) / 2) if kelvin else 1.0)

    kelvin = random.uniform(260, 310)
    k.ask("barometric_height", lambda answer: k.near("height", answer["ok"][0], height(p0, p1), scale=10), p0=[p0, 0], p1=[p1, 0])
    step = 1e-3
    # The error of each input alone, by differences; that of the mean temperature of the column is left out, as in the kernel.
    of_p0 = (height(p0 + step, p1) - height(p0 - step, p1)) / (2 * step) * height(p0, p1, kelvin) / height(p0, p1)
    expected = np.hypot(of_p0 * 0.1, height(p0, p1, kelvin) * 2 / kelvin)

    def compare(answer):
        k.near("height in real air", answer["ok"][0], height(p0, p1, kelvin), scale=10)
        k.near("its uncertainty", answer["ok"][1], expected, 1e-6)

    k.ask("barometric_height", compare, p0=[p0, 0.1], p1=[p1, 0], temperature=[kelvin, 2])
