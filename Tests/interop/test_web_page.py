"""The server's own page, in Debian's Chromium: the server stands behind a proxy."""

import os
import pathlib
import uuid

import pytest
from playwright.sync_api import expect

from harness import DEMO
from web import begin, browser, pages, proxy, site  # noqa: F401 (fixtures)

HOSTILE = '<img src=x onerror="document.title=1">"\'&amp;'


def open_page(page, proxy, pattern, signed_in=True):
    page.goto(f"{proxy.url}/#/p/{pattern}", wait_until="networkidle")
    if signed_in:
        sign_in(page)
        expect(page.locator("#status")).to_have_text("Saved")
    else:
        expect(page.locator("#status")).to_have_text("Listening")


def sign_in(page, account=DEMO, stay=False):
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("E-mail").fill(account[0])
    page.get_by_label("Password").fill(account[1])
    if stay:
        page.get_by_label("Stay signed in on this device").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def tile(page, name, is_on=None):
    """The switch of an instrument."""
    options = {} if is_on is None else {"pressed": is_on}
    return page.get_by_role("button", name=name, exact=True, **options)


def picture(page, name):
    """For people to look at, where `SALSANOR_PICTURES` says."""
    if folder := os.environ.get("SALSANOR_PICTURES"):
        page.screenshot(path=pathlib.Path(folder) / f"{name}.png", full_page=True)


def test_two_people_and_a_guest_at_one_machine(begin, proxy, pages):
    server = begin()
    pattern = server.create(server.sign_in(), title=HOSTILE)
    one, two, guest = pages(3)
    open_page(one, proxy, pattern)
    open_page(two, proxy, pattern)
    open_page(guest, proxy, pattern, signed_in=False)
    for page in (one, two, guest):
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    tile(one, "Clave", True).click()
    expect(tile(two, "Clave", False)).to_be_visible()
    expect(tile(guest, "Clave", False)).to_be_disabled()
    two.get_by_label("Piano: Rhythm").select_option("3")
    expect(one.get_by_label("Piano: Rhythm")).to_have_value("3")
    # With the keyboard alone; on a button the space bar is the button's.
    one.evaluate("document.activeElement.blur()")
    one.locator("body").press("Control+z")
    expect(tile(two, "Clave", True)).to_be_visible()
    one.locator("body").press("2")
    expect(tile(two, "Cowbell", False)).to_be_visible()
    one.locator("body").press("Space")
    for page in (one, two, guest):
        expect(page.get_by_role("button", name="Stop" if page is one else "Listen")).to_be_visible()
        expect(page.locator("#counts > .now")).to_have_count(1)
    for width, name in ((360, "phone"), (1280, "desk")):
        for scheme in ("light", "dark"):
            one.set_viewport_size({"width": width, "height": 800})
            one.emulate_media(color_scheme=scheme)
            assert one.evaluate("document.documentElement.scrollWidth") <= width
            picture(one, f"{name}-{scheme}")
    one.locator("body").press("Space")
    expect(two.get_by_role("button", name="Play")).to_be_visible()


def test_states_are_shown_honestly(begin, proxy, pages):
    server = begin()
    (page,) = pages(1)
    open_page(page, proxy, server.create(server.sign_in()))
    proxy.cut()
    expect(page.locator("#status")).to_have_text("Offline")
    tile(page, "Congas", True).click()
    expect(page.locator("#status")).to_have_text("Offline, edits waiting: 1")
    proxy.mend()
    expect(page.locator("#status")).to_have_text("Saved", timeout=15_000)
    expect(tile(page, "Congas", False)).to_be_visible()


NOTE_STRIKES = """
  globalThis.struck = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    // The cowbell's. Server and pages have the clock of one machine.
    const { contextTime, performanceTime } = this.context.getOutputTimestamp();
    if (Math.round(this.frequency.value) === 560) {
      const now = performanceTime + (at - contextTime) * 1_000;
      globalThis.struck.push([performance.timeOrigin + now, at - this.context.currentTime]);
    }
    return start.call(this, at);
  };"""
BUSY = """() => setInterval(() => {
  const until = performance.now() + 90;
  while (performance.now() < until);
}, 200)"""


@pytest.mark.parametrize("jitter, limit_ms", [(None, 10), ((20, 120), 20)])
def test_the_beat_sounds_without_gaps_and_in_phase(begin, proxy, pages, jitter, limit_ms):
    """From the scheduled times: each step once, evenly, and at the same instant in both pages,
    while one of them is busy, and after the tempo was changed."""
    server = begin()
    token = server.sign_in()
    pattern = server.create(token)
    proxy.jitter = jitter
    one, two = pages(2)
    for page in (one, two):
        page.add_init_script(NOTE_STRIKES)
        open_page(page, proxy, pattern)
    # The cowbell on every second step.
    one.get_by_label("Cowbell: Rhythm").select_option("2")
    one.get_by_role("button", name="Play").click()
    two.get_by_role("button", name="Listen").click()
    two.evaluate(BUSY)

    def steady(differences):
        """The worst, but for two: a sound device that was late makes a long gap and a short."""
        return sorted(abs(difference) for difference in differences)[-3]

    def hear(bpm):
        heard = []
        for page in (one, two):
            # The first ones come while the clock is measured, or were scheduled before.
            count = page.evaluate("() => struck.length") + (12 if jitter else 8)
            page.wait_for_function(f"() => struck.length > {count + 12}", timeout=30_000)
            strikes = page.evaluate(f"() => struck.slice({count})")
            heard.append([at for at, _ in strikes])
            # Nothing was scheduled for a time that had passed.
            assert min(ahead for _, ahead in strikes) > 0
            gaps = [later - earlier for earlier, later in zip(heard[-1], heard[-1][1:])]
            assert max(gaps) < 1.6 * 60_000 / bpm, gaps
            assert steady([gap - 60_000 / bpm for gap in gaps]) < limit_ms, gaps
        gap_ms = 60_000 / bpm
        apart = [
            abs((one - two + gap_ms / 2) % gap_ms - gap_ms / 2)
            for one, two in zip(*heard)]
        assert steady(apart) < limit_ms, apart
        return steady(apart)

    before = hear(120)
    changed = server.rpc("pattern.update", {
        "pattern": pattern, "bpm": 160, "opId": str(uuid.uuid4())}, token)
    assert "result" in changed, changed
    print(f"jitter {jitter}: at most {before:.1f} ms apart, {hear(160):.1f} after the tempo change")
