"""Sign-in with a provider of the tests' own: its keys, its tokens, its moods."""

import base64
import hashlib
import hmac
import http.server
import json
import pathlib
import sqlite3
import threading
import time
import uuid

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from harness import DEMO, VIEWER, Server, insert_user, wait_until

ISSUER = "https://id.example.org"
CLIENT = "web.example.org"


def b64(data):
    if isinstance(data, dict):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64_number(number):
    return b64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


class RSAKey:
    algorithm = "RS256"

    def __init__(self, kid, bits=2048):
        self.kid = kid
        self.key = rsa.generate_private_key(65537, bits)

    def jwk(self):
        numbers = self.key.public_key().public_numbers()
        return {"kty": "RSA", "kid": self.kid, "use": "sig", "alg": "RS256",
                "n": b64_number(numbers.n), "e": b64_number(numbers.e)}

    def sign(self, data):
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def pem(self):
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


class ECKey:
    algorithm = "ES256"

    def __init__(self, kid):
        self.kid = kid
        self.key = ec.generate_private_key(ec.SECP256R1())

    def jwk(self):
        numbers = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "kid": self.kid,
                "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}

    def sign(self, data):
        r, s = utils.decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Provider:
    """Serves its key set over loopback HTTP."""

    def __init__(self):
        self.keys = [RSAKey("one")]
        self.fetches = 0
        self.body = None
        self.status = 200
        self.headers = {}
        self.hold = None
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.fetches += 1
                if provider.hold:
                    provider.hold.wait(20)
                body = provider.body
                if body is None:
                    body = json.dumps({"keys": [key.jwk() for key in provider.keys]}).encode()
                self.send_response(provider.status)
                for name, value in provider.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/keys"

    def stop(self):
        if self.hold:
            self.hold.set()
        self.server.shutdown()
        self.server.server_close()

    def token(self, nonce, key=None, header=None, sign=None, **claims):
        key = key or self.keys[0]
        now = int(time.time())
        payload = {"iss": ISSUER, "aud": CLIENT, "sub": "1234567890", "iat": now, "exp": now + 300,
                   "nonce": nonce, "email": "lola@example.org", "email_verified": True,
                   "name": "Lola Flores"} | claims
        payload = {name: value for name, value in payload.items() if value is not None}
        head = {"alg": key.algorithm, "kid": key.kid, "typ": "JWT"} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        signed = f"{b64(head)}.{b64(payload)}"
        return f"{signed}.{b64((sign or key.sign)(signed.encode()))}"


@pytest.fixture
def provider():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def begin(start, provider, tmp_path):
    """Starts servers that take the tests' provider under the name of Google."""
    file = tmp_path / "providers.json"
    file.write_text(json.dumps({"providers": [{
        "name": "google", "issuers": [ISSUER], "keysUrl": provider.url,
        "clientIds": [CLIENT, "app.example.org"], "algorithms": ["RS256", "ES256"]}]}))
    return lambda *arguments: start("--provider-file", str(file), *arguments)


def nonce(server):
    return server.rpc("account.providers")["result"]["nonce"]


def sign_in(server, token, provider="google"):
    answer = server.rpc("account.signInWith", {"provider": provider, "idToken": token})
    return answer.get("result") or answer["error"]["data"]


def write(server, method, token, **params):
    answer = server.rpc(method, {"opId": str(uuid.uuid4())} | params, token)
    return answer["result"] if "result" in answer else answer["error"]["data"]


def users(data):
    with sqlite3.connect(f"file:{data}/database.sqlite?mode=ro", uri=True) as database:
        found = database.execute(
            "SELECT email, oauth_provider, oauth_id, email_verified, display_name, password_hash"
            " FROM users ORDER BY created_at, id").fetchall()
    database.close()
    return found


def test_providers_are_off_without_client_ids(start):
    server = start()
    offer = server.rpc("account.providers")["result"]
    assert offer["providers"] == [] and offer["nonce"]
    answer = sign_in(server, "a.b.c")
    assert answer["code"] == "unavailable" and answer["path"] == "/provider"


