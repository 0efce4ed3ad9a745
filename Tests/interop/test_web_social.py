"""The social side of the server's own page, in Debian's Chromium."""

import uuid

import pytest
from playwright.sync_api import expect

from harness import DEMO, ROOT, VIEWER, insert_user
from test_web_page import HOSTILE, picture, sign_in as fill_in
from web import begin, browser, pages, proxy, site  # noqa: F401 (fixtures)

TITLES = (
    "Güiro suave", "Son de la loma", "Descarga en Do", "Merengue típico", "Bolero lento",
    "Timba brava", HOSTILE)


@pytest.fixture
def town(begin, data):
    """(server, the demo user's token and patterns, Ana's token)."""
    server = begin()
    server.kill()
    insert_user(data)
    server = begin()
    owner, ana = server.sign_in(), server.sign_in(VIEWER)
    for token in (owner, ana):
        write(server, "account.setPreferences", token, theme="auto")
    patterns = [
        server.create(owner, title=title, bpm=100 + 20 * index, keyNote=index,
                      flavor="Merengue" if "Merengue" in title else "Salsa")
        for index, title in enumerate(TITLES)]
    return server, owner, patterns, ana


def write(server, method, token, **params):
    answer = server.rpc(method, params | {"opId": str(uuid.uuid4())}, token)
    assert "result" in answer, answer
    return answer["result"]


def sign_in(page, address, account):
    page.goto(address)
    fill_in(page, account)


def look(page, name):
    for width, device in ((360, "phone"), (1280, "desk")):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            picture(page, f"{name}-{device}-{scheme}")


def test_discovery_finds_patterns(town, proxy, pages):
    (page,) = pages(1)
    page.goto(f"{proxy.url}/")
    cards = page.get_by_role("list", name="Patterns").get_by_role("listitem")
    # The demo pattern of a fresh server, too.
    expect(cards).to_have_count(len(TITLES) + 1)
    look(page, "home")
    search = page.get_by_role("searchbox", name="Search")
    search.fill("guiro")
    expect(cards).to_have_count(1)
    expect(cards.get_by_role("heading")).to_have_text("Güiro suave")
    # The address can be shared.
    assert page.url.endswith("text=guiro&sort=newest")
    page.reload()
    expect(cards).to_have_count(1)
    search.fill("")
    page.get_by_label("Style").select_option("Merengue")
    expect(cards.get_by_role("heading")).to_have_text(["Merengue típico"])
    page.get_by_label("Style").select_option("")
    page.get_by_label("From bpm").fill("195")
    expect(cards).to_have_count(2)
    page.get_by_label("From bpm").fill("")
    page.get_by_label("Instrument").select_option("guira")
    expect(cards).to_have_count(1)
    page.get_by_label("Instrument").select_option("")
    page.get_by_role("search").get_by_label("Key").select_option("3")
    expect(cards.get_by_role("heading")).to_have_text(["Merengue típico"])
    cards.get_by_role("link", name="Merengue típico").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merengue típico")


def test_a_long_list_goes_on_when_its_end_is_seen(town, proxy, pages):
    server, owner, _, _ = town
    for count in range(60):
        server.create(owner, title=f"Row {count}")
    (page,) = pages(1)
    page.goto(f"{proxy.url}/#/?text=row&sort=newest")
    cards = page.get_by_role("list", name="Patterns").get_by_role("listitem")
    expect(cards.first).to_be_visible()
    for _ in range(6):
        page.keyboard.press("End")
        page.wait_for_load_state("networkidle")
    expect(cards).to_have_count(60)
    titles = cards.get_by_role("heading").all_inner_texts()
    assert titles == [f"Row {count}" for count in range(59, -1, -1)]


