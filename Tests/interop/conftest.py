import shutil
import tempfile

import pytest

from harness import DEMO, VIEWER, Server, insert_user


@pytest.fixture
def data():
    folder = tempfile.mkdtemp(prefix="salsanor-interop-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(data):
    """Starts servers on one data directory, one after the other; ends what is left."""
    first = len(Server.started)

    def begin(*arguments, **options):
        server = Server(data, *arguments, **options)
        assert server.port, server.errors()
        return server

    yield begin
    for server in Server.started[first:]:
        server.kill()


@pytest.fixture(scope="session")
def server():
    """One server for all tests that leave it as they found it; it knows a second user."""
    folder = tempfile.mkdtemp(prefix="salsanor-interop-")
    first = Server(folder)
    assert first.port, first.errors()
    assert first.stop() == 0
    insert_user(folder)
    insert_user(folder, ("bea@example.org", ""), name="Bea")
    shared = Server(folder, "--shards", "2", "--origin", "https://salsa.example")
    assert shared.port, shared.errors()
    yield shared
    shared.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def token(server):
    return server.sign_in(DEMO)


@pytest.fixture(scope="session")
def viewer_token(server):
    return server.sign_in(VIEWER)


@pytest.fixture
def pattern(server, token):
    return server.create(token)


@pytest.fixture
def client(server, token):
    client = server.client(token)
    yield client
    client.close()


@pytest.fixture
def room(client, pattern):
    return client.join(pattern)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for server in Server.started[-3:] + Server.started[:1]:
            report.sections.append((f"server {server.pid}", server.errors()[-6_000:]))
    return report


def pytest_sessionfinish(session):
    for server in Server.started:
        server.kill()
        # A server built with a sanitizer goes on after what it found.
        if "Sanitizer" in server.errors():
            print(f"\nserver {server.pid}:\n{server.errors()[:6_000]}")
            session.exitstatus = 1
