"""The page itself, in Debian's Chromium: its files on another origin, the server behind a proxy."""

import os
import pathlib

from playwright.sync_api import expect

from harness import DEMO
from web import begin, browser, pages, proxy, site  # noqa: F401 (fixtures)

HOSTILE = '<img src=x onerror="document.title=1">"\'&amp;'


def open_page(page, proxy, site, pattern, signed_in=True):
    main = (f'import {{ start }} from "./app.js";\n'
            f'start({{ server: "{proxy.url}", catalogue: "protocol/catalogue.json" }});\n')
    page.route("**/main.js", lambda route: route.fulfill(
        body=main, content_type="text/javascript"))
    page.goto(f"{site.origin}/#pattern={pattern}")
    if signed_in:
        page.get_by_label("E-mail").fill(DEMO[0])
        page.get_by_label("Password").fill(DEMO[1])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("status")).to_have_text("Saved")
    else:
        expect(page.get_by_role("status")).to_have_text("Listening")


def picture(page, name):
    """For people to look at, where `SALSANOR_PICTURES` says."""
    if folder := os.environ.get("SALSANOR_PICTURES"):
        page.screenshot(path=pathlib.Path(folder) / f"{name}.png", full_page=True)


def test_two_people_and_a_guest_at_one_machine(begin, proxy, site, pages):
    server = begin()
    pattern = server.create(server.sign_in(), title=HOSTILE)
    one, two, guest = pages(3)
    open_page(one, proxy, site, pattern)
    open_page(two, proxy, site, pattern)
    open_page(guest, proxy, site, pattern, signed_in=False)
    for page in (one, two, guest):
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    one.get_by_role("button", name="Clave: On").click()
    expect(two.get_by_role("button", name="Clave: Off")).to_be_visible()
    expect(guest.get_by_role("button", name="Clave: Off")).to_be_disabled()
    two.get_by_label("Piano: Rhythm").select_option("3")
    expect(one.get_by_label("Piano: Rhythm")).to_have_value("3")
    # With the keyboard alone; on a button the space bar is the button's.
    one.evaluate("document.activeElement.blur()")
    one.locator("body").press("Control+z")
    expect(two.get_by_role("button", name="Clave: On")).to_be_visible()
    one.locator("body").press("2")
    expect(two.get_by_role("button", name="Cowbell: Off")).to_be_visible()
    one.locator("body").press("Space")
    for page in (one, two, guest):
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        expect(page.locator("#counts .now")).to_have_count(1)
    for width, name in ((360, "phone"), (1280, "desk")):
        for scheme in ("light", "dark"):
            one.set_viewport_size({"width": width, "height": 800})
            one.emulate_media(color_scheme=scheme)
            assert one.evaluate("document.documentElement.scrollWidth") <= width
            picture(one, f"{name}-{scheme}")
    one.locator("body").press("Space")
    expect(two.get_by_role("button", name="Play")).to_be_visible()


def test_states_are_shown_honestly(begin, proxy, site, pages):
    server = begin()
    (page,) = pages(1)
    open_page(page, proxy, site, server.create(server.sign_in()))
    proxy.cut()
    expect(page.get_by_role("status")).to_have_text("Connecting")
    page.get_by_role("button", name="Congas: On").click()
    expect(page.get_by_role("status")).to_have_text("Offline, edits waiting: 1")
    proxy.mend()
    expect(page.get_by_role("status")).to_have_text("Saved", timeout=15_000)
    expect(page.get_by_role("button", name="Congas: Off")).to_be_visible()
