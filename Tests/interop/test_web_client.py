"""client.js in Debian's Chromium: the vectors, and rooms of the real server."""

import json
import random
import uuid

import pytest
import web

from harness import DEMO, VIEWER, insert_user
from web import begin, browser, pages, proxy, site  # noqa: F401 (fixtures)


@pytest.fixture
def page(pages):
    return pages(1)[0]


def test_the_vectors_of_the_protocol(page):
    result = page.evaluate("async () => (await import('/tests/vectors.js')).run()")
    assert result["failures"] == []
    names = {path.stem for path in (web.ROOT / "Protocol/vectors").glob("*.json")}
    assert set(result["files"]) == names
    assert result["count"] > 500


def test_random_schedules_against_a_model_of_the_server(page):
    """Three replicas on a bad network, a server that was written from the pages alone."""
    first = random.randrange(1 << 31)
    print(f"seeds from {first}")
    results = page.evaluate(
        """async ([first, count]) => {
          const { run } = await import('/tests/differential.js');
          return Array.from({ length: count }, (_, index) => run(first + index));
        }""", [first, 30])
    for result in results:
        assert result["failures"][:3] == [], f"run({result['seed']}) of differential.js"
    assert sum(result["accepted"] for result in results) > 1_000


START = "async (options) => (await import('/tests/live.js')).start(options)"
STATE = "() => live.state()"
BPM, TITLE = "/machines/Salsa/bpm", "/title"
CLAVE = "/machines/Salsa/instruments/clave"


def edit(page, **content):
    page.evaluate("(content) => { live.room.edit(content) }", content)


def equal(server, pattern, token, *pages):
    """All pages show what the server has, and nothing waits."""
    for page in pages:
        page.evaluate("() => live.saved()")
    number = server.rpc("pattern.get", {"pattern": pattern}, token)["result"]["pattern"]["number"]
    states = []
    for page in pages:
        page.evaluate("(number) => live.until(number)", number)
        states.append(page.evaluate(STATE))
    for state in states:
        assert state["document"] == state["confirmed"] == states[0]["document"]
        assert (state["pending"], state["number"]) == (0, number)
    shown = server.rpc("pattern.get", {"pattern": pattern}, token)["result"]["pattern"]
    document = json.loads(states[0]["document"])
    for name in ("title", "description", "flavor", "machines"):
        assert document[name] == shown[name]
    return document