def test_providers_are_told_with_their_clients(start):
    server = start(
        "--google-client-id", "a", "--google-client-id", "b", "--facebook-client-id", "c")
    offer = server.rpc("account.providers")["result"]
    assert offer["providers"] == [
        {"provider": "google", "clientIds": ["a", "b"]},
        {"provider": "facebook", "clientIds": ["c"]}]
    assert 590_000 < offer["nonceExpiresMs"] - time.time() * 1000 <= 600_000


def test_a_new_account_and_the_same_again(begin, provider, data):
    server = begin()
    first = sign_in(server, provider.token(nonce(server)))
    assert first["token"].startswith("sn_") and first["user"]["displayName"] == "Lola Flores"
    assert users(data)[-1] == ("lola@example.org", "google", "1234567890", 1, "Lola Flores", None)
    # Keyed on the subject: the address may be another by now.
    second = sign_in(server, provider.token(nonce(server), email="other@example.org", name=None))
    assert second["user"] == first["user"] and second["token"] != first["token"]
    client = server.client(second["token"])
    client.still_works()
    assert provider.fetches == 1


def test_es256_and_several_audiences(begin, provider):
    provider.keys = [RSAKey("one"), ECKey("two")]
    server = begin()
    token = provider.token(
        nonce(server), key=provider.keys[1], aud=[CLIENT, "app.example.org"])
    assert "token" in sign_in(server, token)


def test_an_address_that_the_provider_did_not_confirm(begin, provider, data):
    server = begin()
    assert "token" in sign_in(server, provider.token(nonce(server), email_verified=False))
    assert users(data)[-1][3] == 0
    letters = pathlib.Path(data, "mail")
    wait_until(lambda: list(letters.glob("*.eml")), what="a letter")
    assert b"lola@example.org" in next(letters.glob("*.eml")).read_bytes()


@pytest.mark.parametrize("name,expected", [
    ("  Lola \t Flores ", "Lola Flores"), ("Lola\u202eFlores", "lola"), ("", "lola"),
    ("x" * 300, "x" * 100), (7, "lola")])
def test_names_follow_the_rules(begin, provider, name, expected):
    server = begin()
    answer = sign_in(server, provider.token(nonce(server), name=name))
    assert answer["user"]["displayName"] == expected


def test_an_address_never_links(begin, provider, data):
    server = begin()
    before = users(data)
    for verified in (True, False):
        answer = sign_in(server, provider.token(
            nonce(server), email=DEMO[0].upper(), email_verified=verified))
        assert answer["code"] == "taken" and "account.link" in answer["allowed"]
    assert users(data) == before


def test_no_address_no_account(begin, provider, data):
    server = begin()
    before = users(data)
    for claims in ({"email": None}, {"email": "nobody"}, {"email": "a@b.example\r\nBcc: c@d"}):
        assert sign_in(server, provider.token(nonce(server), **claims))["code"] == "forbidden"
    assert users(data) == before


