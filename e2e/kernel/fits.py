"""Curves through points, beside statsmodels, SciPy and lmfit."""

import lmfit
import numpy as np
import statsmodels.api as sm
from scipy.optimize import curve_fit


def ask(k, random):
    for _ in range(300):
        lines(k, random)
        weighted(k, random)
        log_log(k, random)
        polynomial(k, random)
        plane(k, random)
    for _ in range(150):
        exponential(k, random)
        background(k, random)
    for _ in range(60):
        sinusoid(k, random)


def points(random, least=4):
    n = random.integers(least, 60)
    return random.uniform(-10, 10, n) * 10.0 ** random.integers(-3, 4)


def judge_ols(k, name, ols, order):
    """The kernel's fields of a linear fit against those of statsmodels."""

    def judge(answer):
        found = answer["ok"]
        for field, index in order.items():
            k.estimate(f"{name} {field}", found[field], ols.params[index], ols.bse[index])
        k.near(f"{name} residual sd", found["residual_sd"], np.sqrt(ols.scale))
        k.near(f"{name} R squared", found["r_squared"], ols.rsquared, scale=1)

    return judge


def lines(k, random):
    x = points(random)
    clean = random.normal() * x + random.normal() * 5
    # Never so little noise that the residuals are what rounding leaves of them.
    y = clean + random.normal(size=len(x)) * 10.0 ** random.integers(-3, 2) * (1 + np.ptp(clean))
    ols = sm.OLS(y, sm.add_constant(x, has_constant="add")).fit()
    k.ask("line", judge_ols(k, "line", ols, {"intercept": 0, "slope": 1}), x=x, y=y)


def weighted(k, random):
    x = points(random, 5)
    u = random.uniform(0.1, 2.0, len(x)) * 10.0 ** random.integers(-2, 3)
    y = 3.0 * x - 1.0 + u * random.normal(size=len(x)) * random.choice([0.3, 1.0, 3.0])
    wls = sm.WLS(y, sm.add_constant(x, has_constant="add"), weights=1 / u**2).fit()
    # Stated uncertainties are widened where the scatter is larger and never narrowed.
    widen = max(1.0, np.sqrt(wls.scale)) / np.sqrt(wls.scale)

    def judge(answer):
        found = answer["ok"]
        for field, index in {"intercept": 0, "slope": 1}.items():
            k.estimate(f"weighted {field}", found[field], wls.params[index], wls.bse[index] * widen)
        k.near("weighted R squared", found["r_squared"], wls.rsquared, scale=1)

    k.ask("weighted_line", judge, x=x, y=y, u=u)


def log_log(k, random):
    x = random.uniform(0.05, 5.0, random.integers(4, 40))
    y = 10.0 ** random.uniform(-3, 3) * x ** random.uniform(-4, 4) * np.exp(0.1 * random.normal(size=len(x)))
    ols = sm.OLS(np.log(y), sm.add_constant(np.log(x))).fit()

    def judge(answer):
        found = answer["ok"]
        k.estimate("log-log exponent", found["exponent"], ols.params[1], ols.bse[1])
        factor = np.exp(ols.params[0])
        k.estimate("log-log factor", found["factor"], factor, factor * ols.bse[0])

    k.ask("log_log", judge, x=x, y=y)


def polynomial(k, random):
    degree = int(random.integers(1, 7))
    x = random.uniform(-1, 1, random.integers(degree + 4, 60)) + random.choice([0.0, 0.5])
    y = np.polynomial.polynomial.polyval(x, random.normal(size=degree + 1)) + 0.1 * random.normal(size=len(x))
    # A reference with twice the digits: powers are ill-conditioned in plain double precision.
    design = np.vander(x.astype(np.longdouble), degree + 1, increasing=True)
    values, inverse = solve_long(design, y.astype(np.longdouble))
    squares = np.sum((y - design @ values) ** 2)
    sd = np.sqrt(squares / (len(x) - degree - 1))

    def judge(answer):
        found = np.array(answer["ok"]["coefficients"])
        errors = (sd * np.sqrt(np.diag(inverse))).astype(float)
        for index in range(degree + 1):
            k.estimate(f"polynomial of degree {degree}, coefficient {index}", found[index], float(values[index]), errors[index])
        k.near("polynomial residual sd", answer["ok"]["residual_sd"], float(sd))

    k.ask("polynomial", judge, x=x, y=y, degree=degree)


def solve_long(design, y):
    """Normal equations by Gauss and Jordan in extended precision, for a few unknowns."""
    n = design.shape[1]
    matrix = np.hstack([design.T @ design, np.eye(n, dtype=np.longdouble), (design.T @ y)[:, None]])
    for column in range(n):
        pivot = column + int(np.argmax(np.abs(matrix[column:, column])))
        matrix[[column, pivot]] = matrix[[pivot, column]]
        matrix[column] /= matrix[column, column]
        for row in range(n):
            if row != column:
                matrix[row] -= matrix[row, column] * matrix[column]
    return matrix[:, -1], matrix[:, n:-1]


