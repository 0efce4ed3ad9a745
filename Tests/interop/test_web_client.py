"""client.js in Debian's Chromium: the vectors, and rooms of the real server."""

import pytest
import web


@pytest.fixture(scope="module")
def browser():
    with web.chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, site):
    """A page on the site's origin, with nothing in it; what its console says is an error."""
    context = browser.new_context()
    page = context.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{site.origin}/tests/blank.html")
    yield page
    context.close()
    assert said == []


def test_the_vectors_of_the_protocol(page):
    result = page.evaluate("async () => (await import('/tests/vectors.js')).run()")
    assert result["failures"] == []
    names = {path.stem for path in (web.ROOT / "Protocol/vectors").glob("*.json")}
    assert set(result["files"]) == names
    assert result["count"] > 500
