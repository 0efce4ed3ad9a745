"""`salsanor echo`, the engine alone, with `websockets` and `aiohttp`, plain and with TLS."""

import asyncio
import itertools
import os
import signal
import ssl

import aiohttp
import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from harness import SECONDS, Echo, dial, wait_until

LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, (1 << 20) + 1]
CODES = [1000, 1001, 1003, 1007, 1008, 1009, 1011, 3000, 4000, 4999]


@pytest.fixture(params=["deflate", None], ids=["deflate", "plain"])
def compression(request):
    return request.param


@pytest.fixture
def own_echo():
    echo = Echo()
    yield echo
    echo.kill()


def text(length):
    """That many bytes, two or three to a character."""
    return ("¡Guaguancó €! " * (length // 18 + 1)).encode()[:length].decode(errors="ignore")


def tls(echo, trust):
    return {"ssl": trust} if echo.scheme == "wss" else {}


def open_echo(echo, trust=None, **options):
    options = {"max_size": None} | tls(echo, trust) | options
    return dial(echo.url("/any/path?x"), **options)


def comes_back(client, message):
    client.send(message)
    answer = client.recv(timeout=SECONDS)
    # Not `assert answer == message`: pytest would show the difference of 16 MiB.
    same = type(answer) is type(message) and answer == message
    assert same, f"{type(message).__name__} of {len(message)}"


# --- websockets ----------------------------------------------------------------------------------


def test_messages_of_each_length(echo, trust, compression):
    with open_echo(echo, trust, compression=compression) as client:
        assert bool(client.protocol.extensions) == (compression is not None)
        for length in LENGTHS:
            for message in (text(length), bytes(length), os.urandom(length)):
                comes_back(client, message)


def test_messages_of_16_mib(echo, trust, compression):
    with open_echo(echo, trust, compression=compression) as client:
        for message in (text(16 << 20), os.urandom(16 << 20)):
            comes_back(client, message)


def test_fragments_with_pings_between(echo, trust, compression):
    with open_echo(echo, trust, compression=compression) as client:
        parts = [os.urandom(n) for n in [0, 1, 125, 126, 0, 65_536, 70_001, 0]]

        def plainly():
            for part in parts:
                yield part
                client.ping(b"between")

        async def awaiting():
            for part in parts:
                yield part
                await (await client.connection.ping(b"between"))

        client.send(plainly() if echo.scheme == "ws" else awaiting())
        same = client.recv(timeout=SECONDS) == b"".join(parts)
        assert same
        client.send(["a", "", "ó€", "b" * 3_000])
        assert client.recv(timeout=SECONDS) == "aó€" + "b" * 3_000
        client.send([b"ab"] * 20_000)
        assert client.recv(timeout=SECONDS) == b"ab" * 20_000


def test_pings_with_and_without_payload(echo, trust, compression):
    with open_echo(echo, trust, compression=compression) as client:
        for payload in (b"", b"x", os.urandom(124), os.urandom(125), "¿?"):
            client.ping(payload)
        client.pong(b"nobody asked")
        comes_back(client, "after")


@pytest.mark.parametrize("server_alone,client_alone", [*itertools.product([False, True], repeat=2)])
def test_each_parameter_of_permessage_deflate(echo, trust, server_alone, client_alone):
    """RFC 7692 §7.1: takeover and window bits, both directions."""
    # What a window must not reach over: repeated only at a distance of 20,000 bytes.
    far = os.urandom(20_000)
    for server_bits, client_bits in itertools.product(
            [None, *range(9, 16)], [None, True, *range(9, 16)]):
        offer = ClientPerMessageDeflateFactory(
            server_no_context_takeover=server_alone, client_no_context_takeover=client_alone,
            server_max_window_bits=server_bits, client_max_window_bits=client_bits)
        with open_echo(echo, trust, compression=None, extensions=[offer]) as client:
            agreed, = client.protocol.extensions
            assert agreed.remote_no_context_takeover or not server_alone
            assert agreed.local_no_context_takeover or not client_alone
            assert agreed.remote_max_window_bits <= (server_bits or 15)
            if client_bits not in (None, True):
                assert agreed.local_max_window_bits <= client_bits
            for message in ("guaguancó " * 100, far + far, "", "guaguancó " * 100):
                comes_back(client, message)


def test_a_window_that_zlib_does_not_have_is_declined(echo, trust):
    offer = ClientPerMessageDeflateFactory(server_max_window_bits=8)
    with open_echo(echo, trust, compression=None, extensions=[offer]) as client:
        assert not client.protocol.extensions
        comes_back(client, "plain " * 1_000)


@pytest.mark.parametrize("code", CODES)
def test_a_close_comes_back_with_its_code(echo, trust, code):
    with open_echo(echo, trust) as client:
        client.close(code, "adiós")
        assert client.protocol.close_rcvd.code == code
        assert client.protocol.close_rcvd_then_sent is False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_closes_with_1001_and_status_0(own_echo, number):
    with open_echo(own_echo) as client:
        comes_back(client, "hi")
        own_echo.process.send_signal(number)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=SECONDS)
        assert closed.value.rcvd.code == 1001 and closed.value.rcvd_then_sent
    assert own_echo.process.wait(SECONDS) == 0


@pytest.mark.parametrize("message", [bytes(17 << 20), os.urandom(17 << 20)])
def test_a_message_beyond_16_mib_is_closed_1009(echo, trust, compression, message):
    with open_echo(echo, trust, compression=compression) as client:
        with pytest.raises(ConnectionClosed) as closed:
            client.send(message)
            client.recv(timeout=SECONDS)
        assert closed.value.rcvd.code == 1009


def test_no_subprotocol_is_chosen_and_origin_and_host_do_not_matter(echo, trust):
    with open_echo(
        echo, trust, subprotocols=["a", "b"], origin="null",
        additional_headers={"Forwarded": "for=nobody"}
    ) as client:
        assert client.subprotocol is None


def test_a_certificate_that_nobody_vouches_for_is_refused_by_the_client(echoes):
    with pytest.raises(ssl.SSLCertVerificationError):
        open_echo(echoes["wss"], ssl.create_default_context())


def test_who_does_not_read_is_not_read(own_echo):
    """64 MB go in and out through a bounded process."""
    message = b"x" * 65_536

    async def run():
        options = {"compression": None, "max_queue": 1, "max_size": None, "proxy": None}
        async with connect_async(own_echo.url(), **options) as client:

            async def send():
                for _ in range(1_000):
                    await client.send(message)

            sending = asyncio.create_task(send())
            done, _ = await asyncio.wait([sending], timeout=1)
            assert not done, "everything was read"
            assert own_echo.rss_kib() < 200 * 1024
            for _ in range(1_000):
                assert await client.recv() == message
            await sending

    asyncio.run(asyncio.wait_for(run(), 30))


def test_answers_to_more_requests_than_one_write_takes(own_echo):
    """Those that waited for room in the output leave without another word of the client."""
    count = 1_000
    with own_echo.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * count) as connection:
        answers = b""
        while answers.count(b"HTTP/1.1 ") < count:
            data = connection.recv(65_536)
            assert data, "the server closed"
            answers += data


