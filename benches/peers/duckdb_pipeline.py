"""mosquitto -> Python -> DuckDB, the pipeline a careful hobbyist would write.

Usage: duckdb_pipeline.py HOST:PORT READINGS FILE. Prints `ready`, and after READINGS rows are in the file one JSON line with
the CPU seconds of this process and the bytes of the file."""

import json
import os
import resource
import socket
import sys
import time

import duckdb
import numpy as np
import pyarrow as pa

FLUSH_SECONDS = 0.2
COLUMNS = ("device", "t", "x", "y", "z")


def subscribe(address: str) -> socket.socket:
    host, port = address.rsplit(":", 1)
    broker = socket.create_connection((host, int(port)))
    client = b"duckdb-pipeline"
    broker.sendall(b"\x10" + bytes([12 + len(client)]) + b"\0\4MQTT\4\2\0\0" + bytes([0, len(client)]) + client)
    broker.sendall(b"\x82\x06\0\1\0\1#\0")
    answers = b""
    while len(answers) < 9:
        answers += broker.recv(9 - len(answers))
    return broker


def publishes(buffer: bytearray):
    """Takes the complete PUBLISH packets (QoS 0) out of the buffer: (topic, payload)."""
    at, end = 0, len(buffer)
    while end - at >= 2:
        length = shift = 0
        body = at + 1
        while body < end:
            digit = buffer[body]
            length |= (digit & 127) << shift
            shift += 7
            body += 1
            if digit < 128:
                break
        else:
            break
        if end - body < length:
            break
        if buffer[at] >> 4 == 3:
            topic = body + 2 + int.from_bytes(buffer[body : body + 2])
            yield bytes(buffer[body + 2 : topic]), bytes(buffer[topic : body + length])
        at = body + length
    del buffer[:at]


class Table:
    """Rows on their way into the file."""

    def __init__(self, path: str):
        self.base = duckdb.connect(path)
        self.base.execute("set threads = 2")
        self.base.execute("create table acc (device usmallint, t bigint, x float, y float, z float)")
        self.devices: dict = {}
        self.single: list = [[] for _ in COLUMNS]
        self.batches: list = [[] for _ in COLUMNS]
        self.rows = 0

    def add(self, topic: bytes, payload: bytes):
        device = self.devices.setdefault(topic, len(self.devices))
        message = json.loads(payload)
        if "dt" in message:
            n = len(message["dt"])
            parts = (np.full(n, device), np.array(message["dt"]) + message["t0"], message["x"], message["y"], message["z"])
            for column, part in zip(self.batches, parts):
                column.append(np.asarray(part))
            self.rows += n
        else:
            for column, cell in zip(self.single, (device, int(message["t"] * 1e6), message["x"], message["y"], message["z"])):
                column.append(cell)
            self.rows += 1

    def flush(self):
        if self.single[0]:
            for column, cells in zip(self.batches, self.single):
                column.append(np.array(cells))
            self.single = [[] for _ in COLUMNS]
        if not self.batches[0]:
            return
        types = (pa.uint16(), pa.int64(), pa.float32(), pa.float32(), pa.float32())
        columns = [pa.array(np.concatenate(parts).astype(kind.to_pandas_dtype()), kind) for parts, kind in zip(self.batches, types)]
        arrived = pa.table(dict(zip(COLUMNS, columns)))
        self.base.register("arrived", arrived)
        self.base.execute("insert into acc select * from arrived")
        self.base.unregister("arrived")
        self.batches = [[] for _ in COLUMNS]


def main():
    address, expected, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    table, broker = Table(path), subscribe(address)
    print("ready", flush=True)
    broker.settimeout(0.05)
    buffer, flushed = bytearray(), time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF)
    while table.rows < expected:
        try:
            data = broker.recv(1 << 20)
            if not data:
                break
            buffer += data
        except TimeoutError:
            pass
        for topic, payload in publishes(buffer):
            table.add(topic, payload)
        if time.monotonic() - flushed > FLUSH_SECONDS:
            table.flush()
            flushed = time.monotonic()
    table.flush()
    table.base.execute("checkpoint")
    after = resource.getrusage(resource.RUSAGE_SELF)
    [[rows]] = table.base.execute("select count(*) from acc").fetchall()
    assert rows == expected, f"{rows} of {expected} rows"
    table.base.close()
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    print(json.dumps({"cpu": cpu, "bytes": os.path.getsize(path)}), flush=True)


main()
