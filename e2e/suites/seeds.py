"""Every lesson of the library through a real hub: a simulated class finds what its physics was made with, and each typical
mistake is told to the groups that made it, to nobody else, and stays in the class's results."""

import json
import math
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from harness.hub import Hub, Scratch, request

#: Fixed before the first run, and one for all: a seed that suits a lesson would prove nothing.
SEED = 7
#: The first of every five makes the mistake.
GROUPS = 10
#: Lessons at a time. Each is a class of ten and waits for its phones most of the time.
AT_ONCE = 3
#: A run lasts so long by the clock on the wall, however long it takes in its lesson: a day of weather, or a walk.
WALL_SECONDS = 2.5
#: Packets of a phone in a run.
PACKETS = 20
#: A fair mean lies within four standard errors in more than 99 of 100 classes of ten (Student's t with nine degrees).
ERRORS = 4.0


class Seed(NamedTuple):
    """A lesson of the library."""

    template: str
    #: Experiment time of a run, s, as the simulator has it.
    seconds: float
    #: What the class is planted, each with a hint of the same name.
    mistakes: tuple
    #: By how much the lesson's own model is off, in its outcome's unit, beside the scatter of the groups; 0 where it is not.
    bias: float = 0.0


SEEDS = (
    Seed("centripetal", 20, ("gravity", "one_speed", "edge", "centimetres")),
    Seed("cooling", 1200, ("too_short", "disturbed", "dry")),
    Seed("day-length", 60, ("one_season", "upside_down", "longitude", "hour")),
    Seed("elevator", 30, ("draught", "still_moving", "half_flights")),
    Seed("free-fall", 60, ("echo", "bounce", "centimetres")),
    Seed("iss", 60, ("one_night", "miscounted", "slipped", "from_middle", "time_zone", "old_elements")),
    Seed("light", 40, ("room_light", "saturation")),
    Seed("noise", 60, ("sign", "touched", "arithmetic_mean", "covered")),
    Seed("pendulum", 20, ("half_period", "default_length", "string_end")),
    Seed("reaction", 40, ("too_early", "distracted")),
    Seed("rest", 30, ("shaken_table", "without_gravity", "unit_g")),
    Seed("sound-speed", 60, ("echo", "same_phone", "swapped", "centimetres")),
    Seed("spring", 20, ("half_period", "phone_forgotten")),
    Seed("spring-masses", 20, ("half_period", "one_half_period", "grams")),
    Seed("standstill", 120, ("walked", "indoors")),
    Seed("steps", 30, ("every_second_step", "both_feet_twice")),
    Seed("tube", 30, ("overtone", "open_end", "end_correction", "centimetres")),
    Seed("weather", 43_200, ("sun", "time_zone")),
)


