"""`salsanor echo`: the engine alone."""

import asyncio
import os
import signal
import subprocess

import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness import BINARY, SECONDS


@pytest.fixture
def echo():
    process = subprocess.Popen(
        [BINARY, "echo", "--port", "0"], stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().removeprefix("listening on ").strip()
    yield process, address
    if process.poll() is None:
        process.kill()
        process.wait(SECONDS)


def open_echo(address, **options):
    return connect(address, max_size=None, proxy=None, **options)


@pytest.mark.parametrize("compression", ["deflate", None])
def test_messages_come_back_with_their_type(echo, compression):
    with open_echo(echo[1] + "/any/path?x", compression=compression) as client:
        assert bool(client.protocol.extensions) == (compression is not None)
        for message in ["", b"", "Guaguancó", b"\0\xff", "a" * 70_000, os.urandom(16 << 20)]:
            client.send(message)
            assert client.recv(timeout=SECONDS) == message
        client.send([b"ab"] * 20_000)
        assert client.recv(timeout=SECONDS) == b"ab" * 20_000


def test_a_message_beyond_16_mib_is_closed_1009(echo):
    with open_echo(echo[1], compression=None) as client:
        with pytest.raises(ConnectionClosed) as closed:
            client.send(bytes(17 << 20))
            client.recv(timeout=SECONDS)
        assert closed.value.rcvd.code == 1009


def test_no_subprotocol_is_chosen_and_origin_and_host_do_not_matter(echo):
    with open_echo(
        echo[1], subprotocols=["a", "b"], origin="null",
        additional_headers={"Forwarded": "for=nobody"}
    ) as client:
        assert client.subprotocol is None


def test_who_does_not_read_is_not_read(echo):
    """64 MB go in and out through a bounded process."""
    process, address = echo
    message = b"x" * 65_536

    async def run():
        options = {"compression": None, "max_queue": 1, "max_size": None, "proxy": None}
        async with connect_async(address, **options) as client:

            async def send():
                for _ in range(1_000):
                    await client.send(message)

            sending = asyncio.create_task(send())
            done, _ = await asyncio.wait([sending], timeout=1)
            assert not done, "everything was read"
            with open(f"/proc/{process.pid}/status") as status:
                rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            assert rss < 200 * 1024
            for _ in range(1_000):
                assert await client.recv() == message
            await sending

    asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_closes_with_1001_and_status_0(echo, number):
    process, address = echo
    with open_echo(address) as client:
        client.send("hi")
        assert client.recv(timeout=SECONDS) == "hi"
        process.send_signal(number)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=SECONDS)
        assert closed.value.rcvd.code == 1001
    assert process.wait(SECONDS) == 0
