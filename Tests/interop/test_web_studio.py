"""What people do with the machine in the server's own page, in Debian's Chromium."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from harness import DEMO, ROOT, VIEWER, insert_user
from test_web_page import open_page, picture, sign_in, tile
from web import begin, browser, pages, proxy, site  # noqa: F401 (fixtures)

CONTRASTS = (ROOT / "Tests/browser/contrast.js").read_text().replace("export ", "")


def shown(server, pattern, token):
    answer = server.rpc("pattern.get", {"pattern": pattern}, token)
    return answer["result"]["pattern"]


def status(page, text, **options):
    expect(page.locator("#status")).to_have_text(text, **options)


def see(page, name):
    # Accounts begin with a theme of their own: here it is the device's.
    page.evaluate("document.documentElement.dataset.theme = 'auto'")
    for width in (360, 1280):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(f"() => {{ {CONTRASTS} return check(document.body); }}") == []
            picture(page, f"{name}-{width}-{scheme}")


@pytest.fixture
def studio(begin, data, pages, proxy):
    """(server, the owner's token, a pattern, its page)."""
    server = begin()
    server.kill()
    insert_user(data)
    server = begin()
    token = server.sign_in()
    pattern = server.create(token, title="Son")
    (page,) = pages(1)
    open_page(page, proxy, pattern)
    return server, token, pattern, page


def test_registering_preferences_and_staying_signed_in(begin, proxy, browser):
    begin()
    context = browser.new_context(locale="en-US", color_scheme="dark")
    try:
        page = context.new_page()
        page.goto(f"{proxy.url}/#/me", wait_until="networkidle")
        # A guest's choices are kept here, and go along into the account.
        page.get_by_label("Theme").select_option("dark")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Create account").click()
        page.get_by_label("Name", exact=True).fill("Celia")
        page.get_by_label("E-mail").fill("celia@example.org")
        page.get_by_label("Password").fill("son montuno 1941")
        page.get_by_label("Stay signed in").check()
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert page.evaluate("Object.keys(sessionStorage)") == []
        token = page.evaluate("localStorage.getItem('salsanor.token')")
        assert token.startswith("sn_")
        # In another tab, and after a reload.
        other = context.new_page()
        other.goto(f"{proxy.url}/#/me", wait_until="networkidle")
        expect(other.get_by_role("link", name="Celia")).to_be_visible()
        picture(other, "me")
        other.get_by_label("Glass look").uncheck()
        expect(other.locator("main").get_by_role("status")).to_have_text("Saved")
        assert not other.evaluate("document.documentElement.classList.contains('glass')")
        other.get_by_label("Beat numbers").uncheck()
        other.get_by_label("Flavor").select_option("Merengue")
        other.get_by_label("Key").select_option("8")
        other.get_by_label("Tempo").fill("177")
        other.get_by_label("Tempo").press("Tab")
        other.get_by_label("Volume to begin with").fill("0.25")
        other.get_by_label("Play when a rhythm opens").check()
        expect(other.locator("main").get_by_role("status")).to_have_text("Saved")
        other.get_by_label("Language").select_option("es")
        expect(other.locator("html")).to_have_attribute("lang", "es")
        other.get_by_role("button", name="Ritmo nuevo").click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Mi ritmo")
        expect(other.locator("#flavor")).to_have_value("Merengue")
        expect(other.locator("#key")).to_have_value("8")
        expect(other.locator("#bpm")).to_have_value("177")
        assert not other.evaluate("document.documentElement.classList.contains('numbers')")
        # The choice to play acted on opening: the press of "New" was the gesture.
        expect(other.get_by_role("button", name="Parar")).to_be_visible()
        other.get_by_text("Solo para mí").click()
        expect(other.get_by_label("Mi volumen")).to_have_value("0.25")
        # Out here is out in the other tab.
        other.get_by_role("button", name="Salir").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert page.evaluate("localStorage.getItem('salsanor.token')") is None
    finally:
        context.close()


def test_a_session_that_ends_keeps_what_waits(studio, proxy):
    server, token, pattern, page = studio
    proxy.cut()
    status(page, "Offline")
    tile(page, "Clave").click()
    status(page, "Offline, edits waiting: 1")
    own = page.evaluate("sessionStorage.getItem('salsanor.token')")
    assert "result" in server.rpc("account.signOut", {"opId": str(uuid.uuid4())}, own)
    proxy.mend()
    expect(page.get_by_text("Your session has ended.")).to_be_visible(timeout=15_000)
    page.get_by_label("E-mail").fill(DEMO[0])
    page.get_by_label("Password").fill(DEMO[1])
    page.keyboard.press("Enter")
    status(page, "Saved", timeout=15_000)
    instruments = shown(server, pattern, token)["machines"]["Salsa"]["instruments"]
    assert instruments["clave"]["enabled"] is False


def test_the_machine_is_changed(studio):
    server, token, pattern, page = studio
    page.get_by_role("button", name="Remove Maracas").click()
    expect(tile(page, "Maracas")).to_have_count(0)
    page.get_by_label("Add an instrument").select_option("maracas")
    expect(tile(page, "Maracas", False)).to_be_visible()
    page.get_by_label("Piano: Pitch").select_option("62")
    page.locator("#key").select_option("5")
    page.locator("#flavor").select_option("Merengue")
    expect(page.locator("#counts > li")).to_have_count(4)
    expect(tile(page, "Tambora")).to_be_visible()
    page.locator("#flavor").select_option("Salsa")
    expect(page.locator("#counts > li")).to_have_count(8)
    # 2-3 son: five strokes of sixteen, shown with the counts.
    expect(page.locator("#counts .stroke")).to_have_count(5)
    expect(page.locator("#clave")).to_have_text("Son Clave 2-3")
    status(page, "Saved")
    machine = shown(server, pattern, token)["machines"]["Salsa"]
    assert machine["keyNote"] == 5 and machine["instruments"]["piano"]["pitchOffset"] == 62
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    # Tapped faster than there is.
    for _ in range(6):
        page.evaluate("document.getElementById('tap').click()")
    expect(page.locator("#bpm")).to_have_value("250")
    page.get_by_role("button", name="Details").click()
    page.get_by_label("Title").fill("Son de la loma")
    page.get_by_label("Everybody may find").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Son de la loma")
    expect(page.locator(".about")).to_contain_text("private")
    assert shown(server, pattern, token)["isPublic"] is False
    page.get_by_role("button", name="Save as fork").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("(fork)")


def test_what_is_ones_own_stays_so(studio, pages, proxy):
    server, token, pattern, page = studio
    page.evaluate("""() => {
      globalThis.spoken = [];
      speechSynthesis.speak = ({ text }) => spoken.push(text);
    }""")
    number = shown(server, pattern, token)["number"]
    page.get_by_text("Just for me").click()
    page.get_by_label("Counts").select_option("speak")
    page.get_by_label("Shift the sound (ms)").fill("-60")
    page.get_by_label("Shift the sound (ms)").press("Tab")
    page.get_by_label("My volume").fill("0.5")
    page.get_by_role("button", name="Mute Congas for me").click()
    expect(page.get_by_role("button", name="Mute Congas for me", pressed=True)).to_be_visible()
    expect(tile(page, "Congas", True)).to_be_visible()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => spoken.includes('5')", timeout=15_000)
    assert shown(server, pattern, token)["number"] == number
    page.reload()
    expect(page.get_by_role("button", name="Mute Congas for me", pressed=True)).to_be_visible()
    # A guest hears alone what nobody else plays.
    page.get_by_role("button", name="Listen").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    (guest,) = pages(1)
    open_page(guest, proxy, pattern, signed_in=False)
    guest.get_by_role("button", name="Play").click()
    expect(guest.locator("#counts > .now")).to_have_count(1)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(tile(guest, "Clave")).to_be_disabled()


def test_a_leader_locks_tempo_and_start(studio, pages, proxy):
    server, token, pattern, page = studio
    (other,) = pages(1)
    open_page(other, proxy, pattern)
    page.get_by_role("button", name="I lead").click()
    page.get_by_label("tempo and flavor").check()
    expect(other.locator("#lead")).to_contain_text("leads and keeps: tempo and flavor")
    expect(other.locator("#bpm")).to_be_disabled()
    expect(page.locator("#bpm")).to_be_enabled()
    page.get_by_label("start and stop").check()
    expect(other.locator("#lead")).to_contain_text("start and stop")
    page.get_by_role("button", name="Nobody leads any more").click()
    expect(other.locator("#bpm")).to_be_enabled()
    expect(other.locator("#lead")).to_be_hidden()


def test_history_is_heard_restored_and_named(studio, pages, proxy):
    server, token, pattern, page = studio
    page.get_by_label("Piano: Rhythm").select_option("7")
    status(page, "Saved")
    page.get_by_role("tab", name="History").click()
    page.get_by_label("Name of the version").fill("With piano 7")
    page.get_by_role("button", name="Keep this version").click()
    versions = page.get_by_role("list", name="Named versions")
    expect(versions).to_contain_text("With piano 7")
    page.get_by_label("Piano: Rhythm").select_option("2")
    status(page, "Saved")
    versions.get_by_role("button", name="Listen").click()
    expect(page.get_by_label("Piano: Rhythm")).to_have_value("7")
    expect(page.get_by_text("You alone hear an earlier version: With piano 7")).to_be_visible()
    expect(tile(page, "Clave")).to_be_disabled()
    expect(page.locator("#counts > .now")).to_have_count(1)
    page.get_by_role("button", name="Back to now").click()
    expect(page.get_by_label("Piano: Rhythm")).to_have_value("2")
    versions.get_by_role("button", name="Restore").click()
    expect(page.get_by_label("Piano: Rhythm")).to_have_value("7")
    changes = page.get_by_role("list", name="Changes")
    page.get_by_role("button", name="Refresh").click()
    expect(changes.get_by_role("listitem").first).to_contain_text("Demo User")
    expect(changes).to_contain_text("Piano: Rhythm")
    see(page, "history")


@pytest.mark.parametrize("role, may_edit", [("viewer", False), ("editor", True)])
def test_a_share_link_gives_its_role(studio, pages, proxy, role, may_edit):
    server, token, pattern, page = studio
    page.get_by_label("The link gives").select_option(role)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link", exact=True)
    expect(link).to_have_value(re.compile(re.escape(proxy.url) + "/#/share/.+"))
    (other,) = pages(1)
    other.goto(link.input_value(), wait_until="networkidle")
    expect(other.get_by_text("Sign in to use this link.")).to_be_visible()
    other.get_by_label("E-mail").fill(VIEWER[0])
    other.get_by_label("Password").fill(VIEWER[1])
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", level=1)).to_have_text("Son")
    expect(other.get_by_role("alert")).to_contain_text(f"You are {role} of Son now.")
    # The secret is not in the address any more.
    assert other.url.endswith(f"#/p/{pattern}")
    status(other, "Saved" if may_edit else "Listening")
    expect(tile(other, "Clave", True)).to_be_enabled(enabled=may_edit)
    page.reload()
    expect(page.get_by_label("Role of Ana")).to_have_value(role)
    page.get_by_label("Role of Ana").select_option("editor")
    expect(tile(other, "Clave", True)).to_be_enabled(timeout=15_000)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)
    page.get_by_role("button", name="Remove Ana").click()
    expect(tile(other, "Clave", True)).to_be_disabled(timeout=15_000)


