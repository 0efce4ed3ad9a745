"""The edges of JSON-RPC 2.0, on a socket."""

import pytest

BEAT = {"jsonrpc": "2.0", "method": "heartbeat"}


def batch(client):
    return client.take(lambda message: isinstance(message, list))


@pytest.mark.parametrize("id", [0, 1, -1, 2**53, 2**63 - 1, -(2**63), "", "a", "x" * 64, "ü", None])
def test_ids_are_repeated(client, id):
    client.send(BEAT | {"id": id})
    assert "timeMs" in client.response(id)["result"]


@pytest.mark.parametrize("id", ["x" * 65, 1.5, True, [], {}, 2**64])
def test_ids_of_other_kinds(client, id):
    client.send(BEAT | {"id": id})
    error = client.response(None)["error"]
    assert error["code"] == -32600
    client.still_works()


@pytest.mark.parametrize("call,code", [
    ({"method": "heartbeat", "id": 5}, -32600),
    ({"jsonrpc": "1.0", "method": "heartbeat", "id": 5}, -32600),
    ({"jsonrpc": 2.0, "method": "heartbeat", "id": 5}, -32600),
    ({"jsonrpc": "2.0", "id": 5}, -32600),
    ({"jsonrpc": "2.0", "method": 7, "id": 5}, -32600),
    ({"jsonrpc": "2.0", "method": None, "id": 5}, -32600),
    ({"jsonrpc": "2.0", "method": "heartbeat", "id": 5, "params": []}, -32602),
    ({"jsonrpc": "2.0", "method": "heartbeat", "id": 5, "params": [1, 2]}, -32602),
    ({"jsonrpc": "2.0", "method": "heartbeat", "id": 5, "params": "x"}, -32602),
    ({"jsonrpc": "2.0", "method": "heartbeat", "id": 5, "params": 7}, -32602),
    ({"jsonrpc": "2.0", "method": "no.such", "id": 5}, -32601),
    ({"jsonrpc": "2.0", "method": "Heartbeat", "id": 5}, -32601),
    ({"jsonrpc": "2.0", "method": "rpc.discover", "id": 5}, -32601),
])
def test_calls_that_are_none(client, call, code):
    client.send(call)
    error = client.response(5)["error"]
    assert error["code"] == code and error["message"]
    assert error["data"]["retryable"] is False
    client.still_works()


@pytest.mark.parametrize("text", ["1", "null", "true", '"x"', "{}"])
def test_json_that_is_no_call(client, text):
    client.send(text)
    assert client.response(None)["error"]["code"] == -32600
    client.still_works()


def test_an_unknown_method_is_told_with_those_that_exist(client):
    refused = client.refusal("x" * 500)
    assert len(refused.message) < 200 and "room.join" in refused.data["allowed"]


def test_members_that_a_method_does_not_know_are_ignored(client):
    client.send(BEAT | {"id": 1, "extra": {"a": 1}, "params": {"unknown": [1, 2]}})
    assert "result" in client.response(1)


def test_batches(client):
    client.send([BEAT | {"id": 1}, BEAT, BEAT | {"id": "two"}, 7, {"jsonrpc": "2.0", "id": 3},
                 BEAT | {"id": 4, "params": []}])
    answers = batch(client)
    assert {str(answer["id"]) for answer in answers} == {"1", "two", "None", "3", "4"}
    assert len(answers) == 5
    for message in ([], [BEAT] * 51):
        client.send(message)
        error = client.response(None)["error"]
        assert error["code"] == -32600
        assert error["data"]["allowed"] == "1..50"
    client.send([BEAT] * 50)  # Notifications only: nothing comes back.
    client.send([BEAT | {"id": 6}])
    assert [answer["id"] for answer in batch(client)] == [6]
    client.send([[BEAT | {"id": 1}]])
    assert batch(client)[0]["error"]["code"] == -32600
    client.send([BEAT | {"id": index} for index in range(50)])
    assert [answer["id"] for answer in batch(client)] == list(range(50))
    assert client.inbox == []


def test_edits_in_batches_are_answered_with_their_batch(client, room):
    def call(id, **parts):
        edit = {"jsonrpc": "2.0", "method": "room.edit", "params": room.params(**parts)}
        return edit if id is None else edit | {"id": id}

    path = "/machines/Salsa/bpm"
    client.send([
        call("same", set={path: 100}), call("same", set={path: 101}), BEAT | {"id": "same"},
        call("bad", set={path: 251}), call(None, set={path: 102}),
        call("gap", seq=99, set={path: 103}),
    ])
    answers = batch(client)
    assert len(answers) == 5
    by_id = {}
    for answer in answers:
        by_id.setdefault(answer["id"], []).append(answer)
    numbers = sorted(a["result"]["number"] for a in by_id["same"] if "number" in a["result"])
    assert numbers == [1, 2]
    assert by_id["bad"][0]["error"]["data"]["code"] == "outOfRange"
    assert by_id["gap"][0]["error"]["data"]["code"] == "gap"
    room.follow(3)
    assert room.document["machines"]["Salsa"]["bpm"] == 102


def test_two_batches_and_a_call_with_equal_ids(client, room):
    calls = [{"jsonrpc": "2.0", "id": 1, "method": "room.edit",
              "params": room.params(set={"/machines/Salsa/bpm": bpm})} for bpm in (90, 91, 92)]
    client.send(calls[:1])
    client.send(calls[1])
    client.send(calls[2:])
    single = client.take(lambda m: isinstance(m, dict) and m.get("id") == 1)
    assert [b["result"]["number"] for b in batch(client) + batch(client)] == [1, 3]
    assert single["result"]["number"] == 2


def test_an_edit_sent_twice_before_it_is_on_disk(client, room):
    """Both calls are answered, and it is applied once."""
    edit = {"jsonrpc": "2.0", "method": "room.edit",
            "params": room.params(set={"/machines/Salsa/bpm": 90})}
    client.send([edit | {"id": 1}, edit | {"id": 2}])
    answers = batch(client)
    assert {answer["id"] for answer in answers} == {1, 2}
    assert client.call("room.join", {"room": room.room})["number"] == 1


def test_an_edit_sent_again_is_accepted_again_and_applied_once(client, room):
    params = room.params(set={"/machines/Salsa/bpm": 90})
    first = client.call("room.edit", params)
    assert first["number"] == 1
    again = client.call("room.edit", params)
    assert again == {}
    assert client.call("pattern.get", {"pattern": room.room})["pattern"]["number"] == 1


def test_a_session_opened_in_a_batch_serves_the_calls_after_it(server, pattern):
    client = server.client(session=False)
    client.send([
        {"jsonrpc": "2.0", "id": 1, "method": "session.open"},
        {"jsonrpc": "2.0", "id": 2, "method": "pattern.get", "params": {"pattern": pattern}},
    ])
    answers = {answer["id"]: answer for answer in batch(client)}
    assert answers[2]["result"]["pattern"]["id"] == pattern
    client.close()


def test_who_calls_too_fast_is_read_more_slowly_and_loses_nothing(server):
    client = server.client()
    for start in range(0, 4_000, 50):
        client.send([BEAT | {"id": 10_000 + start + index} for index in range(50)])
    other = server.client()
    other.still_works()
    ids = []
    while len(ids) < 4_000:
        ids += [answer["id"] for answer in batch(client)]
    assert ids == list(range(10_000, 14_000))
    client.close()
    other.close()
