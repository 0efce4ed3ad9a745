"""A disk that takes no more writes, and then does again."""

import os
import pathlib
import resource
import subprocess
import time

import pytest

from harness import Refused, Server, wait_until

BPM = "/machines/Salsa/bpm"


class FileSizeLimit:
    """The kernel refuses to make a file larger (EFBIG): an I/O error to the database."""

    def __init__(self, server):
        self.pid = server.pid

    def fill(self):
        # Under the size of the database, over that of the log's index: it can be opened again.
        self.limit(40_960)

    def free(self):
        self.limit(resource.RLIM_INFINITY)

    def limit(self, size):
        hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, hard))


class FullFolder:
    """A small file system with a file that takes all the rest (ENOSPC)."""

    def __init__(self, folder):
        self.filler = pathlib.Path(folder, "filler")

    def fill(self):
        with open(self.filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 512)
            except OSError:
                pass

    def free(self):
        self.filler.unlink()


@pytest.fixture
def small(data):
    folder = f"{data}/small"
    os.mkdir(folder)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no permission to mount a small file system")
    yield folder
    for server in Server.started:
        if str(server.data).startswith(folder):
            server.kill()
    subprocess.run(["umount", folder], check=True)


def test_a_file_that_may_not_grow(start):
    server = start()
    goes_read_only_and_is_well_again(server, FileSizeLimit(server), lambda: start())


def test_a_full_file_system(small):
    server = Server(f"{small}/data")
    goes_read_only_and_is_well_again(
        server, FullFolder(small), lambda: Server(f"{small}/data"))


def goes_read_only_and_is_well_again(server, disk, restart):
    token = server.sign_in()
    client = server.client(token)
    room = client.join(server.demo)
    other = server.create(token)
    number = room.set(BPM, 100)["number"]
    room.follow(number)
    disk.fill()

    # Some edits may still fit. The first that does not is asked to come again.
    refused, bpm = None, 100
    deadline = time.monotonic() + 20
    while refused is None and time.monotonic() < deadline:
        bpm = bpm + 1 if bpm < 250 else 80
        params = room.params(set={BPM: bpm, "/description": "x" * 4_000})
        try:
            number = client.call("room.edit", params)["number"]
        except Refused as error:
            refused = error
    assert refused is not None, "the disk was not full"
    assert refused.name in ("readOnly", "rate"), refused
    if refused.name == "rate":
        pytest.fail("the disk was not full before the rate was reached")
    assert refused.data["retryable"] and refused.data["retryAfterMs"] > 0
    accepted = number

    status, body = wait_until(
        lambda: (answer := server.get("/readyz"))[0] == 503 and answer, what="/readyz says 503")
    assert "disk" in body
    assert server.get("/healthz")[0] == 200

    # Reads and presence go on; writes are refused for a passing reason, none is left unanswered.
    guest = server.client()
    seen = guest.join(server.demo)
    assert seen.result["number"] == accepted
    got = patiently(lambda: guest.call("pattern.get", {"pattern": server.demo}))
    assert got["pattern"]["number"] == accepted
    assert patiently(lambda: guest.join(other)).result["role"] == "guest"
    client.call("room.presence", {"room": server.demo, "touching": BPM})
    guest.event("presence", server.demo, lambda d: d.get("touching"))
    for _ in range(3):
        answer = server.rpc("account.signIn", {
            "email": "demo@salsabeatmachine.org", "password": "demo123"})
        assert answer["error"]["data"]["code"] == "readOnly", answer
        assert answer["error"]["data"]["retryable"]
    for _ in range(20):
        assert client.refusal("room.edit", params).name in ("readOnly", "rate")
    client.send({"jsonrpc": "2.0", "method": "room.edit", "params": params})
    retry = client.event(
        "settled", server.demo, lambda d: d.get("retry", {}).get("from") == params["seq"]
    )["d"]["retry"]
    assert retry["code"] in ("readOnly", "rate")

    disk.free()
    wait_until(lambda: server.get("/readyz")[0] == 200, 15, "/readyz says 200")
    # After an I/O error the room was read again from disk, and sent its members out.
    time.sleep(0.3)
    if any(m.get("params", {}).get("t") == "left" for m in client.inbox) or left(client):
        result = client.call("room.join", {
            "room": server.demo, "replica": room.replica, "cursor": room.cursor})
        assert result["replica"]["through"] >= params["seq"] - 1
    number = client.call("room.edit", params)["number"]
    assert number == accepted + 1
    assert server.sign_in()
    assert server.create(token)
    server.kill()

    server = restart()
    result = server.client(token).join(server.demo).result
    assert result["number"] == number
    assert result["document"]["machines"]["Salsa"]["bpm"] == bpm
    assert server.stop() == 0


def patiently(call):
    """Again while the answer is `readOnly`: after an I/O error, connections are replaced."""
    for _ in range(20):
        try:
            return call()
        except Refused as refused:
            assert refused.name == "readOnly" and refused.data["retryable"], refused
            time.sleep(refused.data["retryAfterMs"] / 1_000)
    raise AssertionError("never readable")


def left(client):
    """Whether the client was sent out of its room."""
    try:
        client.event("left", seconds=0.5)
        return True
    except AssertionError:
        return False


def test_a_stop_while_the_disk_is_full_is_bounded(start):
    server = start()
    token = server.sign_in()
    client = server.client(token)
    room = client.join(server.demo)
    disk = FileSizeLimit(server)
    disk.fill()
    for bpm in list(range(80, 251)) * 2:
        try:
            room.edit(set={BPM: bpm, "/description": "x" * 4_000})
        except Refused as refused:
            assert refused.name == "readOnly"
            break
    else:
        pytest.fail("the disk was not full")
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 6
    assert client.closed()[1] == 1012
