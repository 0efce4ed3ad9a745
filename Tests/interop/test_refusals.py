"""What bad input gets: a code, a path, what is allowed, and the value that stands; never silence,
and never the connection, unless the WebSocket protocol itself was broken."""

import json
import time

import pytest

from harness import CATALOGUE, Client

SALSA = next(flavor for flavor in CATALOGUE["flavors"] if flavor["id"] == "Salsa")
MERENGUE = next(flavor for flavor in CATALOGUE["flavors"] if flavor["id"] == "Merengue")
CLAVE = "/machines/Salsa/instruments/clave"


def programs(flavor, instrument):
    return next(len(i["programs"]) for i in flavor["instruments"] if i["id"] == instrument)


REFUSED_SETS = [
    # path, value, code, in allowed, value that stands
    ("/machines/Salsa/bpm", 79, "outOfRange", "80..250", 120),
    ("/machines/Salsa/bpm", 251, "outOfRange", "80..250", 120),
    ("/machines/Salsa/bpm", 120.5, "wrongType", "integer", 120),
    ("/machines/Salsa/bpm", "120", "wrongType", "integer", 120),
    ("/machines/Salsa/bpm", None, "wrongType", "integer", 120),
    ("/machines/Salsa/bpm", [120], "wrongType", "integer", 120),
    ("/machines/Salsa/bpm", True, "wrongType", "integer", 120),
    ("/machines/Salsa/bpm", 10**18, "outOfRange", "80..250", 120),
    ("/machines/Salsa/keyNote", 12, "outOfRange", "0..11", 0),
    ("/machines/Salsa/keyNote", -1, "outOfRange", "0..11", 0),
    ("/machines/Merengue/keyNote", 12, "outOfRange", "0..11", 8),
    (f"{CLAVE}/enabled", 1, "wrongType", "true", True),
    (f"{CLAVE}/volume", 1.01, "outOfRange", "0..1", 1),
    (f"{CLAVE}/volume", -0.01, "outOfRange", "0..1", 1),
    (f"{CLAVE}/volume", "loud", "wrongType", "0..1", 1),
    (f"{CLAVE}/pitchOffset", 99, "outOfRange", "0..0", 0),
    ("/title", "", "length", "1 to 200", "Interop"),
    ("/title", "x" * 201, "length", "1 to 200", "Interop"),
    ("/title", "a\u0007b", "length", "control", "Interop"),
    ("/title", 7, "wrongType", "text", "Interop"),
    ("/description", "x" * 5_001, "length", "5000", ""),
    ("/flavor", "Bachata", "outOfRange", "Merengue", "Salsa"),
    ("/swing", {"a": 1}, "wrongType", "256 bytes", None),
    ("/swing", "x" * 257, "length", "256 bytes", None),
]


@pytest.mark.parametrize("path,value,code,allowed,stands", REFUSED_SETS)
def test_a_value_that_does_not_fit(client, room, path, value, code, allowed, stands):
    refused = room.refuses(set={path: value})
    assert refused.name == code, refused
    assert refused.data["path"] == path
    assert allowed in refused.data["allowed"]
    assert refused.data.get("value") == stands
    assert not refused.data["retryable"]
    # The same as a notification: in the settlement, and later edits are judged alone.
    room.notify(set={path: value})
    room.notify(set={"/machines/Salsa/bpm": 100})
    settled = room.settled(through=3)
    verdicts = {verdict["seq"]: verdict for verdict in settled["refused"]}
    assert verdicts[2]["code"] == code and verdicts[2]["path"] == path
    assert 3 not in verdicts
    assert room.follow(2 - 1)["machines"]["Salsa"]["bpm"] == 100


@pytest.mark.parametrize("flavor", [SALSA, MERENGUE], ids=["Salsa", "Merengue"])
def test_a_program_out_of_range_of_its_flavor(room, flavor):
    for instrument in flavor["instruments"]:
        path = f"/machines/{flavor['id']}/instruments/{instrument['id']}/activeProgram"
        last = programs(flavor, instrument["id"]) - 1
        room.set(path, last)
        refused = room.refuses(set={path: last + 1})
        assert refused.name == "outOfRange" and refused.data["path"] == path
        assert refused.data["allowed"].endswith(f"0..{last}")
        assert refused.data["value"] == last


