"""The server as a child process, and clients that are not ours."""

import asyncio
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid

from openrpc import ROOT, fitting
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

BINARY = os.environ.get("SALSANOR_BINARY", str(ROOT / ".build/debug/salsanor"))
CATALOGUE = json.loads((ROOT / "Protocol/catalogue.json").read_text())
# The tables of limits.md, by name.
LIMITS = {
    name: int(value) for name, value in re.findall(
        r"^\| `(\w+)` \| (\d+) \|", (ROOT / "Protocol/limits.md").read_text(), re.MULTILINE)}
SUBPROTOCOL = "salsanor.v1.json"
DEMO = ("demo@salsabeatmachine.org", "demo123")
VIEWER = ("ana@example.org", "guaguanco")
# bcrypt of VIEWER's password, of the kind that the seed has.
VIEWER_BCRYPT = "$2b$10$SalsaSalsaSalsaSalsaSeTGOxlEh7mlmuEglSJBCPVGSFtVOMIbq"
SECONDS = 8


def wait_until(condition, seconds=SECONDS, what="condition"):
    """Polls something outside of our sockets (a process, a file), with a bound."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"{what}: not within {seconds} s")


class Server:
    """One `salsanor serve`; `started` holds all of a test run, to be ended by pid."""

    started = []

    def __init__(self, data, *arguments, port=0):
        self.data = pathlib.Path(data)
        self.demo = None
        self.begin("serve", "--port", str(port), "--data", str(data), *arguments)
        for line in self.process.stdout:
            self.listens(line)
            if match := re.match(r"demo pattern (\S+)$", line.strip()):
                self.demo = match[1]
                break
        if self.port is None:
            self.process.wait(SECONDS)

    def begin(self, *command):
        self.port = None
        self.scheme = "ws"
        self.stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [BINARY, *command], stdout=subprocess.PIPE, stderr=self.stderr, text=True)
        Server.started.append(self)

    def listens(self, line):
        if match := re.match(r"listening on (wss?)://.*:(\d+)$", line.strip()):
            self.scheme, self.port = match[1], int(match[2])

    @property
    def pid(self):
        return self.process.pid

    def errors(self):
        self.stderr.seek(0)
        return self.stderr.read().decode(errors="replace")

    def stop(self, signal_number=signal.SIGTERM, seconds=15):
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        return self.process.wait(seconds)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS)

    def url(self, path="/v1/socket", scheme=None):
        return f"{scheme or self.scheme}://127.0.0.1:{self.port}{path}"

    def rss_kib(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def raw(self, data=b"", timeout=SECONDS):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout)
        if data:
            connection.sendall(data)
        return connection

    def get(self, path):
        """(status, body) of a GET, by the standard library."""
        try:
            with urllib.request.urlopen(self.url(path, "http"), timeout=SECONDS) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def rpc(self, method, params=None, token=None, id=1):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        call = {"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}}
        request = urllib.request.Request(
            self.url("/v1/rpc", "http"), json.dumps(call).encode(), headers)
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            answer = json.loads(response.read())
        if "result" in answer:
            fitting(method, answer["result"])
        return answer

    def sign_in(self, account=DEMO):
        answer = self.rpc("account.signIn", {"email": account[0], "password": account[1]})
        return answer["result"]["token"]

    def create(self, token, **params):
        params = {"title": "Interop", "opId": str(uuid.uuid4())} | params
        answer = self.rpc("pattern.create", params, token)
        assert "result" in answer, answer
        return answer["result"]["pattern"]["id"]

    def client(self, token=None, session=True, **options):
        client = Client(self, **options)
        if session:
            client.call("session.open", {"token": token} if token else {})
        return client

    def is_well(self):
        assert self.process.poll() is None, "the server has ended"
        assert self.get("/readyz") == (200, "ok\n")


class Echo(Server):
    """One `salsanor echo`, which keeps no data."""

    data = None

    def __init__(self, *arguments):
        self.begin("echo", "--port", "0", *arguments)
        self.listens(self.process.stdout.readline())


def make_certificate(folder, name):
    """Self-signed, for localhost and 127.0.0.1: (certificate, key)."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", f"/CN={name}",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True)
    return certificate, key


def tls_arguments(certificate):
    return ["--tls-certificate", str(certificate[0]), "--tls-key", str(certificate[1])]


