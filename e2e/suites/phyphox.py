"""phyphox: are generated files what both apps read, do two apps find and show the result, and are real exports stored once?"""

import datetime
import http.client
import io
import json
import random
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
import zipfile

from harness import phyphox
from harness.checks import eventually
from harness.hub import Hub, Scratch, request

#: Real exports: file, readings in it.
EXPORTS = [
    ("spring_masses/Datos_Resorte.csv", 500), ("spring_masses/Dinam_190g.csv", 500), ("spring_masses/Dinam_253g.csv", 500),
    ("spring_masses/Dinam_278g.csv", 500), ("spring_masses/Dinam_342g.csv", 500), ("spring_masses/Raw Data.csv", 424), ("rest/Raw Data.csv", 2314),
    ("elevator_ios/Raw Data.csv", 2193), ("elevator_ios/Acceleration without g 2023-05-29 16-53-06.zip", 2193),
    ("pendulum_elevator_high/Raw Data (1).csv", 419), ("walk_meta/Linear Acceleration (first 3999 rows).csv", 3999),
    ("elevator_de/Pressure and velocity.csv", 42), ("pendulum_elevator_high/Pressure and velocity.csv", 61), ("light_backwards/Raw Data.csv", 12),
    ("pendulum/pendulum_saved_state.phyphox", 484), ("pendulum/pendulum.xls", 484), ("rest/export.xls", None),
]
#: Real files without a reading in them.
OTHERS = [
    ("elevator_de/Acceleration.csv", "export_columns"), ("pendulum_elevator_high/Autocorrelation.csv", "export_columns"),
    ("elevator_de/DatenFeder.txt", "export_columns"), ("walk_meta/meta/device.csv", "export_unknown"), ("walk_meta/meta/time.csv", "export_unknown"),
]


def run(args, checks):
    with Scratch() as scratch:
        with Hub(args.hub, scratch / "data") as hub:
            teacher = hub.teacher_token()
            with checks.guard("generated files"):
                files(hub, teacher, checks)
            with checks.guard("two apps measure"):
                apps(hub, teacher, checks)
            with checks.guard("real exports are stored once"):
                uploads(hub, teacher, args.samples / "phyphox_csv", checks)
            with checks.guard("files that are none"):
                bad_uploads(hub, teacher, checks)
        config = scratch / "messwerk.toml"
        config.write_text('[wifi]\nssid = "Schule; 1"\npassword = "a:b-geheim"\n[phyphox]\nmqtt = true\n')
        with Hub(args.hub, scratch / "second", config) as hub:
            with checks.guard("by MQTT, and the Wi-Fi's code"):
                by_mqtt(hub, hub.teacher_token(), checks)


def link(hub, token):
    return f"phyphox://{hub.http.removeprefix('http://')}/p/{token}.phyphox"


def join_token(hub, lesson, teacher):
    """The token in the code that the board shows."""
    answer = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/commands", "POST", {"do": "open_lobby"}, teacher)
    assert answer.status == 200, f"commands: {answer.status} {answer.body!r}"
    return answer.json()["join"]["url"].split("#t=")[1]


