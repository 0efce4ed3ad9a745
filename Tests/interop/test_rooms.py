"""The main job: people build one pattern together, live."""

import asyncio
import json
import signal
import time

import aiohttp

from harness import SUBPROTOCOL, VIEWER, password_hash, wait_until

BPM = "/machines/Salsa/bpm"
COWBELL = "/machines/Salsa/instruments/cowbell"


def comes(client, room, member):
    client.event("presence", room, lambda d: any(
        joined["member"] == member for joined in d.get("joined", ())))


def test_hello_says_what_a_client_needs(server):
    client = server.client(session=False)
    hello = client.hello
    assert hello["server"] == "salsanor" and hello["protocol"] == 1
    assert abs(hello["timeMs"] - time.time() * 1000) < 5_000
    assert hello["heartbeatSeconds"] > 0 and hello["sessionOpenSeconds"] > 0
    assert set(hello["limits"]) >= {"messageBytesMax", "editsPerSecondMax", "pathsPerEditMax"}
    client.still_works()
    client.close()


def test_two_edit_together_and_both_see(server, token, pattern):
    one, two = server.client(token), server.client(token)
    first, second = one.join(pattern), two.join(pattern)
    # Who comes and goes within one pace is only counted, so wait for the coming.
    comes(one, pattern, second.result["member"])
    assert first.result["role"] == "owner" and not first.result["recovered"]
    number = first.set(BPM, 190)["number"]
    number = max(number, second.set(f"{COWBELL}/volume", 0.6)["number"])
    for room in (first, second):
        document = room.follow(number)
        machine = document["machines"]["Salsa"]
        assert machine["bpm"] == 190
        assert machine["instruments"]["cowbell"]["volume"] == 0.6
    assert first.document == second.document
    two.close()
    assert one.event("presence", pattern, lambda d: d.get("left"))["d"]["count"] == 1
    one.close()


def test_an_edit_as_notification_is_settled_after_its_delta(client, room):
    room.notify(set={BPM: 111})
    kinds = []
    while "settled" not in kinds:
        message = client.take(lambda m: m.get("method") == "event")
        kinds.append(message["params"]["t"])
        if kinds[-1] == "settled":
            assert message["params"]["d"]["through"] == 1
            assert not message["params"]["d"].get("refused")
    assert "delta" in kinds


def test_presence_says_who_is_here_and_what_they_touch(server, token, viewer_token, client, room):
    other = server.client(viewer_token)
    theirs = other.join(room.room)
    assert theirs.result["role"] == "viewer" and theirs.result["count"] == 2
    assert "replica" not in theirs.result or theirs.result["replica"] is None
    joined = client.event("presence", room.room, lambda d: any(
        member["name"] == "Ana" for member in d.get("joined", ())))["d"]
    assert joined["count"] == 2
    assert other.call("room.presence", {"room": room.room, "touching": COWBELL}) == {}
    member = str(theirs.result["member"])
    touching = client.event("presence", room.room, lambda d: member in d.get("touching", ()))["d"]
    assert touching["touching"][member] == COWBELL
    assert other.call("room.presence", {"room": room.room, "touching": None}) == {}
    let_go = client.event("presence", room.room, lambda d: member in d.get("touching", ()))["d"]
    assert let_go["touching"][member] is None
    assert other.call("room.leave", {"room": room.room}) == {}
    left = client.event("presence", room.room, lambda d: theirs.result["member"] in d.get("left", ()))["d"]
    assert left["count"] == 1
    other.close()


def test_a_broken_socket_leaves_its_room(server, token, client, room):
    other = server.client(token)
    member = other.join(room.room).result["member"]
    comes(client, room.room, member)
    other.socket.socket.shutdown(2)
    client.event("presence", room.room, lambda d: member in d.get("left", ()))


def test_resume_by_cursor_gets_a_patch(server, token, client, room):
    room.follow(room.set(BPM, 150)["number"])
    other = server.client(token).join(room.room)
    other.client.close()
    room.follow(room.set(f"{COWBELL}/volume", 0.25)["number"])
    room.follow(room.set(BPM, 151)["number"])
    back = server.client(session=False)
    opened = back.call("session.open", {"token": token, "resume": [
        {"room": room.room, "cursor": other.cursor, "replica": other.replica}]})
    assert opened["user"]["displayName"] == "Demo User"
    joined = back.event("joined", room.room)["d"]
    assert joined["recovered"] and joined["from"] == other.cursor["number"]
    assert joined["patch"] == {"machines": {"Salsa": {
        "bpm": 151, "instruments": {"cowbell": {"volume": 0.25}}}}}
    assert joined["number"] == room.cursor["number"]
    back.close()


