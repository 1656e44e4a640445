"""Taking data out: every format holds the numbers of the JSON, nothing in any of them is a formula, and the recipes of
docs/recipes.md and the whole lesson of docs/program.md run as they stand."""

import contextlib
import csv
import io
import json
import math
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa

from harness.hub import Hub, Scratch, request

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: What spreadsheets would run: as a reason, which a teacher types and colleagues open.
FORMULAS = ['=HYPERLINK("http://evil.example","click")', "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3", "\t=1+1", "\r=1+1", "a;=1+1", "a,=1+1", "a\n=1+1", "＝1+1"]
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run(args, checks):
    with Scratch() as scratch, Hub(args.hub, scratch / "data") as hub:
        token = hub.teacher_token()
        lesson = hub.lesson(token, "pendulum")["id"], hub.lesson(token, "rest")["id"]
        pendulum(hub, token, lesson[0])
        rest(hub, token, lesson[1])
        for part, of in ((results, lesson[0]), (readings, lesson[1]), (windows, lesson[1]), (names, lesson[0]), (formulas, lesson[0]), (links, lesson[0])):
            with checks.guard(f"the part {part.__name__}"):
                part(hub, token, of, checks)
        with checks.guard("the recipes"):
            recipes(hub, token, lesson[1], checks, scratch)
        with checks.guard("a whole lesson by program"):
            program(hub, token, lesson[0], checks, scratch)


def ask(hub, lesson, path, token=None, **more):
    return request(f"{hub.http}/api/v1/lessons/{lesson}{path}", token=token, **more)


def code(hub, token, lesson):
    return ask(hub, lesson, "", token).json()["code"]


def pendulum(hub, token, lesson):
    """As many pendulums as there are formulas, each a little longer, measured by hand."""
    for place, _ in enumerate(FORMULAS):
        thing = hub.join(code(hub, token, lesson))
        length = 0.3 + 0.05 * place
        period = 2 * math.pi * math.sqrt(length / 9.81) * (1 + 0.001 * (place - 5))
        answer = request(f"{hub.http}/api/v1/things/{thing.id}", "PATCH", {"length_m": length, "T": period}, thing.token)
        assert answer.status == 200, answer.body


def rest(hub, token, lesson):
    """Three phones that lie still for twelve seconds, with a number of every size among their readings."""
    for place in range(3):
        thing = hub.join(code(hub, token, lesson))
        times = [round(0.02 * i, 3) for i in range(600)]
        columns = {"t": times, "accX": [0.01 * ((i * 7) % 5) for i in range(600)], "accY": [1e-7 * i for i in range(600)],
                   "accZ": [9.81 + 0.02 * place + 0.003 * ((i * 13) % 7 - 3) for i in range(600)]}
        answer = request(thing.ingest_url if thing.ingest_url.startswith("http") else hub.http + thing.ingest_url, "POST", columns)
        assert answer.status < 300, answer.body


def same(checks, sentence, found, expected):
    """Numbers that are not there are NaN or None on both sides."""
    missing = lambda value: value is None or value == "" or (isinstance(value, float) and math.isnan(value))
    equal = len(found) == len(expected) and all(missing(one) and missing(other) or one == other for one, other in zip(found, expected))
    first = next(((i, one, other) for i, (one, other) in enumerate(zip(found, expected)) if not (missing(one) and missing(other)) and one != other), None)
    checks.true(sentence, equal, f"{len(found)} and {len(expected)} values; first difference {first}")


def german(text):
    return text and float(text.replace(",", "."))


def sheet(book, name):
    """Rows of a sheet as dictionaries."""
    rows = list(book[name].iter_rows(values_only=True))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def workbook(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.body))


