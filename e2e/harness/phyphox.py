"""The phyphox app as far as the hub meets it: what a file may contain, and an interpreter that measures with one.

The lists below are what both apps read, from their documentation and sources: an element or attribute that is not here is read by
one of them at most, or by newer versions only.
"""

import json
import math
import random
import re
import ssl
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

BOOLEAN = r"true|false"
NUMBER = r"-?\d+(\.\d+)?"
#: element -> attribute -> what its value may be; `!` before the name: it must be there.
ATTRIBUTES = {
    "phyphox": {"!version": r"1\.(8|9|1[0-2])", "locale": "en"},
    "title": {}, "category": {}, "icon": {}, "description": {}, "translations": {}, "data-containers": {}, "input": {}, "network": {},
    "views": {}, "export": {},
    "translation": {"!locale": "de"},
    "string": {"!original": r".+"},
    "container": {"size": r"\d+"},
    "sensor": {"!type": "accelerometer|linear_acceleration|gyroscope|magnetic_field|pressure|light", "rate": NUMBER, "ignoreUnavailable": BOOLEAN},
    "output": {"component": "x|y|z|t", "clear": BOOLEAN},
    "connection": {"id": r"\w+", "!privacy": r"https?://\S+/privacy", "!address": r"\S+", "!service": "http/post|mqtt/json", "conversion": "json|none",
                   "interval": NUMBER, "sendTopic": r"in/[\w-]{22}/\w+"},
    "send": {"!id": r"\w+", "type": "buffer|time", "datatype": "array", "keep": BOOLEAN, "clear": BOOLEAN},
    "receive": {"!id": r"[\w.]+", "append": BOOLEAN, "clear": BOOLEAN},
    "analysis": {"sleep": NUMBER},
    "rangefilter": {},
    "view": {"!label": r".+"},
    "value": {"!label": r".+", "size": NUMBER, "precision": r"\d", "unit": r"\S*"},
    "graph": {"!label": r".+", "labelX": r".+", "labelY": r".+", "partialUpdate": BOOLEAN},
    "info": {"!label": r".+"},
    "set": {"!name": r".+"},
    "data": {"!name": r".+ \(.+\)"},
}
#: `input` is a block and, elsewhere, a reference.
REFERENCE = {"rangefilter": {"as": "in", "clear": BOOLEAN}, "value": {}, "graph": {"!axis": "x|y", "color": r"[0-9a-f]{6}"}}
CHILDREN = {
    "phyphox": "title category icon description translations data-containers input network analysis views export",
    "translations": "translation", "translation": "title category description string", "data-containers": "container", "input": "sensor",
    "sensor": "output", "network": "connection", "connection": "send receive", "analysis": "rangefilter", "rangefilter": "input output",
    "views": "view", "view": "value graph info", "value": "input", "graph": "input", "export": "set", "set": "data",
}


def faults(text: bytes) -> list:
    """What of a file one of the apps would not read, as sentences."""
    found = []
    if b"<!DOCTYPE" in text:
        found.append("a document type")
    root = ET.fromstring(text)

    def look(element, parent):
        name = element.tag
        reference = name == "input" and parent in REFERENCE
        allowed = REFERENCE[parent] if reference else ATTRIBUTES.get(name)
        if allowed is None:
            found.append(f"element {name}")
            return
        known = {key.lstrip("!"): value for key, value in allowed.items()}
        found.extend(f"{name} without {key[1:]}" for key in allowed if key.startswith("!") and key[1:] not in element.attrib)
        for key, value in element.attrib.items():
            if key not in known or not re.fullmatch(known[key], value):
                found.append(f"{name} {key}={value!r}")
        children = "" if reference else CHILDREN.get(name, "")
        for child in element:
            if child.tag not in children.split():
                found.append(f"{child.tag} in {name}")
            look(child, name)

    look(root, None)
    if root.tag != "phyphox":
        found.append(f"root {root.tag}")
    # Android reads from top to bottom: a buffer that is named before it is there rejects the file.
    buffers, order = set(), [child.tag for child in root]
    for container in root.iter("container"):
        if container.text in buffers:
            found.append(f"two buffers {container.text}")
        buffers.add(container.text)
    if order.index("data-containers") > min(order.index(tag) for tag in ("input", "network", "analysis", "views", "export")):
        found.append("buffers after what names them")
    named = [e.text for block in ("input", "network", "analysis", "views", "export") for e in root.find(block).iter()
             if e.tag in ("output", "input", "send", "receive", "data") and e.text and e.text.strip() and e.get("type") != "time"]
    found.extend(f"buffer {name} is not there" for name in named if name not in buffers)
    shown = {e.get(key) for e in root.find("views").iter() for key in ("label",) if e.get(key)} | {e.get("name") for e in root.iter("set")}
    translated = {e.get("original") for e in root.iter("string")}
    found.extend(f"no German for {label!r}" for label in shown - translated)
    if any(e.get("type") == "meta" for e in root.iter("send")):
        found.append("asks who the phone is")
    return found


