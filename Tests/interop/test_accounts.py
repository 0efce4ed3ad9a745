"""Accounts as a stranger uses them: HTTP calls, and sockets that end when their session does."""

import json
import sqlite3
import time
import uuid

import pytest

from harness import password_hash

PASSWORD = "son montuno 1941"


def op():
    return str(uuid.uuid4())


def address():
    return f"{uuid.uuid4().hex[:12]}@Example.org"


def register(server, email=None, **params):
    params = {"email": email or address(), "password": PASSWORD, "displayName": "Ana"} | params
    return server.rpc("account.register", params)


@pytest.fixture
def email():
    return address()


@pytest.fixture
def mine(server, email):
    return register(server, email)["result"]["token"]


def result(answer):
    assert "result" in answer, answer
    return answer["result"]


def error(answer):
    assert "error" in answer, answer
    return answer["error"]["data"]


def sign_in(server, email, password=PASSWORD):
    return server.rpc("account.signIn", {"email": email, "password": password})


def test_a_new_account_can_be_used_at_once(server, email, mine):
    account = result(server.rpc("account.get", token=mine))
    assert account["account"]["email"] == email
    assert account["account"]["displayName"] == "Ana"
    assert account["account"]["emailVerified"] is False
    assert account["preferences"]["defaultBpm"] == 120
    assert server.create(mine)
    assert result(sign_in(server, email.upper()))["token"].startswith("sn_")


def test_an_address_is_one_account_in_any_case(server, email, mine):
    for other in (email, email.lower(), email.upper()):
        refused = error(register(server, other))
        assert (refused["code"], refused["path"]) == ("taken", "/email")


@pytest.mark.parametrize("params, code, path", [
    ({"password": "Password"}, "weakPassword", "/password"),
    ({"password": "1234567"}, "invalidParams", "/password"),
    ({"password": "x" * 1025}, "invalidParams", "/password"),
    ({"email": "nobody"}, "invalidParams", "/email"),
    ({"email": "a@b@c"}, "invalidParams", "/email"),
    ({"displayName": ""}, "invalidParams", "/displayName"),
    ({"displayName": "Ana\u200b"}, "invalidParams", "/displayName"),
    ({"displayName": "A" * 101}, "invalidParams", "/displayName"),
    ({"language": "x"}, "invalidParams", "/language"),
])
def test_a_registration_says_what_is_wrong(server, params, code, path):
    refused = error(register(server, **params))
    assert (refused["code"], refused["path"]) == (code, path)
    assert "value" not in refused or "password" not in params


def test_unknown_addresses_and_wrong_passwords_get_one_answer(server, email, mine):
    wrong = sign_in(server, email, "not the password")
    unknown = sign_in(server, address(), "not the password")
    assert wrong["error"] == unknown["error"]
    assert error(wrong)["code"] == "unauthenticated"


