"""What the hub promises to scripts."""

import os
import re
import shutil
import subprocess

from harness.checks import eventually
from harness.hub import Hub, Scratch, request, teacher_token
from harness.mqtt import Client, Closed, publish

CSV = "lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit,number,nickname,t_s"
AGGREGATES = "thing,property,component,window_start,count,mean,min,max,sd,unit"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
#: Three readings 10 ms apart, with gravity, as a page or a phone sends them over HTTP.
BODY = b'{"acc_time":[0,0.01,0.02],"accX":[0.1,0.2,0.3],"accY":[0,0,0],"accZ":[9.81,9.8,9.79]}'


def run(args, checks):
    with Scratch() as scratch:
        data = scratch / "data"
        token = None
        with checks.guard("a teacher's token can be made before any hub has run"):
            token = teacher_token(args.hub, data)
        with Hub(args.hub, data) as hub:
            start(args, checks, hub)
            token = token or hub.teacher_token()
            lesson = None
            with checks.guard("a lesson can be made"):
                lesson = lessons(checks, hub, token)
            for part in (service, errors, pages):
                with checks.guard(f"{part.__name__} run to their end"):
                    part(checks, hub, token, lesson)
            with checks.guard("a phone joins, measures and is heard"):
                joining(checks, hub, token, lesson)
            with checks.guard("the door says why it stays shut"):
                door(checks, hub)
            with checks.guard("the hub stops and comes back"):
                stop_and_return(args, checks, hub, data, token, lesson)
    with checks.guard("a read-only data folder is refused"):
        read_only(args, checks)


