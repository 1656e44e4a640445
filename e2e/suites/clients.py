"""Other people's MQTT and HTTP clients send real payloads; what comes out was worked out by hand.

Every payload of every client has a Thing of its own, so a Thing's rows and Rejects are the answer to one packet."""

import json
import re
from typing import NamedTuple

from harness.checks import eventually
from harness.hub import Hub, Scratch
from suites import realm
from suites.senders import senders

TEMPLATE = "rest"


class Case(NamedTuple):
    """A payload and its answer."""

    name: str
    payload: bytes
    #: Stored rows: property, x, y, z as the table prints them; a scalar stands in x.
    rows: list
    #: Each entry is a set of reasons of which one must have been counted.
    reasons: list = []
    #: Text that must appear nowhere in what the hub gives out.
    secrets: tuple = ()
    #: Whether only the topic says which stream it is; over HTTP the columns have to.
    by_topic: bool = False


def vector(x, y, z, of="acceleration"):
    return (of, x, y, z)


def scalar(of, x):
    return (of, x, "", "")


#: Written for these tests; the answers need no calculation.
OWN = [
    Case("columns named by the topic", b'{"t":[0,0.01],"x":[0.1,-0.2],"y":[0,1],"z":[9.81,9.8]}', [vector("0.1", "0", "9.81"), vector("-0.2", "1", "9.8")], by_topic=True),
    Case("columns with the stream's name", b'{"acc_time":[5,5.01],"accX":[1,2],"accY":[3,4],"accZ":[5,6]}', [vector("1", "3", "5"), vector("2", "4", "6")]),
    Case("single numbers", b'{"acc_time":1.5,"accX":1.0E-4,"accY":3,"accZ":-9.81}', [vector("0.0001", "3", "-9.81")]),
    Case("a hole in one column", b'{"acc_time":[0,1,2],"accX":[1,null,3],"accY":[1,2,3],"accZ":[1,2,3]}',
         [vector("1", "1", "1"), vector("3", "3", "3")], [{"not_finite"}]),
    Case("a number beyond 32-bit floats", b'{"acc_time":[0,1],"accX":[1e308,1],"accY":[0,0],"accZ":[0,0]}', [vector("1", "0", "0")], [{"not_finite"}]),
    Case("a column nobody knows", b'{"acc_time":[0],"accX":[1],"accY":[2],"accZ":[3],"mood":[7]}', [vector("1", "2", "3")], [{"unknown_column"}]),
    Case("no time", b'{"accX":[1],"accY":[2],"accZ":[3]}', [], [{"missing_time"}]),
    Case("columns of different lengths", b'{"acc_time":[0,1],"accX":[1,2],"accY":[2,3],"accZ":[3]}', [vector("1", "2", "3")], [{"length_mismatch"}]),
    Case("not JSON", b"{\"acc_time\":[0,", [], [{"undecodable"}]),
    Case("not UTF-8", b"\xff\xfe\x00", [], [{"undecodable"}]),
    Case("nothing at all", b"", [], [{"undecodable"}]),
]


def sample_cases(samples):
    """The cases of the captures. Every property is stored, whether the lesson's template asks for it or not."""
    phyphox = (samples / "phyphox_network" / "DERIVED_payloads.jsonl").read_text().splitlines()
    # The note on a sample's origin is not part of what a phone sends.
    first, second, third = (re.sub(r'"_derived":"[^"]*",', "", line).encode() for line in phyphox)
    yield Case("phyphox: x alone, a hole, an identifier", first, [], [{"missing_component"}], ("5f4dcc3b5aa765d61d8327deb882cf99",))
    yield Case("phyphox on Android: the empty buffer's key is missing", second, [], [{"missing_component"}])
    yield Case("phyphox on iOS: the empty buffer is null", third, [], [{"missing_component"}])

    senml = [line.encode() for line in (samples / "senml" / "rfc8428.jsonl").read_text().splitlines()]
    device = ("10e2073a01080063",)
    rows = [scalar("temperature", "23.1")]
    yield Case("SenML: one temperature", senml[0], rows, secrets=device)
    rows = [scalar("voltage", "120.1"), scalar("electric_current", "1.2")]
    yield Case("SenML: voltage and current", senml[1], rows, secrets=device)
    rows = [scalar("relative_humidity", value) for value in ("20", "20.3", "20.7", "21.2")]
    yield Case("SenML: humidity of a moving station", senml[2], rows, [{"private"}, {"unknown_unit"}],
               device + ("24.306", "60.079"))
    rows = [scalar("temperature", "7.1")]
    yield Case("SenML: a switch and a tag beside a temperature", senml[3], rows, [{"unknown_column"}], device)

    rows = [vector("0.06", "-0.0009", "-0.1038", "linear_acceleration")]
    for name, secret in (("push.json", "latitude"), ("push_without_values.json", "192.0.2.7")):
        payload = (samples / "sensor_logger" / name).read_bytes()
        yield Case(f"Sensor Logger: {name}", payload, rows, [{"private"}], (secret, "00:00:5e"))


