"""Each hostile peer costs a bounded amount, and another client goes on (limits.md)."""

import base64
import http.client
import json
import concurrent.futures
import os
import pathlib
import resource
import socket
import struct
import time
import zlib

import pytest
from websockets.exceptions import InvalidStatus

from harness import DEMO, LIMITS, SECONDS, SUBPROTOCOL, Echo, ended, read_response, wait_until

REFUSED_WAITING_MAX = LIMITS["refusedWaitingMax"]

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n"


def health(server, fields=b""):
    return HEALTH % (server.port, fields)


def upgrade(server, fields=b"", connection=None):
    """A raw socket behind its 101, with hello unread."""
    connection = connection or server.raw()
    connection.sendall(
        b"GET /v1/socket HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n"
        b"Sec-WebSocket-Protocol: %s\r\n%s\r\n"
        % (server.port, base64.b64encode(os.urandom(16)), SUBPROTOCOL.encode(), fields))
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(1)
    assert b" 101 " in head
    return connection


def frame(first, payload):
    """Masked with zeros."""
    length = len(payload)
    size = struct.pack("!B", 0x80 | length) if length < 126 else struct.pack("!BH", 0xFE, length)
    return bytes([first]) + size + bytes(4) + payload


def masked(opcode, payload):
    return frame(0x80 | opcode, payload)


def processor_seconds(server):
    fields = pathlib.Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def works_meanwhile(client, seconds):
    """Calls for that long; the slowest answer."""
    slowest = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        client.still_works()
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.02)  # A client that asks often, and no load of its own.
    return slowest


def test_one_address_has_so_many_connections(start):
    server = start("--connections-per-address", "5")
    inside = [server.raw() for _ in range(5)]
    # The answer waits for the request: a client that sends it later reads it all the same.
    refused = server.raw(timeout=0.3)
    with pytest.raises(TimeoutError):
        refused.recv(1)
    refused.settimeout(SECONDS)
    refused.sendall(health(server))
    status, headers, body = read_response(refused)
    assert (status, headers["retry-after"], headers["connection"]) == (429, "5", "close")
    assert b"Too many connections" in body
    assert ended(refused) == b""
    # A body is not waited for, and what is no request gets the same answer.
    for request in (
        b"POST /v1/rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
        b"POST /v1/rpc HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n",
        b"nonsense\r\n",
    ):
        with server.raw(request) as refused:
            assert read_response(refused)[0] == 429
            assert ended(refused) == b""
    inside[0].sendall(health(server))
    assert read_response(inside[0])[0] == 200
    inside.pop().close()

    def comes_in():
        with server.raw(health(server)) as connection:
            return read_response(connection)[0] == 200

    assert wait_until(comes_in, what="a place that became free")
    for connection in inside:
        connection.close()


def test_refused_websockets_see_the_status(start):
    """Also of a client that sends its request late, and with a library that insists on it."""
    server = start("--connections-per-address", "1")
    inside = server.client()
    for _ in range(20):
        with pytest.raises(InvalidStatus) as refused:
            server.client()
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "5"
    inside.still_works()
    inside.close()


def test_refused_connections_that_say_nothing_are_few_and_short(start):
    server = start("--connections-per-address", "1")
    inside = server.raw()
    began = time.monotonic()
    silent = [server.raw() for _ in range(REFUSED_WAITING_MAX)]
    # All places for waiting are taken: those after them are answered at once.
    for _ in range(10):
        with server.raw() as refused:
            assert read_response(refused)[0] == 429
    assert time.monotonic() - began < 2
    for connection in silent:
        assert ended(connection) == b""
    assert 2 < time.monotonic() - began < 8
    with server.raw() as refused:
        refused.sendall(health(server))
        assert read_response(refused)[0] == 429
    inside.close()


def test_one_address_connects_no_faster_than_allowed(start):
    server = start("--connects-per-address", "10")
    # A burst of ten seconds' worth, then the rate.
    answers = []
    for _ in range(150):
        with server.raw(health(server)) as connection:
            answers.append(read_response(connection))
    refusals = [headers for status, headers, _ in answers if status == 429]
    assert all(answer[0] == 200 for answer in answers[:100]) and len(refusals) >= 2
    assert all(headers["retry-after"] == "1" for headers in refusals)
    time.sleep(int(refusals[0]["retry-after"]))  # As it was told.
    assert server.get("/healthz")[0] == 200


