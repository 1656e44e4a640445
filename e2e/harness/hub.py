"""The hub as a process, and what a script sees of it."""

import csv
import io
import json
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

READY_SECONDS = 30.0


class Answer(NamedTuple):
    """Of one HTTP request."""

    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        """The content type without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip()


def request(url: str, method="GET", body=None, token=None, headers=None, timeout=30.0) -> Answer:
    """One request on a connection of its own. `body` is sent as it is when bytes, else as JSON."""
    head = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        head.setdefault("Content-Type", "application/json")
    if token:
        head["Authorization"] = f"Bearer {token}"
    ask = urllib.request.Request(url, data=body, method=method, headers=head)
    try:
        with urllib.request.urlopen(ask, timeout=timeout) as reply:
            return Answer(reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.read())
    except urllib.error.HTTPError as reply:
        return Answer(reply.code, {k.lower(): v for k, v in reply.headers.items()}, reply.read())


class Thing(NamedTuple):
    """What a phone knows after joining."""

    id: str
    nickname: str
    token: str
    ingest_url: str
    topic: str


class Hub:
    """A running `messwerk serve` on ports the system chose. Use as a context manager: it never outlives the block."""

    def __init__(self, program: Path, data: Path, config: Path | None = None, wait=True):
        self.program, self.data = program, data
        self.log = data.parent / f"{data.name}.log"
        command = [program, "serve", "--data-dir", data, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"]
        command += ["--config", config] if config else []
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.lines: queue.Queue = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.http = self.mqtt = ""
        if wait:
            self.wait_ready()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.decode())
        self.lines.put(None)

    def wait_ready(self):
        """Reads the ready line; raises with the end of the log when none comes."""
        try:
            line = self.lines.get(timeout=READY_SECONDS)
        except queue.Empty:
            line = None
        if line is None:
            self.kill()
            raise RuntimeError(f"the hub did not become ready: {self.last_words()}")
        self.ready = json.loads(line)
        self.http = self.ready["http"]
        self.mqtt_host, port = self.ready["mqtt"].rsplit(":", 1)
        self.mqtt_port = int(port)

    def last_words(self, bytes_=2000) -> str:
        """The end of its log."""
        return self.log.read_bytes()[-bytes_:].decode(errors="replace")

    def further_output(self) -> list:
        """What it printed after the ready line; call it after the end."""
        self._reader.join(timeout=5)
        rest = []
        while not self.lines.empty():
            rest.append(self.lines.get())
        return [line for line in rest if line is not None]

    def terminate(self, timeout=30.0) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def kill(self):
        """SIGKILL, which no program can prepare for."""
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()

    # What a teacher and a phone do.

    def teacher_token(self) -> str:
        return teacher_token(self.program, self.data)

    def lesson(self, token: str, template="rest") -> dict:
        answer = request(f"{self.http}/api/v1/lessons", "POST", {"template": template}, token)
        assert answer.status in (200, 201), f"POST lessons: {answer.status} {answer.body!r}"
        return answer.json()

    def join(self, code: str) -> Thing:
        answer = request(f"{self.http}/api/v1/join", "POST", {"code": code})
        assert answer.status in (200, 201), f"POST join: {answer.status} {answer.body!r}"
        it = answer.json()
        return Thing(it["thing"], it["nickname"], it["token"], it["ingest_url"], it["mqtt"]["topic"])

    def observations(self, lesson: str, token: str, query="") -> list:
        """All rows of the lesson as dictionaries of text."""
        answer = request(f"{self.http}/api/v1/lessons/{lesson}/observations?format=csv{query}", token=token)
        assert answer.status == 200, f"GET observations: {answer.status} {answer.body!r}"
        return list(csv.DictReader(io.StringIO(answer.body.decode())))

    def rejections(self, lesson: str, token: str) -> dict:
        """Thing -> reason -> how many."""
        answer = request(f"{self.http}/api/v1/lessons/{lesson}/rejections", token=token)
        assert answer.status == 200, f"GET rejections: {answer.status} {answer.body!r}"
        found: dict = {}
        for entry in answer.json():
            reasons = found.setdefault(entry["thing"], {})
            reasons[entry["reason"]] = reasons.get(entry["reason"], 0) + entry["count"]
        return found


def teacher_token(program: Path, data: Path) -> str:
    """Makes a teacher's token as the contract says: the last line of standard output."""
    done = subprocess.run([program, "token", "create", "--role", "teacher", "--data-dir", data], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, f"token create: {done.returncode} {done.stderr}"
    return done.stdout.strip().splitlines()[-1]


class Scratch:
    """A temporary folder that goes with the block."""

    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp(prefix="messwerk-e2e-"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)
