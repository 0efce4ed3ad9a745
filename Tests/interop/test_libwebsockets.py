"""`salsanor echo` with libwebsockets, plain and with TLS, compressed and not."""

import pathlib
import subprocess

import pytest

from harness import make_certificate

SOURCE = pathlib.Path(__file__).with_name("lws_client.c")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("libwebsockets") / "client"
    libraries = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libwebsockets"],
        check=True, capture_output=True, text=True).stdout.split()
    subprocess.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", SOURCE, "-o", path, *libraries],
        check=True)
    return path


def run(program, echo, authority, compression):
    return subprocess.run(
        [program, str(echo.port), authority, compression], capture_output=True, text=True,
        timeout=30)


@pytest.mark.parametrize("compression", ["deflate", "plain"])
def test_messages_come_back(program, echo, authority, compression):
    trusted = str(authority[0]) if echo.scheme == "wss" else "-"
    ended = run(program, echo, trusted, compression)
    assert (ended.returncode, ended.stdout) == (0, "PASS\n"), ended.stdout + ended.stderr


def test_a_certificate_that_nobody_vouches_for_is_refused(program, echoes, tmp_path):
    other = make_certificate(tmp_path, "other")[0]
    ended = run(program, echoes["wss"], str(other), "plain")
    assert ended.returncode == 1 and "PASS" not in ended.stdout