def test_sessions_are_listed_and_revoked_and_their_sockets_close(server, email, mine):
    other = result(sign_in(server, email))["token"]
    sessions = result(server.rpc("account.sessions", token=mine))["sessions"]
    assert [s["isCurrent"] for s in sessions].count(True) == 1
    assert {s["address"] for s in sessions} == {"127.0.0.1"}
    assert all(s["agent"].startswith("Python-urllib") for s in sessions)
    client = server.client(other)
    target = next(s["id"] for s in sessions if not s["isCurrent"])
    params = {"session": target, "opId": op()}
    assert result(server.rpc("account.revokeSession", params, mine)) == {}
    bye, code = client.closed()
    assert (bye["code"], bye["reason"], code) == (4101, "sessionEnded", 4101)
    # Sent again it has its first answer; another call finds nothing.
    assert result(server.rpc("account.revokeSession", params, mine)) == {}
    assert error(server.rpc(
        "account.revokeSession", {"session": target, "opId": op()}, mine))["code"] == "notFound"
    with server.raw() as connection:
        connection.sendall((
            f"POST /v1/rpc HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Authorization: Bearer {other}\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}").encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 401")


def test_signing_out_answers_before_the_socket_closes(server, mine):
    first, second = server.client(mine), server.client(mine)
    assert first.call("account.signOut", {"opId": op()}) == {}
    assert first.closed()[1] == 4101
    assert second.closed()[1] == 4101


def test_signing_out_everywhere(server, email, mine):
    clients = [server.client(result(sign_in(server, email))["token"]) for _ in range(3)]
    own = server.client(mine)
    assert own.call("account.signOutEverywhere", {"opId": op()}) == {"sessionCount": 4}
    assert [c.closed()[1] for c in [own, *clients]] == [4101] * 4


def test_a_socket_takes_another_session_of_the_same_user(server, email, mine, token):
    client = server.client(mine)
    room = client.join(server.create(mine))
    assert client.refusal("session.renew", {"token": token}).name == "forbidden"
    assert client.refusal("session.renew", {"token": "sn_00"}).name == "unauthenticated"
    new = result(sign_in(server, email))["token"]
    assert client.call("session.renew", {"token": new})["expiresMs"] > time.time() * 1000
    assert client.call("account.sessions")["sessions"][0]["isCurrent"] is True
    server.rpc("account.signOut", {"opId": op()}, mine)
    client.still_works()
    room.set("/title", "still here")
    server.rpc("account.signOut", {"opId": op()}, new)
    assert client.closed()[1] == 4101


def test_profile_and_preferences(server, mine):
    def update(**params):
        return server.rpc("account.update", params | {"opId": op()}, mine)

    changed = result(update(
        displayName="Ana Mari\u0301a", avatarUrl="https://example.org/a.png", bio="clave\nfirst"))
    assert changed["account"]["displayName"] == "Ana Mar\u00eda"
    changed = result(update(bio=None))["account"]
    assert (changed["bio"], changed["avatarUrl"]) == (None, "https://example.org/a.png")
    assert error(update(avatarUrl="javascript:alert(1)"))["path"] == "/avatarUrl"

    def prefer(**params):
        return server.rpc("account.setPreferences", params | {"opId": op()}, mine)

    kept = result(prefer(
        defaultBpm=96, defaultKeyNote=7, defaultFlavor="Merengue", defaultVolume=0.333))
    assert kept["preferences"]["defaultVolume"] == 0.33
    assert kept["preferences"]["autoPlay"] is False
    for wrong in ({"defaultBpm": 79}, {"defaultKeyNote": 12}, {"defaultFlavor": "Cumbia"},
                  {"defaultVolume": 1.01}, {"theme": "pink"}, {"autoPlay": 1}):
        refused = error(prefer(**wrong))
        assert (refused["code"], refused["path"]) == ("invalidParams", f"/{next(iter(wrong))}")
    pattern = result(server.rpc(
        "pattern.get", {"pattern": server.create(mine)}, mine))["pattern"]
    assert (pattern["flavor"], pattern["bpm"], pattern["keyNote"]) == ("Merengue", 96, 7)
    pattern = result(server.rpc(
        "pattern.get", {"pattern": server.create(mine, flavor="Salsa", bpm=200)}, mine))["pattern"]
    assert (pattern["flavor"], pattern["bpm"], pattern["keyNote"]) == ("Salsa", 200, 7)


def test_another_password_ends_the_other_sessions(server, email, mine):
    other = server.client(result(sign_in(server, email))["token"])
    own = server.client(mine)
    params = {"password": "not it, no", "newPassword": "guaguanco callejero", "opId": op()}
    refused = own.refusal("account.changePassword", params)
    assert refused.name == "unauthenticated"
    params |= {"password": PASSWORD}
    weak = own.refusal("account.changePassword", params | {"newPassword": email, "opId": op()})
    assert (weak.name, weak.data["path"]) == ("weakPassword", "/newPassword")
    assert own.call("account.changePassword", params) == {}
    assert other.closed()[1] == 4101
    own.still_works()
    # Sent again, with what is no longer the password.
    assert own.call("account.changePassword", params) == {}
    assert error(sign_in(server, email))["code"] == "unauthenticated"
    assert result(sign_in(server, email, "guaguanco callejero"))


def test_an_answer_that_is_being_forgotten_opens_no_way_around_the_password(start, data):
    """Between the look for an earlier answer and the write it may be a day old."""
    count, apart_ms = 40, 60
    server = start()
    email = address()
    mine = result(register(server, email))["token"]
    ids = [op() for _ in range(count)]
    for id in ids:
        result(server.rpc("account.update", {"bio": "x", "opId": id}, mine))
    assert server.stop() == 0
    before = password_hash(data, (email.lower(), PASSWORD))
    begins = int(time.time() * 1000) + 2_000
    day = 86_400_000
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        for number, id in enumerate(ids):
            database.execute(
                "UPDATE operations SET created_at = ? WHERE operation_id = ?",
                (begins + number * apart_ms - day, uuid.UUID(id).bytes))
    database.close()
    server = start()
    for number, id in enumerate(ids):
        # The moment of forgetting is what is tried: a hash takes longer than what is left.
        time.sleep(max(0, (begins + number * apart_ms - 12) / 1000 - time.time()))
        answer = server.rpc("account.changePassword", {
            "password": "not it, no", "newPassword": "guaguanco callejero", "opId": id}, mine)
        assert error(answer)["code"] in ("conflict", "busy", "unauthenticated", "throttled")
    assert password_hash(data, (email.lower(), PASSWORD)) == before


@pytest.mark.parametrize("method", ["account.deactivate", "account.delete"])
def test_leaving_hides_everything_until_the_next_sign_in(server, email, mine, token, method):
    pattern = server.create(mine)
    own, guest = server.client(mine), server.client()
    guest.join(pattern)
    assert own.refusal(method, {"opId": op()}).data["path"] == "/password"
    assert own.refusal(method, {"password": "not it, no", "opId": op()}).name == "unauthenticated"
    own.call(method, {"password": PASSWORD, "opId": op()})
    assert own.closed()[1] == 4101
    guest.event("left", pattern)
    assert guest.refusal("room.join", {"room": pattern}).name == "notFound"
    assert guest.refusal("pattern.get", {"pattern": pattern}).name == "notFound"
    assert error(register(server, email))["code"] == "taken"
    back = result(sign_in(server, email))["token"]
    assert result(server.rpc("pattern.get", {"pattern": pattern}, back))
    guest.join(pattern)


def test_an_export_has_every_section_and_row(server, email, mine):
    patterns = {server.create(mine, title=f"n {n}") for n in range(70)}
    shared = result(server.rpc("pattern.share", {
        "pattern": min(patterns), "role": "viewer", "opId": str(uuid.uuid4())}, mine))
    sections, found, cursor = [], set(), None
    while True:
        page = result(server.rpc("account.export", {"cursor": cursor} if cursor else {}, mine))
        sections.append(page["section"])
        if page["section"] == "patterns":
            ids = [item["id"] for item in page["items"]]
            assert not found & set(ids)
            found |= set(ids)
            for item in page["items"]:
                assert item.get("shareLinks", []) == \
                    ([shared["link"]] if item["id"] == min(patterns) else [])
        assert shared["secret"] not in json.dumps(page)
        assert PASSWORD not in json.dumps(page) and "argon2" not in json.dumps(page)
        cursor = page.get("next")
        if not cursor:
            break
    assert found == patterns
    assert sections[:3] == ["account", "preferences", "sessions"]
    assert set(sections) >= {"comments", "likes", "following", "followers", "inbox", "collaborations"}
    for wrong in ("patterns~1", "patterns~x~y", "nothing", "~~"):
        assert error(server.rpc("account.export", {"cursor": wrong}, mine))["path"] == "/cursor"


def test_wrong_passwords_are_slowed_down_also_after_a_restart(start, data):
    server = start("--trusted-proxy", "127.0.0.1/32")
    email = address()

    def call(method, params, host):
        import urllib.request
        body = json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(server.url("/v1/rpc", "http"), body, {
            "Content-Type": "application/json", "X-Forwarded-For": host})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read())

    def attempt(host, password="not the password", email=email):
        return call("account.signIn", {"email": email, "password": password}, host)

    home, thief, far = "203.0.113.1", "203.0.113.2", "203.0.113.3"
    result(call("account.register",
                {"email": email, "password": PASSWORD, "displayName": "Ana"}, home))
    nobody = address()
    for name in (email, nobody):
        codes = []
        for _ in range(8):
            codes.append(error(attempt(thief, email=name))["code"])
            if codes[-1] == "throttled":
                break
        # Five are free; the sixth begins the wait; an unknown address is no different.
        assert codes == ["unauthenticated"] * 6 + ["throttled"]
    assert server.stop() == 0
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        # As if it had gone on for long: the wait is at its ceiling.
        now = int(time.time() * 1000)
        count = database.execute(
            "UPDATE throttles SET failures = failures + 10, last_failure_at = ?", (now,)).rowcount
    assert count >= 4
    database.close()
    server = start("--trusted-proxy", "127.0.0.1/32")
    slowed = error(attempt(thief, PASSWORD))
    assert slowed["code"] == "throttled" and slowed["retryable"]
    assert 200_000 < slowed["retryAfterMs"] <= 900_000
    # The owner is not kept out: at home not at all, elsewhere for half a minute at most.
    assert 0 < error(attempt(far, PASSWORD))["retryAfterMs"] <= 30_000
    assert result(attempt(home, PASSWORD))["token"]


