"""client.js beside the rooms: inbox, feed, pattern streams, lists; and pages of other sites."""

import uuid

import pytest

from harness import VIEWER, insert_user
from web import Site, begin, browser, pages, proxy, site  # noqa: F401 (fixtures)

START = """async (options) => {
  await (await import('/tests/live.js')).start(options);
  Object.assign(live, await import(`${options.server}/client.js`));
}"""


@pytest.fixture
def people(begin, data):
    """(server, token of a pattern's owner, token of somebody else)."""
    server = begin()
    server.kill()
    insert_user(data)
    server = begin()
    return server, server.sign_in(), server.sign_in(VIEWER)


def write(server, method, token, **params):
    answer = server.rpc(method, params | {"opId": str(uuid.uuid4())}, token)
    assert "result" in answer, answer
    return answer["result"]


def test_two_devices_have_the_same_inbox(people, proxy, pages):
    server, owner, other = people
    patterns = [server.create(owner) for _ in range(3)]
    devices = pages(2)
    for page in devices:
        page.evaluate(START, {"server": proxy.url, "token": owner, "room": patterns[0]})
        page.evaluate("() => { live.inbox = new live.LiveInbox(live.client);"
                      " return live.when(live.inbox, ['change'], () => live.inbox.isKnown); }")
    before = devices[0].evaluate("() => live.inbox.unread")

    def all_have(expected):
        for page in devices:
            page.evaluate(
                """(expected) => live.when(live.inbox, ["change"], () => {
                  const { unread, all } = live.inbox;
                  return JSON.stringify([unread, all.map(({ kind, isRead }) =>
                    `${kind}${isRead ? " read" : ""}`)].flat()) === JSON.stringify(expected);
                })""", expected)
        shown = [page.evaluate("() => JSON.stringify(live.inbox.all)") for page in devices]
        assert shown[0] == shown[1]

    write(server, "pattern.like", other, pattern=patterns[0])
    write(server, "comment.create", other, pattern=patterns[0], text="¡Wepa!")
    all_have([before + 2, "comment", "like"])
    devices[0].evaluate("() => live.inbox.markRead({ numbers: [live.inbox.all[1].number] })")
    all_have([before + 1, "comment", "like read"])
    # What happens while both are away, the taking back too.
    proxy.cut()
    for page in devices:
        page.evaluate("() => live.when(live.room, ['pending'], () => !live.room.isLive)")
    write(server, "pattern.unlike", other, pattern=patterns[0])
    write(server, "pattern.like", other, pattern=patterns[1])
    proxy.mend()
    all_have([before + 2, "like", "comment"])
    devices[1].evaluate("() => live.inbox.markRead({ through: live.inbox.number })")
    all_have([0, "like read", "comment read"])
    # Somebody else signs in: nothing of it is theirs.
    devices[1].evaluate("(token) => live.client.setToken(token)", other)
    devices[1].evaluate("() => live.when(live.inbox, ['change'], () => !live.inbox.all.length)")


def test_an_inbox_is_listed_page_by_page(people, proxy, pages):
    server, owner, other = people
    pattern = server.create(owner)
    for count in range(60):
        write(server, "comment.create", other, pattern=pattern, text=f"{count}")
    (page,) = pages(1)
    page.evaluate(START, {"server": proxy.url, "token": owner, "room": pattern})
    texts = page.evaluate("""async () => {
      const inbox = new live.LiveInbox(live.client);
      await live.when(inbox, ["change"], () => inbox.isKnown);
      while (inbox.hasMore) await inbox.more();
      return inbox.all.map(({ comment }) => Number(comment.text));
    }""")
    assert texts == list(range(59, -1, -1))
    listed = page.evaluate("""async () => {
      const pages = [];
      for await (const { comments } of live.client.pages(
        "comment.list", { pattern: live.room.id, limit: 25 })) pages.push(comments.length);
      return pages;
    }""")
    assert listed == [25, 25, 10]


def test_the_feed_has_what_those_do_whom_one_follows(people, proxy, pages):
    server, owner, other = people
    pattern = server.create(owner, title="Guajira")
    (page,) = pages(1)
    page.evaluate(START, {"server": proxy.url, "token": other, "room": pattern})
    demo = server.rpc("pattern.get", {"pattern": pattern})["result"]["pattern"]["userId"]
    page.evaluate("(user) => live.client.write('user.follow', { user })", demo)
    page.evaluate("() => { live.feed = new live.LiveFeed(live.client);"
                  " return live.when(live.feed, ['change'], () => live.feed.isKnown); }")
    assert "Guajira" in page.evaluate("() => live.feed.all.map((act) => act.pattern?.title)")
    server.create(owner, title="Montuno")
    page.evaluate("() => live.when(live.feed, ['change'],"
                  " () => live.feed.all[0].pattern?.title === 'Montuno')")


def test_how_a_pattern_fares_arrives_in_another_page(people, proxy, pages):
    server, owner, other = people
    pattern = server.create(owner)
    one, two = pages(2)
    one.evaluate(START, {"server": proxy.url, "token": other, "room": pattern})
    two.evaluate(START, {"server": proxy.url, "room": pattern})
    two.evaluate("""() => {
      live.news = {};
      live.stream = live.client.stream(`pattern:${live.room.id}`);
      live.stream.addEventListener("event", ({ detail }) => { live.news[detail.t] = detail.d; });
      return live.when(live.stream, ["event"], () => live.news.counters);
    }""")
    one.evaluate("() => live.client.write('pattern.like', { pattern: live.room.id })")
    two.evaluate("() => live.when(live.stream, ['event'],"
                 " () => live.news.counters.likeCount === 1)")
    one.evaluate("() => live.client.write("
                 "'comment.create', { pattern: live.room.id, text: '<b>¡Wepa!</b>' })")
    two.evaluate("() => live.when(live.stream, ['event'],"
                 " () => live.news.comment?.comment.text === '<b>¡Wepa!</b>'"
                 " && live.news.counters.commentCount === 1)")


def test_a_page_of_a_site_that_is_not_on_the_list_gets_no_answer(begin, proxy, browser):
    """The others of this file are pages of a site that is."""
    server = begin()
    pattern = server.create(server.sign_in())
    stranger = Site()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{stranger.origin}/tests/blank.html")
        # Anybody may read the module; only sites on the list may call.
        said = page.evaluate("""async ({ server, room }) => {
          const { SalsaClient } = await import(`${server}/client.js`);
          const client = new SalsaClient({ server });
          const call = await client.request("pattern.get", { pattern: room })
            .catch((error) => error.name);
          const closed = new Promise((resolve) => {
            const socket = new WebSocket(
              `${server.replace("http", "ws")}/v1/socket`, "salsanor.v1.json");
            socket.onopen = () => resolve("open");
            socket.onclose = ({ code }) => resolve(code);
          });
          return [call, await closed];
        }""", {"server": proxy.url, "room": pattern})
        assert said == ["TypeError", 1006]
    finally:
        context.close()
        stranger.close()