def test_join_without_cursor_or_with_one_from_elsewhere_gets_the_document(client, room):
    for cursor in (None, {"epoch": 1, "number": 0}, room.cursor | {"number": 99}):
        params = {"room": room.room} | ({"cursor": cursor} if cursor else {})
        result = client.call("room.join", params)
        assert not result["recovered"] and result["document"] == room.document


def test_resume_of_a_room_that_one_may_not_see_is_told_by_left(server, token):
    private = server.create(token, isPublic=False)
    guest = server.client(session=False)
    assert guest.call("session.open", {"resume": [{"room": private}]})["user"] is None
    left = guest.event("left", private)["d"]
    assert left["code"] == "notFound"
    guest.still_works()
    guest.close()


def test_a_replica_taken_up_elsewhere_fences_its_former_socket(server, token, client, room):
    room.follow(room.set(BPM, 160)["number"])
    other = server.client(token)
    joined = other.join(room.room, replica=room.replica, cursor=room.cursor)
    assert joined.result["replica"]["through"] == 1
    assert not joined.result["replica"]["renumber"]
    assert client.event("left", room.room)["d"]["code"] == "fenced"
    assert room.refuses(set={BPM: 161}).name == "notJoined"
    joined.document = room.document
    joined.follow(joined.set(BPM, 162)["number"])
    other.close()


def test_nothing_acknowledged_is_lost_by_kill_9_and_a_resend_is_applied_once(start):
    server = start()
    token = server.sign_in()
    client = server.client(token)
    room = client.join(server.demo)
    for bpm in range(100, 120):
        number = room.set(BPM, bpm)["number"]
    room.edit(remove=[COWBELL])
    refused = room.refuses(set={BPM: 251})
    assert refused.name == "outOfRange"
    room.follow(number + 1)
    in_flight = room.params(set={BPM: 200})
    client.send({"jsonrpc": "2.0", "method": "room.edit", "params": in_flight})
    server.kill()

    server = start()
    back = server.client(session=False)
    back.call("session.open", {"token": token, "resume": [
        {"room": server.demo, "cursor": room.cursor, "replica": room.replica}]})
    joined = back.event("joined", server.demo)["d"]
    assert joined["recovered"] and joined["epoch"] == room.cursor["epoch"]
    assert joined["replica"]["id"] == room.replica and not joined["replica"]["renumber"]
    assert joined["replica"]["through"] in (22, 23)
    assert [verdict["seq"] for verdict in joined["replica"]["refused"]] == [22]
    pattern = server.rpc("pattern.get", {"pattern": server.demo})["result"]["pattern"]
    assert "cowbell" not in json.dumps(pattern["machines"]["Salsa"])
    for _ in range(2):
        back.call("room.edit", in_flight)
    result = back.call("room.join", {"room": server.demo})
    assert result["number"] == number + 2
    assert result["document"]["machines"]["Salsa"]["bpm"] == 200
    # What was said of an edit is said again.
    again = back.refusal("room.edit", in_flight | {"seq": 22, "set": {BPM: 120}})
    assert again.name == "foreignReplica"  # the join above took a replica of its own
    back.call("room.join", {"room": server.demo, "replica": room.replica})
    again = back.refusal("room.edit", in_flight | {"seq": 22, "set": {BPM: 120}})
    assert again.name == "outOfRange" and again.data["path"] == BPM
    back.close()


def test_a_clean_stop_says_bye_and_exits_0(start):
    for number in (signal.SIGTERM, signal.SIGINT):
        server = start()
        token = server.sign_in()
        clients = [server.client(token) for _ in range(3)]
        room = clients[0].join(server.demo)
        room.notify(set={BPM: 100 + int(number)})
        room.settled(through=1)
        server.process.send_signal(number)
        delays = set()
        for client in clients:
            bye, code = client.closed()
            assert code == 1012 and bye["code"] == 1012 and bye["reason"] == "restart"
            delays.add(bye["retryAfterMs"])
        assert all(delay > 0 for delay in delays) and len(delays) > 1
        assert server.stop() == 0