def test_registrations_of_one_network_are_slowed_down(start):
    server = start("--trusted-proxy", "127.0.0.1/32")
    import urllib.request
    codes = []
    for _ in range(13):
        body = json.dumps({
            "jsonrpc": "2.0", "id": 1, "method": "account.register",
            "params": {"email": address(), "password": PASSWORD, "displayName": "Ana"}}).encode()
        request = urllib.request.Request(server.url("/v1/rpc", "http"), body, {
            "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.7"})
        with urllib.request.urlopen(request, timeout=30) as response:
            codes.append(json.loads(response.read()).get("error", {}).get("data", {}).get("code"))
    assert codes[:10] == [None] * 10
    assert "throttled" in codes


def test_a_closed_account_says_so_to_the_right_password_only(start, data):
    server = start()
    email = address()
    mine = register(server, email)["result"]["token"]
    assert server.stop() == 0
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        database.execute(
            "UPDATE users SET is_active = 0, banned_at = 1 WHERE email = ?", (email,))
    database.close()
    server = start()
    assert error(sign_in(server, email))["code"] == "forbidden"
    assert error(sign_in(server, email, "not the password"))["code"] == "unauthenticated"
    client = server.client(session=False)
    assert client.refusal("session.open", {"token": mine}).name == "unauthenticated"


def test_an_open_socket_closes_when_its_session_expires(start, data):
    server = start()
    mine = register(server)["result"]["token"]
    assert server.stop() == 0
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        database.execute(
            "UPDATE sessions SET expires_at = ?", (int(time.time() * 1000) + 4_000,))
    database.close()
    server = start()
    client = server.client(mine)
    bye, code = client.closed(seconds=15)
    assert (bye["code"], code) == (4101, 4101)


def test_revoking_while_sockets_open_leaves_none_open(server, email, mine):
    for _ in range(20):
        token = result(sign_in(server, email))["token"]
        clients = [server.client(session=False) for _ in range(3)]
        for client in clients:
            client.send({"jsonrpc": "2.0", "id": 1, "method": "session.open",
                         "params": {"token": token}})
        result(server.rpc("account.signOut", {"opId": op()}, token))
        for client in clients:
            try:
                answer = client.response(1)
                if "error" in answer:
                    assert answer["error"]["data"]["code"] == "unauthenticated"
                    continue
                assert client.closed()[1] == 4101
            finally:
                client.close()