def test_likes_and_comments_arrive_in_another_page(town, proxy, pages):
    _, _, patterns, _ = town
    one, two = pages(2)
    sign_in(one, f"{proxy.url}/#/p/{patterns[0]}", DEMO)
    sign_in(two, f"{proxy.url}/#/p/{patterns[0]}", VIEWER)
    two.get_by_role("button", name="Like 0").click()
    expect(two.get_by_role("button", name="Liked 1", pressed=True)).to_be_visible()
    expect(one.get_by_role("button", name="Like 1", pressed=False)).to_be_visible()
    for page in (one, two):
        page.get_by_role("button", name="Comments 0").click()
        expect(page.get_by_text("No comments yet.")).to_be_visible()
    two.get_by_label("Write a comment").fill(HOSTILE)
    two.keyboard.press("Control+Enter")
    lists = [page.get_by_role("list", name="Comments") for page in (one, two)]
    for each in lists:
        expect(each.get_by_role("article")).to_contain_text(HOSTILE)
    expect(one.get_by_role("log")).to_contain_text("Ana")
    expect(one.get_by_role("button", name="Comments 1")).to_be_visible()
    # An answer, an edit of it, its end.
    one.get_by_role("button", name="Reply").click()
    one.get_by_label("Reply", exact=True).fill("¡Gracias!")
    one.get_by_role("button", name="Send").last.click()
    expect(one.get_by_text("¡Gracias!")).to_be_visible()
    two.get_by_role("button", name="Replies: 1").click()
    expect(two.get_by_text("¡Gracias!")).to_be_visible()
    one.get_by_role("button", name="Edit").click()
    one.get_by_label("Edit", exact=True).fill("¡Mil gracias!")
    one.get_by_role("button", name="Save", exact=True).click()
    expect(two.get_by_text("¡Mil gracias!")).to_be_visible()
    expect(two.get_by_text("(edited)")).to_be_visible()
    expect(two.get_by_role("alert")).to_have_count(0)
    look(one, "comments")
    # The owner may delete what others wrote, after being asked.
    first = lists[0].get_by_role("article").first
    first.get_by_role("button", name="Delete").click()
    first.get_by_role("button", name="Really delete?").click()
    for each in lists:
        expect(each).to_contain_text("This comment was deleted.")
        expect(each).to_contain_text("¡Mil gracias!")
    expect(two.get_by_role("button", name="Comments 1")).to_be_visible()
    # What was made while the network was gone is there afterwards.
    proxy.cut()
    expect(two.locator("#status")).to_have_attribute("data-state", "away")
    proxy.mend()
    expect(two.locator("#status")).to_have_attribute("data-state", "well", timeout=15_000)
    two.get_by_label("Write a comment").fill("Again here")
    two.get_by_role("button", name="Send").first.click()
    expect(lists[0]).to_contain_text("Again here")


def test_the_badge_counts_on_two_devices_and_after_an_absence(town, proxy, pages):
    server, _, patterns, ana = town
    devices = pages(2)
    for page in devices:
        sign_in(page, proxy.url, DEMO)

    def all_say(name):
        for page in devices:
            expect(page.get_by_role("link", name="Inbox")).to_have_accessible_name(
                name, timeout=15_000)

    all_say("Inbox")
    write(server, "pattern.like", ana, pattern=patterns[0])
    write(server, "pattern.like", ana, pattern=patterns[1])
    all_say("Inbox 2 unread")
    proxy.cut()
    write(server, "comment.create", ana, pattern=patterns[0], text="¡Wepa! " * 30)
    write(server, "comment.create", ana, pattern=patterns[0], text="@SalsaNor y más")
    proxy.mend()
    all_say("Inbox 4 unread")
    one, two = devices
    one.get_by_role("link", name="Inbox").click()
    two.get_by_role("link", name="Inbox").click()
    rows = [page.get_by_role("list", name="Inbox").get_by_role("listitem") for page in devices]
    expect(rows[0]).to_have_count(3)
    expect(rows[0].first).to_contain_text("Ana commented on Güiro suave (2)")
    look(one, "inbox")
    rows[0].first.get_by_role("button", name="Mark read").click()
    all_say("Inbox 2 unread")
    expect(rows[1].first.get_by_role("button", name="Mark read")).to_have_count(0)
    two.get_by_role("button", name="Mark all read").click()
    all_say("Inbox")
    expect(rows[0].get_by_role("button", name="Mark read")).to_have_count(0)
    # What is not to be told is not told.
    two.get_by_text("What to tell me").click()
    two.get_by_label("Comments").uncheck()
    two.reload()
    two.get_by_text("What to tell me").click()
    expect(two.get_by_label("Comments")).not_to_be_checked()
    write(server, "comment.create", ana, pattern=patterns[2], text="unheard")
    write(server, "pattern.like", ana, pattern=patterns[2])
    all_say("Inbox 1 unread")


def test_authors_feeds_and_following(town, proxy, pages):
    server, owner, patterns, _ = town
    (page,) = pages(1)
    sign_in(page, proxy.url, VIEWER)
    page.get_by_role("list", name="Patterns").get_by_role("listitem").first.get_by_role(
        "link").last.click()
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    expect(page.get_by_text("Followers: 0")).to_be_visible()
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Following", pressed=True)).to_be_focused()
    expect(page.get_by_text("Followers: 1")).to_be_visible()
    look(page, "author")
    page.get_by_role("link", name="Following").click()
    feed = page.get_by_role("list", name="Following")
    expect(feed.get_by_role("listitem").first).to_contain_text(HOSTILE)
    server.create(owner, title="Fresh from the oven")
    expect(feed.get_by_role("listitem").first).to_contain_text("Fresh from the oven")
    look(page, "feed")