def fetch(link: str, timeout=10.0):
    """As both apps open `phyphox://…`: https first, then http. (the file, its answer's headers, the scheme, seconds https took)"""
    rest = link.removeprefix("phyphox://")
    begin = time.monotonic()
    try:
        context = ssl.create_default_context()
        with urllib.request.urlopen(f"https://{rest}", timeout=timeout, context=context) as reply:
            return reply.read(), reply.headers, "https", time.monotonic() - begin
    except (urllib.error.URLError, ssl.SSLError, ConnectionError, TimeoutError):
        pass
    took = time.monotonic() - begin
    with urllib.request.urlopen(f"http://{rest}", timeout=timeout) as reply:
        return reply.read(), reply.headers, "http", took


def scan(svg: bytes) -> str:
    """What a camera reads off a code: its rectangles are painted, grey values and all, and another's reader looks at the picture."""
    import zxingcpp

    root = ET.fromstring(svg)
    side, scale = int(root.get("viewBox").split()[3]), 6
    pixels = bytearray(side * side * scale * scale)
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        grey = int(path.get("fill")[1:3], 16)
        for x, y, wide, high in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.get("d")):
            x, y, wide, high = (int(n) * scale for n in (x, y, wide, high))
            for row in range(y, y + high):
                pixels[row * side * scale + x : row * side * scale + x + wide] = bytes([grey]) * wide
    picture = memoryview(bytes(pixels)).cast("B", shape=[side * scale, side * scale])
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else ""


class Buffer:
    """A queue that drops the oldest; 0 is without end."""

    def __init__(self, size):
        self.size, self.values = size, []

    def extend(self, values):
        self.values.extend(values)
        if self.size:
            del self.values[: -self.size]