def test_a_refused_edit_is_shown_and_rolled_back(studio, pages, proxy):
    server, token, pattern, page = studio
    ana = server.rpc("account.signIn", {"email": VIEWER[0], "password": VIEWER[1]})["result"]

    def write(method, token, **params):
        params |= {"pattern": pattern, "opId": str(uuid.uuid4())}
        assert "result" in server.rpc(method, params, token)

    write("pattern.invite", token, user=ana["user"]["id"], role="editor")
    write("pattern.answerInvitation", ana["token"], accept=True)
    (other,) = pages(1)
    other.goto(f"{proxy.url}/#/p/{pattern}", wait_until="networkidle")
    sign_in(other, VIEWER)
    status(other, "Saved")
    # Allowed when it was made; no more when it arrives.
    proxy.cut()
    status(other, "Offline")
    other.locator("#bpm").fill("200")
    status(other, "Offline, edits waiting: 1")
    write("pattern.setRole", token, user=ana["user"]["id"], role="viewer")
    proxy.mend()
    expect(other.get_by_role("alert")).to_contain_text("Not changed: Tempo", timeout=15_000)
    status(other, "Listening")
    expect(other.locator("#bpm")).to_have_value("120")
    expect(other.locator("#bpm")).to_be_disabled()


def test_the_server_is_killed_while_pages_edit(studio, begin, pages, proxy):
    server, token, pattern, page = studio
    (other,) = pages(1)
    open_page(other, proxy, pattern)
    server.kill()
    status(page, "Offline")
    tile(page, "Clave").click()
    other.get_by_label("Piano: Rhythm").select_option("9")
    status(page, "Offline, edits waiting: 1")
    again = begin()
    for each in (page, other):
        status(each, "Saved", timeout=20_000)
        expect(tile(each, "Clave", False)).to_be_visible()
        expect(each.get_by_label("Piano: Rhythm")).to_have_value("9")
    instruments = shown(again, pattern, token)["machines"]["Salsa"]["instruments"]
    assert (instruments["clave"]["enabled"], instruments["piano"]["activeProgram"]) == (False, 9)


