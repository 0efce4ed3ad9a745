"""Inboxes as a stranger's client sees them: what happens arrives at once, and after any absence."""

from harness import Client
from test_accounts import op, register, result


def person(server, name):
    """A new account: its token and id."""
    made = result(register(server, displayName=name))
    return made["token"], made["user"]["id"]


def do(server, token, method, **params):
    return result(server.rpc(method, params | {"opId": op()}, token=token))


def device(server, token, cursor=None):
    """A socket that follows the inbox; gives it with what the server says of the stream."""
    client = Client(server)
    client.call("session.open", {"token": token, "streams": {"inbox": cursor}})
    return client, client.event("opened")["d"]


def cursor_of(event):
    return {"epoch": event["e"], "number": event["n"]}


def test_one_likes_and_comments_while_the_other_is_there_away_and_cut_off(start):
    server = start()
    owner, owner_id = person(server, "Ana")
    other, _ = person(server, "Bo")
    pattern = do(server, owner, "pattern.create", title="Rumba", isPublic=True)["pattern"]["id"]

    phone, opened = device(server, owner)
    assert opened["recovered"] is False and opened["number"] == 0
    do(server, other, "pattern.like", pattern=pattern)
    first = phone.event("notice")
    assert (first["s"], first["p"], first["n"]) == ("inbox", 0, 1)
    assert first["d"]["unread"] == 1
    assert first["d"]["notice"]["actor"]["displayName"] == "Bo"
    assert first["d"]["notice"]["pattern"] == {"id": pattern, "title": "Rumba"}
    phone.close()

    # Away, and the server dies and comes back meanwhile.
    do(server, other, "user.follow", user=owner_id)
    server.kill()
    server = start()
    do(server, other, "comment.create", pattern=pattern, text="¡Azúcar, @Ana!")
    do(server, other, "pattern.unlike", pattern=pattern)
    phone, opened = device(server, owner, cursor_of(first))
    assert opened["recovered"] is True
    missed = [phone.event(kind) for kind in ("notice", "notice", "retracted")]
    assert [(e["p"], e["n"]) for e in missed] == [(1, 2), (2, 3), (3, 4)]
    assert [e["d"]["unread"] for e in missed] == [2, 3, 2]
    # One act, one notice: the mention counts before the comment.
    assert missed[1]["d"]["notice"]["kind"] == "mention"
    assert missed[2]["d"]["numbers"] == [1]

    # What is read here is read there.
    laptop, opened = device(server, owner, cursor_of(missed[2]))
    assert opened == {"recovered": True} | cursor_of(missed[2])
    answer = do(server, owner, "inbox.markRead", through=3)
    assert answer == {"number": 5, "unread": 0}
    for client in (phone, laptop):
        read = client.event("read")
        assert read["d"] == {"through": 3, "unread": 0} and read["n"] == 5
    sent = laptop.call("heartbeat", {"streams": {"inbox": 5}})
    assert sent["streams"] == {"inbox": 5}

    # A cursor of the future or of another epoch is told to list again.
    for wrong in ({"number": 6}, {"epoch": 1}):
        _, opened = device(server, owner, cursor_of(read) | wrong)
        assert opened == {"recovered": False} | cursor_of(read)
    listed = result(server.rpc("inbox.list", {}, token=owner))
    assert [n["kind"] for n in listed["notices"]] == ["mention", "follow"]
    assert (listed["number"], listed["unread"]) == (5, 0)


def test_flapping_is_one_notice_and_nobody_hears_of_themselves(start):
    server = start()
    owner, _ = person(server, "Ana")
    other, _ = person(server, "Bo")
    pattern = do(server, owner, "pattern.create", title="Rumba", isPublic=True)["pattern"]["id"]
    do(server, owner, "pattern.like", pattern=pattern)
    for _ in range(2):
        do(server, other, "pattern.like", pattern=pattern)
        do(server, other, "pattern.unlike", pattern=pattern)
    do(server, other, "pattern.like", pattern=pattern)
    groups = result(server.rpc("inbox.groups", {}, token=owner))
    assert [(g["kind"], g["count"], g["actorCount"]) for g in groups["groups"]] == [("like", 1, 1)]
    assert groups["unread"] == 1