def plane(k, random):
    n, width = int(random.integers(10, 60)), int(random.integers(1, 5))
    columns = random.normal(size=(n, width)) * 10.0 ** random.integers(-2, 3, width) + 10.0 ** random.integers(-1, 2, width)
    y = columns @ random.normal(size=width) + 4 + random.normal(size=n)
    ols = sm.OLS(y, sm.add_constant(columns, has_constant="add")).fit()

    def judge(answer):
        found = answer["ok"]
        k.estimate("plane intercept", found["intercept"], ols.params[0], ols.bse[0])
        for index, slope in enumerate(found["slopes"]):
            k.estimate("plane slope", slope, ols.params[index + 1], ols.bse[index + 1])
        k.near("plane R squared", found["r_squared"], ols.rsquared, scale=1)

    k.ask("multiple_regression", judge, columns=columns.T, y=y)


def judge_fit(k, name, fields, values, errors):
    """An iterative fit: six digits of the values (or of their errors), four of the errors."""

    def judge(answer):
        found = answer["ok"]
        widened = np.sqrt(found.get("correlation", 1.0))
        for field, value, error in zip(fields, values, errors):
            # An offset may be near zero; what it is small beside is what it is an offset of.
            scale = max(error, abs(values[0])) if field == "offset" else error
            k.near(f"{name} {field}", found[field][0], value, 1e-6, scale=scale)
            k.near(f"{name} error of {field}", found[field][1], error * widened, 1e-4)

    return judge


def exponential(k, random):
    n = int(random.integers(12, 200))
    time = np.sort(random.uniform(0, 100, n))
    time -= time[0]
    truth = [random.choice([-1, 1]) * random.uniform(5, 80), random.uniform(10, 60), random.uniform(-20, 40)]
    values = truth[2] + truth[0] * np.exp(-time / truth[1]) + 0.2 * random.normal(size=n)
    model = lmfit.Model(lambda t, amplitude, tau, offset: offset + amplitude * np.exp(-t / tau))
    fit = model.fit(values, t=time, amplitude=truth[0], tau=truth[1], offset=truth[2], fit_kws={"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14})
    fields = ["amplitude", "tau", "offset"]
    fitted = [fit.params[field].value for field in fields]
    errors = np.sqrt(np.diag(exact_covariance(time, values, fitted)))
    k.ask("exponential", judge_fit(k, "exponential", fields, fitted, errors), t=time, y=values)


def exact_covariance(time, values, fitted):
    """With derivatives by hand: lmfit's are differences."""
    amplitude, tau, offset = fitted
    decay = np.exp(-time / tau)
    slopes = np.stack([decay, amplitude * decay * time / tau**2, np.ones_like(time)], axis=1)
    residuals = values - offset - amplitude * decay
    return np.linalg.inv(slopes.T @ slopes) * np.sum(residuals**2) / (len(time) - 3)


def background(k, random):
    x = np.sort(random.uniform(0.1, 2.0, random.integers(8, 40)))
    x[0], x[-1] = 0.1, 2.0
    truth = [random.uniform(1, 5), random.choice([-3.0, -2.0, -1.0, 0.5, 1.5, 2.0, 3.0]), random.uniform(-5, 30)]

    def model(x, factor, exponent, offset):
        return factor * x**exponent + offset

    def slopes(x, factor, exponent, offset):
        return np.stack([x**exponent, factor * x**exponent * np.log(x), np.ones_like(x)], axis=1)

    clean = model(x, *truth)
    y = clean + 0.002 * np.ptp(clean) * random.normal(size=len(x))
    try:
        fitted, covariance = curve_fit(model, x, y, p0=truth, jac=slopes, xtol=1e-12, ftol=1e-14, gtol=1e-14, maxfev=20000)
    except RuntimeError:
        # SciPy now and then circles in the last digits for ever: nothing to compare with.
        return
    judge = judge_fit(k, "power law", ["factor", "exponent", "offset"], fitted, np.sqrt(np.diag(covariance)))
    k.ask("power_law_with_background", judge, x=x, y=y)


def sinusoid(k, random):
    period = random.uniform(0.8, 2.0)
    # So slow that nothing is grouped: 15 readings a period.
    time = np.arange(int(random.integers(80, 300))) * period / 15.0
    middle = 0.5 * (time[0] + time[-1])
    truth = [random.uniform(1, 3), random.uniform(0, 6), random.uniform(0, 0.05), random.normal(), period]

    def model(t, amplitude, phase, damping, offset, period):
        t = t - middle
        return offset + amplitude * np.exp(-damping * t) * np.cos(2 * np.pi * t / period + phase)

    values = model(time, *truth) + 0.05 * random.normal(size=len(time))
    try:
        fitted, _ = curve_fit(model, time, values, p0=truth, xtol=1e-12, ftol=1e-14, gtol=1e-14, maxfev=20000)
    except RuntimeError:
        # As above.
        return

    def judge(answer):
        found = answer["ok"]
        # Damping and offset may be zero; what they are small beside is the length of the recording and the amplitude.
        scales = {"damping": 1 / time[-1], "offset": fitted[0]}
        for field, index in {"amplitude": 0, "damping": 2, "offset": 3, "period": 4}.items():
            k.near(f"sinusoid {field}", found[field][0], fitted[index], 1e-6, scale=scales.get(field, 0))

    k.ask("damped_sinusoid", judge, t=time, y=values, start=period * random.uniform(0.99, 1.01))