def results(hub, token, lesson, checks):
    expected = ask(hub, lesson, "/outcomes", token).json()
    outcomes = expected["outcomes"]
    checks.equal("every group has a result", len(outcomes), len(FORMULAS))
    plain = list(csv.DictReader(io.StringIO(ask(hub, lesson, "/outcomes?format=csv", token).body.decode())))
    de = ask(hub, lesson, "/outcomes?format=csv&dialect=de", token).body.decode()
    checks.true("German CSV has a byte order mark", de.startswith("\ufeff"))
    de = list(csv.DictReader(io.StringIO(de[1:]), delimiter=";"))
    book = workbook(ask(hub, lesson, "/outcomes?format=xlsx&lang=en", token))
    checks.equal("sheets of the results", book.sheetnames, ["Results", "Class", "About"])
    rows = sheet(book, "Results")
    for field, heading in (("value", "g in m/s²"), ("uncertainty", "u(g) in m/s²")):
        wanted = [outcome[field] for outcome in outcomes]
        same(checks, f"{field}: CSV", [float(row[field]) for row in plain], wanted)
        same(checks, f"{field}: German CSV", [german(row[field]) for row in de], wanted)
        same(checks, f"{field}: XLSX, as numbers", [row[heading] for row in rows], wanted)
    periods = [step["value"] for outcome in outcomes for step in outcome["steps"] if step["name"] == "T"]
    same(checks, "the period on the way: XLSX", [row["T in s"] for row in rows], periods)
    label = next(heading for heading in rows[0] if heading.startswith("Length"))
    same(checks, "what was entered: XLSX", [row[label] for row in rows], [0.3 + 0.05 * place for place in range(len(FORMULAS))])
    of_class = expected["class"]["g"]
    found = {row["what"]: row["number"] for row in sheet(book, "Class")}
    same(checks, "the class: XLSX", [found["g: results that count"], found["g: mean in m/s²"], found["g: standard deviation in m/s²"], found["g: interval from in m/s²"], found["g: interval to in m/s²"]],
         [of_class["n"], of_class["mean"], of_class["sd"], *of_class["ci95"]])
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    checks.true("the workbook says what it is", about.get("Template", "").startswith("pendulum ") and about.get("Licence of the template"), about)
    notes = " ".join(str(row[1].value) for row in book["About"].iter_rows(min_row=2))
    checks.true("it says what an uncertainty and an empty cell are", "standard uncertainty" in notes and "empty cell" in notes, notes)
    german_names = workbook(ask(hub, lesson, "/workbook?lang=de", token)).sheetnames
    checks.equal("a German workbook has German sheets", german_names, ["Ergebnisse", "Klasse", "Info"])


def readings(hub, token, lesson, checks):
    path = "/observations?property=acceleration&format="
    expected = ask(hub, lesson, path + "json", token).json()
    checks.equal("every reading is there", len(expected), 1800)
    get = lambda more: ask(hub, lesson, path + more, token)
    plain = list(csv.DictReader(io.StringIO(get("csv").body.decode())))
    de = list(csv.DictReader(io.StringIO(get("csv&dialect=de").body.decode()[1:]), delimiter=";"))
    parquet, arrow = pd.read_parquet(io.BytesIO(get("parquet").body)), pa.ipc.open_stream(get("arrow").body).read_all()
    polars = pl.read_parquet(io.BytesIO(get("parquet").body))
    book = workbook(get("xlsx&lang=en"))
    rows = sheet(book, "acceleration")
    # A reading is an f32, and JSON writes its shortest text.
    single = lambda values: [float(str(np.float32(value))) for value in values]
    for axis in "xyz":
        wanted = [row[axis] for row in expected]
        same(checks, f"{axis}: CSV", [float(row[axis]) for row in plain], wanted)
        same(checks, f"{axis}: German CSV", [german(row[axis]) for row in de], wanted)
        same(checks, f"{axis}: Parquet by pandas", single(parquet[axis]), wanted)
        same(checks, f"{axis}: Parquet by Polars", single(polars[axis]), wanted)
        same(checks, f"{axis}: Arrow", single(arrow[axis].to_pylist()), wanted)
        same(checks, f"{axis}: XLSX", [row[f"{axis} in m/s²"] for row in rows], wanted)
    same(checks, "times: XLSX", [row["time (UTC)"] for row in rows], [row["phenomenon_time"] for row in expected])
    same(checks, "seconds: XLSX as CSV", [row["t in s"] for row in rows], [float(row["t_s"]) for row in plain])
    times = [time.isoformat(timespec="microseconds").replace("+00:00", "Z") for time in parquet.phenomenon_time]
    same(checks, "times: Parquet", times, [row["phenomenon_time"] for row in expected])
    checks.equal("Arrow names the unit", arrow.schema.field("x").metadata, {b"unit": b"m/s2"})
    own = hub.join(code(hub, token, lesson))
    checks.equal("a phone without readings gets none of others'", sheet(workbook(ask(hub, lesson, "/observations?format=xlsx&property=acceleration&lang=en", own.token)), "acceleration"), [])


