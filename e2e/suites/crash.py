"""`kill -9` at random moments under load: what was acknowledged is there afterwards, exactly once.

The senders behave as devices should: what was not acknowledged is sent again, unchanged, after the next start. So in the end
every reading ever sent must be there once: lost is what is missing, a failed promise is what is there twice."""

import http.client
import json
import random
import threading
import time

from harness.checks import eventually
from harness.hub import Hub, Scratch
from harness.mqtt import Client, Closed, publish

PHONES_MQTT, PHONES_HTTP = 4, 2
READINGS = 5  # a batch
IN_FLIGHT = 8  # packets of one phone without acknowledgement
PERIOD = 0.01  # s between readings, below every template's max_hz
#: Seals all the time, so that kills also strike while segments and manifest are written.
CONFIG = "[store]\nseal_rows = 400\nseal_idle_s = 1\n"


class Phone:
    """Numbers its readings: the number is the time and is spelled in x, y and z, so each reading names itself."""

    def __init__(self, thing):
        self.thing = thing
        self.next = 0
        self.open: dict[int, bytes] = {}  # batch number -> payload without acknowledgement
        self.acknowledged: set[int] = set()

    def batch(self) -> tuple:
        number = self.next
        self.next += 1
        rows = range(number * READINGS, (number + 1) * READINGS)
        payload = json.dumps({
            "acc_time": [round(row * PERIOD, 2) for row in rows],
            "accX": [row % 256 for row in rows], "accY": [row // 256 % 256 for row in rows], "accZ": [row // 65536 for row in rows],
        }).encode()
        self.open[number] = payload
        return number, payload

    def taken(self, number: int):
        self.open.pop(number, None)
        self.acknowledged.add(number)

    def over_mqtt(self, hub, stop):
        """QoS 1 with several packets in flight until the connection breaks or `stop`."""
        with Client(hub.mqtt_host, hub.mqtt_port, timeout=5) as client:
            if client.connect() != 0:
                return
            waiting = list(self.open.items())
            flying = {}
            while not (stop.is_set() and not flying):
                while len(flying) < IN_FLIGHT and not stop.is_set():
                    resent = bool(waiting)
                    number, payload = waiting.pop(0) if waiting else self.batch()
                    pkid = number % 65535 + 1
                    flying[pkid] = number
                    client.send(publish(self.thing.topic, payload, qos=1, pkid=pkid, dup=resent))
                first, body = client.receive()
                if first == 0x40:
                    self.taken(flying.pop(int.from_bytes(body[:2])))

    def over_http(self, hub, stop):
        """One request after the other on one connection."""
        connection = http.client.HTTPConnection(hub.http.removeprefix("http://"), timeout=5)
        waiting = list(self.open.items())
        while not stop.is_set():
            number, payload = waiting.pop(0) if waiting else self.batch()
            connection.request("POST", f"/i/{self.thing.token}", payload, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if 200 <= answer.status < 300:
                self.taken(number)

    def send(self, way, hub, stop):
        """Runs until the hub dies; that is not an error here."""
        try:
            way(hub, stop)
        except (Closed, OSError, http.client.HTTPException):
            pass


def load(hub, phones, stop):
    threads = [threading.Thread(target=phone.send, args=(phone.over_mqtt if i < PHONES_MQTT else phone.over_http, hub, stop)) for i, phone in enumerate(phones)]
    for thread in threads:
        thread.start()
    return threads


def run(args, checks):
    dice = random.Random(args.seed)
    starts, early = [], 0
    with Scratch() as scratch:
        data, config = scratch / "data", scratch / "messwerk.toml"
        config.write_text(CONFIG)
        with Hub(args.hub, data, config) as hub:
            token = hub.teacher_token()
            lesson = hub.lesson(token, "rest")
            phones = [Phone(hub.join(lesson["code"])) for _ in range(PHONES_MQTT + PHONES_HTTP)]
        began = time.monotonic()
        for number in range(args.rounds):
            since = time.monotonic()
            with Hub(args.hub, data, config, wait=False) as hub:
                # Every eighth kill strikes while the hub still recovers, every seventh while it drains after SIGTERM.
                if number % 8 == 7:
                    time.sleep(dice.uniform(0, 0.15))
                    hub.kill()
                    early += 1
                    continue
                hub.wait_ready()
                starts.append(time.monotonic() - since)
                threads = load(hub, phones, threading.Event())
                time.sleep(dice.uniform(0.02, 0.4))
                if number % 7 == 6:
                    hub.process.terminate()
                    time.sleep(dice.uniform(0, 0.1))
                hub.kill()
                for thread in threads:
                    thread.join()
        killed = time.monotonic() - began
        with Hub(args.hub, data, config) as hub:
            left = [(phone, set(phone.open)) for phone in phones]
            stop = threading.Event()
            threads = load(hub, phones, stop)
            eventually(lambda: not any(numbers & phone.open.keys() for phone, numbers in left), 30)
            stop.set()
            for thread in threads:
                thread.join()
            unanswered = sum(len(phone.open) for phone in phones)
            checks.equal("in the end everything is acknowledged", unanswered, 0)
            compare(checks, hub, lesson, token, phones)
            checks.equal("the hub still stops in order", hub.terminate(), 0)
            checks.true("it never panicked", "panicked" not in hub.log.read_text(errors="replace"), hub.last_words())
    acknowledged = sum(len(phone.acknowledged) for phone in phones)
    starts.sort()
    print(f"{args.rounds} kills in {killed:.0f} s ({early} of them during recovery), {acknowledged * READINGS} readings acknowledged, "
          f"start to ready median {starts[len(starts) // 2] * 1000:.0f} ms, longest {starts[-1] * 1000:.0f} ms")
    checks.true("there was load", acknowledged > args.rounds * 10, acknowledged)
    checks.true("the hub starts within a second", starts[len(starts) // 2] < 1.0, starts)


def compare(checks, hub, lesson, token, phones):
    """Every acknowledged reading once, no reading twice, none that nobody sent, none at another value."""
    stored: dict = {phone.thing.id: {} for phone in phones}
    for row in hub.observations(lesson["id"], token):
        reading = int(row["x"]) + 256 * int(row["y"]) + 65536 * int(row["z"])
        of_phone = stored[row["thing"]]
        of_phone[reading] = of_phone.get(reading, 0) + 1
    for i, phone in enumerate(phones):
        way = f"phone {i} by {'MQTT' if i < PHONES_MQTT else 'HTTP'}"
        have = stored[phone.thing.id]
        must = {row for number in phone.acknowledged for row in range(number * READINGS, (number + 1) * READINGS)}
        lost, double = sorted(must - have.keys()), sorted(row for row, times in have.items() if times > 1)
        strange = sorted(row for row in have if row >= phone.next * READINGS)
        checks.true(f"{way}: all {len(must)} acknowledged readings are there", not lost, f"{len(lost)} lost, first {lost[:5]}")
        checks.true(f"{way}: none is there twice", not double, f"{len(double)} twice, first {double[:5]}")
        checks.true(f"{way}: none was made up", not strange, strange[:5])
