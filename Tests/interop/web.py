"""The page's files on an origin of their own, and a browser that opens them."""

import contextlib
import http.server
import mimetypes
import queue
import random
import re
import shutil
import socket
import threading
import time

import pytest

from harness import SECONDS
from openrpc import ROOT
from playwright.sync_api import sync_playwright

# What may be seen of the repository, and at which address.
FOLDERS = {
    "/tests/": ROOT / "Tests/browser",
    "/protocol/": ROOT / "Protocol",
    "/": ROOT / "Sources/Server/Web",
}
# The example of clients.md, as if the server gave client.js from here.
EXAMPLE = re.search(
    r"^```js\n(.*?)^```$", (ROOT / "Protocol/clients.md").read_text(),
    re.MULTILINE | re.DOTALL)[1].replace("https://live.example", "")
POLICY = (
    "default-src 'none'; script-src 'self' http://127.0.0.1:*; style-src 'self'; img-src 'self'; "
    "connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'")


class Site:
    """Serves `FOLDERS` with a strict policy, from an origin that is not the server's."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = find(self.path.partition("?")[0])
                body = path.read_bytes() if path else b"not here\n"
                if self.path == "/example.js":
                    path, body = "example.js", EXAMPLE.encode()
                self.send_response(200 if path else 404)
                kind = mimetypes.guess_type(path or "a.txt")[0] or "application/octet-stream"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join(SECONDS)
        self.server.server_close()


def find(address):
    for prefix, folder in FOLDERS.items():
        if address.startswith(prefix):
            path = (folder / (address.removeprefix(prefix) or "index.html")).resolve()
            return path if path.is_relative_to(folder) and path.is_file() else None
    return None


@contextlib.contextmanager
def chromium():
    """Debian's, driven by Playwright. Its loop is on this thread: no asyncio beside it."""
    program = shutil.which("chromium")
    assert program, "Debian's chromium is not installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                  "--disable-background-networking", "--no-proxy-server",
                  "--autoplay-policy=no-user-gesture-required"])
        yield browser
        browser.close()


class Proxy:
    """A port before the server's that can be cut, and can be slow: what a page sees of a network.

    With `jitter` each connection has two ranges of delays, one for each way, of its own.
    """

    def __init__(self, jitter=None):
        self.jitter = jitter
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.target = None
        self.is_up = True
        self.open = set()
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                if not self.is_up:
                    raise ConnectionError
                far = socket.create_connection(("127.0.0.1", self.target), SECONDS)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self.lock:
                self.open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                pump = self.delay if self.jitter else self.pump
                threading.Thread(target=pump, args=(source, sink), daemon=True).start()

    def pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self.end([source, sink])

    def delay(self, source, sink):
        """In order, as TCP is: what is late makes what follows late."""
        least, most = self.jitter
        # The quickest way is alike in both directions: nobody could measure what is not.
        most = random.uniform(least + (most - least) / 2, most)
        late = queue.Queue()

        def forward():
            with contextlib.suppress(OSError):
                while item := late.get():
                    # The delay itself is what this thread is for.
                    time.sleep(max(0, item[0] - time.monotonic()))
                    sink.sendall(item[1])
            self.end([source, sink])

        threading.Thread(target=forward, daemon=True).start()
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                late.put((time.monotonic() + random.uniform(least, most) / 1_000, data))
        late.put(None)

    def end(self, sockets):
        with self.lock:
            self.open -= set(sockets)
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def cut(self):
        self.is_up = False
        with self.lock:
            open_now = list(self.open)
        self.end(open_now)

    def mend(self):
        self.is_up = True

    def close(self):
        self.cut()
        self.listener.close()


@pytest.fixture(scope="session")
def site():
    """The files of the page, from another origin than the server's."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def pages(browser, site):
    """Pages on the site's origin, each of a browser session of its own, with nothing in them."""
    contexts, wrong = [], []

    def open_pages(count):
        opened = []
        for _ in range(count):
            contexts.append(browser.new_context())
            page = contexts[-1].new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(f"{site.origin}/tests/blank.html")
            opened.append(page)
        return opened

    yield open_pages
    for context in contexts:
        context.close()
    assert wrong == [], wrong


@pytest.fixture
def proxy():
    proxy = Proxy()
    yield proxy
    proxy.close()


@pytest.fixture
def begin(start, proxy, site):
    """A server behind the proxy, which pages of the site may use."""
    def begin():
        server = start("--public-url", proxy.url, "--origin", site.origin)
        proxy.target = server.port
        return server
    return begin