def windows(hub, token, lesson, checks):
    path = "/aggregates?property=acceleration&window=1s&format="
    expected = ask(hub, lesson, path + "json", token).json()
    plain = list(csv.DictReader(io.StringIO(ask(hub, lesson, path + "csv", token).body.decode())))
    parquet = pd.read_parquet(io.BytesIO(ask(hub, lesson, path + "parquet", token).body))
    for field in ("count", "mean", "min", "max", "sd"):
        wanted = [row[field] for row in expected]
        same(checks, f"windows, {field}: CSV", [float(row[field]) if row[field] else None for row in plain], wanted)
        # In JSON a number that is exactly an f32 is written like a reading: 0.02 for 0.0199999995.
        close = all(math.isclose(one, other, rel_tol=1e-7) for one, other in zip(parquet[field], wanted) if other is not None)
        checks.true(f"windows, {field}: Parquet", len(parquet) == len(wanted) and close)


def names(hub, token, lesson, checks):
    """Files are called by title and day; nobody's nickname is in a name."""
    nicknames = [outcome["nickname"].split()[0] for outcome in ask(hub, lesson, "/outcomes", token).json()["outcomes"]]
    found = set()
    for path in ("/outcomes?format=csv&lang=de", "/outcomes?format=csv&dialect=de&lang=de", "/outcomes?format=xlsx&lang=de", "/observations?format=csv&lang=de", "/observations?format=csv&lang=en", "/workbook?lang=de"):
        name = re.search('filename="([^"]+)"', ask(hub, lesson, path, token).headers["content-disposition"])[1]
        found.add(name)
        checks.true(f"{name} has title and day", re.fullmatch(r"(Fadenpendel|Pendulum)-\d{4}-\d\d-\d\d-[A-Za-z-]+\.(csv|xlsx)", name), name)
        checks.true(f"{name} names nobody", not any(nickname in name for nickname in nicknames))
    checks.equal("no two files have one name", len(found), 6)
    by_accept = ask(hub, lesson, "/outcomes", token, headers={"Accept": XLSX})
    checks.equal("the header Accept decides without format", by_accept.kind, XLSX)


def formulas(hub, token, lesson, checks):
    outcomes = ask(hub, lesson, "/outcomes", token).json()["outcomes"]
    for outcome, reason in zip(outcomes, FORMULAS):
        path = f"{hub.http}/api/v1/things/{outcome['thing']}/runs/{outcome['run']}/exclusion"
        answer = request(path, "PUT", {"reason": reason}, token)
        checks.true(f"{reason!r} is a reason, or refused with one", answer.status in (200, 204, 400), answer.body)
    stored = [outcome.get("excluded") for outcome in ask(hub, lesson, "/outcomes", token).json()["outcomes"]]
    checks.true("most of them are stored as they are", sum(1 for text in stored if text in FORMULAS) >= 5, stored)
    for dialect in ("", "&dialect=de"):
        text = ask(hub, lesson, f"/outcomes?format=csv{dialect}", token).body.decode().lstrip("\ufeff")
        # Whichever sign a program takes for the end of a cell, no text cell begins like a formula.
        for sign in ",;":
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
                for cell in row:
                    number = re.fullmatch(r"[-+]?[\d.,;e-]+", cell)
                    checks.true(f"CSV{dialect}, read with {sign!r}: {cell[:30]!r} is no formula", number or not cell.lstrip(' "').startswith(STARTS), cell)
    book = workbook(ask(hub, lesson, "/workbook?lang=en", token))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    checks.true("no cell of the workbook is a formula", all(cell.data_type != "f" for cell in cells))
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(STARTS)]
    checks.true("texts that look like one are there, as they were typed", len(risky) >= 4, [cell.value for cell in risky])
    checks.true("and stay texts when somebody edits them", all(cell.quotePrefix for cell in risky), [(cell.value, cell.quotePrefix) for cell in risky])
    page = request(f"{hub.http}/t/lessons/{lesson}/report", token=token).body.decode()
    checks.true("a report shows them as texts", "=HYPERLINK(&quot;http://evil.example" in page and "<script" not in page)


