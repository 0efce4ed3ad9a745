"""client.js in Debian's Chromium: the vectors, and rooms of the real server."""

import random

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