def test_link_and_unlink(begin, provider, data):
    assert begin().stop() == 0
    insert_user(data)
    server = begin()
    token, other = server.sign_in(), server.sign_in(VIEWER)
    link = {"provider": "google", "idToken": provider.token(nonce(server), email=None)}
    # It makes a new way in: a stolen session is not enough.
    assert write(server, "account.link", token, **link)["path"] == "/password"
    wrong = write(server, "account.link", token, password="not it, no", **link)
    assert (wrong["code"], wrong["path"]) == ("unauthenticated", "/password")
    link["password"] = DEMO[1]
    op = str(uuid.uuid4())
    assert server.rpc("account.link", link | {"opId": op}, token)["result"] == {}
    # A retry gets the first answer, although the nonce was used.
    assert server.rpc("account.link", link | {"opId": op}, token)["result"] == {}
    assert write(server, "account.link", token, **link)["code"] == "unauthenticated"
    assert sign_in(server, provider.token(nonce(server)))["user"]["displayName"] != "Lola Flores"
    again = {"provider": "google", "idToken": provider.token(nonce(server)),
             "password": VIEWER[1]}
    assert write(server, "account.link", other, **again)["code"] == "taken"
    second = {"provider": "google", "idToken": provider.token(nonce(server), sub="2"),
              "password": DEMO[1]}
    assert write(server, "account.link", token, **second)["code"] == "conflict"

    assert write(server, "account.unlink", token, provider="apple")["code"] == "notFound"
    assert write(server, "account.unlink", token, provider="google") == {}
    assert write(server, "account.unlink", token, provider="google")["code"] == "notFound"
    # The identity is free: it makes an account of its own now.
    assert sign_in(server, provider.token(nonce(server)))["user"]["displayName"] == "Lola Flores"


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_new_password_closes_what_a_stranger_left_open(begin, provider, data, confirmed):
    """An account made with the address of somebody else, before they came themselves."""
    server = begin()
    assert "token" in sign_in(server, provider.token(nonce(server), email_verified=confirmed))
    letters = pathlib.Path(data, "mail")
    answer = server.rpc("account.requestPasswordReset", {"email": "lola@example.org"})
    assert answer["result"] == {}
    found = wait_until(lambda: [
        text for path in letters.glob("*.eml") if "#reset/" in (text := path.read_text())])
    secret = found[0].split("#reset/")[1][:64]
    answer = server.rpc("account.resetPassword", {"secret": secret, "newPassword": "otra clave 7"})
    assert answer["result"] == {}
    assert server.sign_in(("lola@example.org", "otra clave 7"))
    # What the provider confirmed is the owner's own.
    answer = sign_in(server, provider.token(nonce(server), email_verified=confirmed))
    assert ("token" in answer) == confirmed
    if not confirmed:
        assert answer["code"] == "taken"


def test_the_only_way_in_stays(begin, provider):
    server = begin()
    token = sign_in(server, provider.token(nonce(server)))["token"]
    answer = write(server, "account.unlink", token, provider="google")
    assert answer["code"] == "conflict" and "password" in answer["allowed"]
    answer = write(server, "account.changeEmail", token, email="a@example.org", password="x")
    assert answer["code"] == "forbidden" and "requestPasswordReset" in answer["allowed"]


def test_a_nonce_is_ours_and_used_once(begin, provider, data):
    server = begin()
    mine = nonce(server)
    used = provider.token(mine)
    assert "token" in sign_in(server, used)
    assert sign_in(server, used)["code"] == "unauthenticated"
    assert sign_in(server, provider.token(mine, sub="2"))["code"] == "unauthenticated"
    good = nonce(server)
    forged = [None, "", "x", good[:-1], good + "A", ("A" if good[0] != "A" else "B") + good[1:],
              hashlib.sha256(good.encode()).hexdigest(), 7]
    for value in forged:
        answer = sign_in(server, provider.token(value))
        assert answer["code"] == "unauthenticated" and answer["path"] == "/idToken", value
    # Nothing of it was written.
    assert len(users(data)) == 2
    assert server.stop() == 0
    # It outlives a restart, and so does that it was used.
    server = begin()
    assert sign_in(server, used)["code"] == "unauthenticated"
    assert "token" in sign_in(server, provider.token(good))
    key = pathlib.Path(data, "provider-nonce.key")
    assert key.stat().st_mode & 0o777 == 0o600 and key.stat().st_size == 32


def test_what_is_refused_uses_no_nonce_up(begin, provider):
    server = begin()
    mine = nonce(server)
    assert sign_in(server, provider.token(mine, email=DEMO[0]))["code"] == "taken"
    assert "token" in sign_in(server, provider.token(mine))