def links(hub, token, lesson, checks):
    made = ask(hub, lesson, "/links", token, method="POST", body={"what": "results"}).json()
    elsewhere = {"Origin": "https://codap.example"}
    answer = request(made["url"], headers=elsewhere)
    checks.equal("a link opens for any origin, without a token", (answer.status, answer.headers.get("access-control-allow-origin"), answer.kind), (200, "*", "text/csv"))
    expected = ask(hub, lesson, "/outcomes", token).json()["outcomes"]
    shared = pd.read_csv(io.BytesIO(answer.body), float_precision="round_trip")
    same(checks, "its numbers are the results", list(shared["g (m/s2)"]), [outcome["value"] for outcome in expected])
    text = answer.body.decode()
    checks.true("nobody's name or reason is in it", not any(outcome["nickname"] in text or outcome["thing"] in text for outcome in expected) and "=" not in text, text[:300])
    checks.equal("nothing else opens for other origins", ask(hub, lesson, "/outcomes", token, headers=elsewhere).status, 403)
    checks.equal("it is revoked", ask(hub, lesson, f"/links/{made['link']}", token, method="DELETE").status, 204)
    checks.equal("and opens no more", request(made["url"], headers=elsewhere).status, 404)


def recipes(hub, token, lesson, checks, scratch):
    """Runs the Python of the document, block after block, in one namespace, as a reader would."""
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "recipes.md").read_text(), re.S)
    checks.true("the document has its recipes", len(blocks) >= 7, len(blocks))
    link = ask(hub, lesson, "/links", token, method="POST", body={"what": "results"}).json()
    space = {"HUB": hub.http, "LESSON": lesson, "TOKEN": token, "LINK": link["url"]}
    before = os.getcwd()
    os.chdir(scratch)
    try:
        for number, block in enumerate(blocks, 1):
            with checks.guard(f"recipe {number} runs: {block.strip().splitlines()[0]}"), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block, f"docs/recipes.md, block {number}", "exec"), space)
                checks.passed += 1
    finally:
        os.chdir(before)
    outcomes = ask(hub, lesson, "/outcomes", token).json()["outcomes"]
    mean = sum(outcome["value"] for outcome in outcomes) / len(outcomes)
    checks.true("pandas finds the class's mean", math.isclose(space["counting"].value.mean(), mean, rel_tol=1e-12), space["counting"])
    checks.equal("DuckDB finds every reading", int(space["magnitudes"].n.sum()), 1800)
    checks.equal("Polars finds every reading", space["readings_pl"].height, 1800)
    checks.equal("the workbook has a sheet of readings", [name for name in space["sheets"] if name == "acceleration"], ["acceleration"])
    checks.equal("the link has its columns", space["shared"].columns[0], "group")
    checks.true("the notebook draws", (scratch / "lesson.png").stat().st_size > 5000)


def program(hub, token, other, checks, scratch):
    """Runs the shell of the document, block after block, in one shell, as a reader would."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / "program.md").read_text(), re.S)
    checks.true("the document has its steps", len(blocks) >= 6, len(blocks))
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HUB": hub.http, "TOKEN": token, "OTHER": other}
    command = ["bash", "-e", "-u", "-o", "pipefail", "-c", "\n".join(blocks)]
    done = subprocess.run(command, cwd=scratch, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    checks.equal("every step goes through", (done.returncode, done.stderr), (0, ""))
    phases = [line for line in done.stdout.splitlines() if line in ("measuring", "stopped", "ended")]
    checks.equal("the lesson is measured, stopped and ended", phases, ["measuring", "stopped", "ended"])
    found = json.loads((scratch / "comparison.json").read_text())
    first = found["comparison"]["classes"][0]
    checks.equal("five groups are compared, of a class that is called so", (first["label"], first["n"]), ("9a", 5))
    checks.true("and found g", abs(first["mean"] - 9.81) < 1e-3, first)
    checks.equal("readings are a Parquet file", (scratch / "readings.parquet").read_bytes()[:4], b"PAR1")
    checks.true("and there is a picture", "<svg" in (scratch / "box.svg").read_text()[:200])
