"""The clients: each takes jobs (thing, payload) and says of each whether it was acknowledged."""

import base64
import contextlib
import itertools
import json
import subprocess
import threading
from pathlib import Path

import paho.mqtt.client as paho

E2E = Path(__file__).resolve().parent.parent
SECONDS = 10


class Sender:
    """What the suite sees of a client."""

    name = ""
    #: Whether it hears that a packet was taken (QoS 1, QoS 2, HTTP).
    acknowledged = True
    #: Whether it addresses a topic (MQTT).
    topics = True

    def send(self, jobs) -> list:
        """Sends in order; (taken, why not) for each."""
        raise NotImplementedError


class MosquittoPub(Sender):
    """Eclipse's command line client in C."""

    def __init__(self, hub, qos):
        self.hub, self.qos = hub, qos
        self.name, self.acknowledged = f"mosquitto_pub QoS {qos}", qos > 0

    def send(self, jobs):
        answers = []
        for thing, payload in jobs:
            command = ["mosquitto_pub", "-V", "mqttv311", "-h", self.hub.mqtt_host, "-p", str(self.hub.mqtt_port), "-q", str(self.qos), "-t", thing.topic]
            command += ["-s"] if payload else ["-n"]
            try:
                done = subprocess.run(command, input=payload, capture_output=True, timeout=SECONDS)
                # It ends with 0 also when the hub hangs up before the acknowledgement, and then says so.
                answers.append((done.returncode == 0 and not done.stderr, done.stderr.decode()))
            except subprocess.TimeoutExpired:
                answers.append((False, "no acknowledgement"))
        return answers


class Curl(Sender):
    """HTTP as any script does it."""

    name, topics = "curl", False

    def send(self, jobs):
        answers = []
        for thing, payload in jobs:
            command = ["curl", "--silent", "--max-time", str(SECONDS), "--data-binary", "@-", "--header", "Content-Type: application/json; utf-8",
                       "--write-out", "\n%{http_code}", thing.ingest_url]
            done = subprocess.run(command, input=payload, capture_output=True, timeout=SECONDS + 5)
            body, _, status = done.stdout.decode().rpartition("\n")
            answers.append((status.startswith("2"), f"{status} {body}"))
        return answers


class Connected(Sender):
    """A client that stays connected: one connection for each phone, because a connection belongs to its first topic's."""

    def send(self, jobs):
        phones = itertools.groupby(jobs, key=lambda job: job[0].topic.split("/")[1])
        return [answer for _, group in phones for answer in self.send_by_one_connection(list(group))]


class Paho(Connected):
    """Eclipse's client for Python, over TCP and over WebSocket."""

    def __init__(self, hub, transport, qos=1):
        self.hub, self.transport, self.qos = hub, transport, qos
        self.name = f"paho-mqtt over {transport} QoS {qos}"

    def send_by_one_connection(self, jobs):
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="", transport=self.transport, protocol=paho.MQTTv311)
        connected, gone = threading.Event(), threading.Event()
        client.on_connect = lambda *_: connected.set()
        client.on_disconnect = lambda *_: gone.set()
        if self.transport == "websockets":
            client.ws_set_options(path="/mqtt")
            host, port = self.hub.http.removeprefix("http://").rsplit(":", 1)
        else:
            host, port = self.hub.mqtt_host, self.hub.mqtt_port
        client.reconnect_delay_set(1, 1)
        client.connect(host, int(port))
        client.loop_start()
        answers = []
        try:
            if not connected.wait(SECONDS):
                return [(False, "no CONNACK")] * len(jobs)
            for thing, payload in jobs:
                message = client.publish(thing.topic, payload, qos=self.qos)
                while not message.is_published() and not gone.is_set():
                    with contextlib.suppress(RuntimeError):
                        message.wait_for_publish(0.05)
                answers.append((message.is_published(), "the hub hung up"))
        finally:
            client.disconnect()
            client.loop_stop()
        return answers


class MqttJs(Connected):
    """The client for Node and browsers, over TCP and over WebSocket."""

    def __init__(self, hub, transport, qos=1):
        self.qos = qos
        self.name = f"MQTT.js over {transport}"
        self.url = f"ws{hub.http.removeprefix('http')}/mqtt" if transport == "websockets" else f"mqtt://{hub.mqtt_host}:{hub.mqtt_port}"

    def send_by_one_connection(self, jobs):
        order = {"url": self.url, "qos": self.qos, "seconds": SECONDS,
                 "messages": [{"topic": thing.topic, "payload": base64.b64encode(payload).decode()} for thing, payload in jobs]}
        done = subprocess.run(["node", E2E / "mqttjs.js"], input=json.dumps(order), capture_output=True, text=True, timeout=len(jobs) * SECONDS + 30)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        answers += [{"ok": False, "why": done.stderr}] * (len(jobs) - len(answers))
        return [(answer["ok"], answer.get("why", "")) for answer in answers]


@contextlib.contextmanager
def senders(hub):
    """All of them."""
    yield [
        MosquittoPub(hub, 0), MosquittoPub(hub, 1), MosquittoPub(hub, 2),
        Paho(hub, "tcp"), Paho(hub, "tcp", 2), Paho(hub, "websockets"),
        MqttJs(hub, "tcp"), MqttJs(hub, "websockets"),
        Curl(),
    ]