@pytest.mark.parametrize("locale, words", [
    ("nb-NO", ("Oppdag", "Nyeste")), ("es-ES", ("Descubrir", "Más nuevos"))])
def test_the_page_speaks_the_persons_language(town, proxy, browser, locale, words):
    context = browser.new_context(locale=locale)
    try:
        page = context.new_page()
        page.goto(f"{proxy.url}/")
        expect(page.get_by_role("heading", level=2)).to_have_text(words[0])
        expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        expect(page.get_by_role("combobox").first).to_contain_text(words[1])
    finally:
        context.close()


CONTRASTS = (ROOT / "Tests/browser/contrast.js").read_text()


def test_the_pages_can_be_read(town, proxy, pages):
    """Contrast (WCAG 2.2 1.4.3), names and labels of everything that can be reached."""
    server, _, patterns, ana = town
    write(server, "pattern.like", ana, pattern=patterns[0])
    write(server, "comment.create", ana, pattern=patterns[0], text="¡Wepa!")
    (page,) = pages(1)
    sign_in(page, proxy.url, DEMO)
    demo = server.rpc("pattern.get", {"pattern": patterns[0]})["result"]["pattern"]["userId"]
    for address in ("", "feed", "inbox", f"u/{demo}", f"p/{patterns[0]}"):
        page.goto(f"{proxy.url}/#/{address}")
        if address.startswith("p/"):
            page.get_by_role("button", name="Comments 1").click()
            expect(page.get_by_role("article")).to_be_visible()
        page.wait_for_load_state("networkidle")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wrong = page.evaluate(f"async () => {{ {CONTRASTS.replace('export ', '')}"
                                  " return check(document.body); }")
            assert wrong == [], (address, scheme)


def test_with_the_keyboard_alone(town, proxy, pages):
    (page,) = pages(1)
    sign_in(page, proxy.url, VIEWER)
    seen = []

    def tab_to(name):
        for _ in range(120):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("""() => {
              const { activeElement: it } = document;
              const { outlineStyle } = getComputedStyle(it);
              // Between the last and the first it is the browser's own.
              if (it === document.body) return ["", true];
              return [it.ariaLabel || it.textContent || it.name, outlineStyle !== "none"];
            }"""))
            assert seen[-1][1], f"nobody sees where one is: {seen[-1]}"
            if name in seen[-1][0]:
                return
        raise AssertionError(f"no way to {name}: {seen}")

    page.evaluate("document.activeElement.blur()")
    tab_to("text")
    page.keyboard.type("guiro")
    cards = page.get_by_role("list", name="Patterns").get_by_role("listitem")
    expect(cards).to_have_count(1)
    tab_to("Güiro suave")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Güiro suave")
    tab_to("Like")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Liked 1")).to_be_focused()
    tab_to("Comments")
    page.keyboard.press("Enter")
    tab_to("Write a comment")
    page.keyboard.type("Sin ratón 1 2 3")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Sin ratón 1 2 3")
    # Digits and blanks of a text are no commands of the machine.
    clave = page.get_by_role("button", name="Clave", exact=True, pressed=True)
    expect(clave).to_be_visible()
    tab_to("Delete")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Really delete?")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("This comment was deleted.")


def test_every_language_has_every_word(pages):
    (page,) = pages(1)
    keys = page.evaluate("""async () => {
      const { words } = await import("/panels/words.js");
      return Object.values(words).map((table) => Object.keys(table).sort());
    }""")
    assert len(keys) == 3 and keys[0] == keys[1] == keys[2]


def test_listening_is_counted_and_a_block_is_a_block(town, proxy, pages):
    server, _, patterns, _ = town
    one, two = pages(2)
    sign_in(one, f"{proxy.url}/#/p/{patterns[0]}", VIEWER)
    sign_in(two, f"{proxy.url}/#/p/{patterns[0]}", DEMO)
    two.locator("#play").click()
    expect(one.get_by_text("Plays: 1")).to_be_visible()
    one.locator("#play").click()
    for page in (one, two):
        expect(page.get_by_text("Plays: 2")).to_be_visible()
    one.get_by_role("link", name="Demo User").click()
    one.get_by_role("button", name="Block").click()
    one.get_by_role("button", name="Really block?").click()
    expect(one.get_by_role("button", name="Unblock")).to_be_visible()
    one.get_by_role("button", name="Follow").click()
    expect(one.get_by_role("alert")).to_contain_text("blocked")