def test_accepting_pauses_and_drops_nobody(start):
    server = start("--accepts-per-second", "50")
    client = server.client()

    def ask(_):
        with server.raw(health(server)) as connection:
            return read_response(connection)[0]

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        asking = pool.map(ask, range(250))
        assert works_meanwhile(client, 1) < 0.5
        assert set(asking) == {200}
    # A burst of two seconds' worth, then the rate.
    assert time.monotonic() - began > 2
    client.close()


def test_out_of_descriptors_it_waits_and_does_not_spin(start):
    server = start()
    client = server.client()
    before = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(
        server.pid, resource.RLIMIT_NOFILE, (server.descriptors() + 4, before[1]))
    waiting = [server.raw(health(server)) for _ in range(40)]
    wait_until(lambda: "accepting pauses" in server.errors(), what="a pause")
    used = processor_seconds(server)
    assert works_meanwhile(client, 2) < 0.5
    assert processor_seconds(server) - used < 0.5
    assert server.errors().count("accepting pauses") == 1
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, before)
    for connection in waiting:
        assert read_response(connection)[0] == 200
        connection.close()
    client.close()
    server.is_well()


def test_silent_and_slow_peers_end_in_time_and_cost_little(start, data):
    """Thousands that connect and stop, a request and a frame of one byte a second, no pong."""
    server = start("--shards", "2")
    client = server.client()
    memory, descriptors = server.rss_kib(), server.descriptors()
    silent = [server.raw() for _ in range(2_000)]
    dripping = server.raw()
    half = server.raw(health(server) + health(server)[:20])
    unpolite = upgrade(server)
    call = b'{"jsonrpc":"2.0","id":1,"method":"session.open","params":{}}'
    unpolite.sendall(masked(1, call))
    sockets = [upgrade(server) for _ in range(100)]
    framing = sockets[0]
    framing.sendall(b"\x81\xfe\xff\xff\0\0\0\0")
    wait_until(lambda: server.descriptors() >= descriptors + 2_100, what="all connections")
    # Debug and sanitizer builds are larger than what limits.md says.
    assert server.rss_kib() - memory < 48 * 1024

    began = time.monotonic()
    request = health(server)
    for index in range(9):
        dripping.sendall(request[index : index + 1])
        framing.sendall(b"x")
        assert works_meanwhile(client, 1) < 0.5
    for connection in [dripping, *silent[:5]]:
        assert ended(connection) == b""
    assert ended(half).count(b"ok\n") == 1
    for connection in sockets[:5]:
        assert b'"code":4301' in ended(connection).replace(b" ", b"")
    assert time.monotonic() - began < 15
    for connection in [*silent, *sockets]:
        connection.close()
    wait_until(lambda: server.descriptors() <= descriptors + 4, what="closed connections")

    # Two tries of 20 s: the ping, and the wait for its answer.
    rest = ended(unpolite, 45)
    assert rest.endswith(b"\x89\x00"), rest[-20:]
    assert 35 < time.monotonic() - began < 60
    client.close()
    server.is_well()


def test_a_trusted_proxy_says_whom_to_count(start):
    server = start("--trusted-proxy", "127.0.0.0/8", "--connections-per-address", "2")

    def come(fields):
        return server.client(additional_headers=fields)

    one = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    # The other field is no word of the proxy's: it came from anybody.
    first, second = come(one), come(one | {"Forwarded": "for=198.51.100.3"})
    with pytest.raises(InvalidStatus) as refused:
        come(one)
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "5"
    other = come({"X-Forwarded-For": "198.51.100.2"})
    first.close()

    def comes_in():
        try:
            come(one).close()
            return True
        except InvalidStatus:
            return False

    assert wait_until(comes_in, what="a place that became free")
    for client in (second, other):
        client.still_works()
        client.close()


def test_the_field_that_a_trusted_proxy_fills_in_can_be_named(start):
    server = start(
        "--trusted-proxy", "127.0.0.0/8", "--connections-per-address", "1",
        "--forwarded-header", "forwarded")
    one = {"Forwarded": 'for="198.51.100.1:4711";proto=https'}
    first = server.client(additional_headers=one | {"X-Forwarded-For": "198.51.100.2"})
    with pytest.raises(InvalidStatus) as refused:
        server.client(additional_headers=one)
    assert refused.value.response.status_code == 429
    other = server.client(additional_headers={"Forwarded": "for=198.51.100.2"})
    for client in (first, other):
        client.close()