def files(hub, teacher, checks):
    templates = request(f"{hub.http}/api/v1/templates").json()
    able = [t["id"] for t in templates if any("phyphox" in s["sources"] for s in t["sensors"])]
    checks.true("the library has templates for phyphox and others", 0 < len(able) < len(templates), [t["id"] for t in templates])
    for template in templates:
        lesson = hub.lesson(teacher, template["id"])
        thing = hub.join(lesson["code"])
        answer = request(f"{hub.http}/p/{thing.token}.phyphox")
        if template["id"] not in able:
            checks.equal(f"{template['id']}: no file, and said why", (answer.status, answer.json().get("code")), (404, "no_phyphox"))
            code = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/qr/phyphox.svg")
            checks.equal(f"{template['id']}: no code either", (code.status, code.json().get("code")), (404, "no_phyphox"))
            continue
        checks.equal(f"{template['id']}: both apps read all of it", phyphox.faults(answer.body), [])
        root = ET.fromstring(answer.body)
        connection = root.find("network/connection")
        checks.equal(f"{template['id']}: it sends to the Thing's own address", connection.get("address"), f"{hub.http}/i/{thing.token}")
        wanted = [s["property"] for s in template["sensors"] if "phyphox" in s["sources"]]
        checks.equal(f"{template['id']}: it has the template's sensors and no other", len(root.findall("input/sensor")), len(wanted))
        rates = [float(s.get("rate")) for s in root.iter("sensor")]
        checks.true(f"{template['id']}: fewer than 200 readings a second", all(rate < 200 for rate in rates), rates)
        checks.true(f"{template['id']}: as a download that nobody keeps", "attachment" in answer.headers["content-disposition"]
                    and ".phyphox" in answer.headers["content-disposition"] and answer.headers["cache-control"] == "no-store", answer.headers)
        plain = request(f"{hub.http}/p/{thing.token}")
        checks.equal(f"{template['id']}: the same without the ending", plain.body, answer.body)
        for theme in ("light", "dark"):
            code = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/qr/phyphox.svg?theme={theme}")
            svg = ET.fromstring(code.body)
            named = svg.find("{http://www.w3.org/2000/svg}title").text
            checks.true(f"{template['id']}: a code in {theme}", svg.get("role") == "img" and "phyphox" in named, code.body[:300])
            checks.equal(f"{template['id']}: a camera reads it in {theme}", phyphox.scan(code.body), link(hub, join_token(hub, lesson, teacher)))
        head = request(f"{hub.http}/p/{join_token(hub, lesson, teacher)}.phyphox", "HEAD")
        checks.equal(f"{template['id']}: HEAD says that it is there", head.status, 200)
    lesson = hub.lesson(teacher, "rest")
    join = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/qr/join.svg").body
    checks.equal("a camera reads the code that joins", phyphox.scan(join), f"{hub.http}/j#t={join_token(hub, lesson, teacher)}")
    for name, token in (("no token", "x"), ("an unknown token", "A" * 22), ("a code", lesson["code"])):
        answer = request(f"{hub.http}/p/{token}.phyphox")
        checks.equal(f"{name}: no file", (answer.status, answer.json().get("code")), (404, "unknown_token"))
    missing = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/qr/wifi.svg")
    checks.equal("no Wi-Fi in the configuration, no code", (missing.status, missing.json().get("code")), (404, "no_wifi"))
    token = join_token(hub, lesson, teacher)
    request(f"{hub.http}/api/v1/lessons/{lesson['id']}/end", "POST", token=teacher)
    checks.equal("the lesson is over, and so is its file", request(f"{hub.http}/p/{token}.phyphox").status, 404)
    gone = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/qr/join.svg")
    checks.equal("and its code", gone.status, 404)