def wrong_claims():
    now = int(time.time())
    return {
        "issuer": {"iss": "https://evil.example"},
        "issuer with a slash": {"iss": ISSUER + "/"},
        "no issuer": {"iss": None},
        "audience": {"aud": "somebody.else"},
        "another audience too": {"aud": [CLIENT, "somebody.else"]},
        "no audience": {"aud": []},
        "audience of numbers": {"aud": [CLIENT, 7]},
        "expired": {"exp": now - 120},
        "no end": {"exp": None},
        "end as text": {"exp": str(now + 300)},
        "not yet": {"nbf": now + 300},
        "issued tomorrow": {"iat": now + 86_400},
        "no subject": {"sub": None},
        "empty subject": {"sub": ""},
        "long subject": {"sub": "x" * 256},
        "subject as number": {"sub": 7},
    }


@pytest.mark.parametrize("name", wrong_claims())
def test_claims_that_are_wrong(begin, provider, name, data):
    server = begin()
    before = users(data)
    answer = sign_in(server, provider.token(nonce(server), **wrong_claims()[name]))
    assert answer["code"] == "unauthenticated" and answer["allowed"], answer
    assert users(data) == before
    server.is_well()


def test_a_clock_that_is_a_little_off(begin, provider):
    server = begin()
    now = int(time.time())
    assert "token" in sign_in(
        server, provider.token(nonce(server), exp=now - 30, iat=now + 30, nbf=now + 30))


def wrong_tokens(provider, good):
    key = provider.keys[0]
    stranger = RSAKey("one")
    curve = ECKey("one")
    head, payload, signature = provider.token(good).split(".")
    none = b64({"alg": "none", "kid": "one"})
    doubled = b64(b'{"alg": "none", "alg": "RS256", "kid": "one"}')

    def mac(secret):
        return lambda data: hmac.new(secret, data, "sha256").digest()

    return {
        "none": f"{none}.{payload}.",
        "none with a signature": f"{none}.{payload}.{signature}",
        "None": provider.token(good, header={"alg": "None"}),
        # The classic: the public key as the secret of a MAC.
        "HS256 with the public key": provider.token(
            good, header={"alg": "HS256"}, sign=mac(key.pem())),
        "HS256 with the modulus": provider.token(
            good, header={"alg": "HS256"}, sign=mac(key.jwk()["n"].encode())),
        "RS512": provider.token(good, header={"alg": "RS512"}),
        "PS256": provider.token(good, header={"alg": "PS256"}),
        "ES256 by name": provider.token(good, header={"alg": "ES256"}),
        "ES256 of another key": provider.token(good, key=curve),
        "a stranger's key": provider.token(good, key=stranger),
        "a stranger's key that it brings along": provider.token(
            good, key=stranger, header={"jwk": stranger.jwk(), "jku": "http://127.0.0.1:1/"}),
        "no kid": provider.token(good, header={"kid": None}),
        "kid as number": provider.token(good, header={"kid": 1}),
        "crit": provider.token(good, header={"crit": ["exp"]}),
        "no signature": f"{head}.{payload}.",
        "half a signature": f"{head}.{payload}.{signature[:170]}",
        "another payload": f"{head}.{b64({'iss': ISSUER})}.{signature}",
        "padding": f"{head}=.{payload}.{signature}",
        "two parts": f"{head}.{payload}",
        "four parts": f"{head}.{payload}.{signature}.{signature}",
        "no JSON": f"{b64(b'hello')}.{payload}.{signature}",
        "doubled members": f"{doubled}.{payload}.{signature}",
        "nothing": ".",
    }


NAMES = list(wrong_tokens(Provider(), "x"))


@pytest.mark.parametrize("name", NAMES)
def test_tokens_that_are_wrong(begin, provider, name, data):
    server = begin()
    before = users(data)
    token = wrong_tokens(provider, nonce(server))[name]
    answer = sign_in(server, token)
    assert answer["code"] == "unauthenticated" and answer["path"] == "/idToken", answer
    assert users(data) == before
    server.is_well()


