"""Each member of each method's params with what it does not take, from the methods' schemas: a new
method is tried without a line here. The answer is a coded error with the path, over HTTP and over a
socket; never a closed socket, never our own failure."""

import http.client
import json
import shutil
import tempfile
import uuid

import pytest
from jsonschema import Draft202012Validator

from harness import SECONDS, VIEWER_BCRYPT, Client, Server, insert_user
from openrpc import METHODS, MISSING, changed, leaves, nullable, pointer, sample

PASSWORD = "guaguanco"
CONTROLS = ["\0", "\x1b", "\x7f", "\x85", "a\0b", "\u202e"]
OF_NO_KIND = [None, True, 0, -1, 1.5, 1e300, 10**18, 2**63, "", "x", "no such", "\u00fc", [], {},
              [[]], [None], {"a": 1}, [{}], ["x"], {"x": None}]


@pytest.fixture(scope="module")
def house():
    """A server with one user for each method: some methods leave little of their caller."""
    folder = tempfile.mkdtemp(prefix="salsanor-interop-")
    first = Server(folder)
    assert first.port, first.errors()
    assert first.stop() == 0
    for name in METHODS:
        insert_user(
            folder, (address(name), ""), VIEWER_BCRYPT, name="Bad Input",
            is_admin=METHODS[name].caller == "admin")
    insert_user(folder, (address("gone"), ""), VIEWER_BCRYPT, name="Gone")
    server = Server(folder, "--shards", "2")
    assert server.port, server.errors()
    server.deleted = leave(server)
    yield server
    server.is_well()
    assert server.stop() == 0
    shutil.rmtree(folder, ignore_errors=True)


def address(name):
    return name.lower() + "@example.org"


def leave(server):
    """Ids of a pattern, a comment and a user that were deleted, and of a comment that was not."""
    answer = server.rpc("account.signIn", {"email": address("gone"), "password": PASSWORD})
    token, user = answer["result"]["token"], answer["result"]["user"]["id"]

    def write(method, **params):
        answer = server.rpc(method, params | {"opId": str(uuid.uuid4())}, token)
        assert "result" in answer, answer
        return answer["result"]

    pattern = write("pattern.create", title="Gone")["pattern"]["id"]
    comments = [write("comment.create", pattern=server.demo, text="x")["comment"]["id"]
                for _ in range(2)]
    write("pattern.delete", pattern=pattern)
    write("comment.delete", comment=comments[0])
    write("account.delete", password=PASSWORD)
    return [pattern, user] + comments


