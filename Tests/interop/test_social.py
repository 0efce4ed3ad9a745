"""People and what they do (Protocol/social.md), over HTTP and on the command line."""

import os
import socket
import stat
import subprocess
import uuid

import pytest

from harness import BINARY, DEMO, SECONDS, VIEWER, insert_user


def write(server, token, method, **params):
    answer = server.rpc(method, params | {"opId": str(uuid.uuid4())}, token)
    assert "result" in answer, answer
    return answer["result"]


def refused(server, token, method, **params):
    answer = server.rpc(method, params | {"opId": str(uuid.uuid4())}, token)
    return answer["error"]["data"]["code"]


@pytest.fixture
def house(data, start):
    """A server, and the tokens of the demo user and of a viewer."""
    first = start()
    pattern = first.demo
    assert first.stop() == 0
    insert_user(data)
    server = start()
    return server, pattern, server.sign_in(), server.sign_in(VIEWER)


def admin(data, *arguments, check=True):
    done = subprocess.run(
        [BINARY, "admin", *arguments, "--data", str(data)], capture_output=True, text=True,
        timeout=30)
    if check:
        assert done.returncode == 0, done.stderr
    return done


def test_like_comment_and_follow(house):
    server, pattern, owner, viewer = house
    assert write(server, viewer, "pattern.like", pattern=pattern)["likeCount"] == 1
    assert write(server, viewer, "pattern.like", pattern=pattern)["likeCount"] == 1
    made = write(server, viewer, "comment.create", pattern=pattern, text="Azúcar!\n🥁")
    assert made["comment"]["text"] == "Azúcar!\n🥁" and made["commentCount"] == 1
    author = made["comment"]["user"]["id"]
    write(server, owner, "comment.create", pattern=pattern, text="Sí", parent=made["comment"]["id"])
    # Guests read.
    listed = server.rpc("comment.list", {"pattern": pattern})["result"]["comments"]
    assert [(c["text"], c["replyCount"]) for c in listed] == [("Azúcar!\n🥁", 1)]
    likes = server.rpc("pattern.likes", {"pattern": pattern})["result"]["users"]
    assert [user["id"] for user in likes] == [author]
    write(server, owner, "user.follow", user=author)
    profile = server.rpc("user.get", {"user": author}, owner)["result"]["user"]
    assert (profile["followerCount"], profile["isFollowing"]) == (1, True)
    assert "email" not in profile
    # The same call again is the same answer, and another under its opId is none.
    same = {"pattern": pattern, "opId": str(uuid.uuid4())}
    first = server.rpc("pattern.unlike", same, viewer)
    write(server, viewer, "pattern.like", pattern=pattern)
    assert server.rpc("pattern.unlike", same, viewer) == first
    likes = server.rpc("pattern.likes", {"pattern": pattern})["result"]["users"]
    assert len(likes) == 1
    assert server.rpc("pattern.like", same, viewer)["error"]["data"]["code"] == "conflict"
    assert refused(server, None, "pattern.like", pattern=pattern) == "forbidden"


def test_the_command_line_beside_a_server(house, data):
    server, pattern, owner, viewer = house
    assert refused(server, owner, "admin.users") == "forbidden"
    assert "administrator" in admin(data, "grant", DEMO[0], "--reason", "the first").stdout
    # A session that is opened from now on has the right; it is asked for in each act anyway.
    assert len(server.rpc("admin.users", {}, owner)["result"]["users"]) == 2
    assert VIEWER[0] in admin(data, "users").stdout
    sessions = admin(data, "sessions", VIEWER[0]).stdout.split()
    assert "banned" in admin(data, "ban", VIEWER[0], "--reason", "spam").stdout
    with pytest.raises(Exception, match="401"):
        server.rpc("user.blocked", {}, viewer)
    assert admin(data, "sessions", VIEWER[0]).stdout == "" and sessions
    admin(data, "unban", VIEWER[0])
    again = server.sign_in(VIEWER)
    comment = write(server, again, "comment.create", pattern=pattern, text="spam")["comment"]["id"]
    admin(data, "remove-comment", comment)
    session = admin(data, "sessions", VIEWER[0]).stdout.split()[0]
    admin(data, "revoke-session", session)
    with pytest.raises(Exception, match="401"):
        server.rpc("user.blocked", {}, again)
    admin(data, "remove-pattern", pattern)
    assert server.rpc("pattern.get", {"pattern": pattern})["error"]["data"]["code"] == "notFound"
    assert admin(data, "restore-pattern", pattern).stdout == f"restored {pattern}\n"
    assert server.rpc("pattern.get", {"pattern": pattern})["result"]["pattern"]["id"] == pattern
    log = admin(data, "log").stdout
    for action in ("grant", "ban", "unban", "removeComment", "revokeSession", "removePattern",
                   "restorePattern"):
        assert f" {action} " in log
    assert "spam" in log and "(this machine)" in log
    for wrong in (("ban", "nobody@example.org"), ("remove-comment", str(uuid.uuid4()))):
        done = admin(data, *wrong, check=False)
        assert done.returncode == 1 and "no " in done.stderr


def test_the_command_line_without_a_server(house, data):
    server, _, _, _ = house
    assert stat.S_IMODE(os.stat(f"{data}/admin.sock").st_mode) == 0o600
    assert server.stop() == 0
    assert not os.path.exists(f"{data}/admin.sock")
    assert "administrator" in admin(data, "grant", VIEWER[0]).stdout
    assert " grant " in admin(data, "log").stdout
    assert admin(f"{data}/elsewhere", "log", check=False).returncode == 1
    assert not os.path.exists(f"{data}/elsewhere")


def test_a_killed_server_leaves_nothing_in_the_way(house, data, start):
    server, _, _, _ = house
    server.kill()
    # Its socket is still there, and nobody listens on it.
    assert os.path.exists(f"{data}/admin.sock")
    assert "administrator" in admin(data, "grant", VIEWER[0]).stdout
    start()
    assert VIEWER[0] in admin(data, "users").stdout


def test_connections_of_the_local_socket_are_bounded(house, data):
    connections = []
    for _ in range(40):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        connection.connect(f"{data}/admin.sock")
        connections.append(connection)
    # Those beyond the bound are closed at once.
    assert connections[-1].recv(1) == b""
    for connection in connections:
        connection.close()
    assert VIEWER[0] in admin(data, "users").stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a moment")
def test_other_users_are_not_let_in_whatever_the_modes(house, data):
    os.chmod(data, 0o711)
    os.chmod(f"{data}/admin.sock", 0o666)
    command = [
        "curl", "-sS", "-m", "10", "--unix-socket", f"{data}/admin.sock", "-d", "{}",
        "http://localhost/v1/rpc"]
    done = {
        user: subprocess.run(command, user=user, capture_output=True, text=True, timeout=30)
        for user in (0, 65534)}
    assert "invalidRequest" in done[0].stdout
    # Closed without an answer (52), while it wrote (56), or before it looked (7).
    assert done[65534].returncode in (7, 52, 56) and not done[65534].stdout, done[65534]
