"""A short session with `salsanor serve`, by each client, plain and with TLS, compressed and not."""

import asyncio
import itertools

import aiohttp
import pytest

from harness import DEMO, SECONDS, SUBPROTOCOL, Client

BPM = "/machines/Salsa/bpm"
EACH = pytest.mark.parametrize(
    "scheme,compressed", [*itertools.product(["ws", "wss"], [True, False])])


@pytest.fixture
def target(scheme, server, tls_server):
    return server if scheme == "ws" else tls_server


def tls(scheme, trust):
    return {"ssl": trust} if scheme == "wss" else {}


@EACH
def test_with_websockets(target, trust, scheme, compressed):
    client = Client(
        target, compression="deflate" if compressed else None, **tls(scheme, trust))
    assert bool(client.socket.protocol.extensions) == compressed
    account = {"email": DEMO[0], "password": DEMO[1]}
    signed = client.call("account.signIn", account)
    assert client.call("session.open", {"token": signed["token"]})["user"] == signed["user"]
    pattern = client.call("pattern.create", {
        "title": "Interop", "opId": "01234567-89ab-4def-8123-456789abcdef"})["pattern"]["id"]
    room = client.join(pattern)
    assert room.result["role"] == "owner"
    bpm = 91 + room.document["machines"]["Salsa"]["bpm"] % 100
    assert room.follow(room.set(BPM, bpm)["number"])["machines"]["Salsa"]["bpm"] == bpm
    client.close()


@EACH
def test_with_aiohttp(target, trust, scheme, compressed):
    async def run():
        async with aiohttp.ClientSession() as session, session.ws_connect(
                target.url(), protocols=[SUBPROTOCOL], compress=15 if compressed else 0,
                **tls(scheme, trust)) as client:
            assert bool(client.compress) == compressed and client.protocol == SUBPROTOCOL

            async def call(id, method, params):
                await client.send_json(
                    {"jsonrpc": "2.0", "id": id, "method": method, "params": params})
                while (answer := await client.receive_json(timeout=SECONDS)).get("id") != id:
                    assert "method" in answer, answer
                return answer["result"]

            hello = await client.receive_json(timeout=SECONDS)
            assert hello["method"] == "hello"
            signed = await call(
                1, "account.signIn", {"email": DEMO[0], "password": DEMO[1]})
            await call(2, "session.open", {"token": signed["token"]})
            created = await call(3, "pattern.create", {
                "title": "Interop", "opId": "01234567-89ab-4def-8123-456789abcdee"})
            pattern = created["pattern"]["id"]
            joined = await call(4, "room.join", {"room": pattern})
            cursor = {"epoch": joined["epoch"], "number": joined["number"]}
            edited = await call(5, "room.edit", {
                "room": pattern, "replica": joined["replica"]["id"],
                "seq": joined["replica"]["through"] + 1, "base": cursor, "set": {BPM: 180}})
            assert edited["number"] > 0

    asyncio.run(asyncio.wait_for(run(), 30))