@pytest.mark.parametrize("parts", [
    {"set": {"/machines/Salsa/instruments/theremin/volume": 1}},
    {"set": {"/machines/Bachata/bpm": 120}},
    {"set": {"/machines": 1}},
    {"set": {"bpm": 120}},
    {"set": {"": 1}},
    {"set": {"/machines/Salsa/instruments/clave": True}},
    {"set": {"/machines/Salsa/instruments/clave/volume/deep": 1}},
    {"set": {"/no such~name": 1}},
    {"add": ["/machines/Salsa/instruments/theremin"]},
    {"add": ["/title"]},
    {"remove": ["/machines/Salsa"]},
])
def test_a_path_that_does_not_exist(client, room, parts):
    refused = room.refuses(**parts)
    assert refused.name == "unknownPath", refused
    assert "path" in refused.data and refused.data["allowed"]
    room.set("/machines/Salsa/bpm", 99)


def test_an_edit_that_contradicts_itself_or_does_nothing(room):
    assert room.refuses().name == "empty"
    assert room.refuses(add=[CLAVE], remove=[CLAVE]).name == "conflict"
    assert room.refuses(remove=[CLAVE], set={f"{CLAVE}/volume": 1}).name == "conflict"
    room.follow(room.edit(remove=[CLAVE])["number"])
    refused = room.refuses(set={f"{CLAVE}/volume": 1})
    assert refused.name == "absent" and refused.data["allowed"] == "add it first"
    assert room.refuses(void=True).name == "voided"
    too_many = {f"/machines/Salsa/x{index}": 1 for index in range(65)}
    refused = room.refuses(set=too_many)
    assert refused.name == "limit" and "64" in refused.data["allowed"]
    room.edit(add=[CLAVE], set={f"{CLAVE}/volume": 0.5})


def test_unknown_fields_are_kept_up_to_a_limit(client, room):
    room.follow(room.set("/swing", "straight")["number"])
    assert room.document["swing"] == "straight"
    room.edit(set={f"/x{index}": index for index in range(63)})
    refused = room.refuses(set={"/x63": 1})
    assert refused.name == "limit" and refused.data["path"] == "/x63"
    assert refused.data["allowed"] == "64"
    room.set("/swing", 0.25)
    document = client.call("room.join", {"room": room.room})["document"]
    assert document["swing"] == 0.25 and document["x62"] == 62


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "01", "1.",
                                   ".5", "+1", "0x10", "1e", "--1", "undefined", "'a'"])
def test_tokens_that_are_no_json_numbers(client, room, number):
    text = json.dumps({"jsonrpc": "2.0", "id": 9, "method": "room.edit",
                       "params": room.params(seq=1, set={"/machines/Salsa/bpm": 0.125})})
    client.send(text.replace("0.125", number))
    answer = client.response(None)
    assert answer["error"]["code"] == -32700, answer
    assert answer["error"]["data"]["code"] == "parse"
    room.set("/machines/Salsa/bpm", 120)


@pytest.mark.parametrize("text", [
    "", " ", "{", "[", "nul", "{]", '{"a":1,}', "[1,]", '{"a" 1}', '"\\x"', '"\t"', "{} {}",
    '{"jsonrpc":"2.0","method":"heartbeat","id":1,"id":2}',
    '{"jsonrpc":"2.0","method":"heartbeat","params":{"a":1,"\\u0061":2},"id":1}',
    '["\\ud800"]', "[" * 17 + "]" * 17, "[" * 30_000, '{"a":' * 17 + "1" + "}" * 17,
    "\ufeff{}",
])
def test_what_is_not_json(client, text):
    client.send(text)
    answer = client.response(None)
    assert answer["error"]["code"] == -32700, answer
    client.still_works()


def test_a_message_that_is_too_large(client, room):
    maximum = client.hello["limits"]["messageBytesMax"]
    client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "heartbeat", "params": {
        "x": "y" * maximum}}))
    error = client.response(None)["error"]
    assert error["data"]["code"] == "tooLarge" and str(maximum) in error["data"]["allowed"]
    padded = json.dumps({"jsonrpc": "2.0", "id": 77, "method": "heartbeat"})
    client.send(padded + " " * (maximum - len(padded)))
    assert "result" in client.response(77)
    client.send(padded + " " * (maximum - len(padded) + 1))
    assert client.response(None)["error"]["data"]["code"] == "tooLarge"
    client.still_works()