class App:
    """One app with one experiment. `kind`: android, ios, or old-ios (1.1.8, which knows neither `keep` nor `clear` of what it sends)."""

    def __init__(self, file: bytes, kind: str):
        self.root, self.kind = ET.fromstring(file), kind
        self.buffers = {c.text: Buffer(int(c.get("size", "1"))) for c in self.root.iter("container")}
        self.connection = self.root.find("network/connection")
        self.posts, self.errors, self.lost = [], [], 0
        self.events = []

    def value(self, buffer):
        """What a value element shows: the last number, or nothing."""
        values = self.buffers[buffer].values
        return values[-1] if values else None

    def sense(self, sensor, at, vector):
        """One reading of a sensor, which it writes into all its buffers at once."""
        components = dict(zip(("x", "y", "z"), vector), t=at)
        for output in sensor.findall("output"):
            self.buffers[output.text].extend([components[output.get("component")]])

    def analyse(self):
        """rangefilter without limits: rows of all inputs, of which none is cut."""
        for module in self.root.find("analysis"):
            inputs = module.findall("input")
            columns = [list(self.buffers[i.text].values) for i in inputs]
            for i in inputs:
                if i.get("clear", "true") == "true":
                    self.buffers[i.text].values.clear()
            for column, output in zip(columns, module.findall("output")):
                if output.get("clear", "true") == "true":
                    self.buffers[output.text].values.clear()
                self.buffers[output.text].extend(column)

    def number(self, value):
        if not math.isfinite(value):
            return "null"
        if self.kind == "android":
            # Java: no fraction of whole numbers, and small ones with an E.
            text = str(int(value)) if value == int(value) else repr(value)
            return re.sub(r"^(-?\d+)e-0?(\d+)$", r"\1.0E-\2", text).replace("e-0", "E-").replace("e-", "E-")
        return repr(value)

    def message(self, now):
        """The body of a post; keys in any order."""
        members = []
        for send in self.connection.findall("send"):
            if send.get("type") == "time":
                value = json.dumps({"now": now, "events": self.events})
            else:
                buffer = self.buffers[send.text]
                value = "[" + ",".join(self.number(v) for v in buffer.values) + "]"
                clears = send.get("keep") == "false" if send.get("keep") else send.get("clear") == "true"
                if clears and self.kind != "old-ios":
                    buffer.values.clear()
            members.append(f'"{send.get("id")}":{value}')
        random.shuffle(members)
        return ("{" + ",".join(members) + "}").encode()

    def send(self, now):
        body = self.message(now)
        kind = "application/json; utf-8" if self.kind == "android" else "application/json"
        ask = urllib.request.Request(self.connection.get("address"), data=body, method="POST", headers={"Content-Type": kind})
        try:
            with urllib.request.urlopen(ask, timeout=10) as reply:
                answer = json.loads(reply.read())
        except urllib.error.HTTPError as error:
            self.errors.append(f"{error.code} {error.read()[:200]!r}")
            return
        self.posts.append((len(body), answer))
        for receive in self.connection.findall("receive"):
            self.receive(receive, answer)

    def receive(self, receive, answer):
        """Both apps take a number or a list of numbers; anything else is an error that the pupil sees each time."""
        at = answer
        for part in receive.get("id").split("."):
            if not isinstance(at, dict) or part not in at:
                self.errors.append(f"Could not find {receive.get('id')}")
                return
            at = at[part]
        numbers = at if isinstance(at, list) else [at]
        if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in numbers):
            self.errors.append(f"{receive.get('id')} is not a number or a numerical array")
            return
        buffer = self.buffers[receive.text]
        appends = receive.get("append") == "true" if receive.get("append") else receive.get("clear") != "true"
        if not appends:
            buffer.values.clear()
        buffer.extend(numbers)

    def run(self, seconds, sensors, clock_error=0.0):
        """Measures for so long: `sensors` maps a type to (readings a second, reading at a time). Readings taken, by type."""
        interval, sleep = float(self.connection.get("interval")), float(self.root.find("analysis").get("sleep"))
        inputs = [(s, *sensors[s.get("type")], 1 / float(s.get("rate"))) for s in self.root.iter("sensor") if s.get("type") in sensors]
        taken, ticks, last = {}, [0] * len(inputs), [-1e9] * len(inputs)
        begin = time.time()
        self.events.append({"event": "START", "experimentTime": 0, "systemTime": begin + clock_error})
        analysed = sent = 0.0
        while (at := time.time() - begin) < seconds:
            for index, (sensor, rate, reading, apart) in enumerate(inputs):
                while ticks[index] / rate <= at:
                    moment = ticks[index] / rate
                    ticks[index] += 1
                    # Before format 1.14 the rate is a limit.
                    if moment - last[index] >= apart:
                        last[index] = moment
                        self.sense(sensor, moment, reading(moment))
                        taken[sensor.get("type")] = taken.get(sensor.get("type"), 0) + 1
            if at - analysed >= sleep:
                analysed = at
                self.analyse()
            if at - sent >= interval:
                sent = at
                self.send(time.time() + clock_error)
            time.sleep(0.01)
        self.analyse()
        self.send(time.time() + clock_error)
        self.events.append({"event": "PAUSE", "experimentTime": seconds, "systemTime": time.time() + clock_error})
        return taken
