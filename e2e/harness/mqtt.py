"""A minimal MQTT 3.1.1 client on a bare socket: it can also do what proper clients refuse to do."""

import socket
import struct


def text(value) -> bytes:
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(data)) + data


def packet(first: int, body: bytes) -> bytes:
    length, out = len(body), bytearray([first])
    while True:
        length, digit = length >> 7, length & 127
        out.append(digit | (128 if length else 0))
        if not length:
            return bytes(out) + body


def publish(topic: str, payload: bytes, qos=0, pkid=0, dup=False) -> bytes:
    """A PUBLISH packet."""
    first = 0x30 | qos << 1 | (8 if dup else 0)
    return packet(first, text(topic) + (struct.pack(">H", pkid) if qos else b"") + payload)


class Closed(Exception):
    """The other side closed the connection."""


class Client:
    """One connection."""

    def __init__(self, host: str, port: int, timeout=10.0):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def receive(self) -> tuple:
        """The next packet as (first byte, body); raises `Closed` at the end of the stream."""
        while True:
            found = self._take()
            if found:
                return found
            data = self.socket.recv(65536)
            if not data:
                raise Closed
            self.buffer += data

    def _take(self):
        length = shift = 0
        for at in range(1, min(len(self.buffer), 5)):
            length |= (self.buffer[at] & 127) << shift
            shift += 7
            if self.buffer[at] < 128:
                end = at + 1 + length
                if len(self.buffer) < end:
                    return None
                found = self.buffer[0], bytes(self.buffer[at + 1 : end])
                del self.buffer[:end]
                return found
        return None

    def connect(self, client_id="", user=None, password=None, level=4, keep_alive=60) -> int:
        """Sends CONNECT with a clean session; the return code of CONNACK."""
        flags = 2 | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
        body = text("MQTT") + bytes([level, flags]) + struct.pack(">H", keep_alive)
        body += b"\0" if level == 5 else b""
        body += text(client_id)
        body += text(user) if user is not None else b""
        body += text(password) if password is not None else b""
        self.send(packet(0x10, body))
        first, answer = self.receive()
        assert first == 0x20, f"expected CONNACK, got {first:#x}"
        return answer[1]

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