def test_two_pages_edit_together_and_end_equal(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    one, two = pages(2)
    for page, stamps in ((one, True), (two, False)):
        options = {"server": proxy.url, "token": token, "room": pattern, "stamps": stamps}
        assert page.evaluate(START, options)["role"] == "owner"
    random_numbers = random.Random(first := random.randrange(1 << 31))
    print(f"seed {first}")
    for step in range(150):
        page = random_numbers.choice((one, two))
        edit(page, **random_numbers.choice((
            {"set": {BPM: random_numbers.randrange(80, 251)}},
            {"set": {TITLE: f"Son {step}", "/description": "¡Azúcar! 🥁"}},
            {"set": {f"{CLAVE}/volume": random_numbers.randrange(101) / 100}},
            {"remove": [CLAVE]}, {"add": [CLAVE]},
            {"set": {f"{CLAVE}/enabled": bool(step % 2)}})))
    document = equal(server, pattern, token, one, two)
    assert document["title"].startswith("Son ")
    heals = server.errors().count("heal")
    assert heals == 0, server.errors()
    # Who is here, and what they touch.
    one.evaluate("(path) => live.room.touch(path)", CLAVE)
    two.evaluate(
        """(path) => live.when(live.room, ["members"], () => live.room.members.some(
           (member) => member.touching === path && member.member !== live.room.member))""", CLAVE)
    assert two.evaluate("() => live.room.memberCount") == 2
    one.evaluate("() => live.room.leave()")
    two.evaluate("() => live.when(live.room, ['members'], () => live.room.memberCount === 1)")


def test_a_page_edits_offline_and_comes_back(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    away, here = pages(2)
    options = {"token": token, "room": pattern}
    away.evaluate(START, options | {"server": proxy.url})
    here.evaluate(START, options | {"server": server.url("", "http")})
    proxy.cut()
    away.evaluate("() => live.when(live.room, ['pending'], () => !live.room.isLive)")
    for bpm in (91, 92, 93):
        edit(away, set={BPM: bpm})
    edit(away, set={"/description": "made away"})
    edit(away, remove=[CLAVE])
    assert away.evaluate(STATE)["pending"] == 3
    assert json.loads(away.evaluate(STATE)["document"])["machines"]["Salsa"]["bpm"] == 93
    edit(here, set={TITLE: "made here"})
    here.evaluate("() => live.saved()")
    # A write that is asked for meanwhile happens once, when there is a connection.
    away.evaluate("() => { live.fork = live.client.write("
                  "'pattern.fork', { pattern: live.room.id }) }")
    proxy.mend()
    document = equal(server, pattern, token, away, here)
    assert (document["title"], document["description"]) == ("made here", "made away")
    assert document["machines"]["Salsa"]["bpm"] == 93
    assert "clave" not in document["machines"]["Salsa"]["instruments"]
    fork = away.evaluate("async () => (await live.fork).pattern")
    assert fork["originalId"] == pattern


def test_the_server_is_killed_and_comes_back(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    one, two = pages(2)
    for page in (one, two):
        page.evaluate(START, {"server": proxy.url, "token": token, "room": pattern})
    for page in (one, two):
        page.evaluate("""() => {
          const hand = `hand${live.room.member}x`;
          live.acknowledged = [];
          live.hand = new Promise((resolve) => {
            const timer = setInterval(() => {
              const name = `${hand}${live.acknowledged.length + live.room.pendingCount + 1}`;
              live.room.edit({ set: { [`/${name}`]: 1 } }).then(() => {
                live.acknowledged.push(name);
                if (live.acknowledged.length === 25) resolve();
              });
              if (live.acknowledged.length + live.room.pendingCount === 25) clearInterval(timer);
            }, 20);
          });
        }""")
    one.evaluate("() => live.when(live.room, ['pending'], () => live.acknowledged.length > 5)")
    server.kill()
    one.evaluate("() => live.when(live.room, ['pending'], () => !live.room.isLive)")
    again = begin()
    for page in (one, two):
        page.evaluate("() => live.hand")
    document = equal(again, pattern, token, one, two)
    for page in (one, two):
        for name in page.evaluate("() => live.acknowledged"):
            assert document[name] == 1


def test_a_refused_edit_is_told_and_rolled_back(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    one, two = pages(2)
    for page in (one, two):
        page.evaluate(START, {"server": proxy.url, "token": token, "room": pattern})
    # Valid alone; absent by the time it arrives.
    edit(one, remove=[CLAVE])
    one.evaluate("() => live.saved()")
    two.evaluate("() => live.when(live.room, ['change'], () =>"
                 " !live.room.document.machines.Salsa.instruments.clave)")
    error = two.evaluate(
        "(set) => live.room.edit({ set }).then(() => null, ({ ...error }) => error)",
        {f"{CLAVE}/volume": 0.5, BPM: 99})
    assert (error["code"], error["path"]) == ("absent", f"{CLAVE}/volume")
    assert two.evaluate("() => live.refused.map(({ code, paths }) => [code, paths.length])") \
        == [["absent", 2]]
    error = two.evaluate(
        "(set) => live.room.edit({ set }).then(() => null, ({ ...error }) => error)", {BPM: 251})
    assert (error["code"], error["allowed"]) == ("outOfRange", "integer 80..250")
    assert equal(server, pattern, token, one, two)["machines"]["Salsa"]["bpm"] != 99


def test_guests_listen_and_tokens_end(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    (page,) = pages(1)
    state = page.evaluate(START, {"server": proxy.url, "room": pattern})
    assert state["role"] == "guest"
    error = page.evaluate(
        "() => live.room.edit({ set: { '/title': 'no' } }).catch(({ ...error }) => error)")
    assert error["code"] == "forbidden"
    # The guest signs in: the same room, another role.
    page.evaluate(
        """async ([email, password]) => {
          const wrong = await live.client.signIn(email, "wrong").catch(({ code }) => code);
          if (wrong !== "unauthenticated") throw new Error(wrong);
          await live.client.signIn(email, password);
          await live.when(live.room, ["change", "pending"], () => live.room.mayEdit);
          await live.room.edit({ set: { "/title": "signed in" } });
        }""", list(DEMO))
    assert page.evaluate("() => live.client.user.displayName")
    # The session ends elsewhere.
    ended = page.evaluate(
        """async () => {
          const needed = new Promise((resolve) => live.client.addEventListener(
            "signin", ({ detail }) => resolve(detail.code), { once: true }));
          await live.client.request("account.signOut", { opId: live.uuid() });
          return needed;
        }""")
    assert ended == "unauthenticated"
    page.evaluate("() => live.client.setToken(null)")
    page.evaluate("() => live.when(live.room, ['change', 'pending'],"
                  " () => live.room.role === 'guest' && live.room.isLive)")


def test_the_clock_of_a_page_is_the_servers(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    (page,) = pages(1)
    page.evaluate(START, {"server": proxy.url, "room": server.create(token)})
    # Both clocks are this machine's.
    page.evaluate("() => live.client.wantClock()")
    page.evaluate("() => live.when(live.client, ['clock'],"
                  " () => live.client.clock.probes.length > 30)")
    apart, error = page.evaluate(
        "() => [live.client.serverTimeMs - performance.timeOrigin - performance.now(),"
        " live.client.clock.errorMs]")
    assert abs(apart) < 5 and error < 5


def test_the_inbox_goes_on_where_it_was(begin, proxy, pages, data):
    server = begin()
    server.kill()
    insert_user(data)
    server = begin()
    owner, other = server.sign_in(), server.sign_in(VIEWER)
    patterns = [server.create(owner) for _ in range(4)]
    (page,) = pages(1)
    page.evaluate(START, {"server": proxy.url, "token": owner, "room": patterns[0]})

    def like(pattern):
        params = {"pattern": pattern, "opId": str(uuid.uuid4())}
        assert "result" in server.rpc("pattern.like", params, other)

    page.evaluate(
        """() => {
          live.told = [];
          live.inbox = live.client.stream("inbox");
          live.inbox.addEventListener("event", ({ detail: { t, n, d } }) =>
            live.told.push([t, n, d.notice?.kind]));
          return live.when(live.inbox, ["opened"], () => live.inbox.isOpen);
        }""")
    like(patterns[0])
    heard = "(count) => live.when(live.inbox, ['event'], () => live.told.length === count)"
    page.evaluate(heard, 1)
    proxy.cut()
    page.evaluate("() => live.when(live.room, ['pending'], () => !live.room.isLive)")
    like(patterns[1])
    like(patterns[2])
    proxy.mend()
    page.evaluate(heard, 3)
    like(patterns[3])
    page.evaluate(heard, 4)
    first = page.evaluate("() => live.told")[0][1]
    assert page.evaluate("() => live.told") == [
        ["notice", number, "like"] for number in range(first, first + 4)]
    # A guest has none.
    page.evaluate(
        """() => {
          const closed = new Promise((resolve) => live.inbox.addEventListener(
            "closed", ({ detail }) => resolve(detail.code)));
          live.client.setToken(null);
          return closed;
        }""")


def test_the_example_of_the_page_about_clients(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    one, listener = pages(2)
    begin_example = """async (options) => {
      const slider = Object.assign(document.createElement("input"), {
        type: "range", min: 70, max: 250 });
      const status = document.createElement("output");
      const { follow } = await import("/example.js");
      globalThis.example = { slider, status, ...await follow({ ...options, slider, status }) };
      return status.textContent;
    }"""
    options = {"server": proxy.url, "pattern": pattern}
    account = {"email": DEMO[0], "password": DEMO[1]}
    assert one.evaluate(begin_example, options | account) == "Saved"
    listener.evaluate(begin_example, options)
    assert listener.evaluate("() => example.slider.disabled")
    move = """(bpm) => {
      example.slider.value = bpm;
      example.slider.dispatchEvent(new Event("input"));
    }"""
    says = "(text) => example.status.textContent.includes(text)"
    one.evaluate(move, 199)
    one.wait_for_function(says, arg="Saved")
    listener.wait_for_function("() => example.slider.value === '199'")
    one.evaluate(move, 75)
    one.wait_for_function(says, arg="outOfRange")
    assert one.evaluate("() => example.slider.value") == "199"
    assert one.evaluate("async () => (await example.like()).likeCount") == 1
    proxy.cut()
    one.wait_for_function(says, arg="Offline")
    one.evaluate(move, 101)
    one.wait_for_function(says, arg="1 edits waiting")
    proxy.mend()
    listener.wait_for_function("() => example.slider.value === '101'")
    one.wait_for_function(says, arg="Saved")


def test_an_undo_leaves_what_somebody_else_wrote(begin, proxy, pages):
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    one, two = pages(2)
    for page in (one, two):
        page.evaluate(START, {"server": proxy.url, "token": token, "room": pattern})
    key = "/machines/Salsa/keyNote"
    edit(one, set={BPM: 150, key: 3})
    equal(server, pattern, token, one, two)
    edit(two, set={BPM: 160})
    equal(server, pattern, token, one, two)
    done = one.evaluate("async () => { const { settled, ...done } = live.room.undo();"
                        " await settled; return done; }")
    assert done == {"changed": [key], "skipped": [BPM]}
    document = equal(server, pattern, token, one, two)
    assert [document["machines"]["Salsa"][name] for name in ("bpm", "keyNote")] == [160, 0]
    one.evaluate("() => live.room.redo().settled")
    document = equal(server, pattern, token, one, two)
    assert [document["machines"]["Salsa"][name] for name in ("bpm", "keyNote")] == [160, 3]
