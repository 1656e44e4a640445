"""Recordings over time, beside SciPy and NumPy."""

import numpy as np
from scipy import ndimage, signal
from scipy.integrate import cumulative_trapezoid
from scipy.optimize import minimize_scalar


def ask(k, random):
    for _ in range(150):
        spectrum(k, random)
        peaks(k, random)
        crossings(k, random)
        stretches(k, random)
        derivative(k, random)
        integrals(k, random)
        resampled(k, random)
        smoothed(k, random)
        held(k, random)


def wobble(random, n):
    """Something that looks like a signal: slow and fast parts and noise."""
    t = np.arange(n)
    return sum(random.normal() * np.sin(random.uniform(0.01, 1.0) * t + random.uniform(0, 6)) for _ in range(4)) + 0.2 * random.normal(size=n)


def uneven(random, n):
    return np.cumsum(random.uniform(0.005, 0.015, n))


def spectrum(k, random):
    n, rate = int(random.integers(30, 600)), random.choice([10.0, 50.0, 100.0])
    time = np.arange(n) / rate
    hz = random.uniform(8 / time[-1], 0.4 * rate)
    values = wobble(random, n) * 0.05 + 3 * np.sin(2 * np.pi * hz * time + random.uniform(0, 6)) + 9.81
    name = str(random.choice(["hann", "rectangle"]))
    window = signal.windows.get_window("hann", n) if name == "hann" else np.ones(n)
    padded = 1 << (2 * n - 1).bit_length()
    faded = (values - np.average(values, weights=window)) * window
    expected = np.abs(np.fft.rfft(faded, padded)) / window.sum() * 2
    expected[[0, -1]] /= 2

    def judge(answer):
        k.near("spectrum frequencies", answer["ok"]["freq"], np.fft.rfftfreq(padded, time[-1] / (n - 1)), scale=1e-6)
        k.near("spectrum amplitudes", answer["ok"]["amplitude"], expected, scale=np.max(expected))

    k.ask("spectrum", judge, t=time, y=values, window=name)
    step = time[-1] / (n - 1)
    index = np.arange(n)

    def power(frequency):
        return -np.abs(np.sum(faded * np.exp(-2j * np.pi * frequency * step * index))) ** 2

    around = hz + np.array([-1, 1]) / (n * step)
    best = minimize_scalar(power, bounds=tuple(around), method="bounded", options={"xatol": 1e-12}).x
    k.ask("spectral_peak", lambda answer: k.near("spectral peak", answer["ok"][0], best, 1e-6), t=time, y=values, window=name, min=0.5 * hz, max=0.5 * rate)


def peaks(k, random):
    n = int(random.integers(5, 400))
    distance, prominence = int(random.integers(1, 20)), random.choice([0.0, 0.1, 0.5, 2.0])
    # Plateaus only without a distance: SciPy's order of equally high peaks is left to chance.
    values = wobble(random, n) if distance > 6 else np.round(wobble(random, n), int(random.integers(1, 4)))
    distance = distance if distance > 6 else 1
    expected, _ = signal.find_peaks(values, distance=distance, prominence=prominence)
    time = np.arange(n) * 0.5
    judge = lambda answer: k.checks.equal("peaks", answer["ok"], expected.tolist())
    k.ask("peaks", judge, t=time, y=values, prominence=prominence, distance=distance * 0.5)


def crossings(k, random):
    n = int(random.integers(5, 400))
    time, values, level = uneven(random, n), wobble(random, n), random.normal() * 0.3
    hysteresis = random.choice([0.0, 0.2, 1.0])
    expected, side, last = [], None, {}
    for index, value in enumerate(values):
        if index:
            before = values[index - 1]
            if (before - level) * (value - level) < 0:
                last[value > level] = time[index - 1] + (time[index] - time[index - 1]) * (level - before) / (value - before)
        now = True if value - level >= hysteresis / 2 else False if level - value >= hysteresis / 2 else None
        if now is not None and now != side:
            if side is not None:
                expected.append((last[now], now))
            side = now
    for direction, wanted in {"both": [True, False], "rising": [True], "falling": [False]}.items():
        times = [at for at, up in expected if up in wanted]
        judge = lambda answer, times=times: k.near("crossings", answer["ok"], times, 1e-9, scale=1)
        k.ask("crossings", judge, t=time, y=values, level=level, hysteresis=hysteresis, direction=direction)