class Post:
    """`POST /v1/rpc`, on one connection as long as it lasts."""

    def __init__(self, server, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        self.connection.request("POST", "/v1/rpc", body.encode(), self.headers)
        response = self.connection.getresponse()
        text = response.read()
        assert response.status == 200, (response.status, text)
        return json.loads(text)

    def close(self):
        self.connection.close()


class Stream:
    """A socket; what it is told unasked is of no interest here."""

    def __init__(self, server, token=None, session=True):
        self.client = Client(server)
        if session:
            self.client.call("session.open", {"token": token} if token else {})

    def call(self, method, params):
        id, self.client.next_id = self.client.next_id, self.client.next_id + 1
        self.client.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        answer = self.client.response(id)
        self.client.inbox.clear()
        return answer

    def close(self):
        self.client.close()


def sign_in(server, method):
    answer = server.rpc("account.signIn", {"email": address(method.name), "password": PASSWORD})
    return answer["result"]["token"] if "result" in answer else None


@pytest.fixture(params=["post", "socket"])
def way(request, house, method):
    if request.param == "post" and method.needs_stream:
        pytest.skip("needs a socket")
    token = sign_in(house, method)
    assert token, "the user of this method is gone"
    way = Post(house, token) if request.param == "post" else Stream(house, token)
    yield way
    way.close()


def each_method(test):
    return pytest.mark.parametrize("method", METHODS.values(), ids=str)(test)


def candidates(schema):
    """What a member may not take; some of it may be taken after all."""
    plain, _ = nullable(schema)
    yield from OF_NO_KIND
    if "enum" in plain:
        yield plain["enum"][0].swapcase()
        yield plain["enum"][0] + "\0"
    if plain.get("type") == "string":
        yield from CONTROLS
        # Longer than a message may be.
        if plain.get("maxLength", 65_536) < 16_000:
            for letter in ("a", "\u00fc", "\U0001f600"):
                yield letter * (plain["maxLength"] + 1)
        if plain.get("minLength", 0) > 0:
            yield "a" * (plain["minLength"] - 1)
        if "format" in plain:
            yield sample(plain)[:-1]
            yield sample(plain) + "0"
            yield sample(plain).replace("-", "_")
            yield "g" + sample(plain)[1:]
    if plain.get("type") in ("integer", "number"):
        yield plain["minimum"] - 1
        yield plain["maximum"] + 1
        yield str(plain["minimum"])
    if plain.get("type") == "array" and plain["maxItems"] < 2_000:
        yield [sample(plain["items"])] * (plain["maxItems"] + 1)
        if plain["minItems"] > 0:
            yield [sample(plain["items"])] * (plain["minItems"] - 1)
    if plain.get("type") == "object" and "propertyNames" in plain:
        yield {"": sample(plain["additionalProperties"])}


def bad_params(method):
    """(params, pointer to what does not fit), each refused by another validator, too."""
    base = method.examples[0][0]
    schema = method.params_schema
    for path, leaf, required in leaves(schema, base):
        validator = Draft202012Validator(leaf)
        if required:
            params = changed(schema, base, path, MISSING)
            if not method.params.is_valid(params):
                yield params, pointer(path)
        for value in candidates(leaf):
            if validator.is_valid(value):
                continue
            yield changed(schema, base, path, value), pointer(path)


@each_method
def test_what_does_not_fit_is_refused_with_its_path(way, method):
    count = 0
    for params, path in bad_params(method):
        if method.params.is_valid(params):
            continue
        answer = way.call(method.name, params)
        what = (json.dumps(params)[:500], answer)
        assert "error" in answer, what
        data = answer["error"]["data"]
        assert (answer["error"]["code"], data["code"]) == (-32602, "invalidParams"), what
        # Below it, when what does not fit is inside of the value.
        assert (data["path"] + "/").startswith(path + "/"), what
        assert data["allowed"] and data["retryable"] is False, what
        count += 1
    assert count > 0 or not method.params_schema["properties"]


@each_method
def test_params_that_are_no_object(way, method):
    for params in (None, [], [{}], "x", 1, True):
        error = way.call(method.name, params)["error"]
        assert error["code"] == -32602, (params, error)


def fits(method, params, answer):
    """A result as described, or an error that the method may answer."""
    what = (method.name, json.dumps(params)[:500], answer)
    if "result" in answer:
        method.result.validate(answer["result"])
        return
    data = answer["error"]["data"]
    assert answer["error"]["code"] != -32603, what
    assert data["code"] in method.errors, what


def identifiers(method):
    """The paths of members that are ids."""
    base = method.examples[0][0]
    for path, leaf, _ in leaves(method.params_schema, base):
        if nullable(leaf)[0].get("format") == "uuid":
            yield path


def odd_params(house, method):
    """Params that fit, and may be taken."""
    base = method.examples[0][0]
    schema = method.params_schema
    yield base
    for name, part in schema["properties"].items():
        if name not in schema["required"]:
            yield changed(schema, base, (name,), MISSING)
            yield changed(schema, base, (name,), None)
    mine = house.rpc("account.signIn", {"email": address(method.name), "password": PASSWORD})
    kinds = [str(uuid.uuid4()), str(uuid.UUID(int=0)), house.demo] + house.deleted
    if "result" in mine:
        kinds.append(mine["result"]["user"]["id"])
    for path in identifiers(method):
        for id in kinds:
            yield changed(schema, base, path, id)
            yield changed(schema, base, path, id.upper())


@each_method
def test_ids_that_are_unknown_or_deleted_or_of_another_kind(way, method, house):
    """Also each member that may be left out, left out."""
    for params in odd_params(house, method):
        answer = way.call(method.name, params)
        if answer.get("error", {}).get("data", {}).get("code") == "rate":
            assert answer["error"]["data"]["retryAfterMs"] > 0
            continue
        fits(method, params, answer)
        if "result" in answer and method.name.startswith("account.signOut"):
            # The session of this way is over.
            break
    house.is_well()


@each_method
def test_who_is_not_signed_in_is_told(house, method):
    params = method.examples[0][0]
    ways = [(Stream(house, session=False), "anyone"), (Stream(house), "guest")]
    if not method.needs_stream:
        ways.append((Post(house), "guest"))
    for way, caller in ways:
        answer = way.call(method.name, params)
        what = (caller, answer)
        if caller == "anyone" and method.caller != "anyone":
            assert answer["error"]["data"]["code"] == "sessionRequired", what
        elif method.caller in ("user", "admin"):
            # A guest in a room is told by the room.
            assert answer["error"]["data"]["code"] in ("forbidden", "notJoined"), what
        else:
            fits(method, params, answer)
        way.close()
    if method.needs_stream:
        way = Post(house)
        error = way.call(method.name, params)["error"]
        assert error["data"]["code"] == "streamRequired"
        way.close()
