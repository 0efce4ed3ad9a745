"""From outside: frames in, frames and close code out, in the groups of the Autobahn suite.

Raw sockets against `salsanor echo`. A row is (name, bytes to send, messages that come back, close
code); a row whose code is None goes on, which a Close that we send and get back proves.
"""

import base64
import itertools
import json
import os
import struct
import time
import zlib

import pytest

from harness import SECONDS

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = b"\x37\xfa\x21\x3d"


def masked(payload):
    """RFC 6455 §5.3; as one number, because a loop over 16 MiB takes seconds."""
    key = (KEY * (len(payload) // 4 + 1))[:len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return mixed.to_bytes(len(payload), "big")


def frame(opcode, payload=b"", fin=True, rsv=0):
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    elif len(payload) < 65_536:
        head += bytes([0x80 | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([0x80 | 127]) + struct.pack("!Q", len(payload))
    return head + KEY + masked(payload)


def text(payload, **options):
    return frame(TEXT, payload.encode() if isinstance(payload, str) else payload, **options)


def more(payload=b"", fin=False):
    return frame(CONTINUATION, payload, fin)


def close(code=None, reason=b""):
    return frame(CLOSE, (b"" if code is None else struct.pack("!H", code)) + reason)


def pieces(payload, size, opcode=BINARY):
    """One message in frames of `size` bytes."""
    parts = [payload[i:i + size] for i in range(0, len(payload), size)] or [b""]
    return b"".join(
        frame(opcode if i == 0 else CONTINUATION, part, fin=i == len(parts) - 1)
        for i, part in enumerate(parts))


class Wire:
    """A raw socket behind its 101."""

    def __init__(self, echo, offer=None):
        self.socket = echo.raw()
        extension = f"Sec-WebSocket-Extensions: {offer}\r\n" if offer else ""
        self.socket.sendall((
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\n{extension}"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
        self.reader = self.socket.makefile("rb")
        assert b" 101 " in self.reader.readline()
        self.head = {}
        while line := self.reader.readline().strip().decode():
            name, _, value = line.partition(": ")
            self.head[name.lower()] = value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reader.close()
        self.socket.close()

    def frame(self):
        """(first byte, payload) of the next frame; None at the end of the stream."""
        head = self.reader.read(2)
        if len(head) < 2:
            assert not head, head
            return None
        length = head[1]
        assert length < 128, "a server does not mask (RFC 6455 §5.1)"
        if length == 126:
            length, = struct.unpack("!H", self.reader.read(2))
        elif length == 127:
            length, = struct.unpack("!Q", self.reader.read(8))
        payload = self.reader.read(length)
        assert len(payload) == length
        return head[0], payload

    def gives(self, expected):
        for opcode, payload in expected:
            found = self.frame()
            same = found == (0x80 | opcode, payload)
            assert same, f"{str(found)[:300]} for {opcode}, {payload[:100]}"

    def closes(self, code):
        """The Close and then the end of TCP, in time (§7.1.1)."""
        began = time.monotonic()
        first, payload = self.frame()
        assert first == 0x80 | CLOSE
        assert payload[:2] == (b"" if code == "empty" else struct.pack("!H", code))
        payload[2:].decode()
        assert self.frame() is None
        assert time.monotonic() - began < 5


def check(echo, data, expected, code, piece=None):
    with Wire(echo) as wire:
        for start in range(0, len(data), piece or len(data)):
            try:
                wire.socket.sendall(data[start:start + (piece or len(data))])
            except (BrokenPipeError, ConnectionResetError):
                break  # It failed fast, and what it said can still be read.
        wire.gives(expected)
        if code is None:
            wire.socket.sendall(close(1000))
        wire.closes(code or 1000)


def rows():
    # 1: framing
    for opcode, length in itertools.product(
            [TEXT, BINARY], [0, 1, 125, 126, 127, 128, 65_535, 65_536]):
        body = b"*" * length if opcode == TEXT else b"\xfe" * length
        yield f"1 {opcode} of {length}", frame(opcode, body), [(opcode, body)], None

    # 2: pings and pongs
    for body in (b"", b"hello", bytes([0, 255, 254, 253, 0]), b"\xfe" * 125):
        yield f"2 ping of {len(body)}", frame(PING, body), [(PONG, body)], None
    yield "2 ping of 126", frame(PING, b"\xfe" * 126), [], 1002
    yield "2 pong", frame(PONG), [], None
    yield "2 pong with payload", frame(PONG, b"unasked"), [], None
    yield "2 pong, ping", frame(PONG, b"a") + frame(PING, b"b"), [(PONG, b"b")], None
    ten = [str(n).encode() for n in range(10)]
    yield "2 ten", b"".join(frame(PING, n) for n in ten), [(PONG, n) for n in ten], None

    # 3: reserved bits
    hello, echoed = text("Hello"), [(TEXT, b"Hello")]
    for rsv, opcode in itertools.product(range(1, 8), [TEXT, BINARY, CLOSE, PING, PONG]):
        bad = frame(opcode, rsv=rsv)
        yield f"3 {rsv} on {opcode}", bad, [], 1002
        yield f"3 {rsv} on {opcode} later", hello + bad + frame(PING), echoed, 1002

    # 4: opcodes
    for opcode, body in itertools.product([3, 4, 5, 6, 7, 11, 12, 13, 14, 15], [b"", b"x"]):
        yield f"4 {opcode} {len(body)}", frame(opcode, body), [], 1002
        later = hello + frame(opcode, body) + frame(PING)
        yield f"4 {opcode} {len(body)} later", later, echoed, 1002

    # 5: fragments
    a, b = text("Hel", fin=False), more(b"lo", fin=True)
    for opcode in (PING, PONG, CLOSE):
        cut = frame(opcode, b"x", fin=False)
        yield f"5 {opcode} in two", cut + more(b"y", fin=True), [], 1002
    yield "5 two", a + b, echoed, None
    yield "5 ping between", a + frame(PING, b"p") + b, [(PONG, b"p"), *echoed], None
    yield "5 pong between", a + frame(PONG, b"p") + b, echoed, None
    for fin in (True, False):
        lost = more(b"lost", fin)
        yield f"5 lost {fin}", lost, [], 1002
        yield f"5 lost {fin}, text", lost + hello, [], 1002
        yield f"5 lost {fin} later", a + b + lost + hello, echoed, 1002
    yield "5 text inside", a + hello, [], 1002
    yield "5 binary inside", a + frame(BINARY, b"x"), [], 1002
    yield "5 begun inside", a + text("x", fin=False), [], 1002
    five = [b"f1", b"f2", b"f3", b"f4", b"f5"]
    mixed = (text(five[0], fin=False) + more(five[1]) + frame(PING, b"1") + more(five[2])
             + more(five[3]) + frame(PING, b"2") + more(five[4], fin=True))
    pongs = [(PONG, b"1"), (PONG, b"2")]
    yield "5 five and two pings", mixed, [*pongs, (TEXT, b"".join(five))], None
    yield "5 empty parts", a + more() + more() + b, echoed, None
    yield "5 all empty", text("", fin=False) + more() + more(fin=True), [(TEXT, b"")], None

    # 6: UTF-8
    valid = [
        "Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\0", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff",
        "\ue000", "\ufffd", "\ufeff", "\ufffe", "\uffff", "\U00010000", "\U0001fffe", "\U0010ffff"]
    for sample in valid:
        body = sample.encode()
        yield f"6 valid {body.hex()}", text(body), [(TEXT, body)], None
        single = pieces(body, 1, TEXT)
        yield f"6 valid {body.hex()} by bytes", single, [(TEXT, body)], None
    invalid = [
        "80", "bf", "80bf80", "c0", "c3", "c020", "e0", "e08080", "e282", "e28220", "f0", "f09f98",
        "f09f9820", "c080", "c0af", "c1bf", "e09fbf", "f0808080", "f08fbfbf", "f880808080",
        "fc8080808080", "fe", "ff", "feff", "eda080", "edafbf", "edb080", "edbfbf",
        "eda080edb080", "f4908080", "f5808080", "f7bfbfbf", "cebae1bdb9cf83cebcceb5eda080656469"]
    for sample in invalid:
        body = bytes.fromhex(sample)
        yield f"6 invalid {sample}", text(body), [], 1007
        yield f"6 invalid {sample} by bytes", pieces(body, 1, TEXT), [], 1007
        wrapped = text(b"ok" + body + b"ok")
        yield f"6 invalid {sample} inside", wrapped, [], 1007
    yield "6 binary is free", frame(BINARY, b"\xff"), [(BINARY, b"\xff")], None

    # 7: closing
    yield "7 after text", hello + close(1000), echoed, 1000
    yield "7 twice", close(1000) + close(1000), [], 1000
    yield "7 then ping", close(1000) + frame(PING), [], 1000
    yield "7 then text", close(1000) + hello, [], 1000
    yield "7 inside a message", a + close(1000) + b, [], 1000
    big = b"BAsd7&jh23" * 26_000
    yield "7 big, close, ping", text(big) + close(1000) + frame(PING), [(TEXT, big)], 1000
    yield "7 empty", close(), [], "empty"
    yield "7 one byte", frame(CLOSE, b"a"), [], 1002
    yield "7 reason", close(1000, b"Hello"), [], 1000
    yield "7 reason of 123", close(1000, b"*" * 123), [], 1000
    yield "7 reason of 124", close(1000, b"*" * 124), [], 1002
    yield "7 bad reason", close(1000, bytes.fromhex(invalid[-1])), [], 1007
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                 3000, 3999, 4000, 4999):
        yield f"7 {code}", close(code), [], code
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535):
        yield f"7 {code}", close(code), [], 1002
        yield f"7 {code} with reason", close(code, b"why"), [], 1002

    # 10: what else
    yield "10 frames of 1300", pieces(b"*" * 65_536, 1_300, TEXT), [(TEXT, b"*" * 65_536)], None
    yield "10 not masked", b"\x81\x01a", [], 1002
    yield "10 long length 16", b"\x82\xfe\0\x7d" + KEY, [], 1002
    yield "10 long length 64", b"\x82\xff" + struct.pack("!Q", 65_535) + KEY, [], 1002
    yield "10 length of 64 bits", b"\x82\xff" + struct.pack("!Q", 1 << 63) + KEY, [], 1002
    yield "10 length of 63 bits", b"\x82\xff" + struct.pack("!Q", 1 << 62) + KEY, [], 1009


ROWS = list(rows())


@pytest.mark.parametrize("group", ["1", "2", "3", "4", "5", "6", "7", "10"])
def test_a_group(echoes, group):
    wrong = []
    for name, data, expected, code in ROWS:
        if name.split()[0] != group:
            continue
        # Whole, and small ones byte by byte: the same bytes mean the same.
        for piece in (None, 1 if len(data) < 300 else 997):
            try:
                check(echoes["ws"], data, expected, code, piece)
            except (AssertionError, OSError, TypeError) as error:
                wrong.append(f"{name} in pieces of {piece}: {error!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("first", ["cebae1bdb9cf83cebcceb5f4", "ed", "c3", "f09f"])
def test_6_a_text_fails_where_it_goes_wrong(echoes, first):
    """Inside an unfinished frame of an unfinished message, which never comes to its end."""
    with Wire(echoes["ws"]) as wire:
        data = bytes.fromhex(first)
        head = frame(TEXT, data + b"\xbf" * 900, fin=False)
        wire.socket.sendall(head[:8 + len(data)])
        wire.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        wire.reader = wire.socket.makefile("rb")
        wire.socket.settimeout(SECONDS)
        wire.socket.sendall(masked(bytes(len(data)) + b"\xff" * 8)[len(data):])
        wire.closes(1007)


@pytest.mark.parametrize("size", [64, 1_024, 65_536, 4 << 20])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_9_4_mib_in_frames(echoes, opcode, size):
    body = b"*" * (4 << 20)
    check(echoes["ws"], pieces(body, size, opcode), [(opcode, body)], None)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_9_16_mib(echoes, opcode):
    body = b"*" * (16 << 20)
    check(echoes["ws"], frame(opcode, body), [(opcode, body)], None)


@pytest.mark.parametrize("length", [0, 16, 64, 256, 1_024])
def test_9_1000_messages(echoes, length):
    body = b"*" * length
    check(echoes["ws"], text(body) * 1_000, [(TEXT, body)] * 1_000, None)


# --- 12 and 13: permessage-deflate ---------------------------------------------------------------


def compressed(payload, bits=15, deflater=None):
    """RFC 7692 §7.2.1."""
    deflater = deflater or zlib.compressobj(wbits=-bits)
    data = deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH)
    return data[:-4]


def inflated(data, inflater):
    return inflater.decompress(data + b"\0\0\xff\xff")


SAMPLE = json.dumps(
    [{"instrument": name, "bpm": 90 + n, "volume": n / 100} for n in range(2_000)
     for name in ("güiro", "congas", "cowbell")], ensure_ascii=False).encode()


@pytest.mark.parametrize("offer", [
    "permessage-deflate",
    "permessage-deflate; client_no_context_takeover",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; client_max_window_bits; server_max_window_bits=9",
    "permessage-deflate; client_max_window_bits=9",
    "permessage-deflate; server_no_context_takeover; client_max_window_bits=9;"
    " server_max_window_bits=9",
    "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10",
    "x-unknown; a=1, permessage-deflate; nothing=1, permessage-deflate",
])
@pytest.mark.parametrize("size", [None, 1, 1_300])
def test_12_and_13_messages(echoes, offer, size):
    with Wire(echoes["ws"], offer) as wire:
        name, *answer = wire.head["sec-websocket-extensions"].split("; ")
        assert name == "permessage-deflate"
        parameters = dict(part.partition("=")[::2] for part in answer)
        assert parameters.keys() <= {
            "server_no_context_takeover", "client_no_context_takeover",
            "server_max_window_bits", "client_max_window_bits"}
        server_bits = int(parameters.get("server_max_window_bits", 15))
        client_bits = int(parameters.get("client_max_window_bits", 15))
        if "client_max_window_bits=9" in offer:
            client_bits = 9
        wanted = [part for part in offer.split("; ") if part.startswith("server_no")]
        assert not wanted or "server_no_context_takeover" in parameters
        deflater, inflater = zlib.compressobj(wbits=-client_bits), zlib.decompressobj(-server_bits)
        for length in (0, 16, 64, 256, 1_024, 8_192, len(SAMPLE)):
            body = SAMPLE[:length].decode(errors="ignore").encode()
            if "client_no_context_takeover" in parameters:
                deflater = zlib.compressobj(wbits=-client_bits)
            if "server_no_context_takeover" in parameters:
                inflater = zlib.decompressobj(-server_bits)
            whole = compressed(body, deflater=deflater)
            data = pieces(whole, size or max(1, len(whole)), TEXT)
            wire.socket.sendall(bytes([data[0] | 0x40]) + data[1:])
            first, payload = wire.frame()
            assert first in (0x81, 0xC1)
            same = (inflated(payload, inflater) if first == 0xC1 else payload) == body
            assert same, length
        wire.socket.sendall(close(1000))
        wire.closes(1000)


@pytest.mark.parametrize("offer", [
    "permessage-deflate; nothing", "permessage-deflate; server_max_window_bits=8",
    "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=09", "permessage-deflate; client_max_window_bits=7",
    "permessage-deflate; server_no_context_takeover=1", "x-webkit-deflate-frame",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
])
def test_13_offers_that_are_declined(echoes, offer):
    with Wire(echoes["ws"], offer) as wire:
        assert "sec-websocket-extensions" not in wire.head
        wire.socket.sendall(text("a" * 1_000))
        wire.gives([(TEXT, b"a" * 1_000)])
        wire.socket.sendall(frame(TEXT, compressed(b"a"), rsv=4))
        wire.closes(1002)


FINAL = zlib.compressobj(wbits=-15)
FINAL_BLOCK = FINAL.compress(b"Hello") + FINAL.flush(zlib.Z_FINISH)


@pytest.mark.parametrize("name,data,expected,code", [
    ("§7.2.3.1 of the RFC", bytes.fromhex("c187") + KEY + masked(
        bytes.fromhex("f248cdc9c90700")), [(TEXT, b"Hello")], None),
    ("§7.2.3.3 stored", frame(TEXT, bytes.fromhex("000500faff48656c6c6f00"), rsv=4),
     [(TEXT, b"Hello")], None),
    ("§7.2.3.4 final", frame(TEXT, FINAL_BLOCK + b"\0", rsv=4), [(TEXT, b"Hello")], None),
    ("§7.2.3.5 two blocks", frame(TEXT, bytes.fromhex("f248050000 00ffffcac9c90700"), rsv=4),
     [(TEXT, b"Hello")], None),
    ("§7.2.3.6 empty", frame(TEXT, b"\0", rsv=4), [(TEXT, b"")], None),
    ("not compressed", text("Hello"), [(TEXT, b"Hello")], None),
    ("ping between", frame(TEXT, bytes.fromhex("f248cd"), fin=False, rsv=4) + frame(PING, b"p")
     + more(bytes.fromhex("c9c90700"), fin=True), [(PONG, b"p"), (TEXT, b"Hello")], None),
    ("RSV1 on a ping", frame(PING, rsv=4), [], 1002),
    ("RSV1 on a close", frame(CLOSE, rsv=4), [], 1002),
    ("RSV2", frame(TEXT, compressed(b"a"), rsv=6), [], 1002),
    ("RSV1 on a continuation", text("a", fin=False) + frame(CONTINUATION, b"b", rsv=4), [], 1002),
    ("no deflate", frame(TEXT, b"\xff" * 20, rsv=4), [], 1007),
    ("not UTF-8", frame(TEXT, compressed(b"\xff\xfe"), rsv=4), [], 1007),
    ("17 MiB inside 17 KiB", frame(BINARY, compressed(bytes(17 << 20)), rsv=4), [], 1009),
])
def test_12_frames(echoes, name, data, expected, code):
    with Wire(echoes["ws"], "permessage-deflate") as wire:
        wire.socket.sendall(data)
        wire.gives(expected)
        if code is None:
            wire.socket.sendall(close(1000))
        wire.closes(code or 1000)
