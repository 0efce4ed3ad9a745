"""How much one person may have, and what a program that asks without end is told."""

import http.client
import sqlite3
import time
import uuid

import pytest

from harness import DEMO, LIMITS, VIEWER, Refused, insert_user

DAY_MS = 86_400_000


def op():
    return str(uuid.uuid4())


def fill(data, statement, rows):
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        database.executemany(statement, rows)
    database.close()


@pytest.fixture
def people(start, data):
    """A stopped server's data: (the demo user's id, Ana's id, the demo pattern's id)."""
    server = start()
    assert server.stop() == 0
    insert_user(data)
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        ids = dict(database.execute("SELECT email_normalised, id FROM users"))
    database.close()
    return ids[DEMO[0]], ids[VIEWER[0]], server.demo


def now_ms():
    return int(time.time() * 1000)


def code(client, method, **params):
    try:
        client.call(method, {"opId": op()} | params)
        return None
    except Refused as refused:
        return refused.name


def test_patterns_of_one_person_are_bounded(people, start, data):
    owner, _, pattern = people
    count = LIMITS["patternsPerUserMax"] - 2
    fill(data, "INSERT INTO patterns (id, user_id, title, flavor, bpm, key_note, is_public,"
         " configuration, created_at, updated_at) SELECT ?, user_id, title, flavor, bpm, key_note,"
         " 0, configuration, ?, ? FROM patterns WHERE id = ?",
         [(uuid.uuid4().bytes, n, n, uuid.UUID(pattern).bytes) for n in range(count)])
    server = start()
    client = server.client(server.sign_in())
    last = client.call("pattern.create", {"title": "Last", "opId": op()})["pattern"]["id"]
    assert code(client, "pattern.create", title="One more") == "limit"
    assert code(client, "pattern.fork", pattern=pattern) == "limit"
    # What was deleted is kept for a week.
    client.call("pattern.delete", {"pattern": last, "opId": op()})
    assert code(client, "pattern.create", title="One more") == "limit"
    client.close()


def test_comments_of_one_day_are_bounded(people, start, data):
    owner, _, pattern = people
    count = LIMITS["commentsPerDayMax"] - 1
    times = [now_ms() - n for n in range(count)] + [now_ms() - DAY_MS - n for n in range(5)]
    fill(data, "INSERT INTO comments (id, user_id, pattern_id, text, created_at, updated_at)"
         " VALUES (?1, ?2, ?3, 'x', ?4, ?4)",
         [(uuid.uuid4().bytes, owner, uuid.UUID(pattern).bytes, ms) for ms in times])
    server = start()
    client = server.client(server.sign_in())
    assert code(client, "comment.create", pattern=pattern, text="the last") is None
    assert code(client, "comment.create", pattern=pattern, text="one more") == "limit"
    client.close()


def test_follows_and_blocks_of_one_person_are_bounded(people, start, data):
    owner, ana, _ = people
    count = max(LIMITS["followsPerUserMax"], LIMITS["blocksPerUserMax"])
    strangers = [uuid.uuid4().bytes for _ in range(count)]
    fill(data, "INSERT INTO users (id, email, email_normalised, display_name, created_at,"
         " updated_at) VALUES (?1, ?2, ?2, 'x', 1, 1)",
         [(id, f"{number}@example.net") for number, id in enumerate(strangers)])
    fill(data, "INSERT INTO follows (id, follower_id, following_id, created_at)"
         " VALUES (?, ?, ?, 1)",
         [(uuid.uuid4().bytes, owner, id) for id in strangers[:LIMITS["followsPerUserMax"]]])
    fill(data, "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, 1)",
         [(owner, id) for id in strangers[:LIMITS["blocksPerUserMax"]]])
    server = start()
    client = server.client(server.sign_in())
    ana, first = (str(uuid.UUID(bytes=id)) for id in (ana, strangers[0]))
    assert code(client, "user.follow", user=ana) == "limit"
    assert code(client, "user.block", user=ana) == "limit"
    # Again is the same as once, also there.
    assert code(client, "user.block", user=first) is None
    assert code(client, "user.unblock", user=first) is None
    assert code(client, "user.block", user=ana) is None
    client.close()


def test_names_change_ever_more_slowly(start):
    server = start()
    client = server.client(server.sign_in())
    answers = [code(client, "account.update", displayName=f"Demo {n}") for n in range(13)]
    assert answers[:10] == [None] * 10 and answers[-1] == "throttled"
    # What is not the name is.
    assert code(client, "account.update", bio="Son montuno", displayName="Demo 9") is None
    client.close()


def test_pictures_and_links_of_letters_are_charged(start):
    # A limit for networks makes this machine one of them.
    server = start("--connections-per-address", "50")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=8)

    def statuses(verb, path, count):
        found = []
        for _ in range(count):
            connection.request(verb, path)
            response = connection.getresponse()
            response.read()
            found.append((response.status, response.headers["Retry-After"]))
        return found

    picture = f"/v1/patterns/{server.demo}/thumbnail.svg"
    found = statuses("GET", picture, LIMITS["readsBurstMax"] + 400)
    assert found[0][0] == 200 and found[-1][0] == 429 and int(found[-1][1]) >= 1
    found = statuses("POST", "/v1/unsubscribe/" + "0" * 64, LIMITS["accountCallsBurstMax"] + 5)
    assert found[0][0] == 404 and found[-1][0] == 429
    connection.close()
    server.is_well()
