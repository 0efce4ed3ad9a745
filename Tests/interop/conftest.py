import pathlib
import shutil
import ssl
import tempfile

import pytest

from harness import (
    DEMO, VIEWER, Echo, Server, insert_user, make_certificate, tls_arguments)


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
def authority():
    """(certificate, key) of all servers with TLS that live as long as the test run."""
    folder = tempfile.mkdtemp(prefix="salsanor-interop-")
    yield make_certificate(pathlib.Path(folder), "session")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def trust(authority):
    """For clients: verifies the certificate and the name in it."""
    return ssl.create_default_context(cafile=authority[0])


@pytest.fixture(scope="session")
def tls_server(authority):
    folder = tempfile.mkdtemp(prefix="salsanor-interop-")
    shared = Server(folder, *tls_arguments(authority))
    assert shared.port, shared.errors()
    yield shared
    shared.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def echoes(authority):
    """By scheme: `salsanor echo`, plain and with TLS."""
    both = {"ws": Echo(), "wss": Echo(*tls_arguments(authority))}
    for scheme, echo in both.items():
        assert echo.port and echo.scheme == scheme, echo.errors()
    yield both
    for echo in both.values():
        echo.kill()


@pytest.fixture(params=["ws", "wss"])
def echo(request, echoes):
    return echoes[request.param]


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
