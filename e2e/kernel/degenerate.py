"""What cannot be computed, and phyphox's own vector."""

import json
import xml.etree.ElementTree as xml

NAN = float("nan")


def ask(k, samples):
    for f in ["line", "log_log", "power_law_with_background", "paired"]:
        k.refuses(f, "too_few", x=[], y=[])
        k.refuses(f, "shape", x=[1, 2, 3, 4], y=[1, 2, 3])
        k.refuses(f, "not_finite", x=[1, 2, 3, 4], y=[1, NAN, 3, 4])
        k.refuses(f, "not_finite", x=[1, 2, 3, 4], y=[1, float("inf"), 3, 4])
    for f in ["line", "log_log", "power_law_with_background"]:
        k.refuses(f, "constant", x=[2, 2, 2, 2], y=[1, 2, 3, 4])
    timed = ["exponential", "derivative", "integrate", "integrate_without_drift", "smooth_mean", "smooth_gauss", "moving_median", "peaks", "crossings", "longest_above", "longest_below", "time_weighted_mean"]
    extra = {"window_s": 2, "sigma_s": 1, "prominence": 0, "distance": 0, "level": 2, "hysteresis": 0}
    for f in timed:
        k.refuses(f, "too_few", t=[], y=[], **extra)
        k.refuses(f, "shape", t=[0, 1, 2, 3], y=[1, 2, 3], **extra)
        k.refuses(f, "not_finite", t=[0, 1, 2, 3], y=[1, 2, NAN, 1], **extra)
        k.refuses(f, "not_finite", t=[0, 1, 2, NAN], y=[1, 2, 3, 1], **extra)
        k.refuses(f, "unsorted", t=[0, 1, 3, 2], y=[1, 2, 3, 1], **extra)
    k.refuses("exponential", "constant", t=[0, 1, 2, 3], y=[5, 5, 5, 5])
    k.refuses("exponential", "no_fit", t=[0, 1, 2, 3, 4], y=[5, 4, 3, 2, 1])
    k.refuses("integrate", "gap", t=[0, 1, 2, 3, 30], y=[1, 1, 1, 1, 1])
    k.refuses("energy_mean", "not_finite", y=[float("-inf")] + [50] * 30)
    k.refuses("circular_mean", "no_direction", y=[0, 3.141592653589793])
    k.refuses("welch", "constant", x=[1, 1], y=[2, 2])
    k.refuses("student_p", "domain", t=1, df=0)
    k.refuses("spectrum", "constant", t=list(range(20)), y=[1] * 20)
    k.refuses("nonsense", "no such function")
    phyphox(k, samples)


def phyphox(k, samples):
    """The published vector: the experiment's buffers in, the phone's results out."""
    folder = samples / "phyphox_analysis_vectors"
    if not folder.is_dir():
        k.checks.skip(f"phyphox's published vector: {folder} is not there")
        return
    case = "autocorrelation_x-and-range"
    buffers = {one.text: one.get("init") for one in xml.parse(folder / f"{case}.phyphox").findall(".//{*}container")}
    numbers = {name: [float(value) for value in init.split(",")] for name, init in buffers.items() if init}
    vector = json.loads((folder / f"{case}.expected.json").read_text())
    expected = vector["expect"][0]["buffers"]

    def judge(answer):
        k.near("phyphox's lags", answer["ok"]["lag"], expected["outx"]["values"], 1e-12)
        k.near("phyphox's autocorrelation", answer["ok"]["value"], expected["outy"]["values"], 1e-12)

    k.ask("autocorrelation", judge, t=numbers["x"], y=numbers["y"], min=0.25, max=1.0)
