"""Starting: what stands in the way is said in words, with exit status 1."""

import os
import pathlib
import socket
import sqlite3
import subprocess

import pytest

from harness import BINARY, Server


def refused(data, *arguments, user=None):
    """What a server that cannot start says."""
    command = [BINARY, "serve", "--port", "0", "--data", str(data), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20, user=user, cwd="/")
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.startswith("salsanor: ") and len(done.stderr) < 500
    assert "Error(" not in done.stderr and "rror Domain" not in done.stderr
    return done.stderr


def test_a_port_in_use(data):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        said = refused(f"{data}/new", "--port", port)
        assert port in said and "in use" in said and "--port" in said
        assert not os.path.exists(f"{data}/new"), "the data is left alone"


def test_a_data_directory_in_use(start, data):
    server = start()
    said = refused(data)
    assert "in use" in said and str(server.pid) in said
    server.is_well()


def test_a_data_directory_that_is_a_file(data):
    path = pathlib.Path(data, "file")
    path.write_text("mine")
    assert "not a directory" in refused(path)
    assert path.read_text() == "mine"


def test_a_data_directory_without_parent(data):
    assert "parent" in refused(f"{data}/a/b")


@pytest.mark.skipif(os.getuid() == 0 and not os.access("/proc/self/setgroups", os.R_OK),
                    reason="needs a way to be somebody else")
def test_a_data_directory_that_is_not_writable(data):
    folder = pathlib.Path(data, "closed")
    folder.mkdir(mode=0o500)
    os.chmod(data, 0o755)
    # Root may write anywhere: there the server runs as nobody, if that may run it at all.
    user = 65_534 if os.getuid() == 0 else None
    if user is not None:
        runs = subprocess.run([BINARY, "--help"], capture_output=True, user=user, cwd="/") \
            if can_run(user) else None
        if runs is None or runs.returncode != 0:
            pytest.skip("nobody may not run the binary")
        os.chmod(folder, 0o555)
    assert "cannot be written" in refused(folder, user=user)


def can_run(user):
    try:
        subprocess.run([BINARY, "--help"], capture_output=True, user=user, cwd="/")
        return True
    except PermissionError:
        return False


def test_a_database_of_a_newer_version(start, data):
    assert start().stop() == 0
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        database.execute("INSERT INTO schema_migrations VALUES (999, 'future', 0)")
        before = list(database.iterdump())
    database.close()
    said = refused(data)
    assert "999" in said and "newer" in said
    with sqlite3.connect(f"{data}/database.sqlite") as database:
        assert list(database.iterdump()) == before
    database.close()


def test_a_database_of_another_program(data):
    path = pathlib.Path(data, "database.sqlite")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA application_id = 77")
        database.execute("CREATE TABLE theirs (x)")
    database.close()
    before = path.read_bytes()
    said = refused(data)
    assert "another program" in said
    assert path.read_bytes() == before


def test_a_file_that_is_no_database(data):
    path = pathlib.Path(data, "database.sqlite")
    path.write_bytes(b"this is a letter, not a database\n" * 100)
    said = refused(data)
    assert "database" in said
    assert path.read_bytes() == b"this is a letter, not a database\n" * 100


@pytest.mark.parametrize("arguments", [
    ["--port", "70000"], ["--port", "x"], ["--host", "localhost"], ["--shards", "0"],
    ["--add-sync-ms", "-1"], ["--log-level", "loud"], ["--nonsense"],
])
def test_arguments_that_make_no_sense(data, arguments):
    done = subprocess.run(
        [BINARY, "serve", "--data", f"{data}/new", *arguments], capture_output=True, text=True,
        timeout=20)
    assert done.returncode not in (0, 1) and "Usage" in done.stderr
    assert not os.path.exists(f"{data}/new")


def test_two_ports_of_a_second_server(start, data):
    """A restart at once on the same port: nothing of the former connections is in the way."""
    server = start()
    client = server.client()
    client.still_works()
    assert server.stop() == 0
    again = Server(data, port=server.port)
    assert again.port == server.port, again.errors()
    again.is_well()
    assert again.stop() == 0