def stretches(k, random):
    """On a grid so fine that counting its points is measuring."""
    n = int(random.integers(5, 200))
    time, values, level = uneven(random, n), wobble(random, n), random.normal() * 0.3
    if not (values.min() < level < values.max()):
        return
    # Exact: all passages, then the longest piece whose middle is on the right side.
    edges = [time[0]]
    for index in range(1, n):
        before, value = values[index - 1] - level, values[index] - level
        if before * value < 0:
            edges.append(time[index - 1] + (time[index] - time[index - 1]) * before / (before - value))
    edges.append(time[-1])
    for f, sign in {"longest_above": 1, "longest_below": -1}.items():
        pieces = [b - a for a, b in zip(edges, edges[1:]) if sign * (np.interp((a + b) / 2, time, values) - level) > 0]
        judge = lambda answer, longest=max(pieces): k.near("longest stretch", answer["ok"]["duration"][0], longest, 1e-9, scale=1)
        k.ask(f, judge, t=time, y=values, level=level)


def derivative(k, random):
    n, half = int(random.integers(30, 300)), int(random.integers(1, 8))
    even, values = np.arange(n) * 0.01, wobble(random, n)
    expected = signal.savgol_filter(values, 2 * half + 1, 1, deriv=1, delta=0.01)[half : n - half]
    scale = np.max(np.abs(expected))
    judge = lambda answer: k.near("derivative", answer["ok"]["slope"], expected, 1e-9, scale=scale)
    k.ask("derivative", judge, t=even, y=values, window_s=2 * half * 0.01)
    time = uneven(random, n)

    def at_uneven_times(answer):
        found = answer["ok"]
        for place in range(0, len(found["time"]), 25):
            near = np.abs(time - found["time"][place]) <= 0.05
            slope, (variance, _) = line(time[near], values[near])
            k.estimate("derivative at uneven times", [found["slope"][place], found["uncertainty"][place]], slope, np.sqrt(variance), 1e-8)

    k.ask("derivative", at_uneven_times, t=time, y=values, window_s=0.1)


def line(x, y):
    (slope, _), covariance = np.polyfit(x - x.mean(), y, 1, cov=True)
    return slope, np.diag(covariance)


def integrals(k, random):
    n = int(random.integers(2, 400))
    time, values = uneven(random, n), wobble(random, n)
    expected = cumulative_trapezoid(values, time, initial=0)
    scale = np.max(np.abs(expected)) + 1e-12
    k.ask("integrate", lambda answer: k.near("integral", answer["ok"], expected, 1e-9, scale=scale), t=time, y=values)
    share = (time - time[0]) / (time[-1] - time[0])
    judge = lambda answer: k.near("integral without drift", answer["ok"]["values"], expected - expected[-1] * share, 1e-9, scale=scale)
    k.ask("integrate_without_drift", judge, t=time, y=values)


def resampled(k, random):
    n = int(random.integers(2, 200))
    time, values = uneven(random, n), wobble(random, n)
    grid = random.uniform(time[0], time[-1], 100)
    expected = np.interp(grid, time, values)
    k.ask("resample", lambda answer: k.near("resample", answer["ok"], expected, 1e-9, scale=1), t=time, y=values, grid=grid)
    # A hole of a second: nothing inside it.
    if n > 20:
        later = np.where(np.arange(n) < n // 2, time, time + 1.0)
        middle = 0.5 * (later[n // 2 - 1] + later[n // 2])
        k.ask("resample", lambda answer: k.checks.equal("nothing in a gap", answer["ok"], [None]), t=later, y=values, grid=[middle])


def smoothed(k, random):
    n, half = int(random.integers(60, 300)), int(random.integers(1, 10))
    time, values = np.arange(n) * 0.01, wobble(random, n) + 9.81
    inside = slice(half, n - half)
    window = 2 * half * 0.01
    for f, expected in {"smooth_mean": ndimage.uniform_filter1d(values, 2 * half + 1), "moving_median": ndimage.median_filter(values, 2 * half + 1)}.items():
        judge = lambda answer, f=f, expected=expected: k.near(f, answer["ok"][inside], expected[inside], 1e-9)
        k.ask(f, judge, t=time, y=values, window_s=window)
    sigma = random.uniform(1.0, 5.0)
    reach = int(4 * sigma)
    expected = ndimage.gaussian_filter1d(values, sigma, radius=reach)[reach : n - reach]
    judge = lambda answer: k.near("smooth_gauss", answer["ok"][reach : n - reach], expected, 1e-9)
    k.ask("smooth_gauss", judge, t=time, y=values, sigma_s=sigma * 0.01)


def held(k, random):
    n = int(random.integers(3, 100))
    time, values = np.cumsum(random.exponential(0.3, n)), np.round(random.uniform(0, 500, n))
    expected = np.sum(values[:-1] * np.diff(time)) / (time[-1] - time[0])
    k.ask("time_weighted_mean", lambda answer: k.near("mean over time", answer["ok"][0], expected), t=time, y=values)