def apps(hub, teacher, checks):
    """Three phones scan the code of the board: each fetches twice as the apps do, and measures 14 s at rest."""
    lesson = hub.lesson(teacher, "rest")
    phones = []
    for kind in ("android", "ios", "old-ios"):
        unused, *_ = phyphox.fetch(link(hub, join_token(hub, lesson, teacher)))
        file, headers, scheme, took = phyphox.fetch(link(hub, join_token(hub, lesson, teacher)))
        addresses = [ET.fromstring(f).find("network/connection").get("address") for f in (unused, file)]
        checks.true(f"{kind}: every fetch has a token of its own", addresses[0] != addresses[1], addresses)
        checks.true(f"{kind}: https fails at once and http has the file", scheme == "http" and took < 1.0, (scheme, took))
        checks.equal(f"{kind}: the file sends where it was fetched", addresses[1].split("/i/")[0], hub.http)
        phones.append(phyphox.App(file, kind))
    joined = lambda: next(it["things"] for it in request(f"{hub.http}/api/v1/lessons", token=teacher).json() if it["id"] == lesson["id"])
    checks.equal("six files are nobody yet", joined(), 0)
    taken = {}

    def measure(phone, clock_error, rate, value):
        noise = random.Random(value)
        reading = lambda at: (noise.gauss(0.05, 0.004), noise.gauss(0.1, 0.004), noise.gauss(value, 0.004))
        taken[phone.kind] = phone.run(14, {"accelerometer": (rate, reading)}, clock_error)

    # The clock of one is four minutes slow. Sensors of 100.1, 200 and 411.6 Hz, as measured on real phones.
    plans = [(phones[0], -240.0, 411.6, 9.80), (phones[1], 3.0, 100.1, 9.82), (phones[2], 0.2, 200.0, 9.84)]
    threads = [threading.Thread(target=measure, args=plan) for plan in plans]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    checks.equal("three phones measured: three Things", joined(), 3)
    rows = hub.observations(lesson["id"], teacher)
    now = time.time()
    for phone in phones:
        kind = phone.kind
        checks.equal(f"{kind}: nothing went wrong", phone.errors, [])
        checks.true(f"{kind}: about 100 readings a second", 90 <= taken[kind]["accelerometer"] / 14 <= 110, taken[kind])
        stored = sum(answer["stored"] for _, answer in phone.posts)
        lost = sum(answer["rejected"] + answer["thinned"] for _, answer in phone.posts)
        checks.equal(f"{kind}: every reading is stored once", (stored, lost), (taken[kind]["accelerometer"], 0))
        checks.true(f"{kind}: messages stay small", max(size for size, _ in phone.posts) < 64 * 1024, max(size for size, _ in phone.posts))
        drawn = len(phone.buffers["acc_shown_t"].values)
        checks.equal(f"{kind}: the phone draws all of it", drawn, taken[kind]["accelerometer"])
        checks.true(f"{kind}: own result on the phone", phone.value("result_own") is not None and 9.7 < phone.value("result_own") < 9.9, phone.value("result_own"))
        checks.true(f"{kind}: and the class's", phone.value("result_mean") is not None and phone.value("result_n") >= 1, (phone.value("result_mean"), phone.value("result_n")))
    checks.equal("old-ios repeats its buffer, and the hub knows it", sum(a["duplicates"] for _, a in phones[2].posts) > 0, True)
    checks.equal("as many rows as readings", len(rows), sum(t["accelerometer"] for t in taken.values()))
    times = [stamp(row["phenomenon_time"]) for row in rows]
    checks.true("placed by the hub's clock whatever the phones' say", now - 40 < min(times) and max(times) < now + 1, (now - min(times), now - max(times)))