def insert_user(
        data, account=VIEWER, password_hash=VIEWER_BCRYPT, name="Ana", is_admin=False):
    """Into the database of a stopped server."""
    now = int(time.time() * 1000)
    with sqlite3.connect(pathlib.Path(data) / "database.sqlite") as database:
        database.execute(
            "INSERT INTO users (id, email, email_normalised, password_hash, display_name,"
            " is_admin, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (uuid.uuid4().bytes, account[0], account[0].lower(), password_hash, name, is_admin,
             now, now))
    database.close()


def password_hash(data, account=VIEWER):
    with sqlite3.connect(f"file:{data}/database.sqlite?mode=ro", uri=True) as database:
        row = database.execute(
            "SELECT password_hash FROM users WHERE email_normalised = ?", (account[0],)).fetchone()
    database.close()
    return row[0]


class Refused(Exception):
    """A JSON-RPC error."""

    def __init__(self, error):
        super().__init__(json.dumps(error))
        self.code = error["code"]
        self.message = error["message"]
        self.data = error.get("data", {})
        self.name = self.data.get("code")


class Awaited:
    """The asyncio client of `websockets` with the verbs of its blocking one.

    The blocking one reads in a thread of its own. Python before 3.13.4 does not lock a TLS session
    for that: when the server's ticket is read while the request is written, the request is lost.
    """

    def __init__(self, url, **options):
        self.loop = asyncio.new_event_loop()
        try:
            self.connection = self.run(connect_async(url, **options), SECONDS)
        except BaseException:
            self.loop.close()
            raise
        self.protocol = self.connection.protocol
        self.subprotocol = self.connection.subprotocol

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.loop.close()

    def run(self, awaitable, seconds=30):
        async def bounded():
            return await asyncio.wait_for(awaitable, seconds)

        return self.loop.run_until_complete(bounded())

    def send(self, message):
        self.run(self.connection.send(message))

    def recv(self, timeout=SECONDS):
        return self.run(self.connection.recv(), timeout)

    def ping(self, payload):
        """Returns when the pong is here."""
        async def ping():
            await (await self.connection.ping(payload))

        self.run(ping(), SECONDS)

    def pong(self, payload):
        self.run(self.connection.pong(payload))

    def close(self, code=1000, reason=""):
        self.run(self.connection.close(code, reason))


class Threaded:
    """The blocking client of `websockets`."""

    def __init__(self, url, **options):
        self.exit = contextlib.ExitStack()
        self.connection = self.exit.enter_context(connect(url, **options))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.exit.close()

    def __getattr__(self, name):
        return getattr(self.connection, name)

    def ping(self, payload):
        """Returns when the pong is here."""
        assert self.connection.ping(payload).wait(SECONDS), "no pong"


def dial(url, **options):
    """A client of the `websockets` package, to be used with `with`."""
    kind = Awaited if url.startswith("wss:") else Threaded
    return kind(url, proxy=None, **options)