# --- aiohttp -------------------------------------------------------------------------------------


def with_aiohttp(echo, trust, use, **options):
    async def run():
        async with aiohttp.ClientSession() as session, session.ws_connect(
                echo.url(), max_msg_size=0, **tls(echo, trust), **options) as client:
            await use(client)
            return client

    return asyncio.run(asyncio.wait_for(run(), 60))


@pytest.mark.parametrize("bits", [15, 9, 0])
def test_aiohttp_messages(echo, trust, bits):
    async def use(client):
        # Of 9 aiohttp asks the server only, and says what it compresses with itself.
        assert bool(client.compress) == bool(bits)
        for length in [*LENGTHS, 16 << 20]:
            await client.send_str(text(length))
            same = (await client.receive_str(timeout=SECONDS)) == text(length)
            assert same, f"text of {length}"
            message = os.urandom(length)
            await client.send_bytes(message)
            same = (await client.receive_bytes(timeout=SECONDS)) == message
            assert same, f"binary of {length}"

    with_aiohttp(echo, trust, use, compress=bits)


@pytest.mark.parametrize("bits", [15, 0])
def test_aiohttp_pings(echo, trust, bits):
    async def use(client):
        for payload in (b"", b"x", bytes(range(125))):
            await client.ping(payload)
            answer = await client.receive(SECONDS)
            assert (answer.type, answer.data) == (aiohttp.WSMsgType.PONG, payload)

    with_aiohttp(echo, trust, use, compress=bits, autoping=False)


@pytest.mark.parametrize("code", CODES)
def test_aiohttp_closes(echo, trust, code):
    async def use(client):
        assert await client.close(code=code, message="adiós".encode())

    assert with_aiohttp(echo, trust, use).close_code == code


def test_aiohttp_is_closed_with_1001(own_echo):
    async def use(client):
        own_echo.process.send_signal(signal.SIGTERM)
        answer = await client.receive(SECONDS)
        assert (answer.type, answer.data) == (aiohttp.WSMsgType.CLOSE, 1001)

    with_aiohttp(own_echo, None, use)
    assert wait_until(lambda: own_echo.process.poll() is not None, what="the end")
    assert own_echo.process.returncode == 0