@pytest.mark.parametrize("fragments", [1, 3])
def test_a_message_beyond_what_a_socket_takes_is_closed_1009(server, fragments):
    client = server.client(session=False)
    text = "x" * (1_048_576 // fragments + 1)
    try:
        client.socket.send(text if fragments == 1 else [text] * fragments)
    except Exception:
        pass  # It may be closed before all is sent.
    assert client.closed()[1] == 1009
    server.is_well()


def test_a_binary_message(client):
    client.send(b"\x00\x01")
    error = client.response(None)["error"]
    assert error["code"] == 1001 and error["data"]["code"] == "binary"
    assert error["data"]["allowed"]
    client.still_works()


def test_a_seq_with_a_gap(client, room):
    room.set("/machines/Salsa/bpm", 100)
    refused = room.refuses(seq=3, set={"/machines/Salsa/bpm": 101})
    assert refused.name == "gap" and refused.data["retryable"]
    assert refused.data["path"] == "/seq" and refused.data["allowed"] == "2"
    room.notify(seq=4, set={"/machines/Salsa/bpm": 101})
    retry = client.event("settled", room.room, lambda d: "retry" in d)["d"]["retry"]
    assert (retry["from"], retry["code"]) == (2, "gap")
    room.set("/machines/Salsa/bpm", 102)


@pytest.mark.parametrize("seq", [0, -1, "1", 1.5, None, 2**60])
def test_a_seq_that_is_none(client, room, seq):
    refused = client.refusal("room.edit", room.params(seq=1, set={"/title": "x"}) | {"seq": seq})
    assert refused.code == -32602 and refused.data["path"] == "/seq"


def test_a_base_from_elsewhere(client, room):
    for base in ({"epoch": 1, "number": 0}, room.cursor | {"number": 99}):
        refused = client.refusal("room.edit", room.params(seq=1, base=base, set={"/title": "x"}))
        assert refused.name == "epoch" and refused.data["retryable"]
    for base in (7, {"epoch": 1}, {"epoch": -1, "number": 0}):
        refused = client.refusal("room.edit", room.params(seq=1, base=base, set={"/title": "x"}))
        assert refused.code == -32602, refused


def test_a_foreign_replica(server, token, client, room):
    other = server.client(token)
    theirs = other.join(room.room)
    for replica in (theirs.replica, "0123456789abcdef"):
        refused = client.refusal(
            "room.edit", room.params(seq=1, set={"/title": "x"}) | {"replica": replica})
        assert refused.name == "foreignReplica" and refused.data["path"] == "/replica"
        assert refused.data["allowed"] == room.replica
    for replica in ("xyz", 7, None, "ABCDEFABCDEFABCD0"):
        refused = client.refusal(
            "room.edit", room.params(seq=1, set={"/title": "x"}) | {"replica": replica})
        assert refused.code == -32602 and refused.data["path"] == "/replica"
    other.close()


def test_a_replica_of_another_user_is_not_joined_with(server, token, viewer_token):
    pattern = server.create(viewer_token)
    ana = server.client(viewer_token).join(pattern)
    ana.set("/title", "Mine")
    # Somebody else's pattern: no replica at all, whatever is asked for.
    other = server.client(token)
    result = other.call("room.join", {"room": pattern, "replica": ana.replica})
    assert result["role"] == "viewer" and not result.get("replica")
    ana.set("/title", "Still mine")
    ana.client.close()
    other.close()


def test_edits_by_those_who_may_not(server, viewer_token, pattern):
    for token, role in ((viewer_token, "viewer"), (None, "guest")):
        client = server.client(token)
        edit = {"room": pattern, "replica": "0123456789abcdef", "seq": 1, "set": {"/title": "x"}}
        assert client.refusal("room.edit", edit).name == "notJoined"
        assert client.join(pattern).result["role"] == role
        refused = client.refusal("room.edit", edit)
        assert refused.name == "forbidden" and "owner" in refused.data["allowed"]
        client.send({"jsonrpc": "2.0", "method": "room.edit", "params": edit})
        told = client.refused()
        assert told["method"] == "room.edit" and told["error"]["data"]["code"] == "forbidden"
        client.still_works()
        client.close()


def test_notifications_that_cannot_be_taken_are_told(client, room):
    edit = room.params(seq=1, set={"/title": "x"})
    for params, code in [
        (edit | {"seq": "one"}, "invalidParams"),
        (edit | {"set": [1]}, "invalidParams"),
        ({}, "invalidParams"),
        (edit | {"replica": "0123456789abcdef"}, "foreignReplica"),
        (edit | {"room": "01900000-0000-7000-8000-000000000000"}, "notJoined"),
    ]:
        client.send({"jsonrpc": "2.0", "method": "room.edit", "params": params})
        told = client.refused()
        assert told["method"] == "room.edit"
        assert told["error"]["data"]["code"] == code, told
    client.send({"jsonrpc": "2.0", "method": "room.nonsense"})
    assert client.refused()["error"]["code"] == -32601
    client.send({"jsonrpc": "2.0", "method": "room.presence",
                 "params": {"room": room.room, "touching": "/nowhere/at/all"}})
    assert client.refused()["error"]["data"]["code"] == "unknownPath"
    room.set("/title", "taken")


@pytest.mark.parametrize("params", [
    {}, {"room": 7}, {"room": "x"}, {"room": None},
    {"room": "01900000-0000-7000-8000-00000000000"},
])
def test_a_room_that_is_no_id(client, params):
    refused = client.refusal("room.join", params)
    assert refused.code == -32602
    assert refused.data["path"] == "/room" and refused.data["allowed"] == "UUID"


def test_an_unknown_room(client):
    unknown = {"room": "01900000-0000-7000-8000-000000000000"}
    assert client.refusal("room.join", unknown).name == "notFound"
    assert client.refusal("room.leave", unknown).name == "notJoined"
    assert client.refusal("room.presence", unknown | {"touching": None}).name == "notJoined"


def test_presence_on_what_does_not_exist(client, room):
    refused = client.refusal(
        "room.presence", {"room": room.room, "touching": "/machines/Salsa/instruments/theremin"})
    assert refused.name == "unknownPath" and refused.data["allowed"]
    refused = client.refusal("room.presence", {"room": room.room, "touching": 7})
    assert refused.code == -32602 and refused.data["path"] == "/touching"


def test_calls_before_a_session(server, pattern):
    client = server.client(session=False)
    for method, params in [
        ("room.join", {"room": pattern}), ("pattern.get", {"pattern": pattern}),
        ("pattern.create", {}), ("room.edit", {}), ("room.leave", {"room": pattern}),
    ]:
        assert client.refusal(method, params).name == "sessionRequired"
    client.still_works()
    refused = client.refusal("session.open", {"token": "sn_wrong"})
    assert refused.name == "unauthenticated" and refused.data["path"] == "/token"
    refused = client.refusal("session.open", {"token": 7})
    assert refused.code == -32602
    refused = client.refusal("session.open", {"resume": [7]})
    assert refused.code == -32602 and refused.data["path"] == "/resume/0"
    refused = client.refusal("session.open", {"resume": [{"room": pattern}] * 33})
    assert refused.code == -32602 and "32" in refused.data["allowed"]
    assert client.call("session.open")["user"] is None
    assert client.refusal("session.open").name == "sessionOpen"
    assert client.refusal("pattern.create", {"title": "x"}).name == "forbidden"
    client.close()


def test_no_session_within_10_seconds(server):
    client = server.client(session=False)
    began = time.monotonic()
    assert client.hello["sessionOpenSeconds"] == 10
    bye, code = client.closed(seconds=15)
    assert code == 4301 and bye["code"] == 4301 and bye["reason"] == "noSession"
    assert bye["retryAfterMs"] > 0
    assert 8 < time.monotonic() - began < 13
    server.is_well()


def test_wrong_sign_ins_get_one_answer_in_one_time(server):
    answers, times = [], []
    for email, password in [
        ("demo@salsabeatmachine.org", "wrong"), ("nobody@example.org", "wrong"),
        ("demo@salsabeatmachine.org", "wr\0ng"), ("bea@example.org", "wrong"),
        ("bea@example.org", "wr\0ng"),
    ]:
        began = time.monotonic()
        answers.append(server.rpc("account.signIn", {"email": email, "password": password}))
        times.append(time.monotonic() - began)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["error"]["data"]["code"] == "unauthenticated"
    assert max(times) - min(times) < 0.25, times
    for params in ({}, {"email": "a"}, {"email": "a" * 256, "password": "b"},
                   {"email": "a@b.c", "password": "x" * 1_025}, {"email": 1, "password": "b"}):
        assert server.rpc("account.signIn", params)["error"]["code"] == -32602


@pytest.mark.parametrize("change,path", [
    ({"title": ""}, "/title"), ({"title": "x" * 201}, "/title"), ({"title": None}, "/title"),
    ({"bpm": 79}, "/bpm"), ({"bpm": 251}, "/bpm"), ({"keyNote": 12}, "/keyNote"),
    ({"flavor": "Bachata"}, "/flavor"), ({"isPublic": 1}, "/isPublic"), ({"opId": "x"}, "/opId"),
    ({"configuration": 7}, "/configuration"),
    ({"configuration": {"instruments": [{"id": "theremin"}]}}, "/configuration/instruments/0/id"),
    ({"configuration": {"instruments": [{"id": "clave"}, {"id": "clave"}]}},
     "/configuration/instruments/1/id"),
    ({"configuration": {"instruments": [{"id": "clave", "volume": 2}]}},
     "/configuration/instruments/0/volume"),
])
def test_patterns_that_do_not_fit_are_not_made(server, token, change, path):
    params = {"title": "x", "opId": "0190bbbb-0000-7000-8000-00000000abcd"} | change
    error = server.rpc("pattern.create", params, token)["error"]
    assert error["code"] == -32602, error
    assert error["data"]["path"] == path and error["data"]["allowed"]
    assert error["data"]["retryable"] is False


def test_too_many_edits_per_second_are_asked_to_come_later(client, room):
    allowed = client.hello["limits"]["editsPerSecondMax"]
    calls = [room.params(set={"/machines/Salsa/bpm": 80 + index % 170}) for index in range(600)]
    for index, params in enumerate(calls):
        client.send({"jsonrpc": "2.0", "id": index + 100, "method": "room.edit", "params": params})
    answers = [client.response(index + 100) for index in range(600)]
    refused = [answer["error"]["data"] for answer in answers if "error" in answer]
    assert refused and refused[0]["code"] == "rate", answers[-1]
    assert refused[0]["retryable"] and refused[0]["retryAfterMs"] > 0
    assert str(allowed) in refused[0]["allowed"]
    assert {data["code"] for data in refused} <= {"rate", "gap"}
    first = next(i for i, answer in enumerate(answers) if "error" in answer)
    time.sleep(refused[0]["retryAfterMs"] / 1_000 + 0.05)
    client.call("room.edit", calls[first])


def test_unconfirmed_verdicts_are_bounded(client, room):
    for seq in range(1, 300):
        refused = room.refuses(seq=seq, set={"/machines/Salsa/bpm": 1})
        if refused.name == "rate":
            time.sleep(refused.data["retryAfterMs"] / 1_000 + 0.01)
            refused = room.refuses(seq=seq, set={"/machines/Salsa/bpm": 1})
        if refused.name != "outOfRange":
            break
    assert refused.name == "unconfirmed" and refused.data["retryable"]
    client.call("heartbeat", {"rooms": {room.room: {"number": 0, "confirmed": seq - 1}}})
    room.seq = seq - 1
    room.set("/machines/Salsa/bpm", 90)


def test_pages_of_foreign_origins_are_not_let_in(server):
    for origin in ("http://evil.example", "https://127.0.0.1:1", "null", "http://localhost.evil"):
        with pytest.raises(Exception, match="403"):
            Client(server, origin=origin)
    for origin in (f"http://127.0.0.1:{server.port}", f"http://localhost:{server.port}",
                   "https://salsa.example"):
        client = Client(server, origin=origin)
        client.still_works()
        client.close()
