"""`serve` with TLS: certificates, their reload, and what goes wrong with them."""

import pathlib
import shutil
import signal
import ssl
import subprocess
import time

import pytest

from harness import (
    SUBPROTOCOL, Server, dial, make_certificate, read_response, tls_arguments, wait_until)


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path, "first")


def connected(server, certificate, **options):
    return dial(
        server.url(scheme="wss"), ssl=ssl.create_default_context(cafile=certificate),
        subprotocols=[SUBPROTOCOL], **options)


def test_a_socket_over_tls_compressed_and_not(start, certificate):
    server = start(*tls_arguments(certificate), "--log-level", "debug")
    for compression in ("deflate", None):
        with connected(server, certificate[0], compression=compression) as client:
            assert '"hello"' in client.recv(timeout=8)
            client.send('{"jsonrpc":"2.0","id":1,"method":"heartbeat","params":{}}')
            assert '"timeMs"' in client.recv(timeout=8)
            extensions = [str(e) for e in client.protocol.extensions]
            assert bool(extensions) == (compression is not None)
    assert "resumed=false version=TLSv1.3" in server.errors()


def test_plain_http_on_a_tls_port_gets_a_readable_answer(start, certificate):
    server = start(*tls_arguments(certificate))
    with server.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        status, _, body = read_response(connection)
    assert status == 400 and b"https" in body.lower()


def test_a_hang_up_reads_the_certificate_again_and_drops_nobody(start, certificate, tmp_path):
    server = start(*tls_arguments(certificate))
    first = tmp_path / "authority.pem"
    shutil.copy(certificate[0], first)
    with connected(server, first) as client:
        client.recv(timeout=8)
        second = make_certificate(tmp_path, "second")

        # Half of a change is refused, and the old pair stays.
        shutil.copy(second[0], certificate[0])
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "stays as it was" in server.errors(), what="a refusal")
        with connected(server, first):
            pass

        shutil.copy(second[1], certificate[1])
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "was read again" in server.errors(), what="a reload")
        with connected(server, second[0]):
            pass
        with pytest.raises(ssl.SSLCertVerificationError):
            with connected(server, first):
                pass

        client.send('{"jsonrpc":"2.0","id":1,"method":"heartbeat","params":{}}')
        assert '"timeMs"' in client.recv(timeout=8)
    assert server.stop() == 0


@pytest.fixture
def slow_files(tmp_path, monkeypatch):
    """Servers from here on hang when they open a certificate, while the returned file exists."""
    library = tmp_path / "slow_files.so"
    source = pathlib.Path(__file__).with_name("slow_files.c")
    subprocess.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-o",
         library], check=True)
    mark = tmp_path / "slow"
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("SLOW_FILES_WHILE", str(mark))
    yield mark
    mark.unlink(missing_ok=True)


def test_a_file_system_that_hangs_stops_neither_service_nor_stop(start, certificate, slow_files):
    server = start(*tls_arguments(certificate))
    slow_files.touch()
    for _ in range(40):
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "slow files: waiting" in server.errors(), what="a reload that hangs")
    with connected(server, certificate[0]) as client:
        assert '"hello"' in client.recv(timeout=8)
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5
    assert server.errors().count("slow files: waiting") == 1


def test_hang_ups_in_a_row_are_one_reload_more(start, certificate, slow_files):
    server = start(*tls_arguments(certificate))
    slow_files.touch()
    for _ in range(20):
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "slow files: waiting" in server.errors(), what="a reload that hangs")
    slow_files.unlink()
    wait_until(lambda: server.errors().count("was read again") >= 2, what="the second reload")
    assert server.stop() == 0
    # The last signal may reach the server when the one reload that waited has begun: a third.
    assert server.errors().count("was read again") in (2, 3)


def test_renegotiation_is_refused(start, certificate):
    server = start(*tls_arguments(certificate))
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2"],
        input=b"R\n", capture_output=True, timeout=20)
    said = done.stdout + done.stderr
    assert b"RENEGOTIATING" in said and b"no renegotiation" in said, said
    with connected(server, certificate[0]):
        pass


def test_a_handshake_that_stops_ends_in_time(start, certificate):
    server = start(*tls_arguments(certificate))
    with server.raw() as silent, server.raw(b"\x16\x03\x01\x02\x00\x01\x00") as half:
        silent.settimeout(14)
        half.settimeout(14)
        assert silent.recv(1) == b"" and half.recv(1) in (b"", b"\x15")
    with connected(server, certificate[0]):
        pass


@pytest.mark.parametrize("change,complaint", [
    (lambda c, k: c.unlink(), "cannot read"), (lambda c, k: k.unlink(), "cannot read"),
    (lambda c, k: c.write_text("no"), "is not a certificate"),
    (lambda c, k: k.write_text("no"), "is not a private key"),
    (lambda c, k: make_certificate(c.parent, "other")[1].rename(k), "does not belong"),
])
def test_files_that_cannot_be_used(data, certificate, change, complaint):
    change(*certificate)
    server = Server(data, *tls_arguments(certificate))
    assert server.port is None and server.process.wait(8) == 1
    assert complaint in server.errors()


@pytest.mark.parametrize("half", [0, 2])
def test_one_file_without_the_other(data, certificate, half):
    server = Server(data, *tls_arguments(certificate)[half : half + 2])
    assert server.port is None and server.process.wait(8) == 64
    assert "belong together" in server.errors()