def test_nobody_else_says_who_he_is(start):
    server = start("--trusted-proxy", "192.0.2.1", "--connections-per-address", "2")
    clients = [
        server.client(additional_headers={"X-Forwarded-For": f"198.51.100.{index}"})
        for index in range(2)]
    with server.raw(health(server, b"X-Forwarded-For: 198.51.100.9\r\n")) as refused:
        assert read_response(refused)[0] == 429
    for client in clients:
        client.close()


def test_origins_are_one_field(server):
    for origins, status in [
        ([b"https://salsa.example"], 101), ([b"https://SALSA.example:443"], 101),
        ([b"null"], 403), ([b""], 403), ([b"https://salsa.example:8443"], 403),
        ([b"https://salsa.example/"], 403), ([b"https://salsa.example"] * 2, 403),
    ]:
        fields = b"".join(b"Origin: %s\r\n" % origin for origin in origins)
        with server.raw(
            b"GET /v1/socket HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Sec-WebSocket-Protocol: %s\r\n%s\r\n"
            % (server.port, SUBPROTOCOL.encode(), fields)
        ) as connection:
            assert read_response(connection)[0] == status, origins


def deflated(payload):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (compressor.compress(payload) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_what_inflates_is_bounded_and_charged(server):
    extension = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
    over = upgrade(server, extension)
    over.sendall(frame(0xC1, deflated(b" " * 100_000)))
    received = b""
    while chunk := over.recv(65536):
        received += chunk
    assert b"\x88" + bytes([2 + len(b"message too big")]) + struct.pack("!H", 1009) in received

    before = server.rss_kib()
    begun = [upgrade(server, extension) for _ in range(100)]
    for connection in begun:  # RSV1, no FIN: and then nothing.
        connection.sendall(frame(0x41, deflated(b" " * 60_000)))
    busy = upgrade(server, extension)
    busy.sendall(frame(0xC1, deflated(b" " * 60_000)) * 600)
    client = server.client()
    assert works_meanwhile(client, 1) < 3
    assert server.rss_kib() - before < 64 * 1024
    for connection in begun + [busy, over]:
        connection.close()


def test_who_asks_too_fast_is_read_later_whatever_he_asks(server, pattern):
    """2,000 at once, then 500 a second; also when each answer comes from the disk."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    body = json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": "pattern.get", "params": {"pattern": pattern}})
    began = time.monotonic()
    for _ in range(3_000):
        connection.request("POST", "/v1/rpc", body, {"Content-Type": "application/json"})
        assert connection.getresponse().read()
    # 1,000 of them, or what the burst has not won back meanwhile, waited for their turn.
    assert time.monotonic() - began > 1.5
    connection.close()


# --- Who goes away by half -----------------------------------------------------------------------


def test_who_closes_half_and_does_not_read_costs_no_time():
    """RFC 6455 §7.1.1: our Close waits behind what is unread, for `closeSeconds`."""
    echo = Echo()
    with socket.socket() as connection:
        # Small segments and a small window: the kernel takes little from the server.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", echo.port))
        upgrade(echo, connection=connection)
        descriptors = echo.descriptors()
        used = processor_seconds(echo)
        connection.sendall(masked(2, bytes(50_000)) * 4 + masked(8, b"\x03\xe8"))
        connection.shutdown(socket.SHUT_WR)
        began = time.monotonic()
        wait_until(lambda: echo.descriptors() < descriptors, what="the end of the connection")
        assert time.monotonic() - began > LIMITS["closeSeconds"] / 2, "the kernel took all of it"
        assert processor_seconds(echo) - used < 0.5
    echo.kill()


def test_who_is_gone_is_not_kept_until_his_answer(start):
    """A reset behind the end of the stream reads as an end again and again."""
    server = start()
    descriptors = server.descriptors()
    call = {"jsonrpc": "2.0", "id": 1, "method": "account.signIn",
            "params": {"email": DEMO[0], "password": "wrong"}}
    body = json.dumps(call).encode()
    began = time.monotonic()
    with server.raw(
            b"POST /v1/rpc HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (server.port, len(body), body)) as connection:
        wait_until(lambda: server.descriptors() > descriptors, what="the connection")
        connection.shutdown(socket.SHUT_WR)
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: server.descriptors() == descriptors, what="the end of the connection")
    assert time.monotonic() - began < LIMITS["signInRefusalMs"] / 1_000
    server.is_well()