def test_a_stop_settles_what_was_sent_before_it(start):
    server = start("--shards", "2")
    client = server.client(server.sign_in())
    room = client.join(server.demo)
    for bpm in range(100, 200):
        room.notify(set={BPM: bpm})
    room.settled(through=1)
    server.process.send_signal(signal.SIGTERM)
    through = 1
    try:
        while True:
            through = max(through, room.settled(through + 1, seconds=3)["through"])
    except Exception:
        pass
    assert server.stop() == 0
    server = start()
    shown = server.rpc("pattern.get", {"pattern": server.demo})["result"]["pattern"]
    assert shown["bpm"] >= 99 + through


def test_bcrypt_of_the_seed_is_verified_and_hashed_anew(server, viewer_token):
    # The server holds the file; a reader of a database in WAL mode may look.
    assert password_hash(server.data).startswith("$argon2id$")
    assert server.sign_in(VIEWER)


def test_aiohttp_follows_as_a_guest(server, token, client, room):
    async def follow():
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(
                server.url(), protocols=[SUBPROTOCOL], compress=0
            ) as socket:
                assert socket.protocol == SUBPROTOCOL
                assert (await socket.receive_json())["method"] == "hello"
                for id, (method, params) in enumerate([
                    ("session.open", {}), ("room.join", {"room": room.room}),
                ]):
                    await socket.send_json(
                        {"jsonrpc": "2.0", "id": id, "method": method, "params": params})
                    answer = await socket.receive_json()
                    assert answer["id"] == id
                assert answer["result"]["role"] == "guest"
                room.notify(set={BPM: 133})
                while True:
                    message = await asyncio.wait_for(socket.receive_json(), 8)
                    if message["params"].get("t") == "delta":
                        return message["params"]["d"]["patch"]

    assert asyncio.run(follow()) == {"machines": {"Salsa": {"bpm": 133}}}


def test_pattern_create_with_one_operation_makes_one_pattern(server, token):
    params = {"title": "Once", "opId": "0190aaaa-0000-7000-8000-00000000abcd", "bpm": 100}
    first = server.rpc("pattern.create", params, token)["result"]["pattern"]
    client = server.client(token)
    room = client.join(first["id"])
    number = room.set("/title", "Changed")["number"]
    again = server.rpc("pattern.create", params, token)["result"]["pattern"]
    assert again["id"] == first["id"]
    assert (again["title"], again["number"]) == ("Changed", number)
    client.close()


def test_a_private_pattern_does_not_exist_for_others(server, token, viewer_token):
    private = server.create(token, isPublic=False)
    for other in (viewer_token, None):
        answer = server.rpc("pattern.get", {"pattern": private}, other)
        assert answer["error"]["data"]["code"] == "notFound"
        client = server.client(other)
        assert client.refusal("room.join", {"room": private}).name == "notFound"
        client.still_works()
        client.close()
    nothing = server.rpc("pattern.get", {"pattern": "01900000-0000-7000-8000-000000000000"})
    assert nothing["error"] == answer["error"], "the answers tell which patterns exist"


def test_the_heartbeat_confirms_verdicts(server, token, client, room):
    room.refuses(set={BPM: 251})
    rooms = {room.room: {"number": 0, "confirmed": 1}}
    client.call("heartbeat", {"rooms": rooms})

    def unconfirmed():
        result = client.call("room.join", {"room": room.room, "replica": room.replica})
        return result["replica"]["refused"] == []

    wait_until(unconfirmed, what="confirmed verdicts")


def test_an_answer_comes_although_its_author_left_before_the_commit(client, room):
    client.send([
        {"jsonrpc": "2.0", "id": "e", "method": "room.edit", "params": room.params(set={BPM: 99})},
        {"jsonrpc": "2.0", "id": "l", "method": "room.leave", "params": {"room": room.room}},
    ])
    answers = client.take(lambda m: isinstance(m, list))
    by_id = {answer["id"]: answer for answer in answers}
    assert by_id["l"]["result"] == {} and by_id["e"]["result"]["number"] > 0


def test_one_socket_may_be_in_a_bounded_number_of_rooms(server, token, client):
    rooms = [server.create(token) for _ in range(33)]
    for room in rooms[:32]:
        client.join(room)
    refused = client.refusal("room.join", {"room": rooms[32]})
    assert refused.name == "limit" and "32" in refused.data["allowed"]
    client.call("room.leave", {"room": rooms[0]})
    client.join(rooms[32])


def test_a_wrong_state_is_healed_with_the_document(client, room):
    result = client.call("room.heal", {"room": room.room, "number": 0, "state": "{}"})
    assert result["document"] == room.document