def stamp(text):
    """Seconds since 1970 of a time in UTC."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.replace(tzinfo=moment.tzinfo or datetime.timezone.utc).timestamp()


def send(hub, thing, body, token):
    return request(f"{hub.http}/api/v1/things/{thing}/upload", "POST", body, token, {"Content-Type": "application/octet-stream"})


def uploads(hub, teacher, folder, checks):
    if not folder.is_dir():
        checks.skip(f"no real exports at {folder}")
        return
    lesson = hub.lesson(teacher, "rest")
    # A class that measures in Takes: what was measured without the hub is taken all the same.
    led = request(f"{hub.http}/api/v1/lessons", "POST", {"template": "rest", "led": True}, teacher).json()
    for path, expected in EXPORTS:
        body = (folder / path).read_bytes()
        thing = hub.join(lesson["code"])
        answer = send(hub, thing.id, body, thing.token)
        if not checks.equal(f"{path}: taken", answer.status, 200):
            print(f"       {answer.body[:300]!r}")
            continue
        first = answer.json()
        total = first["stored"] + first["thinned"] + first["rejected"]
        checks.true(f"{path}: every reading accounted for", total == expected if expected else total > 100, first)
        checks.true(f"{path}: as a recording of its own", first["runs"] == [1] and first["stored"] > 0, first)
        again = send(hub, thing.id, body, teacher).json()
        checks.true(f"{path}: the same file again stores nothing", again["stored"] == 0 and again["duplicates"] > 0, again)
        rows = [row for row in hub.observations(lesson["id"], teacher) if row["thing"] == thing.id]
        checks.equal(f"{path}: as many rows as stored", len(rows), first["stored"])
    pupil = hub.join(led["code"])
    body = (folder / "elevator_ios/Acceleration without g 2023-05-29 16-53-06.zip").read_bytes()
    first = send(hub, pupil.id, body, pupil.token).json()
    checks.true("outside Takes a file is taken, too", first.get("stored", 0) > 2000, first)
    rows = hub.observations(led["id"], teacher)
    checks.true("at the time its phone says", rows and abs(stamp(rows[0]["phenomenon_time"]) - 1685389948.528 - 0.0423) < 0.01, rows[:1])
    for path, code in OTHERS:
        thing = hub.join(lesson["code"])
        answer = send(hub, thing.id, (folder / path).read_bytes(), thing.token)
        checks.equal(f"{path}: refused, and said why", (answer.status, answer.json().get("code")), (400, code))


def bad_uploads(hub, teacher, checks):
    lesson = hub.lesson(teacher, "rest")
    one, other = hub.join(lesson["code"]), hub.join(lesson["code"])

    def check(sentence, body, status, code, token=one.token):
        answer = send(hub, one.id, body, token)
        checks.equal(sentence, (answer.status, answer.json().get("code")), (status, code))

    table = '"Time (s)","Pressure (hPa)"\n' + "".join(f"{row * 0.1},{1000 + row * 0.01}\n" for row in range(200))
    packed = archive({"Raw Data.csv": table})
    check("another's token", packed, 403, "not_yours", other.token)
    check("half a zip", packed[: len(packed) // 2], 400, "export_damaged")
    check("a zip of nothing", archive({"readme.txt": "x"}), 400, "export_unknown")
    check("a picture", b"\x89PNG\r\n\x1a\n" + bytes(1000), 400, "export_unknown")
    check("nothing at all", b"", 400, "export_unknown")
    check("a workbook's head without a body", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), 400, "export_damaged")
    check("entities of entities", b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><phyphox>&b;</phyphox>', 400, "export_unknown")
    begin = time.monotonic()
    check("a bomb", archive({"Raw Data.csv": "0,0\n" * 10_000_000}), 413, "export_too_large")
    check("a thousand files", archive({f"{n}.csv": "x" for n in range(1000)}), 413, "export_too_large")
    address = urllib.parse.urlsplit(hub.http)
    asking = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    asking.putrequest("POST", f"/api/v1/things/{one.id}/upload")
    asking.putheader("Authorization", f"Bearer {one.token}")
    asking.putheader("Content-Length", str((10 << 20) + 1))
    asking.endheaders()
    refused = asking.getresponse()
    checks.equal("too large: refused unread", (refused.status, json.loads(refused.read())["code"]), (413, "export_too_large"))
    asking.close()
    checks.true("each is refused quickly", time.monotonic() - begin < 20, time.monotonic() - begin)
    header = {"A1": "Time (s)", "B1": "Pressure (hPa)"}
    cells = header | {f"A{row + 2}": row * 0.5 for row in range(20)} | {f"B{row + 2}": 1000 + row * 0.25 for row in range(20)}
    started = {"A1": "event", "B1": "experiment time", "C1": "system time", "A2": "START", "B2": 0, "C2": 1767437012.25, "A3": "PAUSE", "B3": 9, "C3": 1767437022}
    answer = send(hub, other.id, workbook({"Raw Data": cells, "Metadata Device": {"A1": "proeprty", "B1": "value"}, "Metadata Time": started}), other.token)
    checks.equal("a workbook of the newer kind", (answer.status, answer.json().get("stored"), answer.json().get("skipped")), (200, 20, []))
    rows = [row for row in hub.observations(lesson["id"], teacher) if row["thing"] == other.id]
    checks.equal("at the time its sheet says", [round(stamp(row["phenomenon_time"]) - 1767437012.25, 3) for row in rows[:3]], [0.0, 0.5, 1.0])
    check("a sheet of two far corners", workbook({"Raw Data": header | {"A1048576": 1, "XFD2": 2, "ZZ1": "Far (m)"} | {f"{c}1": "x (m)" for c in "CDEFGHIJ"}}), 413, "export_too_large")
    # Cells that all name one text: few bytes here, gigabytes where each of them keeps it.
    texts = "<sst><si><t>" + "x" * 400_000 + "</t></si></sst>"
    check("one text in nine thousand cells", workbook({"Raw Data": header}, texts, '<row r="1">' + '<c t="s"><v>0</v></c>' * 9000 + "</row>"), 413, "export_too_large")
    answer = send(hub, "nobody", packed, teacher)
    checks.equal("nobody's file", (answer.status, answer.json().get("code")), (404, "unknown_thing"))
    checks.equal("without a token", send(hub, one.id, packed, None).status, 401)
    answer = send(hub, one.id, archive({"../../Raw Data.csv": table, "/etc/x.csv": table}), one.token)
    checks.equal("names in an archive are no paths", (answer.status, answer.json().get("stored")), (200, 400))
    checks.true("and the hub is well", request(f"{hub.http}/readyz").status == 200)
    request(f"{hub.http}/api/v1/lessons/{lesson['id']}/end", "POST", token=teacher)
    answer = send(hub, one.id, packed, teacher)
    checks.equal("the lesson is over", (answer.status, answer.json().get("code")), (409, "lesson_ended"))


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return out.getvalue()


def workbook(sheets, texts="", rows=""):
    """An xlsx file of sheets: rows of texts and numbers, each at its place; with shared texts, and rows of its own that name them."""
    kinds = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    shared = rows

    def sheet(cells):
        rows = {}
        for place, value in cells.items():
            row = int("".join(c for c in place if c.isdigit()))
            text = f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>' if isinstance(value, str) else f'<c r="{place}"><v>{value}</v></c>'
            rows.setdefault(row, []).append(text)
        inside = "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in sorted(rows.items()))
        return f'<?xml version="1.0"?><worksheet xmlns="{kinds}"><sheetData>{shared}{inside}</sheetData></worksheet>'

    files = {f"xl/worksheets/sheet{n}.xml": sheet(cells) for n, cells in enumerate(sheets.values(), 1)}
    named = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    files["xl/workbook.xml"] = f'<?xml version="1.0"?><workbook xmlns="{kinds}" xmlns:r="{office}"><sheets>{named}</sheets></workbook>'
    targets = "".join(f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1))
    if texts:
        files["xl/sharedStrings.xml"] = texts
        targets += f'<Relationship Id="texts" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    files["xl/_rels/workbook.xml.rels"] = f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships">{targets}</Relationships>'
    files["_rels/.rels"] = f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    files["[Content_Types].xml"] = f'<?xml version="1.0"?><Types xmlns="{package}/content-types"/>'
    return archive(files)


def by_mqtt(hub, teacher, checks):
    lesson = hub.lesson(teacher, "pendulum")
    thing = hub.join(lesson["code"])
    answer = request(f"{hub.http}/p/{thing.token}.phyphox")
    checks.equal("by MQTT: both apps read all of it", phyphox.faults(answer.body), [])
    connection = ET.fromstring(answer.body).find("network/connection")
    checks.equal("by MQTT: to the door for phones", (connection.get("service"), connection.get("address"), connection.get("sendTopic")),
                 ("mqtt/json", f"{hub.mqtt_host}:{hub.mqtt_port}", f"in/{thing.token}/gyr"))
    app = phyphox.App(answer.body, "android")
    for tick in range(50):
        [app.sense(sensor, tick * 0.02, (0.1, 0.2, 0.3)) for sensor in app.root.iter("sensor")]
    app.analyse()
    app.events.append({"event": "START", "experimentTime": 0, "systemTime": time.time() - 1})
    from harness import mqtt

    with mqtt.Client(hub.mqtt_host, hub.mqtt_port) as client:
        client.connect("phyphox_1a2b3c")
        client.send(mqtt.publish(connection.get("sendTopic"), app.message(time.time())))
        rows = eventually(lambda: len(hub.observations(lesson["id"], teacher)) == 100)
    checks.true("by MQTT: its readings are stored", rows, len(hub.observations(lesson["id"], teacher)))
    code = request(f"{hub.http}/api/v1/lessons/{lesson['id']}/qr/wifi.svg?theme=dark&lang=en")
    title = ET.fromstring(code.body).find("{http://www.w3.org/2000/svg}title").text
    checks.equal("the Wi-Fi has a code", (code.status, code.kind, title), (200, "image/svg+xml", "QR code: Wi-Fi"))
    checks.equal("and a camera reads it", phyphox.scan(code.body), "WIFI:S:Schule\\; 1;T:WPA;P:a\\:b-geheim;;")