def run(args, checks):
    with Scratch() as scratch, Hub(args.hub, scratch / "data") as hub:
        token = hub.teacher_token()
        library = {entry["id"] for entry in request(f"{hub.http}/api/v1/templates", token=token).json() if entry["source"] == "builtin"}
        checks.equal("every lesson of the library has its seed here", sorted(library), sorted(seed.template for seed in SEEDS))
        classes = [(seed, mistake) for seed in SEEDS for mistake in (None, *seed.mistakes)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for sitting in pool.map(lambda one: sit(args, hub, token, scratch, *one), classes):
                with checks.guard(sitting.name):
                    (planted if sitting.mistake else truthful)(checks, sitting)


class Sitting(NamedTuple):
    """One class in one lesson."""

    name: str
    seed: Seed
    mistake: str
    done: subprocess.CompletedProcess
    report: dict
    #: What a teacher is told.
    outcomes: dict


def sit(args, hub, token, scratch, seed, mistake):
    lesson = hub.lesson(token, seed.template)
    name = f"{seed.template} with {mistake}" if mistake else seed.template
    if seed.template == "standstill":
        allow_location(hub, token, lesson)
    file = scratch / f"{seed.template}-{mistake}.json"
    batch = max(1, round(1000 * seed.seconds / PACKETS))
    words = ["class", "--template", seed.template, "--code", lesson["code"], "--lesson", lesson["id"], "--things", str(GROUPS), "--seed", str(SEED)]
    words += ["--seconds", str(seed.seconds), "--speed", str(seed.seconds / WALL_SECONDS), "--batch-ms", str(batch), "--report", str(file)]
    words += ["--mistake", mistake] if mistake else []
    done = subprocess.run([args.simulator, *words, "--hub", hub.http], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          env={"MESSWERK_TOKEN": token, "PATH": "/usr/bin:/bin"})
    outcomes = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/outcomes", token=token).json()
    return Sitting(name, seed, mistake, done, json.loads(file.read_text()) if file.exists() else {}, outcomes)


def allow_location(hub, token, lesson):
    """How far a phone moved is a place, which a teacher confirms."""
    command = {"do": "allow_location", "mode": "relative"}
    answer = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/commands", "POST", command, token)
    assert answer.status < 300, answer.body


def complete(checks, sitting):
    done, report = sitting.done, sitting.report
    checks.equal(f"{sitting.name}: nothing is lost", (done.returncode, done.stderr[-500:] if done.returncode else ""), (0, ""))
    checks.equal(f"{sitting.name}: nothing is rejected", (report.get("rejected"), report.get("unexpected")), (0, 0))


def truthful(checks, sitting):
    """A class without a mistake: each group has a result, and their mean is the truth as far as their scatter lets one say."""
    complete(checks, sitting)
    name, outcomes = sitting.name, sitting.outcomes
    (outcome, truth), = sitting.report["truth"].items()
    found = outcomes["class"].get(outcome, {})
    checks.equal(f"{name}: each of the groups has a result", (found.get("n"), [one["reason"]["en"] for one in outcomes["pending"]]), (GROUPS, []))
    off, allowed = abs(found["mean"] - truth), ERRORS * found["se"] + sitting.seed.bias
    checks.true(f"{name}: the class's {outcome} is the truth within four standard errors", off <= allowed, {"truth": truth, "off": off, "allowed": allowed, **found})
    checks.true(f"{name}: its uncertainty is that of the groups' scatter", math.isclose(found["se"], found["sd"] / math.sqrt(GROUPS), rel_tol=1e-9) and found["se"] > 0, found)
    for one in outcomes["outcomes"]:
        wide = max(one["uncertainty"], found["sd"])
        checks.true(f"{name}: a group's result and uncertainty go with the truth", abs(one["value"] - truth) <= 6 * wide + sitting.seed.bias, one)


def planted(checks, sitting):
    """A class in which two of ten make a mistake: both are told, nobody else is, and nothing is taken out or mended."""
    complete(checks, sitting)
    name, outcomes, told = sitting.name, sitting.outcomes, sitting.report.get("hints", [])
    mistaken = [one for one in told if one["mistaken"]]
    checks.equal(f"{name}: the groups that made it are told so", [sitting.mistake in one["hints"] for one in mistaken], [True, True])
    checks.equal(f"{name}: nobody else is told anything", [one["hints"] for one in told if not one["mistaken"]], [])
    checks.true(f"{name}: what everybody reads says nothing of it", "hints" not in outcomes and sitting.mistake not in json.dumps(outcomes["outcomes"]), outcomes.keys())
    results = {one["thing"]: one for one in outcomes["outcomes"]}
    pending = {one["thing"] for one in outcomes["pending"]}
    checks.equal(f"{name}: every group stands there", len(results) + len(pending), GROUPS)
    checks.equal(f"{name}: no result is taken out", [one["excluded"] for one in results.values() if one.get("excluded")], [])
    values = [one["value"] for one in results.values()]
    found = next(iter(outcomes["class"].values()))
    checks.equal(f"{name}: the class counts all of them", found["n"], len(values))
    mean = math.fsum(values) / len(values)
    checks.true(f"{name}: its mean is that of all of them", abs(found["mean"] - mean) <= 1e-9 * max(1.0, abs(mean)), (found["mean"], mean))
