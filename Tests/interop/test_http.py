"""`POST /v1/rpc` and plain HTTP, with curl, aiohttp and raw sockets."""

import asyncio
import json
import subprocess
import threading
import time
import uuid

import aiohttp
import pytest

from harness import ended, read_response

RPC = "/v1/rpc"


def curl(server, path, *options, body=None):
    """(status, headers, body) as curl sees it."""
    command = ["curl", "-sS", "-m", "10", "-i", *options, server.url(path, "http")]
    if body is not None:
        command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
    output = subprocess.run(
        command, input=body, capture_output=True, check=True).stdout
    head, _, body = output.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
    return int(lines[0].split()[1]), headers, body


def call(method, params=None, id=1):
    return json.dumps(
        {"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}}).encode()


def request(server, body, *headers, method="POST", path=RPC, type="application/json"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}",
             f"Content-Length: {len(body)}", *headers]
    if type:
        lines.append(f"Content-Type: {type}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_health_by_curl(server):
    assert curl(server, "/healthz")[::2] == (200, b"ok\n")
    status, headers, body = curl(server, "/readyz")
    assert (status, body) == (200, b"ok\n") and headers["cache-control"] == "no-store"
    status, headers, body = curl(server, "/healthz", "--head")
    assert (status, body) == (200, b"") and headers["content-length"] == "3"
    status, headers, _ = curl(server, "/healthz", "-X", "DELETE")
    assert status == 405 and headers["allow"] == "GET, HEAD"


def test_an_unknown_path_by_curl(server):
    for path in ("/v1", "/v1/rpc/", "/v1/socket/x", "/../etc/passwd", "/%2e%2e/x"):
        assert curl(server, path, "--path-as-is")[0] == 404


def test_sign_in_create_and_get_by_curl(server):
    body = call("account.signIn", {"email": "Demo@SalsaBeatMachine.org", "password": "demo123"})
    status, headers, answer = curl(server, RPC, body=body)
    assert status == 200 and headers["content-type"] == "application/json"
    result = json.loads(answer)["result"]
    assert result["user"]["displayName"] == "Demo User"
    assert result["expiresMs"] > time.time() * 1000
    params = {"title": "By curl", "opId": str(uuid.uuid4()), "flavor": "Merengue", "bpm": 150}
    made = json.loads(curl(
        server, RPC, "-H", f"Authorization: Bearer {result['token']}",
        body=call("pattern.create", params))[2])["result"]["pattern"]
    assert (made["flavor"], made["bpm"], made["isPublic"]) == ("Merengue", 150, True)
    got = json.loads(curl(server, RPC, body=call("pattern.get", {"pattern": made["id"]}))[2])
    # Who is signed in is told more.
    assert got["result"]["pattern"] | {"role": "owner", "isLiked": False} == made


def test_methods_that_need_a_socket(server, token):
    for method in ("session.open", "heartbeat", "room.join", "room.edit", "room.presence"):
        for by in (token, None):
            error = server.rpc(method, {}, by)["error"]
            assert error["data"]["code"] == "streamRequired", error


def test_a_guest_may_not_create(server):
    error = server.rpc("pattern.create", {"title": "x", "opId": str(uuid.uuid4())})["error"]
    assert error["data"]["code"] == "forbidden"


@pytest.mark.parametrize("type", [None, "text/plain", "application/json2", ""])
def test_another_content_type(server, type):
    with server.raw(request(server, call("pattern.get"), type=type)) as connection:
        assert read_response(connection)[0] == 415
        connection.sendall(request(server, call("pattern.get"), type="Application/JSON;charset=x"))
        assert read_response(connection)[0] == 200


@pytest.mark.parametrize("body,code", [
    (b"", -32700), (b"{", -32700), (b"\xff", -32700), (b'{"a":1,"a":2}', -32700),
    (b"[" * 1000, -32700), (b"[]", -32600), (b"7", -32600),
])
def test_bodies_that_are_no_call(server, body, code):
    status, _, answer = curl(server, RPC, body=body)
    assert status == 200 and json.loads(answer)["error"]["code"] == code


def test_batches_and_notifications(server, pattern):
    get = json.loads(call("pattern.get", {"pattern": pattern}))
    silent = {name: value for name, value in get.items() if name != "id"}
    answers = json.loads(curl(
        server, RPC, body=json.dumps([get, silent, get | {"id": "b"}]).encode())[2])
    assert sorted(str(answer["id"]) for answer in answers) == ["1", "b"]
    status, _, body = curl(server, RPC, body=json.dumps(silent).encode())
    assert (status, body) == (204, b"")
    status, _, body = curl(server, RPC, body=json.dumps([silent, silent]).encode())
    assert (status, body) == (204, b"")


def test_a_body_that_is_too_large(server):
    status, headers, _ = curl(server, RPC, body=b" " * 65_537)
    assert status == 413 and headers["connection"] == "close"
    chunked = curl(server, RPC, "-H", "Transfer-Encoding: chunked", body=b" " * 70_000)
    assert chunked[0] == 413
    fits = call("pattern.get")
    status, _, answer = curl(server, RPC, body=fits + b" " * (65_536 - len(fits)))
    assert status == 200 and json.loads(answer)["error"]["code"] == -32602


def test_chunked_bodies_and_expect(server):
    for options in (("-H", "Transfer-Encoding: chunked"), ("-H", "Expect: 100-continue")):
        status, _, answer = curl(server, RPC, *options, body=call("pattern.get"))
        assert status == 200 and json.loads(answer)["error"]["code"] == -32602


@pytest.mark.parametrize("header", ["Bearer sn_wrong", "Bearer", "Basic ZGVtbzpkZW1v", "sn_x"])
def test_a_wrong_token(server, header):
    origin = f"http://127.0.0.1:{server.port}"
    status, headers, body = curl(
        server, RPC, "-H", f"Authorization: {header}", "-H", f"Origin: {origin}",
        body=call("pattern.get"))
    assert status == 401 and headers["www-authenticate"] == "Bearer" and body
    assert headers["access-control-allow-origin"] == origin, "a page could not read this"


def test_cors(server):
    def preflight(origin):
        return curl(server, RPC, "-X", "OPTIONS", "-H", f"Origin: {origin}",
                    "-H", "Access-Control-Request-Method: POST")

    status, headers, _ = preflight("https://salsa.example")
    assert status == 204
    assert headers["access-control-allow-origin"] == "https://salsa.example"
    assert "Authorization" in headers["access-control-allow-headers"]
    assert headers["vary"] == "Origin"
    status, headers, _ = preflight("https://evil.example")
    assert status == 403 and "access-control-allow-origin" not in headers
    status, headers, _ = curl(
        server, RPC, "-H", "Origin: https://evil.example", body=call("pattern.get"))
    assert status == 403
    status, headers, _ = curl(
        server, RPC, "-H", "Origin: https://salsa.example", body=call("pattern.get"))
    assert status == 200 and headers["access-control-allow-origin"] == "https://salsa.example"


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1:1", "[::1]"])
def test_a_foreign_host(server, host):
    for path in ("/healthz", RPC, "/v1/socket"):
        assert curl(server, path, "-H", f"Host: {host}")[0] == 421


def test_aiohttp_many_at_once(server, token):
    async def run():
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            async def create(index):
                params = {"title": f"Many {index}", "opId": str(uuid.uuid4())}
                body = {"jsonrpc": "2.0", "id": index, "method": "pattern.create", "params": params}
                async with session.post(server.url(RPC, "http"), json=body) as response:
                    answer = await response.json()
                    assert answer["id"] == index
                    return answer["result"]["pattern"]["id"]

            return await asyncio.gather(*(create(index) for index in range(100)))

    assert len(set(asyncio.run(run()))) == 100


def test_pipelined_requests_are_answered_in_order(server, pattern):
    slow = request(server, call("pattern.get", {"pattern": pattern}, id="slow"))
    quick = request(server, call("heartbeat", id="quick"))
    health = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
    with server.raw((slow + quick + health) * 20) as connection:
        reader = connection.makefile("rb")
        for _ in range(20):
            for expected in (b'"slow"', b'"quick"', b"ok\n"):
                length = 0
                while (line := reader.readline().strip()):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                assert expected in reader.read(length)


def test_thousands_of_pipelined_requests_at_once(server):
    """Answered one after the other, not one inside the other."""
    count = 3_000
    quick = request(server, call("heartbeat"))
    # The server takes no more than its calls per second, so sending all of it lasts a few seconds
    # where the kernel's buffers are small; one call of sendall has one timeout.
    connection = server.raw(timeout=60)
    before = server.rss_kib()
    sender = threading.Thread(target=connection.sendall, args=(quick * count,))
    sender.start()
    reader = connection.makefile("rb")
    answers = 0
    while answers < count:
        line = reader.readline()
        assert line, "the server closed"
        answers += line.startswith(b"HTTP/1.1 200") or b"}HTTP/1.1 200" in line
    sender.join()
    connection.close()
    assert server.rss_kib() - before < 32 * 1024
    server.is_well()


def test_who_sends_requests_and_reads_no_answers_is_held_back(server):
    connection = server.raw()
    connection.settimeout(1)
    before = server.rss_kib()
    quick = request(server, call("heartbeat")) * 100
    sent = 0
    try:
        while sent < 64 << 20:
            sent += connection.send(quick)
    except TimeoutError:
        pass
    assert sent < 64 << 20, "the server takes requests without bound"
    assert server.rss_kib() - before < 32 * 1024
    connection.close()
    server.is_well()


def test_who_asks_and_hangs_up_at_once_or_half(server):
    def sign_in(email):
        return request(server, call("account.signIn", {"email": email, "password": "demo123"}))

    # An address each: attempts of one account that are not judged yet delay the next.
    for number in range(20):
        server.raw(sign_in(f"nobody{number}@example.org")).close()
    with server.raw(sign_in("demo@salsabeatmachine.org")) as connection:
        connection.shutdown(1)  # SHUT_WR: the answer is still wanted
        assert b'"token"' in ended(connection)
    server.is_well()


def test_a_request_that_drips_is_cut_off(server):
    began = time.monotonic()
    with server.raw() as connection:
        connection.settimeout(0.5)
        try:
            for byte in request(server, b"x" * 100):
                connection.sendall(bytes([byte]))
                try:
                    if connection.recv(1) == b"":
                        break
                except TimeoutError:
                    pass
        except (ConnectionResetError, BrokenPipeError):
            pass
    assert 8 < time.monotonic() - began < 14


@pytest.mark.parametrize("head,status", [
    ("GET /healthz HTTP/1.1\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n", 505),
    ("POST /v1/rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("POST /v1/rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
     "Transfer-Encoding: chunked\r\n\r\n", 400),
    ("POST /v1/rpc HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    ("POST /v1/rpc HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + "y" * 20_000 + "\r\n\r\n", 431),
    ("GET /" + "y" * 20_000 + " HTTP/1.1\r\n\r\n", 414),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n" * 101 + "\r\n", 431),
])
def test_heads_that_are_refused(server, head, status):
    with server.raw(head.encode()) as connection:
        got, headers, body = read_response(connection)
        assert got == status, body
        assert headers["connection"] == "close" and body
        assert ended(connection) == b""
    server.is_well()


def test_the_page_and_its_files(server):
    status, headers, body = curl(server, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<!DOCTYPE html>" in body
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert f"ws://127.0.0.1:{server.port}" in policy and "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == (
        "nosniff", "no-referrer")
    assert "access-control-allow-origin" not in headers
    for path in ("/client.js", "/client/clock.js", "/catalogue.json"):
        assert curl(server, path)[1]["access-control-allow-origin"] == "*"
    tag = headers["etag"]
    status, headers, body = curl(server, "/", "-H", f"If-None-Match: {tag}")
    assert (status, headers["etag"], body) == (304, tag, b"")
    status, headers, body = curl(server, "/index.html", "--head")
    assert (status, body) == (200, b"") and int(headers["content-length"]) > 1_000
    status, headers, _ = curl(server, "/client.js", "-X", "DELETE")
    assert (status, headers["allow"]) == (405, "GET, HEAD")
    assert [curl(server, path)[0] for path in ("/client/", "/nothing.js", "//")] == [404] * 3