def test_what_is_sent_is_small_and_readable(studio, proxy, browser):
    server, token, pattern, page = studio
    see(page, "studio")
    context = browser.new_context()
    try:
        fresh = context.new_page()
        sizes = {}
        fresh.on("response", lambda response: sizes.update(
            {response.url: len(response.body())}) if response.ok else None)
        fresh.goto(f"{proxy.url}/#/p/{pattern}")
        expect(tile(fresh, "Clave")).to_be_visible()
        print({url.rsplit("/", 1)[-1]: size for url, size in sizes.items()})
        usable = sum(size for url, size in sizes.items() if "/panels/" not in url)
        print(f"{usable} bytes until the machine is usable, {sum(sizes.values())} with its panels")
        assert 50_000 < usable < 150_000
    finally:
        context.close()


def test_twenty_people_do_not_make_a_page_stutter(studio):
    """Frames of a page while twenty others move sliders, thirty times a second each."""
    server, token, pattern, page = studio
    page.get_by_role("button", name="Play").click()
    page.evaluate("""async ([pattern, token]) => {
      const { SalsaClient } = await import("/client.js");
      const rooms = Array.from({ length: 20 }, () =>
        new SalsaClient({ server: location.origin, token }).connect().join(pattern));
      await Promise.all(rooms.map(({ joined }) => joined));
      globalThis.longest = [];
      new PerformanceObserver((list) => longest.push(
        ...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
      globalThis.hands = rooms.map((room, index) => setInterval(() => room.edit({ set: {
        [`/machines/Salsa/instruments/${["clave", "congas", "piano", "bass"][index % 4]}/volume`]:
          Math.round(Math.random() * 100) / 100 } }), 33));
    }""", [pattern, token])
    # A measurement over time: four seconds of it.
    page.wait_for_timeout(4_000)
    longest = page.evaluate("() => { hands.forEach(clearInterval); return longest; }")
    print(f"{len(longest)} long tasks in 4 s with 20 hands in the page itself:"
          f" {sorted(map(round, longest))[-5:]} ms")
    assert sum(longest) < 2_000
