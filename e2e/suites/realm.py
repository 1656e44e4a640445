"""What a general MQTT 3.1.1 suite asks of a broker, asked of the open realm by Eclipse's client for Python.

The realm is configured as such suites want it: free topics, no user name. The norm's statements are tested one by one in
`ingest/src/mqtt/tests/norm`; here a client that somebody else wrote judges how they play together."""

import queue
import socket
import time

import paho.mqtt.client as paho

from harness.hub import Hub, Scratch
from harness.mqtt import Client, Closed

CONFIG = '[[open_realm]]\nuser = ""\npassword = ""\n'
SECONDS = 10


class Peer:
    """One paho client on its own thread; what it hears is read from queues."""

    def __init__(self, hub, name="", clean=True, transport="tcp", will=None, keep_alive=60, acknowledge=True):
        self.hub, self.messages, self.events = hub, queue.Queue(), queue.Queue()
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=name, clean_session=clean, protocol=paho.MQTTv311,
                                  transport=transport, manual_ack=not acknowledge, reconnect_on_failure=False)
        if transport == "websockets":
            self.client.ws_set_options(path="/mqtt")
        if will:
            topic, payload, qos, retain = will
            self.client.will_set(topic, payload, qos, retain)
        self.client.on_connect = lambda _c, _u, flags, code, _p: self.events.put(("connect", flags.session_present, code.is_failure))
        self.client.on_disconnect = lambda *_: self.events.put(("disconnect",))
        self.client.on_subscribe = lambda _c, _u, _m, codes, _p: self.events.put(("subscribe", [code.value for code in codes]))
        self.client.on_unsubscribe = lambda *_: self.events.put(("unsubscribe",))
        self.client.on_message = lambda _c, _u, m: self.messages.put((m.topic, m.payload.decode(), m.qos, m.retain, m.dup))
        web = transport == "websockets"
        host, port = hub.http.removeprefix("http://").rsplit(":", 1) if web else (hub.mqtt_host, hub.mqtt_port)
        self.client.connect(host, int(port), keepalive=keep_alive)
        self.client.loop_start()
        self.connected = self.event("connect")

    def event(self, kind):
        """Waits for the next event of a kind."""
        end = time.monotonic() + SECONDS
        while True:
            event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            if event[0] == kind:
                return event

    def subscribe(self, *filters):
        """Subscribes to (filter, QoS) pairs; the granted codes."""
        self.client.subscribe(list(filters))
        return self.event("subscribe")[1]

    def unsubscribe(self, *filters):
        self.client.unsubscribe(list(filters))
        self.event("unsubscribe")

    def publish(self, topic, payload, qos=0, retain=False):
        """Publishes and, above QoS 0, waits until the exchange is over."""
        self.client.publish(topic, payload, qos, retain).wait_for_publish(SECONDS)

    def message(self):
        return self.messages.get(timeout=SECONDS)

    def silent(self, topic="marker"):
        """Whether nothing is under way: a marker published now is the next message. Needs a subscription to it, at QoS 2
        where messages of QoS 2 may come: the client hands those out after their PUBREL, and others overtake them."""
        self.publish(topic, "marker", 2)
        heard = []
        while True:
            message = self.message()
            if message[0] == topic:
                return heard
            heard.append(message)

    def leave(self):
        """DISCONNECT."""
        self.client.disconnect()
        self.event("disconnect")
        self.client.loop_stop()

    def vanish(self):
        """The connection is cut without a word."""
        self.client.socket().shutdown(socket.SHUT_RDWR)
        self.event("disconnect")
        self.client.loop_stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.disconnect()
        self.client.loop_stop()


def run(args, checks):
    with Scratch() as scratch:
        config = scratch / "messwerk.toml"
        config.write_text(CONFIG)
        with Hub(args.hub, scratch / "data", config) as hub:
            for transport in ("tcp", "websockets"):
                for part in (exchange, retained, overlapping, unsubscribing):
                    with checks.guard(f"realm, {transport}: {part.__name__} runs to its end"):
                        part(checks, hub, transport)
            for part in (wills, sessions, redelivery, client_ids, dollar_topics, keep_alive):
                with checks.guard(f"realm: {part.__name__} runs to its end"):
                    part(checks, hub)
            checks.true("realm: the hub never panicked", "panicked" not in hub.log.read_text(errors="replace"), hub.last_words())