class Client:
    """A socket of the `websockets` package, and what has come but was not asked for yet."""

    def __init__(self, server, **options):
        self.server = server
        options = {"subprotocols": [SUBPROTOCOL], "compression": None, "max_size": None} | options
        self.exit = contextlib.ExitStack()
        self.socket = self.exit.enter_context(dial(server.url(), **options))
        self.inbox = []
        self.next_id = 1
        self.rooms = {}
        self.hello = self.take(lambda m: m.get("method") == "hello")["params"]

    def close(self):
        self.exit.close()

    def send(self, text):
        self.socket.send(text if isinstance(text, (str, bytes)) else json.dumps(text))

    def take(self, wanted, seconds=SECONDS):
        """The first message that is wanted; the others wait for their turn."""
        for index, message in enumerate(self.inbox):
            if wanted(message):
                return self.inbox.pop(index)
        deadline = time.monotonic() + seconds
        while True:
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise AssertionError(f"not within {seconds} s; have {str(self.inbox)[:2000]}")
            try:
                message = json.loads(self.socket.recv(timeout=rest))
            except TimeoutError:
                continue
            if wanted(message):
                return message
            self.inbox.append(message)

    def response(self, id, seconds=SECONDS):
        return self.take(
            lambda m: isinstance(m, dict) and "method" not in m and m.get("id", "?") == id, seconds)

    def call(self, method, params=None, seconds=SECONDS):
        id, self.next_id = self.next_id, self.next_id + 1
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}})
        answer = self.response(id, seconds)
        if "error" in answer:
            raise Refused(answer["error"])
        return fitting(method, answer["result"])

    def refusal(self, method, params=None):
        try:
            result = self.call(method, params)
        except Refused as refused:
            return refused
        raise AssertionError(f"{method} was not refused: {result}")

    def event(self, kind, room=None, wanted=lambda d: True, seconds=SECONDS):
        """The params of the next event of that type."""
        return self.take(
            lambda m: isinstance(m, dict) and m.get("method") == "event"
            and m["params"]["t"] == kind
            and (room is None or m["params"]["s"] == f"room:{room}")
            and wanted(m["params"]["d"]), seconds)["params"]

    def refused(self, seconds=SECONDS):
        """The params of the next `refused` notification."""
        return self.take(
            lambda m: isinstance(m, dict) and m.get("method") == "refused", seconds)["params"]

    def join(self, room, **params):
        result = self.call("room.join", {"room": room} | params)
        self.rooms[room] = Joined(self, room, result)
        return self.rooms[room]

    def closed(self, seconds=SECONDS):
        """Reads to the end: the last `bye` (or None), and the close code."""
        bye = None
        try:
            while True:
                message = json.loads(self.socket.recv(timeout=seconds))
                if isinstance(message, dict) and message.get("method") == "bye":
                    bye = message["params"]
        except ConnectionClosed as closed:
            return bye, closed.rcvd.code if closed.rcvd else 1006

    def still_works(self):
        assert "timeMs" in self.call("heartbeat")


class Joined:
    """A room as one client sees it: confirmed document, cursor, replica."""

    def __init__(self, client, room, result):
        self.client = client
        self.room = room
        self.result = result
        self.document = result.get("document")
        self.cursor = {"epoch": result["epoch"], "number": result["number"]}
        self.replica = (result.get("replica") or {}).get("id")
        self.seq = (result.get("replica") or {}).get("through", 0)

    def params(self, seq=None, **parts):
        if seq is None:
            self.seq += 1
            seq = self.seq
        return {"room": self.room, "replica": self.replica, "seq": seq, "base": self.cursor} | parts

    def edit(self, seq=None, **parts):
        """As a request: the result comes when the edit is on disk."""
        return self.client.call("room.edit", self.params(seq, **parts))

    def set(self, path, value):
        return self.edit(set={path: value})

    def refuses(self, seq=None, **parts):
        return self.client.refusal("room.edit", self.params(seq, **parts))

    def notify(self, seq=None, **parts):
        """As a notification: settlements answer."""
        self.client.send(
            {"jsonrpc": "2.0", "method": "room.edit", "params": self.params(seq, **parts)})

    def settled(self, through, seconds=SECONDS):
        return self.client.event(
            "settled", self.room, lambda d: d["through"] >= through, seconds)["d"]

    def follow(self, number, seconds=SECONDS):
        """Applies deltas until the document is at `number` or later."""
        while self.cursor["number"] < number:
            event = self.client.event("delta", self.room, seconds=seconds)
            if event["n"] <= self.cursor["number"]:
                continue
            assert event["p"] <= self.cursor["number"], f"a gap before {event}"
            assert event["e"] == self.cursor["epoch"]
            self.document = merge_patch(self.document, event["d"]["patch"])
            self.cursor["number"] = event["n"]
        return self.document


def merge_patch(target, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    target = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = merge_patch(target.get(name), value)
    return target


def read_response(connection):
    """One HTTP response from a raw socket: (status, headers in lower case, body)."""
    reader = connection.makefile("rb")
    line = reader.readline()
    if not line:
        raise EOFError
    status = int(line.split()[1])
    headers = {}
    while (field := reader.readline().strip()):
        name, _, value = field.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", 0)))
    return status, headers, body


def ended(connection, seconds=SECONDS):
    """Whether the server ends this connection within the time; returns what came before."""
    connection.settimeout(seconds)
    data = b""
    try:
        while chunk := connection.recv(65_536):
            data += chunk
    except ConnectionResetError:
        pass
    return data