def start(args, checks, hub):
    checks.true("the ready line says ready", hub.ready.get("ready") is True, hub.ready)
    checks.true("the ready line names the web address", re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", hub.http), hub.ready)
    checks.true("the ready line names the MQTT address", re.fullmatch(r"127\.0\.0\.1:[1-9]\d*", hub.ready["mqtt"]), hub.ready)
    with checks.guard("a token can be made beside a running hub"):
        token = hub.teacher_token()
        checks.true("the last line is the token", re.fullmatch(r"[A-Za-z0-9_-]{16,}", token), token)
        checks.equal("it is valid at once", request(f"{hub.http}/api/v1/lessons", "POST", {"template": "rest"}, token).status // 100, 2)
    second = subprocess.run(
        [args.hub, "serve", "--data-dir", hub.data, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
    )
    checks.true("a second hub on the same folder is refused", second.returncode != 0, second.returncode)
    checks.equal("it does not claim to be ready", second.stdout, "")
    checks.true("it says why", "messwerk" in second.stderr.lower() or "hub" in second.stderr.lower(), second.stderr)
    checks.true("it does not panic", "panicked" not in second.stderr, second.stderr)
    checks.equal("the first hub goes on", request(f"{hub.http}/healthz").status, 200)


def service(checks, hub, _token, _lesson):
    for path in ("/healthz", "/readyz", "/metrics", "/api/v1/openapi.json"):
        checks.equal(f"GET {path}", request(hub.http + path).status, 200)
    metrics = request(f"{hub.http}/metrics").body.decode()
    checks.true("the metrics are Prometheus text", "# TYPE " in metrics and "messwerk_" in metrics, metrics[:300])
    api = request(f"{hub.http}/api/v1/openapi.json").json()
    checks.true("the API describes itself", api.get("openapi", "").startswith("3."), api.get("openapi"))
    for path in ("/api/v1/lessons", "/api/v1/join", "/api/v1/things/{thing}"):
        checks.true(f"it lists {path}", any(path == known or path.split("{")[0] == known.split("{")[0] for known in api["paths"]), list(api["paths"]))


def lessons(checks, hub, token):
    lesson = hub.lesson(token, "pendulum")
    checks.true("the id has 13 Crockford characters", re.fullmatch(r"[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z]{13}", lesson["id"]), lesson)
    checks.true("the code has six digits", re.fullmatch(r"\d{6}", str(lesson["code"])), lesson)
    for key in ("join_url", "board_url"):
        checks.true(f"{key} is an address", lesson[key].startswith("http"), lesson)
    return lesson


def problem(checks, sentence, answer, *statuses):
    """A refusal: its status, its type, and a sentence that helps."""
    checks.true(f"{sentence} is refused", answer.status in statuses, (answer.status, answer.body))
    if checks.equal(f"{sentence}: the refusal is problem+json", answer.kind, "application/problem+json"):
        told = answer.json()
        checks.true(f"{sentence}: it says what to do", len(told.get("detail") or told.get("title") or "") > 10, told)


def errors(checks, hub, token, lesson):
    api = f"{hub.http}/api/v1"
    problem(checks, "a lesson without a token", request(f"{api}/lessons", "POST", {"template": "pendulum"}), 401)
    problem(checks, "a lesson with a wrong token", request(f"{api}/lessons", "POST", {"template": "pendulum"}, "A" * 22), 401, 403)
    problem(checks, "an unknown template", request(f"{api}/lessons", "POST", {"template": "perpetuum-mobile"}, token), 400, 404, 422)
    problem(checks, "a body that is not JSON", request(f"{api}/lessons", "POST", b"{", token, {"Content-Type": "application/json"}), 400, 422)
    problem(checks, "a wrong code", request(f"{api}/join", "POST", {"code": "000000" if str(lesson["code"]) != "000000" else "111111"}), 403, 404)
    problem(checks, "an unknown lesson", request(f"{api}/lessons/0000000000000/outcomes", token=token), 404)
    problem(checks, "an unknown path", request(f"{api}/nonsense"), 404)
    problem(checks, "readings with an unknown token", request(f"{hub.http}/i/{'A' * 22}", "POST", BODY), 401, 403, 404)
    problem(checks, "observations without a token", request(f"{api}/lessons/{lesson['id']}/observations"), 401, 403)
    problem(checks, "an unknown format", request(f"{api}/lessons/{lesson['id']}/observations?format=xml", token=token), 400, 406, 422)


def pages(checks, hub, _token, lesson):
    for path in ("/", "/j", f"/b/{lesson['id']}"):
        page = request(hub.http + path)
        checks.equal(f"the page {path} is there", (page.status, page.kind), (200, "text/html"))
        checks.true(f"{path} allows no foreign script", "default-src 'none'" in page.headers.get("content-security-policy", ""), page.headers)
    for figure in ("strip", "tiles", "overlay"):
        svg = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/figures/{figure}.svg?lang=de")
        checks.true(f"the figure {figure} is SVG", svg.status == 200 and b"<svg" in svg.body[:500], (svg.status, svg.body[:200]))


def joining(checks, hub, token, pendulum):
    lesson = hub.lesson(token, "rest")
    api, thing = f"{hub.http}/api/v1", hub.join(lesson["code"])
    checks.true("the token has 22 characters of base64url", re.fullmatch(r"[A-Za-z0-9_-]{22}", thing.token), thing)
    checks.equal("the address for readings", thing.ingest_url, f"{hub.http}/i/{thing.token}")
    checks.equal("the topic for readings", thing.topic, f"in/{thing.token}/acc")
    swinging, other = hub.join(pendulum["code"]), hub.join(pendulum["code"])
    own = request(f"{api}/things/{swinging.id}", "PATCH", {"length_m": 0.421}, swinging.token)
    checks.equal("a phone sets its own length", own.status // 100, 2)
    foreign = request(f"{api}/things/{swinging.id}", "PATCH", {"length_m": 0.5}, other.token)
    checks.true("nobody else's phone does", foreign.status in (401, 403, 404), (foreign.status, foreign.body))
    checks.equal("the teacher may", request(f"{api}/things/{swinging.id}", "PATCH", {"length_m": 0.42}, token).status // 100, 2)

    answer = request(thing.ingest_url, "POST", BODY, headers={"Content-Type": "application/json; utf-8"})
    checks.equal("readings are taken", (answer.status // 100, answer.json().get("ok")), (2, 1))
    base = f"{api}/lessons/{lesson['id']}"
    table = request(f"{base}/observations?format=csv", token=token)
    checks.equal("the columns of the observations", table.body.decode().splitlines()[0], CSV)
    rows = hub.observations(lesson["id"], token)
    checks.equal("what was answered 2xx is visible", [(r["thing"], r["property"], r["x"], r["y"], r["z"], r["unit"]) for r in rows],
                 [(thing.id, "acceleration", x, "0", z, "m/s2") for x, z in (("0.1", "9.81"), ("0.2", "9.8"), ("0.3", "9.79"))])
    checks.true("times are UTC with microseconds", all(TIME.fullmatch(r[k]) for r in rows for k in ("phenomenon_time", "received_time")), rows[:1])
    german = request(f"{base}/observations?format=csv&dialect=de", token=token).body
    checks.true("the German dialect has BOM, semicolon and comma", german.startswith(b"\xef\xbb\xbf") and b"9,81" in german and b";" in german, german[:200])
    checks.true("as JSON", isinstance(request(f"{base}/observations?format=json", token=token).json(), (list, dict)))
    checks.true("as Arrow stream", request(f"{base}/observations?format=arrow", token=token).body.startswith(b"\xff\xff\xff\xff"))
    parquet = request(f"{base}/observations?format=parquet", token=token).body
    checks.true("as Parquet", parquet.startswith(b"PAR1") and parquet.endswith(b"PAR1"), parquet[:4])
    checks.equal("limit limits", len(hub.observations(lesson["id"], token, "&limit=2")), 2)
    windows = request(f"{base}/aggregates?property=acceleration&window=1s&format=csv", token=token)
    checks.equal("the columns of the aggregates", windows.body.decode().splitlines()[0], AGGREGATES)
    outcomes = request(f"{base}/outcomes", token=token).json()
    checks.true("outcomes have their parts", {"lesson", "template", "outcomes", "class", "pending"} <= outcomes.keys(), outcomes)
    foreign = request(f"{base}/observations", token=thing.token)
    own = {row["thing"] for row in foreign.json()} if foreign.status == 200 else foreign.status
    checks.true("a phone reads its own readings only", own in (set(), {thing.id}), own)


def door(checks, hub):
    with Client(hub.mqtt_host, hub.mqtt_port) as client:
        checks.true("MQTT 5 is told that it is not spoken", client.connect("v5", level=5) in (0x01, 0x84))
    with Client(hub.mqtt_host, hub.mqtt_port) as client:
        checks.true("a wrong password is told so", client.connect("t", "teacher", "wrong") in (4, 5))
    with Client(hub.mqtt_host, hub.mqtt_port) as client:
        checks.equal("a phone without user name is let in", client.connect("", "", ""), 0)
        client.send(publish(f"in/{'A' * 22}/acc", b"{}", qos=1, pkid=1))
        try:
            checks.true("an unknown token in the topic gets no PUBACK", False, client.receive())
        except (Closed, ConnectionError):
            checks.true("an unknown token in the topic ends the connection", True)


def stop_and_return(args, checks, hub, data, token, lesson):
    before = hub.observations(lesson["id"], token)
    checks.equal("SIGTERM ends it with 0", hub.terminate(), 0)
    checks.equal("it printed the ready line and nothing else", hub.further_output(), [])
    checks.true("it never panicked", "panicked" not in hub.log.read_text(errors="replace"), hub.last_words())
    with Hub(args.hub, data) as again:
        checks.equal("after a restart the same is there", eventually(lambda: again.observations(lesson["id"], token)) or [], before)


def read_only(args, checks):
    with Scratch() as scratch:
        # Root may write anywhere, so as root the hub runs as nobody, from a copy that nobody can reach.
        program, options = args.hub, {}
        if os.geteuid() == 0:
            program = scratch / "messwerk"
            shutil.copy(args.hub, program)
            program.chmod(0o755)
            scratch.chmod(0o755)
            options = {"user": 65534, "group": 65534, "extra_groups": []}
        data = scratch / "data"
        data.mkdir()
        data.chmod(0o555)
        done = subprocess.run([program, "serve", "--data-dir", data, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, cwd=scratch, **options)
        checks.true("a read-only data folder stops the start", done.returncode != 0 and done.stdout == "", done)
        checks.true("it names the folder", str(data) in done.stderr, done.stderr)
        checks.true("it does not panic", "panicked" not in done.stderr, done.stderr)