def exchange(checks, hub, transport):
    with Peer(hub, transport=transport) as reader, Peer(hub, transport=transport) as writer:
        for granted in (0, 1, 2):
            checks.equal(f"{transport}: QoS {granted} is granted", reader.subscribe((f"q{granted}/#", granted)), [granted])
            for sent in (0, 1, 2):
                writer.publish(f"q{granted}/x", f"{sent}", sent)
            seen = sorted(reader.message() for _ in range(3))
            expected = [(f"q{granted}/x", f"{sent}", min(sent, granted), False, False) for sent in (0, 1, 2)]
            checks.equal(f"{transport}: a message comes at the lesser QoS of both sides", seen, expected)
        for n in range(200):
            writer.client.publish("q2/order", str(n), 2)
        seen = [reader.message()[1] for _ in range(200)]
        checks.equal(f"{transport}: 200 messages come once each and in order", seen, [str(n) for n in range(200)])


def retained(checks, hub, transport):
    base = f"retained-{transport}"
    with Peer(hub, transport=transport) as writer:
        for qos in (0, 1, 2):
            writer.publish(f"{base}/{qos}", f"old {qos}", qos, True)
            writer.publish(f"{base}/{qos}", f"new {qos}", qos, True)
        for wanted in (f"{base}/+", f"{base}/#", "+/+"):
            with Peer(hub, transport=transport) as late:
                late.subscribe((wanted, 2))
                seen = sorted(message for message in (late.message() for _ in range(3)) if message[0].startswith(base))
                checks.equal(f"{transport}: {wanted} gets the last retained message of each topic", seen,
                             [(f"{base}/{qos}", f"new {qos}", qos, True, False) for qos in (0, 1, 2)])
        with Peer(hub, transport=transport) as reader:
            reader.subscribe((f"{base}/0", 1), ("marker", 1))
            reader.message()
            writer.publish(f"{base}/0", "live", 1, True)
            checks.equal(f"{transport}: to who has subscribed it comes without the flag", reader.message()[1:4], ("live", 1, False))
        for qos in (0, 1, 2):
            writer.publish(f"{base}/{qos}", "", 1, True)
        with Peer(hub, transport=transport) as late:
            late.subscribe((f"{base}/#", 2), ("marker", 2))
            checks.equal(f"{transport}: an empty message removes what was retained", late.silent(), [])


def overlapping(checks, hub, transport):
    with Peer(hub, transport=transport) as reader, Peer(hub, transport=transport) as writer:
        checks.equal(f"{transport}: codes in the order of the filters", reader.subscribe(("o/#", 0), ("o/+", 2), ("o/x", 1), ("marker", 2)), [0, 2, 1, 2])
        writer.publish("o/x", "once", 2)
        checks.equal(f"{transport}: filters that overlap bring a message once, at the highest QoS", reader.silent(), [("o/x", "once", 2, False, False)])
        checks.equal(f"{transport}: a filter subscribed to again is replaced", reader.subscribe(("o/+", 0)), [0])
        writer.publish("o/y", "again", 2)
        checks.equal(f"{transport}: the new QoS holds", reader.silent(), [("o/y", "again", 0, False, False)])


def unsubscribing(checks, hub, transport):
    with Peer(hub, transport=transport) as reader, Peer(hub, transport=transport) as writer:
        reader.subscribe(("u/a", 1), ("u/b", 1), ("marker", 1))
        reader.unsubscribe("u/a", "u/never")
        writer.publish("u/a", "gone", 1)
        writer.publish("u/b", "here", 1)
        checks.equal(f"{transport}: what was unsubscribed does not come", [m[1] for m in reader.silent()], ["here"])


def wills(checks, hub):
    with Peer(hub) as reader:
        reader.subscribe(("w/#", 2), ("marker", 2))
        for qos in (0, 1, 2):
            Peer(hub, "dying", will=(f"w/{qos}", "gone", qos, False)).vanish()
            checks.equal(f"a will of QoS {qos} is published when the connection is lost", reader.message(), (f"w/{qos}", "gone", qos, False, False))
        Peer(hub, "polite", will=("w/polite", "gone", 1, False)).leave()
        checks.equal("none after DISCONNECT", reader.silent(), [])
        Peer(hub, "keeper", will=("w/kept", "kept", 1, True)).vanish()
        checks.equal("a retained will comes live", reader.message()[:2], ("w/kept", "kept"))
        with Peer(hub) as late:
            late.subscribe(("w/kept", 1))
            checks.equal("and to who comes later", late.message(), ("w/kept", "kept", 1, True, False))
        first = Peer(hub, "twin", will=("w/twin", "taken over", 1, False))
        with Peer(hub, "twin"):
            first.event("disconnect")
            checks.equal("a connection that is taken over leaves its will", reader.message()[:2], ("w/twin", "taken over"))