def run(args, checks):
    cases = list(OWN)
    if args.samples.is_dir():
        cases += sample_cases(args.samples)
    else:
        checks.skip(f"the captures are not at {args.samples}")
    with Scratch() as scratch, Hub(args.hub, scratch / "data") as hub, senders(hub) as clients:
        token = hub.teacher_token()
        for client in clients:
            with checks.guard(f"{client.name} runs to its end"):
                one_client(checks, hub, token, client, cases)
        with checks.guard("repeated buffers"):
            repeated(checks, hub, token, clients)
        with checks.guard("separate columns"):
            separate_columns(checks, hub, token, clients)
        with checks.guard("clients that must stay outside"):
            outside(checks, hub, clients)
        checks.true("the hub never panicked", "panicked" not in hub.log.read_text(errors="replace"), hub.last_words())
    realm.run(args, checks)


def one_client(checks, hub, token, client, cases):
    """Sends every case by one client, then compares what is stored with what should be."""
    cases = [case for case in cases if client.topics or not case.by_topic]
    lesson = hub.lesson(token, TEMPLATE)
    things = [hub.join(lesson["code"]) for _ in cases]
    jobs = [(thing, case.payload) for thing, case in zip(things, cases)]
    for case, (taken, why) in zip(cases, client.send(jobs)):
        # Content that is rejected is acknowledged all the same, or a phone would send it for ever.
        checks.true(f"{client.name}, {case.name}: the packet is acknowledged", taken, why)

    def answer():
        rows, rejects = hub.observations(lesson["id"], token), hub.rejections(lesson["id"], token)
        return [
            (sorted((r["property"], r["x"], r["y"], r["z"]) for r in rows if r["thing"] == thing.id), rejects.get(thing.id, {}))
            for thing in things
        ]

    def complete():
        return all(len(rows) >= len(case.rows) and bool(rejects) >= bool(case.reasons) for case, (rows, rejects) in zip(cases, answer()))

    eventually(complete)  # QoS 0 promises no moment at which it is there
    everything = json.dumps([hub.observations(lesson["id"], token), hub.rejections(lesson["id"], token)])
    for case, (rows, rejects) in zip(cases, answer()):
        checks.equal(f"{client.name}, {case.name}: what is stored", rows, sorted(case.rows))
        for reasons in case.reasons:
            checks.true(f"{client.name}, {case.name}: rejected as {' or '.join(sorted(reasons))}", reasons & rejects.keys(), rejects)
        if not case.reasons:
            checks.true(f"{client.name}, {case.name}: nothing rejected", not rejects, rejects)
        for secret in case.secrets:
            checks.true(f"{client.name}, {case.name}: {secret} is not given out", secret not in everything)


def repeated(checks, hub, token, clients):
    """A phone that keeps its buffer sends all of it again each time; after `clear` it starts at zero again."""
    for client in clients:
        lesson = hub.lesson(token, TEMPLATE)
        thing = hub.join(lesson["code"])
        bodies = [json.dumps({"acc_time": [i / 100 for i in range(n)], "accX": [i / 8 for i in range(n)], "accY": [0] * n, "accZ": [9] * n}).encode() for n in (2, 5, 5, 9)]
        client.send([(thing, body) for body in bodies])
        rows = eventually(lambda: (lambda rows: rows if len(rows) >= 9 else None)(hub.observations(lesson["id"], token))) or []
        checks.equal(f"{client.name}: a repeated buffer is stored once", [r["x"] for r in rows], [f"{i / 8:g}" for i in range(9)])
        client.send([(thing, b'{"acc_time":[0,0.01],"accX":[5,6],"accY":[0,0],"accZ":[9,9]}')])
        rows = eventually(lambda: (lambda rows: rows if len(rows) >= 11 else None)(hub.observations(lesson["id"], token))) or []
        checks.equal(f"{client.name}: after clear the phone starts a new run", (len(rows), len({r["run"] for r in rows})), (11, 2))


def separate_columns(checks, hub, token, clients):
    """phyphox's mqtt/csv: one message per column, the topic's last level is its name."""
    columns = {"acc_time": b"0,0.01,0.02", "accX": b"1,2,3", "accY": b"4,5,6", "accZ": b"7,8,9"}
    # As phyphox sends them, with QoS 0: a column alone cannot be acknowledged, so a client that waits would never go on.
    for client in (client for client in clients if client.topics and not client.acknowledged):
        lesson = hub.lesson(token, TEMPLATE)
        thing = hub.join(lesson["code"])
        base = thing.topic.rsplit("/", 1)[0]
        client.send([(thing._replace(topic=f"{base}/{name}"), column) for name, column in columns.items()])
        rows = eventually(lambda: hub.observations(lesson["id"], token)) or []
        checks.equal(f"{client.name}: columns in messages of their own are joined", [(r["x"], r["y"], r["z"]) for r in rows],
                     [("1", "4", "7"), ("2", "5", "8"), ("3", "6", "9")])


def outside(checks, hub, clients):
    """A token nobody has: no client may believe that it was heard."""
    for client in clients:
        if client.acknowledged:
            nobody = "A" * 22
            thing = _Nobody(f"{hub.http}/i/{nobody}", f"in/{nobody}/acc")
            [(taken, why)] = client.send([(thing, OWN[1].payload)])
            checks.true(f"{client.name}: an unknown token is not acknowledged", not taken, why)


class _Nobody(NamedTuple):
    ingest_url: str
    topic: str