def test_a_token_that_is_too_long(begin, provider):
    server = begin()
    token = provider.token(nonce(server), padding="x" * 9000)
    answer = sign_in(server, token)
    # And secrets are not repeated.
    assert answer["code"] == "invalidParams" and "value" not in answer


def test_a_weak_key_is_not_taken(begin, provider):
    provider.keys = [RSAKey("weak", 1024)]
    server = begin()
    assert sign_in(server, provider.token(nonce(server)))["code"] == "unauthenticated"


def test_keys_rotate(begin, provider):
    server = begin()
    assert "token" in sign_in(server, provider.token(nonce(server)))
    old, new = provider.keys[0], RSAKey("next")
    provider.keys = [new]
    assert "token" in sign_in(server, provider.token(nonce(server)))
    assert provider.fetches == 2
    # The old key is gone with the old set; looking for it again waits.
    answer = sign_in(server, provider.token(nonce(server), key=old))
    assert answer["code"] == "busy" and 0 < answer["retryAfterMs"] <= 30_000
    for _ in range(20):
        forged = provider.token(nonce(server), header={"kid": str(uuid.uuid4())})
        assert sign_in(server, forged)["code"] == "busy"
    assert provider.fetches == 2
    assert "token" in sign_in(server, provider.token(nonce(server)))


@pytest.mark.parametrize("mood", ["large", "broken", "redirect", "gone", "slow", "many"])
def test_keys_that_cannot_be_had(begin, provider, mood):
    target = Provider()
    if mood == "large":
        provider.body = json.dumps(
            {"keys": [provider.keys[0].jwk()], "padding": "x" * 70_000}).encode()
    elif mood == "broken":
        provider.body = b"<html>"
    elif mood == "redirect":
        target.keys = provider.keys
        provider.status, provider.headers = 302, {"Location": target.url}
    elif mood == "gone":
        provider.status = 500
    elif mood == "slow":
        provider.hold = threading.Event()
    elif mood == "many":
        provider.body = json.dumps({"keys": [provider.keys[0].jwk()] * 33}).encode()
    server = begin()
    began = time.monotonic()
    answer = sign_in(server, provider.token(nonce(server)))
    assert answer["code"] == "busy" and answer["retryAfterMs"] > 0
    assert time.monotonic() - began < 7
    # The next is told at once, and the provider left in peace.
    began = time.monotonic()
    assert sign_in(server, provider.token(nonce(server)))["code"] == "busy"
    assert time.monotonic() - began < 2 and provider.fetches == 1
    assert target.fetches == 0
    assert "keys cannot be had" in server.errors()
    target.stop()


def test_a_slow_provider_holds_up_nobody(begin, provider):
    provider.hold = threading.Event()
    server = begin()
    token = provider.token(nonce(server))
    waiting = threading.Thread(target=sign_in, args=(server, token))
    waiting.start()
    wait_until(lambda: provider.fetches == 1, what="the fetch")
    began = time.monotonic()
    assert server.sign_in()
    server.is_well()
    assert time.monotonic() - began < 3
    provider.hold.set()
    waiting.join()


@pytest.mark.parametrize("file", [
    "{", "{}", '{"providers": [{"name": "myspace"}]}',
    json.dumps({"providers": [{"name": "google", "issuers": [ISSUER], "clientIds": ["a"],
                               "keysUrl": "http://id.example.org/keys"}]}),
    json.dumps({"providers": [{"name": "google", "issuers": [ISSUER], "clientIds": ["a"],
                               "keysUrl": "https://id.example.org/", "algorithms": ["HS256"]}]}),
    json.dumps({"providers": [{"name": "google", "issuers": [], "clientIds": ["a"],
                               "keysUrl": "https://id.example.org/"}]})])
def test_files_that_make_no_sense(data, tmp_path, file):
    path = tmp_path / "providers.json"
    path.write_text(file)
    server = Server(data, "--provider-file", str(path))
    assert server.port is None and server.process.returncode == 1
    assert "salsanor:" in server.errors()
