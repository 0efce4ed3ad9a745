"""patterns.md and permissions.md: what stands around a room, from outside and from inside of it."""

import sqlite3
import time
import urllib.error
import urllib.request
import uuid
import xml.etree.ElementTree

import pytest

from harness import DEMO, SECONDS, VIEWER, insert_user, wait_until

BEA = ("bea@example.org", "guaguanco")
BPM = "/machines/Salsa/bpm"
DAY_MS = 86_400_000


class Person:
    """Somebody who calls over HTTP."""

    def __init__(self, server, token=None):
        self.server = server
        self.token = token

    def ask(self, method, **params):
        answer = self.server.rpc(method, params, self.token)
        assert "result" in answer, answer
        return answer["result"]

    def do(self, method, **params):
        return self.ask(method, **{"opId": str(uuid.uuid4())} | params)

    def refused(self, method, **params):
        answer = self.server.rpc(method, {"opId": str(uuid.uuid4())} | params, self.token)
        assert "error" in answer, answer
        return answer["error"]["data"]["code"]

    def create(self, **params):
        return self.do("pattern.create", **{"title": "Interop"} | params)["pattern"]

    def get(self, pattern):
        return self.ask("pattern.get", pattern=pattern)["pattern"]

    def picture(self, pattern, **headers):
        """(status, headers, body)."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(
            self.server.url(f"/v1/patterns/{pattern}/thumbnail.svg", "http"),
            headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()


def user_id(person):
    client = person.server.client(session=False)
    user = client.call("session.open", {"token": person.token})["user"]["id"]
    client.close()
    return user


@pytest.fixture(scope="module")
def owner(server, token):
    return Person(server, token)


@pytest.fixture(scope="module")
def ana(server, viewer_token):
    return Person(server, viewer_token)


@pytest.fixture(scope="module")
def bea(server):
    return Person(server, server.sign_in(BEA))


@pytest.fixture(scope="module")
def guest(server):
    return Person(server)


def collaborate(owner, other, pattern, role):
    user = user_id(other)
    owner.do("pattern.invite", pattern=pattern, user=user, role=role)
    assert other.do("pattern.answerInvitation", pattern=pattern, accept=True)["role"] == role
    return user


# --- Lists -------------------------------------------------------------------------------------


def test_one_s_own_list_has_private_ones_and_pages_with_each_once(owner, ana, guest):
    made = [owner.create(title=f"Page {n}", isPublic=n % 2 == 0)["id"] for n in range(5)]
    me = owner.get(made[0])["userId"]
    seen, cursor = [], {}
    while True:
        page = owner.ask("pattern.list", limit=2, **cursor)
        seen += [pattern["id"] for pattern in page["patterns"]]
        if "next" not in page:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) and seen[:5] == made[::-1]
    public = [p["id"] for p in ana.ask("pattern.list", owner=me, limit=100)["patterns"]]
    assert [id for id in public if id in made] == [made[4], made[2], made[0]]
    assert guest.ask("pattern.list", owner=me, limit=1)["patterns"][0]["role"] == "guest"
    assert guest.refused("pattern.list") == "forbidden"
    assert guest.refused("pattern.list", owner=str(uuid.uuid4())) == "notFound"
    assert guest.refused("pattern.list", owner=me, cursor="x") == "invalidParams"


# --- Update ------------------------------------------------------------------------------------


def test_an_update_reaches_the_open_room_and_happens_once(server, owner, token):
    pattern = owner.create()["id"]
    client = server.client(token)
    room = client.join(pattern)
    operation = str(uuid.uuid4())
    first = owner.do("pattern.update", pattern=pattern, opId=operation, title="Montuno", bpm=101)
    assert (first["pattern"]["title"], first["pattern"]["bpm"]) == ("Montuno", 101)
    document = room.follow(first["pattern"]["number"])
    assert document["title"] == "Montuno" and document["machines"]["Salsa"]["bpm"] == 101
    number = room.set(BPM, 150)["number"]
    again = owner.do("pattern.update", pattern=pattern, opId=operation, title="Montuno", bpm=101)
    assert again["pattern"]["bpm"] == 150 and again["pattern"]["number"] == number
    assert owner.refused("pattern.update", pattern=pattern, opId=operation, bpm=99) == "conflict"
    client.close()


def test_an_update_works_on_a_closed_room_and_survives_a_kill(start):
    server = start()
    owner = Person(server, server.sign_in(DEMO))
    pattern = owner.create()["id"]
    operation = str(uuid.uuid4())
    owner.do("pattern.update", pattern=pattern, opId=operation, bpm=99, flavor="Merengue")
    server.kill()
    server = start()
    owner = Person(server, server.sign_in(DEMO))
    found = owner.get(pattern)
    assert (found["flavor"], found["bpm"], found["number"]) == ("Merengue", 99, 1)
    owner.do("pattern.update", pattern=pattern, bpm=100)
    owner.do("pattern.update", pattern=pattern, opId=operation, bpm=99, flavor="Merengue")
    found = owner.get(pattern)
    assert (found["bpm"], found["number"]) == (100, 2), "the call was done before the kill"
    assert owner.refused("pattern.update", pattern=pattern, opId=operation, bpm=98) == "conflict"
    server.kill()
    with sqlite3.connect(server.data / "database.sqlite") as database:
        replicas = database.execute("SELECT last_seq FROM room_replicas WHERE pattern_id = ?",
                                    (uuid.UUID(pattern).bytes,)).fetchall()
    assert replicas == [(2,)]


def test_refusals_of_an_update_are_the_call_s(owner, ana, guest):
    public, private = owner.create()["id"], owner.create(isPublic=False)["id"]
    assert owner.refused("pattern.update", pattern=public) == "empty"
    assert owner.refused("pattern.update", pattern=public, bpm=251) == "invalidParams"
    assert owner.refused("pattern.update", pattern=public, configuration={"instruments": [
        {"id": "tambora"}]}) == "invalidParams"
    assert ana.refused("pattern.update", pattern=public, bpm=100) == "forbidden"
    assert ana.refused("pattern.update", pattern=private, bpm=100) == "notFound"
    assert guest.refused("pattern.update", pattern=public, bpm=100) == "forbidden"
    assert owner.refused("pattern.update", pattern=str(uuid.uuid4()), bpm=100) == "notFound"
    assert owner.get(public)["number"] == 0


# --- Publish, delete, restore ------------------------------------------------------------------


def test_unpublishing_sends_out_who_may_not_stay(server, owner, ana, token, viewer_token):
    pattern = owner.create()["id"]
    mine, theirs = server.client(token), server.client(viewer_token)
    room = mine.join(pattern)
    theirs.join(pattern)
    hidden = owner.do("pattern.unpublish", pattern=pattern)["pattern"]
    assert not hidden["isPublic"] and hidden["publishedAtMs"] is None
    assert theirs.event("left", pattern)["d"]["code"] == "notFound"
    assert theirs.refusal("room.join", {"room": pattern}).name == "notFound"
    assert room.set(BPM, 120)["number"] == 1, "the owner's own socket is not disturbed"
    assert ana.refused("pattern.get", pattern=pattern) == "notFound"
    shown = owner.do("pattern.publish", pattern=pattern)["pattern"]
    assert shown["isPublic"] and shown["publishedAtMs"] >= shown["createdAtMs"]
    theirs.join(pattern)
    mine.close()
    theirs.close()


def test_what_is_deleted_is_gone_for_all_and_comes_back_whole(server, owner, ana, token):
    pattern = owner.create()["id"]
    client = server.client(token)
    client.join(pattern).set(BPM, 142)
    until = owner.do("pattern.delete", pattern=pattern)["restorableUntilMs"]
    assert 6.9 * DAY_MS < until - time.time() * 1000 <= 7 * DAY_MS
    assert client.event("left", pattern)["d"]["code"] == "notFound"
    for person in (owner, ana):
        assert person.refused("pattern.get", pattern=pattern) == "notFound"
        assert person.refused("pattern.fork", pattern=pattern) == "notFound"
        assert person.refused("pattern.update", pattern=pattern, bpm=90) == "notFound"
    assert owner.do("pattern.delete", pattern=pattern)["restorableUntilMs"] == until
    deleted = {entry["pattern"]: entry for entry in owner.ask("pattern.deleted")["patterns"]}
    assert deleted[pattern]["restorableUntilMs"] == until
    assert pattern not in [p["id"] for p in owner.ask("pattern.list", limit=100)["patterns"]]
    assert ana.refused("pattern.restore", pattern=pattern) == "notFound"
    back = owner.do("pattern.restore", pattern=pattern)["pattern"]
    assert back["bpm"] == 142 and back["number"] == 1
    assert pattern not in [entry["pattern"] for entry in owner.ask("pattern.deleted")["patterns"]]
    assert ana.get(pattern)["bpm"] == 142
    client.join(pattern)
    client.close()


def test_after_a_week_nothing_comes_back(start):
    server = start()
    owner = Person(server, server.sign_in(DEMO))
    pattern = owner.create()["id"]
    owner.do("pattern.delete", pattern=pattern)
    assert server.stop() == 0
    with sqlite3.connect(server.data / "database.sqlite") as database:
        database.execute("UPDATE patterns SET deleted_at = deleted_at - ? WHERE id = ?",
                         (7 * DAY_MS, uuid.UUID(pattern).bytes))
    database.close()
    server = start()
    owner = Person(server, server.sign_in(DEMO))
    assert owner.refused("pattern.restore", pattern=pattern) == "expired"
    assert owner.ask("pattern.deleted")["patterns"] == []


# --- Forks and plays ---------------------------------------------------------------------------


def test_a_fork_starts_from_the_room_and_counts(server, owner, ana, guest, token):
    original = owner.create(title="é" * 200)["id"]
    client = server.client(token)
    client.join(original).set(BPM, 133)
    operation = str(uuid.uuid4())
    fork = ana.do("pattern.fork", pattern=original, opId=operation)["pattern"]
    assert fork["bpm"] == 133, "the row of the original lags behind its room"
    assert fork["title"] == "é" * 193 + " (fork)"
    assert fork["originalId"] == original and fork["role"] == "owner" and fork["number"] == 0
    assert [fork[count + "Count"] for count in ("play", "like", "comment", "fork")] == [0] * 4
    assert ana.do("pattern.fork", pattern=original, opId=operation)["pattern"]["id"] == fork["id"]
    assert owner.get(original)["forkCount"] == 1
    named = ana.do("pattern.fork", pattern=original, title="Mine")["pattern"]
    assert named["title"] == "Mine" and owner.get(original)["forkCount"] == 2
    client.join(original).set(BPM, 90)
    assert ana.get(fork["id"])["bpm"] == 133
    owner.do("pattern.unpublish", pattern=original)
    assert ana.get(fork["id"])["originalId"] is None, "it would tell that the original is there"
    assert ana.refused("pattern.fork", pattern=original) == "notFound"
    assert guest.refused("pattern.fork", pattern=fork["id"]) == "forbidden"
    client.close()


def test_a_listener_counts_once(owner, ana, guest):
    pattern, private = owner.create()["id"], owner.create(isPublic=False)["id"]
    assert ana.do("pattern.play", pattern=pattern) == {"isCounted": True, "playCount": 1}
    assert ana.do("pattern.play", pattern=pattern) == {"isCounted": False, "playCount": 1}
    assert owner.do("pattern.play", pattern=pattern)["playCount"] == 2
    assert guest.ask("pattern.play", pattern=pattern) == {"isCounted": True, "playCount": 3}
    assert guest.ask("pattern.play", pattern=pattern) == {"isCounted": False, "playCount": 3}
    assert ana.get(pattern)["playCount"] == 3
    for person in (ana, guest):
        assert person.refused("pattern.play", pattern=private) == "notFound"


# --- Collaborators -----------------------------------------------------------------------------


def test_an_invitation_gives_nothing_until_it_is_accepted(owner, ana, bea, guest):
    pattern = owner.create(isPublic=False, title="Ours")["id"]
    user = user_id(ana)
    offered = owner.do("pattern.invite", pattern=pattern, user=user, role="viewer")["collaborator"]
    assert offered["role"] == "viewer" and offered["acceptedAtMs"] is None
    assert ana.refused("pattern.get", pattern=pattern) == "notFound"
    mine = [i for i in ana.ask("pattern.invitations")["invitations"] if i["pattern"] == pattern]
    assert mine[0]["title"] == "Ours" and mine[0]["role"] == "viewer"
    assert bea.refused("pattern.answerInvitation", pattern=pattern, accept=True) == "notFound"
    owner.do("pattern.invite", pattern=pattern, user=user, role="editor")
    assert ana.do("pattern.answerInvitation", pattern=pattern, accept=True)["role"] == "editor"
    assert ana.get(pattern)["role"] == "editor"
    assert owner.refused("pattern.invite", pattern=pattern, user=user, role="viewer") == "conflict"
    assert ana.do("pattern.update", pattern=pattern, bpm=111)["pattern"]["bpm"] == 111
    for method in ("pattern.publish", "pattern.delete"):
        assert ana.refused(method, pattern=pattern) == "forbidden"
    assert ana.refused("pattern.invite", pattern=pattern, user=user_id(bea),
                       role="viewer") == "forbidden"
    for someone in (user, user_id(owner)):
        assert ana.refused("pattern.setRole", pattern=pattern, user=someone,
                           role="viewer") == "forbidden"
    assert ana.refused("pattern.removeCollaborator", pattern=pattern,
                       user=user_id(bea)) == "forbidden"
    assert ana.refused("pattern.share", pattern=pattern, role="viewer") == "forbidden"
    people = ana.ask("pattern.collaborators", pattern=pattern)["collaborators"]
    assert [(p["displayName"], p["role"]) for p in people] == [("Ana", "editor")]
    assert bea.refused("pattern.collaborators", pattern=pattern) == "notFound"
    # She leaves, by herself; a retry finds nothing, and says no more than that.
    operation = str(uuid.uuid4())
    for _ in range(2):
        assert ana.do(
            "pattern.removeCollaborator", pattern=pattern, user=user, opId=operation) == {}
    assert ana.refused("pattern.get", pattern=pattern) == "notFound"
    assert ana.refused("pattern.removeCollaborator", pattern=pattern, user=user) == "notFound"
    assert guest.refused("pattern.invite", pattern=pattern, user=user, role="viewer") == "forbidden"


def test_invitations_can_be_declined_and_only_reach_people(owner, ana):
    pattern = owner.create(isPublic=False)["id"]
    user, me = user_id(ana), user_id(owner)
    owner.do("pattern.invite", pattern=pattern, user=user, role="editor")
    assert ana.do("pattern.answerInvitation", pattern=pattern, accept=False)["role"] is None
    assert owner.ask("pattern.collaborators", pattern=pattern)["collaborators"] == []
    assert ana.refused("pattern.answerInvitation", pattern=pattern, accept=True) == "notFound"
    for role in ("owner", "guest", "admin", ""):
        assert owner.refused(
            "pattern.invite", pattern=pattern, user=user, role=role) == "invalidParams"
    assert owner.refused(
        "pattern.invite", pattern=pattern, user=me, role="viewer") == "invalidParams"
    assert owner.refused(
        "pattern.invite", pattern=pattern, user=str(uuid.uuid4()), role="viewer") == "notFound"
    assert owner.refused(
        "pattern.setRole", pattern=pattern, user=user, role="viewer") == "notFound"


def test_a_demoted_editor_is_refused_at_once(server, owner, ana, token, viewer_token):
    pattern = owner.create(isPublic=False)["id"]
    user = collaborate(owner, ana, pattern, "editor")
    mine, theirs = server.client(token), server.client(viewer_token)
    mine.join(pattern)
    editor = theirs.join(pattern)
    assert editor.result["role"] == "editor"
    editor.set(BPM, 140)
    owner.do("pattern.setRole", pattern=pattern, user=user, role="viewer")
    # The answer is here, so the room knows: what is sent now is refused.
    assert editor.refuses(set={BPM: 141}).name == "notJoined"
    left = theirs.event("left", pattern)["d"]
    assert left["code"] == "access"
    again = theirs.join(pattern, replica=editor.replica, cursor=editor.cursor)
    assert again.result["role"] == "viewer" and "replica" not in again.result
    again.replica = editor.replica
    assert again.refuses(set={BPM: 142}).name == "forbidden"
    assert ana.refused("pattern.update", pattern=pattern, bpm=143) == "forbidden"
    assert owner.get(pattern)["bpm"] == 140
    owner.do("pattern.setRole", pattern=pattern, user=user, role="editor")
    assert theirs.event("left", pattern)["d"]["code"] == "access"
    back = theirs.join(pattern, replica=editor.replica, cursor=editor.cursor)
    assert back.replica == editor.replica and back.result["replica"]["through"] == 1
    assert back.set(BPM, 144)["number"] == 2
    owner.do("pattern.removeCollaborator", pattern=pattern, user=user)
    assert theirs.event("left", pattern)["d"]["code"] == "notFound"
    assert back.refuses(set={BPM: 145}).name == "notJoined"
    assert theirs.refusal("room.join", {"room": pattern}).name == "notFound"
    mine.close()
    theirs.close()


def test_roles_survive_a_restart(start, data):
    first = start()
    assert first.stop() == 0
    insert_user(data)
    server = start()
    owner, ana = Person(server, server.sign_in(DEMO)), Person(server, server.sign_in(VIEWER))
    pattern = owner.create(isPublic=False)["id"]
    user = collaborate(owner, ana, pattern, "editor")
    client = server.client(ana.token)
    editor = client.join(pattern)
    editor.set(BPM, 130)
    owner.do("pattern.setRole", pattern=pattern, user=user, role="viewer")
    server.kill()
    server = start()
    client = server.client(ana.token)
    room = client.join(pattern, replica=editor.replica)
    assert room.result["role"] == "viewer" and room.document["machines"]["Salsa"]["bpm"] == 130
    room.replica = editor.replica
    assert room.refuses(set={BPM: 131}).name == "forbidden"
    # Its owner goes away: it is nobody's, and comes back with them.
    me = Person(server, owner.token)
    assert me.get(pattern)["bpm"] == 130
    client.close()
    assert server.stop() == 0
    with sqlite3.connect(server.data / "database.sqlite") as database:
        database.execute("UPDATE users SET is_active = 0 WHERE email = ?", (DEMO[0],))
    database.close()
    server = start()
    ana = Person(server, ana.token)
    assert ana.refused("pattern.get", pattern=pattern) == "notFound"
    client = server.client(ana.token)
    assert client.refusal("room.join", {"room": pattern}).name == "notFound"
    client.close()


def test_many_changes_of_a_role_end_as_the_last_says(server, owner, ana, viewer_token):
    pattern = owner.create(isPublic=False)["id"]
    user = collaborate(owner, ana, pattern, "viewer")
    caller = server.client(owner.token)
    theirs = server.client(viewer_token)
    theirs.join(pattern)
    roles = ["editor", "viewer"] * 10 + ["editor"]
    for number, role in enumerate(roles):
        caller.send({"jsonrpc": "2.0", "id": f"r{number}", "method": "pattern.setRole", "params": {
            "pattern": pattern, "user": user, "role": role, "opId": str(uuid.uuid4())}})
    for number in range(len(roles)):
        assert "result" in caller.response(f"r{number}")
    room = theirs.join(pattern)
    assert room.result["role"] == "editor" and room.set(BPM, 122)["number"] == 1
    caller.close()
    theirs.close()


def test_banning_the_owner_or_blocking_a_collaborator_empties_the_room(start, data):
    first = start()
    assert first.stop() == 0
    for name, account in (("Ana", VIEWER), ("Bea", BEA)):
        insert_user(data, account, name=name)
    with sqlite3.connect(first.data / "database.sqlite") as database:
        database.execute("UPDATE users SET is_admin = 1 WHERE email = ?", (BEA[0],))
    database.close()
    server = start("--shards", "2")
    owner, ana, bea = (Person(server, server.sign_in(who)) for who in (DEMO, VIEWER, BEA))
    blocked, public = owner.create(isPublic=False)["id"], owner.create()["id"]
    user, me = collaborate(owner, ana, blocked, "editor"), user_id(owner)
    client = server.client(ana.token)
    client.join(blocked)
    client.join(public)
    owner.do("user.block", user=user)
    assert client.event("left", blocked)["d"]["code"] == "notFound"
    assert ana.refused("pattern.get", pattern=blocked) == "notFound"
    assert ana.get(public)["role"] == "viewer"
    assert ana.refused("pattern.fork", pattern=public) == "blocked"
    assert owner.refused(
        "pattern.invite", pattern=public, user=user, role="viewer") == "blocked"
    bea.do("admin.setActive", user=me, isActive=False, reason="a test")
    assert client.event("left", public)["d"]["code"] == "notFound"
    assert client.refusal("room.join", {"room": public}).name == "notFound"
    assert bea.get(public)["title"] == "Interop", "administrators still see it"
    assert Person(server).refused("pattern.list", owner=me) == "notFound"
    bea.do("admin.setActive", user=me, isActive=True, reason="a test")
    assert client.join(public).result["role"] == "viewer"
    client.close()


# --- Share links -------------------------------------------------------------------------------


def test_a_link_gives_its_role_and_never_lowers_one(owner, ana, bea, guest):
    pattern = owner.create(isPublic=False)["id"]
    operation = str(uuid.uuid4())
    made = owner.do("pattern.share", pattern=pattern, role="viewer", opId=operation)
    secret, link = made["secret"], made["link"]
    assert secret.startswith("sl_") and len(secret) == 67
    again = owner.do("pattern.share", pattern=pattern, role="viewer", opId=operation)
    assert again == {"link": link}, "secrets are not kept"
    assert owner.ask("pattern.links", pattern=pattern)["links"] == [link]
    assert ana.do("pattern.openLink", secret=secret)["pattern"]["role"] == "viewer"
    editing = owner.do("pattern.share", pattern=pattern, role="editor")["secret"]
    assert ana.do("pattern.openLink", secret=editing)["pattern"]["role"] == "editor"
    assert ana.do("pattern.openLink", secret=secret)["pattern"]["role"] == "editor"
    assert owner.do("pattern.openLink", secret=secret)["pattern"]["role"] == "owner"
    assert guest.refused("pattern.openLink", secret=secret) == "forbidden"
    assert bea.refused("pattern.unshare", link=link["id"]) == "notFound"
    assert ana.refused("pattern.unshare", link=link["id"]) == "notFound"
    assert ana.refused("pattern.links", pattern=pattern) == "forbidden"
    owner.do("pattern.unshare", link=link["id"])
    assert bea.refused("pattern.openLink", secret=secret) == "expired"
    assert bea.refused("pattern.openLink", secret="sl_" + "0" * 64) == "expired"
    assert ana.get(pattern)["role"] == "editor"
    owner.do("pattern.delete", pattern=pattern)
    assert bea.refused("pattern.openLink", secret=editing) == "expired"


def test_links_expire(owner, ana):
    pattern = owner.create(isPublic=False)["id"]
    now = int(time.time() * 1000)
    for expires in (0, now - 1, now + 91 * DAY_MS):
        assert owner.refused(
            "pattern.share", pattern=pattern, role="viewer", expiresMs=expires) == "invalidParams"
    short = owner.do("pattern.share", pattern=pattern, role="viewer", expiresMs=now + 1_500)
    assert len(owner.ask("pattern.links", pattern=pattern)["links"]) == 1
    wait_until(lambda: not owner.ask("pattern.links", pattern=pattern)["links"], what="expiry")
    assert ana.refused("pattern.openLink", secret=short["secret"]) == "expired"
    for _ in range(20):
        owner.do("pattern.share", pattern=pattern, role="viewer")
    assert owner.refused("pattern.share", pattern=pattern, role="viewer") == "limit"


# --- The picture -------------------------------------------------------------------------------


def test_a_picture_is_safe_cached_and_for_who_may_see_it(server, owner, ana, guest):
    pattern = owner.create(title='</svg><script>alert("1")</script>')
    assert pattern["thumbnailUrl"] == f"/v1/patterns/{pattern['id']}/thumbnail.svg"
    status, headers, body = guest.picture(pattern["id"])
    assert status == 200 and headers["Content-Type"] == "image/svg+xml"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in headers["Cache-Control"] and "public" in headers["Cache-Control"]
    root = xml.etree.ElementTree.fromstring(body)
    assert root.find("{*}title").text == pattern["title"]
    assert not root.findall(".//{*}script")
    status, same, body = guest.picture(pattern["id"], If_None_Match=headers["ETag"])
    assert status == 304 and body == b"" and same["ETag"] == headers["ETag"]
    owner.do("pattern.update", pattern=pattern["id"], title="Other")
    wait_until(lambda: guest.picture(
        pattern["id"], If_None_Match=headers["ETag"])[0] == 200, what="a new picture")
    private = owner.create(isPublic=False)["id"]
    for person in (guest, ana):
        assert person.picture(private)[0] == 404
    status, headers, _ = owner.picture(private)
    assert status == 200 and "private" in headers["Cache-Control"]
    assert guest.picture(uuid.uuid4())[0] == 404
    assert Person(server, "sn_nobody").picture(private)[0] == 401


# --- Nobody learns of what is private -----------------------------------------------------------


def test_no_method_tells_that_a_private_pattern_is_there(owner, ana, bea):
    private, nothing = owner.create(isPublic=False)["id"], str(uuid.uuid4())
    user = user_id(bea)
    calls = {
        "pattern.get": {}, "pattern.update": {"bpm": 100}, "pattern.publish": {},
        "pattern.unpublish": {}, "pattern.delete": {}, "pattern.restore": {}, "pattern.fork": {},
        "pattern.play": {}, "pattern.collaborators": {}, "pattern.links": {},
        "pattern.invite": {"user": user, "role": "viewer"},
        "pattern.answerInvitation": {"accept": True},
        "pattern.setRole": {"user": user, "role": "viewer"},
        "pattern.removeCollaborator": {"user": user}, "pattern.share": {"role": "viewer"},
        "pattern.like": {}, "pattern.likes": {}, "comment.list": {},
        "comment.create": {"text": "Olé"},
    }
    for method, params in calls.items():
        answers = []
        for pattern in (private, nothing):
            answer = ana.server.rpc(
                method, params | {"pattern": pattern, "opId": str(uuid.uuid4())}, ana.token)
            answers.append(answer["error"])
        assert answers[0] == answers[1] and answers[0]["data"]["code"] == "notFound", method