def sessions(checks, hub):
    first = Peer(hub, "stays", clean=False)
    checks.equal("a first session is not present", first.connected[1:], (False, False))
    first.subscribe(("s/#", 2), ("marker", 2))
    first.leave()
    with Peer(hub) as writer:
        for qos in (1, 2):
            for n in range(3):
                writer.publish(f"s/{qos}", f"{qos}.{n}", qos)
    again = Peer(hub, "stays", clean=False)
    checks.equal("the session is present", again.connected[1:], (True, False))
    seen = [again.message()[:3] for _ in range(6)]
    checks.equal("what came meanwhile was kept, in order", seen, [(f"s/{qos}", f"{qos}.{n}", qos) for qos in (1, 2) for n in range(3)])
    checks.equal("once", again.silent(), [])
    again.leave()
    with Peer(hub, "stays", clean=True) as clean:
        checks.equal("a clean session forgets it", clean.connected[1:], (False, False))
        with Peer(hub) as writer:
            writer.publish("s/1", "nobody", 1)
        clean.subscribe(("marker", 1))
        checks.equal("subscriptions too", clean.silent(), [])
    with Peer(hub, "stays", clean=False) as last:
        checks.equal("nothing of it comes back", last.connected[1:], (False, False))


def redelivery(checks, hub):
    for qos in (1, 2):
        mute = Peer(hub, f"mute{qos}", clean=False, acknowledge=False)
        mute.subscribe((f"r/{qos}", qos))
        with Peer(hub) as writer:
            for n in range(3):
                writer.publish(f"r/{qos}", str(n), qos)
        heard = [mute.message() for _ in range(3)]
        checks.equal(f"QoS {qos}: sent for the first time without DUP", [(m[1], m[4]) for m in heard], [(str(n), False) for n in range(3)])
        mute.vanish()
        with Peer(hub, f"mute{qos}", clean=False) as back:
            # Of QoS 2 only PUBCOMP is missing: the client has the message, so only PUBREL comes again.
            again = [(str(n), True) for n in range(3)] if qos == 1 else []
            seen = [back.message() for _ in again]
            checks.equal(f"QoS {qos}: what was not acknowledged comes again, in order and with DUP", [(m[1], m[4]) for m in seen], again)
            back.subscribe(("marker", 1))
            checks.equal(f"QoS {qos}: and then no more", back.silent(), [])


def client_ids(checks, hub):
    with Peer(hub) as one, Peer(hub) as other:
        checks.equal("clients without an id live side by side", (one.connected[2], other.connected[2]), (False, False))
    with Client(hub.mqtt_host, hub.mqtt_port) as client:
        checks.equal("an empty id that wants a session is refused", connect_code(client, "", clean=False), 2)
    first = Peer(hub, "same")
    with Peer(hub, "same") as second:
        first.event("disconnect")
        second.subscribe(("marker", 1))
        checks.equal("the newer of two equal ids is served", second.silent(), [])


def connect_code(client, name, clean):
    body = b"\0\4MQTT\4" + bytes([2 if clean else 0]) + b"\0\x3c" + len(name).to_bytes(2, "big") + name.encode()
    client.send(bytes([0x10, len(body)]) + body)
    return client.receive()[1][1]


def dollar_topics(checks, hub):
    with Peer(hub) as reader, Peer(hub) as writer:
        reader.subscribe(("#", 1), ("+/monitor", 1))
        writer.publish("$SYS/monitor", "hidden", 1)
        checks.equal("wildcards do not match topics that begin with $", [m for m in reader.silent() if m[0].startswith("$")], [])


def keep_alive(checks, hub):
    with Peer(hub) as reader:
        reader.subscribe(("k", 1))
        with Client(hub.mqtt_host, hub.mqtt_port) as silent:
            body = b"\0\4MQTT\4\6\0\1" + b"\0\4mute" + b"\0\1k" + b"\0\4gone"
            since = time.monotonic()
            silent.send(bytes([0x10, len(body)]) + body)
            checks.equal("a keep-alive of a second is accepted", silent.receive()[1][1], 0)
            try:
                checks.true("who is silent is closed", False, silent.receive())
            except (Closed, ConnectionError):
                elapsed = time.monotonic() - since
                checks.true("after one and a half keep-alives", 1.4 < elapsed < 3, elapsed)
        checks.equal("and its will is published", reader.message()[:2], ("k", "gone"))
    with Peer(hub, keep_alive=1) as client:
        client.subscribe(("marker", 1))
        time.sleep(2.5)
        checks.equal("who pings stays", client.silent(), [])
