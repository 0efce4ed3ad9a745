"""Pages in headless Chromium: the echo, plain and with TLS, and `salsanor serve` by origin."""

import http.server
import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import threading
import urllib.parse

import pytest

from harness import SECONDS, SUBPROTOCOL

PAGE = pathlib.Path(__file__).with_name("chromium.html")
BROWSER_SECONDS = 30


class Pages:
    """Serves the page and its jobs to the browser, and takes what it posts.

    One server of two origins: 127.0.0.1 and localhost.
    """

    def __init__(self):
        self.jobs = {}
        self.results = queue.Queue()
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, kind, body):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path.startswith("/jobs.json"):
                    jobs = pages.jobs[self.path.partition("page=")[2]]
                    self.answer("application/json", json.dumps(jobs).encode())
                else:
                    self.answer("text/html", PAGE.read_bytes())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer("text/plain", b"")
                query = urllib.parse.urlsplit(self.path).query
                pages.results.put((urllib.parse.parse_qs(query)["page"][0], json.loads(body)))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join(SECONDS)
        self.server.server_close()


@pytest.fixture
def pages():
    pages = Pages()
    yield pages
    pages.close()


@pytest.fixture
def browse(tmp_path):
    """Opens an address in a browser of its own, which ends with the test."""
    program = shutil.which("chromium")
    assert program, "Debian's chromium is not installed"
    browsers = []

    def open_page(url):
        with open(tmp_path / "chromium.log", "wb") as log:
            browsers.append(subprocess.Popen(
                [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-dev-shm-usage", "--disable-background-networking",
                 "--no-proxy-server", "--ignore-certificate-errors",
                 f"--user-data-dir={tmp_path / 'profile'}", url],
                stdout=log, stderr=log, start_new_session=True))

    yield open_page
    for browser in browsers:
        # Its helpers are of its own process group.
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait(SECONDS)


def results(pages, tmp_path):
    try:
        return pages.results.get(timeout=BROWSER_SECONDS)
    except queue.Empty:
        raise AssertionError((tmp_path / "chromium.log").read_text()[-3_000:]) from None


def test_pages(pages, browse, start, echoes, tmp_path):
    allowed = f"http://127.0.0.1:{pages.port}"
    server = start("--origin", allowed)
    pages.jobs = {"allowed": [
        ["ws", "echo", echoes["ws"].url()], ["wss", "echo", echoes["wss"].url()],
        ["serve", "serve", server.url()]]}
    browse(f"{allowed}/?page=allowed")
    page, found = results(pages, tmp_path)
    assert page == "allowed"
    for scheme in ("ws", "wss"):
        assert "error" not in found[scheme], found
        assert found[scheme]["extensions"].startswith("permessage-deflate")
        assert (found[scheme]["code"], found[scheme]["clean"]) == (4000, True)
    assert found["serve"] == {"method": "hello", "protocol": SUBPROTOCOL, "code": 1000}


def test_a_page_of_another_origin_is_let_into_the_echo_only(
        pages, browse, start, echoes, tmp_path):
    allowed, foreign = (f"http://{host}:{pages.port}" for host in ("127.0.0.1", "localhost"))
    server = start("--origin", allowed)
    pages.jobs = {"foreign": [
        ["echo", "echo", echoes["ws"].url()], ["serve", "serve", server.url()]]}
    browse(f"{foreign}/?page=foreign")
    _, found = results(pages, tmp_path)
    assert found["echo"]["code"] == 4000
    assert found["serve"] == {"error": "closed 1006 before it opened"}
