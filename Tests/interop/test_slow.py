"""A slow reader costs a bounded number of bytes, and nobody else notices."""

import json
import socket
import threading
import time

import pytest

from harness import Client


def slow_client(server, **options):
    """A client that reads nothing until it is asked to, behind a small window."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect(("127.0.0.1", server.port))
    client = Client(server, sock=connection, max_queue=1, ping_interval=None, **options)
    client.call("session.open")
    return client


def test_who_never_reads_gets_one_joined_delta(server, token):
    pattern = server.create(token)
    editor, reader = server.client(token), server.client()
    room, seen = editor.join(pattern), reader.join(pattern)
    slow = slow_client(server)
    behind = slow.join(pattern)
    memory = server.rss_kib()

    # 20 KB a frame, because the kernel's buffers take some megabytes before ours do.
    delays = []
    for index in range(500):
        text = f"{index} " + "\U0001F941" * 4_900
        began = time.monotonic()
        number = room.set("/description", text)["number"]
        seen.follow(number)
        editor.inbox.clear()
        delays.append(time.monotonic() - began)
    room.set("/title", "The end")
    last = room.set("/machines/Salsa/bpm", 123)["number"]
    assert sorted(delays)[-5] < 0.5, sorted(delays)[-10:]
    assert server.rss_kib() - memory < 48 * 1024

    spans = []
    while behind.cursor["number"] < last:
        event = slow.event("delta", pattern, seconds=15)
        assert event["p"] <= behind.cursor["number"] < event["n"]
        spans.append(event["n"] - event["p"])
        behind.cursor["number"] = event["n"]
    assert max(spans) > 20, f"no joined delta: {spans}"
    result = slow.call("room.join", {"room": pattern})
    assert result["document"]["title"] == "The end" and result["document"]["description"] == text
    for client in (slow, editor, reader):
        client.close()
    server.is_well()


def test_who_asks_and_never_reads_is_closed_as_slow(server, token):
    """Replies cannot be joined: past the hard limit the socket is closed."""
    pattern = server.create(token, description="x" * 5_000)
    slow = slow_client(server)
    memory = server.rss_kib()
    call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "pattern.get",
                       "params": {"pattern": pattern}})

    def ask():
        try:
            for _ in range(4_000):
                slow.socket.send(call)
        except Exception:
            pass  # Closed meanwhile, as it should be.

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    other = server.client()
    deadline = time.monotonic() + 6
    while time.monotonic() < deadline and asking.is_alive():
        began = time.monotonic()
        other.still_works()
        assert time.monotonic() - began < 0.5
        time.sleep(0.02)
    assert server.rss_kib() - memory < 48 * 1024
    bye, code = slow.closed()
    assert code in (4201, 1006)
    if bye:
        assert bye["code"] == 4201 and bye["reason"] == "slow"
    other.close()
    server.is_well()


@pytest.mark.parametrize("listeners", [40])
def test_member_counts_of_a_busy_room(server, token, listeners):
    pattern = server.create(token)
    editor = server.client(token)
    room = editor.join(pattern)
    guests = [server.client() for _ in range(listeners)]
    for index, guest in enumerate(guests):
        assert guest.join(pattern).result["count"] == index + 2
    number = room.set("/machines/Salsa/bpm", 101)["number"]
    for guest in guests:
        assert guest.rooms[pattern].follow(number)["machines"]["Salsa"]["bpm"] == 101
    for guest in guests[: listeners // 2]:
        guest.close()
    editor.event("presence", pattern, lambda d: d["count"] == 1 + listeners - listeners // 2)
    for guest in guests[listeners // 2:]:
        guest.call("room.leave", {"room": pattern})
    editor.event("presence", pattern, lambda d: d["count"] == 1)
    for client in [editor, *guests]:
        client.close()
