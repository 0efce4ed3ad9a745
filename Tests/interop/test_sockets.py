"""Handshakes, frames, and bytes that are no WebSocket at all."""

import base64
import json
import os
import random
import ssl
import struct
import time

import pytest
from websockets.sync.client import connect

from harness import SUBPROTOCOL, Client, ended, read_response, wait_until


def handshake(server, **changes):
    fields = {
        "Host": f"127.0.0.1:{server.port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Protocol": SUBPROTOCOL,
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return ("GET /v1/socket HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()


def frame(opcode, payload=b"", fin=True, masked=True, reserved=0):
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    mask_bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes([mask_bit | len(payload)])
    elif len(payload) < 65_536:
        head += bytes([mask_bit | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", len(payload))
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


def frames(data):
    """(opcode, payload) of all whole frames."""
    found = []
    while len(data) >= 2:
        length, start = data[1] & 0x7F, 2
        if length == 126:
            length, start = struct.unpack("!H", data[2:4])[0], 4
        elif length == 127:
            length, start = struct.unpack("!Q", data[2:10])[0], 10
        found.append((data[0] & 0x0F, data[start:start + length]))
        data = data[start + length:]
    return found


def test_another_subprotocol(server):
    for offered in (None, "salsanor.v2.json", "graphql-ws, mqtt"):
        with server.raw(handshake(server, Sec_WebSocket_Protocol=offered)) as connection:
            status, _, body = read_response(connection)
            assert status == 400 and SUBPROTOCOL.encode() in body
    several = f"mqtt, {SUBPROTOCOL}"
    with server.raw(handshake(server, Sec_WebSocket_Protocol=several)) as connection:
        status, headers, _ = read_response(connection)
        assert status == 101 and headers["sec-websocket-protocol"] == SUBPROTOCOL


def test_another_version(server):
    for version in ("8", "12", "14"):
        with server.raw(handshake(server, Sec_WebSocket_Version=version)) as connection:
            status, headers, _ = read_response(connection)
            assert status == 426 and headers["sec-websocket-version"] == "13"


@pytest.mark.parametrize("change", [
    {"Upgrade": None}, {"Upgrade": "h2c"}, {"Connection": "close"}, {"Sec_WebSocket_Key": None},
    {"Sec_WebSocket_Key": "short"}, {"Sec_WebSocket_Version": None},
])
def test_half_of_a_handshake_is_none(server, change):
    with server.raw(handshake(server, **change)) as connection:
        status, _, body = read_response(connection)
        assert status == 400 and body


def test_foreign_origin_and_host(server):
    with server.raw(handshake(server, Origin="https://evil.example")) as connection:
        assert read_response(connection)[0] == 403
    with server.raw(handshake(server, Host="evil.example")) as connection:
        assert read_response(connection)[0] == 421


@pytest.mark.parametrize("bad,code", [
    (frame(1, b"{}", masked=False), 1002),
    (frame(1, b"{}", reserved=4), 1002),
    (frame(3, b"{}"), 1002),
    (frame(0, b"{}"), 1002),
    (frame(9, b"x" * 126), 1002),
    (frame(9, b"x", fin=False), 1002),
    (frame(1, b"a", fin=False) + frame(1, b"b"), 1002),
    (frame(1, b"\xff\xfe"), 1007),
    (frame(8, b"x"), 1002),
    (frame(8, struct.pack("!H", 1005)), 1002),
    (frame(8, struct.pack("!H", 999)), 1002),
    (b"\x82\xff" + struct.pack("!Q", 2**62) + b"abcd", 1009),
])
def test_frames_that_break_the_protocol(server, bad, code):
    with server.raw(handshake(server) + bad) as connection:
        answer = ended(connection)
    closing = [payload for opcode, payload in frames(answer.split(b"\r\n\r\n", 1)[1])
               if opcode == 8]
    assert len(closing) == 1 and struct.unpack("!H", closing[0][:2])[0] == code
    server.is_well()


def test_a_close_is_answered_and_a_ping_ponged(server):
    # All in one segment with the handshake: early frames belong to the socket.
    call = b'{"jsonrpc":"2.0","id":1,"method":"heartbeat"}'
    parts = frame(1, call[:9], fin=False) + frame(9, b"beat") + frame(0, call[9:])
    with server.raw(handshake(server) + parts) as connection:
        answer = b""
        while b'"timeMs"' not in answer or b"beat" not in answer or b'"id":1' not in answer:
            answer += connection.recv(65_536)
        connection.sendall(frame(8, struct.pack("!H", 1000)))
        answer = frames((answer + ended(connection)).split(b"\r\n\r\n", 1)[1])
    kinds = [opcode for opcode, _ in answer]
    assert kinds.count(10) == 1 and kinds[-1] == 8
    assert answer[kinds.index(10)][1] == b"beat"
    assert answer[-1][1][:2] == struct.pack("!H", 1000)
    replies = [json.loads(payload) for opcode, payload in answer if opcode == 1]
    assert replies[0]["method"] == "hello" and replies[1]["id"] == 1


def test_a_client_that_offers_compression_is_served(server):
    client = Client(server, compression="deflate")
    client.still_works()
    client.close()


def test_random_bytes(server):
    seed = random.randrange(2**32)
    print("seed", seed)
    generator = random.Random(seed)
    for _ in range(60):
        data = generator.randbytes(generator.randrange(1, 5_000))
        with server.raw(data) as connection:
            connection.shutdown(1)
            ended(connection)
    for _ in range(60):
        data = handshake(server) + generator.randbytes(generator.randrange(1, 5_000))
        with server.raw(data) as connection:
            connection.shutdown(1)
            ended(connection)
    server.is_well()


def test_mutated_calls(server, pattern):
    """Valid messages with a few bytes changed: each is answered, or ignored as a notification."""
    seed = random.randrange(2**32)
    print("seed", seed)
    generator = random.Random(seed)
    client = server.client()
    valid = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "room.join",
                        "params": {"room": pattern, "cursor": {"epoch": 1, "number": 2}}})
    for index in range(500):
        text = list(valid)
        for _ in range(generator.randrange(1, 4)):
            text[generator.randrange(len(text))] = chr(generator.randrange(0x20, 0x250))
        client.send("".join(text))
    client.send(valid.replace('"id": 1', '"id": "last"'))
    assert client.response("last")["result"]["role"] == "guest"
    client.close()
    server.is_well()


def test_tls_on_the_plain_port(server):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with server.raw() as connection:
        with pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(connection, server_hostname="localhost")
    server.is_well()


def test_half_a_handshake_and_then_silence(server):
    began = time.monotonic()
    half = [server.raw(handshake(server)[:60]) for _ in range(5)]
    silent = server.raw(handshake(server))
    for connection in half:
        assert ended(connection, seconds=15) == b""
    assert 8 < time.monotonic() - began < 14
    # The one that shook hands and said nothing got a bye.
    assert b"noSession" in ended(silent, seconds=15)
    server.is_well()


def test_200_connections_opened_and_dropped(server, token):
    before = server.descriptors()
    bare = [server.raw() for _ in range(100)]
    shaken = [server.raw(handshake(server)) for _ in range(100)]
    for connection in bare + shaken:
        connection.close()
    bare = [connect(server.url(), subprotocols=[SUBPROTOCOL], proxy=None) for _ in range(2)]
    for connection in bare:
        with connection:
            pass
    wait_until(lambda: server.descriptors() <= before + 2, what="descriptors given back")
    server.is_well()


def test_sockets_that_vanish_in_the_middle_of_calls(server, token, pattern):
    """A reset while a token is looked up, a room is loaded, or an edit is on its way."""
    before = server.descriptors()
    opening = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session.open", "params": {
        "token": token, "resume": [{"room": pattern}]}}).encode()
    for index in range(100):
        connection = server.raw(handshake(server) + frame(1, opening))
        if index % 2:
            connection.recv(100)
        # SO_LINGER with zero: a reset instead of an end.
        connection.setsockopt(1, 13, struct.pack("ii", 1, 0))
        connection.close()
    wait_until(lambda: server.descriptors() <= before + 2, what="descriptors given back")
    client = server.client(token)

    def alone():
        return client.call("room.join", {"room": pattern})["count"] == 1

    wait_until(alone, what="an empty room")
    client.close()
    server.is_well()
