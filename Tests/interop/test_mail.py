"""Letters and what their links do: a real SMTP server (aiosmtpd), and the spool folder."""

import asyncio
import email
import email.policy
import json
import pathlib
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
import uuid

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from websockets.exceptions import ConnectionClosed

from harness import DEMO, LIMITS, SECONDS, VIEWER, Server, insert_user, make_certificate, wait_until

NEW = "nueva@example.net"


class Box:
    """What an SMTP server got, and what it says to each DATA."""

    def __init__(self):
        self.letters = []
        self.envelopes = []
        self.tls = []
        self.answers = []
        self.hold = None

    async def handle_DATA(self, server, session, envelope):
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        self.envelopes.append(envelope)
        self.tls.append(session.ssl is not None or server.transport.get_extra_info("ssl_object"))
        self.letters.append(email.message_from_bytes(
            envelope.original_content, policy=email.policy.SMTP))
        if self.hold:
            # The test kills the client meanwhile, and then lets go.
            await asyncio.get_running_loop().run_in_executor(None, self.hold.wait, SECONDS)
        return "250 OK"

    def letter(self, count=1):
        wait_until(lambda: len(self.letters) >= count, what=f"letter {count}")
        return self.letters[count - 1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def post():
    """Starts SMTP servers: (box, url)."""
    running = []

    def begin(host="127.0.0.1", port=None, scheme="smtp", **options):
        box = Box()
        port = port or free_port()
        controller = Controller(box, hostname=host, port=port, **options)
        controller.start()
        running.append(controller)
        return box, f"{scheme}://{host}:{port}"

    yield begin
    for controller in running:
        controller.stop()


def spooled(data):
    letters = []
    for path in sorted(pathlib.Path(data, "mail").glob("*.eml")):
        letters.append(email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP))
    return letters


def wait_for_spool(data, count=1):
    wait_until(lambda: len(spooled(data)) >= count, what=f"{count} letters in the folder")
    return spooled(data)[count - 1]


def secret(letter, purpose):
    text = letter.get_content()
    return re.search(rf"http\S+/#{purpose}/([0-9a-f]{{64}})\s", text)[1]


def change(data, statement, *values):
    """In the database of a stopped server."""
    with sqlite3.connect(pathlib.Path(data) / "database.sqlite") as database:
        database.execute(statement, values)
    database.close()


def rows(data, query):
    with sqlite3.connect(f"file:{data}/database.sqlite?mode=ro", uri=True) as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


def call(server, method, token=None, **params):
    answer = server.rpc(method, params, token)
    return answer.get("result", answer.get("error", {}).get("data", {}).get("code"))


def write(server, method, token, **params):
    return call(server, method, token, opId=str(uuid.uuid4()), **params)


def unverify(data):
    change(data, "UPDATE users SET email_verified = 0")


@pytest.fixture
def unverified(start, data):
    """Starts servers in which the demo account's address is not confirmed."""
    assert start().stop() == 0
    unverify(data)
    return start


def test_a_new_password_by_the_folder(start, data):
    server = start()
    client = server.client(server.sign_in())
    assert call(server, "account.requestPasswordReset", email=DEMO[0].upper()) == {}
    letter = wait_for_spool(data)
    assert letter["To"] == DEMO[0] and letter["Subject"] == "Set a new password"
    code = secret(letter, "reset")
    stored = rows(data, "SELECT secret_sha256 FROM account_secrets")
    assert code.encode() not in stored[0][0] and len(stored[0][0]) == 32

    unknown = call(server, "account.resetPassword", secret="0" * 64, newPassword="otra clave")
    assert unknown == "expired"
    assert call(server, "account.verifyEmail", secret=code) == "expired"
    assert call(server, "account.resetPassword", secret=code, newPassword="otra clave 7") == {}
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            client.socket.recv(timeout=SECONDS)
    assert closed.value.rcvd.code == 4101
    assert call(server, "account.signIn", email=DEMO[0], password=DEMO[1]) == "unauthenticated"
    assert server.sign_in((DEMO[0], "otra clave 7"))
    # Once.
    assert call(server, "account.resetPassword", secret=code, newPassword="tercera 7") == "expired"
    wait_until(lambda: rows(data, "SELECT count(*) FROM mails") == [(0,)], what="an empty queue")
    assert str(pathlib.Path(data, "mail")) in server.errors()


def test_nobody_is_told_who_has_an_account(start, data):
    server = start()
    times = {}
    for address in (DEMO[0], "nadie@example.org"):
        began = time.monotonic()
        assert call(server, "account.requestPasswordReset", email=address) == {}
        times[address] = time.monotonic() - began
    assert all(0.5 <= seconds < 2 for seconds in times.values()), times
    wait_for_spool(data)
    # Who asks again and again gets the same answers, and the box is not filled.
    for _ in range(6):
        assert call(server, "account.requestPasswordReset", email=DEMO[0]) == {}
    assert server.stop() == 0
    assert 2 <= len(spooled(data)) + len(rows(data, "SELECT * FROM mails")) <= 4
    assert {letter["To"] for letter in spooled(data)} == {DEMO[0]}


def test_an_address_is_confirmed_over_smtp(unverified, data, post):
    box, url = post()
    server = unverified("--smtp-url", url, "--mail-from", "no-reply@salsa.example",
                        "--public-url", "https://salsa.example")
    token = server.sign_in()
    assert write(server, "account.requestVerification", token) == {}
    letter = box.letter()
    assert letter["From"] == "no-reply@salsa.example" and letter["To"] == DEMO[0]
    assert box.envelopes[0].mail_from == "no-reply@salsa.example"
    assert box.envelopes[0].rcpt_tos == [DEMO[0]]
    assert letter["MIME-Version"] == "1.0" and letter.get_content_type() == "text/plain"
    assert re.fullmatch(r"<[0-9a-f-]{36}@salsa\.example>", letter["Message-ID"])
    assert abs(letter["Date"].datetime.timestamp() - time.time()) < 60
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://salsa.example/#verify/" in letter.get_content()
    assert not pathlib.Path(data, "mail").exists()

    code = secret(letter, "verify")
    assert call(server, "account.verifyEmail", secret=code) == {"email": DEMO[0]}
    assert rows(data, "SELECT email_verified FROM users") == [(1,)]
    assert call(server, "account.verifyEmail", secret=code) == "expired"
    # Nothing is left to confirm.
    assert write(server, "account.requestVerification", token) == {}
    assert server.stop() == 0
    assert len(box.letters) == 1


def test_a_box_is_not_filled(unverified, data):
    server = unverified()
    token = server.sign_in()
    answers = [
        server.rpc("account.requestVerification", {"opId": str(uuid.uuid4())}, token)
        for _ in range(4)]
    assert "result" in answers[0] and "result" in answers[1]
    last = answers[-1]["error"]["data"]
    assert last["code"] == "throttled" and 0 < last["retryAfterMs"] <= 900_000
    # Nor is somebody else's.
    answers = [
        write(server, "account.changeEmail", token, email=NEW, password=DEMO[1])
        for _ in range(4)]
    assert answers[:2] == [{}, {}] and answers[-1] == "throttled"


def test_registration_sends_a_letter(start, data):
    server = start()
    signed = call(server, "account.register", email=NEW, password="otra clave 7",
                  displayName="Lola", language="es")
    letter = wait_for_spool(data)
    assert letter["To"] == NEW and letter["Subject"] == "Confirma tu dirección de correo"
    assert call(server, "account.verifyEmail", secret=secret(letter, "verify")) == {"email": NEW}
    account = server.rpc("account.get", {}, signed["token"])["result"]
    assert "true" in json.dumps(account).split("erified")[1][:12]


def test_a_common_password_is_not_set(start, data):
    server = start()
    assert call(server, "account.requestPasswordReset", email=DEMO[0]) == {}
    code = secret(wait_for_spool(data), "reset")
    for weak in ("password", DEMO[0]):
        refused = call(server, "account.resetPassword", secret=code, newPassword=weak)
        assert refused == "weakPassword"
    short = call(server, "account.resetPassword", secret=code, newPassword="1234567")
    assert short == "invalidParams"
    # Which used nothing up.
    assert call(server, "account.resetPassword", secret=code, newPassword="otra clave 7") == {}


def test_an_address_is_changed(start, data, post):
    box, url = post()
    server = start("--smtp-url", url)
    token = server.sign_in()
    wrong = write(server, "account.changeEmail", token, email=NEW, password="wrong")
    assert wrong == "unauthenticated"
    assert write(server, "account.changeEmail", token, email=NEW, password=DEMO[1]) == {}
    box.letter(2)
    letters = {letter["To"]: letter for letter in box.letters}
    code = secret(letters[NEW], "verify")
    # The old address hears of it in time, and gets no secret.
    warning = letters[DEMO[0]].get_content()
    assert NEW in warning and "Set another" in warning and code not in warning
    # A letter to the old address that opens nothing any more afterwards.
    assert call(server, "account.requestPasswordReset", email=DEMO[0]) == {}
    old = secret(box.letter(3), "reset")
    assert server.sign_in()
    assert call(server, "account.verifyEmail", secret=code) == {"email": NEW}
    told = box.letter(4)
    assert told["To"] == DEMO[0] and NEW in told.get_content()
    reset = call(server, "account.resetPassword", secret=old, newPassword="otra clave 7")
    assert reset == "expired"
    assert call(server, "account.signIn", email=DEMO[0], password=DEMO[1]) == "unauthenticated"
    assert server.sign_in((NEW.upper(), DEMO[1]))


@pytest.mark.parametrize("way", ["account.changePassword", "account.resetPassword"])
def test_another_password_takes_the_new_address_back(start, data, post, way):
    box, url = post()
    server = start("--smtp-url", url)
    token = server.sign_in()
    assert write(server, "account.changeEmail", token, email=NEW, password=DEMO[1]) == {}
    box.letter(2)
    code = secret(next(letter for letter in box.letters if letter["To"] == NEW), "verify")
    if way == "account.changePassword":
        assert write(server, way, token, password=DEMO[1], newPassword="otra clave 7") == {}
    else:
        assert call(server, "account.requestPasswordReset", email=DEMO[0]) == {}
        reset = secret(box.letter(3), "reset")
        assert call(server, way, secret=reset, newPassword="otra clave 7") == {}
    assert call(server, "account.verifyEmail", secret=code) == "expired"
    assert server.sign_in((DEMO[0], "otra clave 7"))


def test_an_address_of_somebody_else_is_not_taken_over(start, data, post):
    box, url = post()
    assert start().stop() == 0
    insert_user(data)
    server = start("--smtp-url", url)
    token = server.sign_in()
    # Asking tells nothing.
    other = VIEWER[0].upper()
    assert write(server, "account.changeEmail", token, email=other, password=DEMO[1]) == {}
    box.letter(2)
    code = secret(next(letter for letter in box.letters if letter["To"] == other), "verify")
    assert call(server, "account.verifyEmail", secret=code) == "taken"
    assert server.sign_in() and server.sign_in(VIEWER)


def test_a_secret_that_is_too_old(unverified, data):
    server = unverified()
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    code = secret(wait_for_spool(data), "verify")
    assert server.stop() == 0
    change(data, "UPDATE account_secrets SET expires_at = ?", int(time.time() * 1000))
    server = unverified()
    assert call(server, "account.verifyEmail", secret=code) == "expired"
    assert rows(data, "SELECT email_verified FROM users") == [(0,)]


def test_a_newer_secret_replaces_an_older_one(unverified, data):
    server = unverified()
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    first = secret(wait_for_spool(data), "verify")
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    second = secret(wait_for_spool(data, 2), "verify")
    assert call(server, "account.verifyEmail", secret=first) == "expired"
    assert call(server, "account.verifyEmail", secret=second) == {"email": DEMO[0]}


def test_a_new_password_makes_void_what_was_asked_for_with_the_old_one(start, data):
    server = start()
    token = server.sign_in()
    thiefs = "thief@example.org"
    assert write(server, "account.changeEmail", token, email=thiefs, password=DEMO[1]) == {}
    assert call(server, "account.requestPasswordReset", email=DEMO[0]) == {}
    # With the warning to the old address.
    wait_for_spool(data, 3)
    by_subject = {letter["Subject"]: letter for letter in spooled(data)}
    change_secret = secret(by_subject["Confirm your e-mail address"], "verify")
    reset_secret = secret(by_subject["Set a new password"], "reset")
    assert write(server, "account.changePassword", token, password=DEMO[1],
                 newPassword="otra clave 7") == {}
    assert call(server, "account.verifyEmail", secret=change_secret) == "expired"
    assert call(server, "account.resetPassword", secret=reset_secret,
                newPassword="tercera 7") == "expired"
    assert server.sign_in((DEMO[0], "otra clave 7"))


def test_no_letter_goes_to_who_left_for_good(start, data):
    assert start().stop() == 0
    insert_user(data)
    left = int(time.time() * 1000) - LIMITS["deletedAccountDays"] * 86_400_000
    change(data, "UPDATE users SET is_active = 0, deleted_at = ? WHERE email = ?", left, VIEWER[0])
    server = start()
    for address in (VIEWER[0], DEMO[0]):
        assert call(server, "account.requestPasswordReset", email=address) == {}
    wait_for_spool(data)
    assert server.stop() == 0
    assert [letter["To"] for letter in spooled(data)] == [DEMO[0]]


def test_nobody_writes_to_many_strangers(start, data):
    server = start()
    token = server.sign_in()
    answers = [
        write(server, "account.changeEmail", token, email=f"n{number}@example.net",
              password=DEMO[1]) for number in range(14)]
    assert answers[:2] == [{}] * 2 and set(answers[4:]) == {"throttled"}


@pytest.mark.parametrize("tag,subject,word", [
    ("nb-NO", "Bekreft e-postadressen din", "åpne"),
    ("es", "Confirma tu dirección de correo", "dirección"),
    ("fr", "Confirm your e-mail address", "open this link")])
def test_letters_are_in_the_language_of_the_account(unverified, data, post, tag, subject, word):
    box, url = post()
    change(data, "UPDATE user_preferences SET language = ?", tag)
    change(data, "UPDATE users SET display_name = 'Åse Nuñez'")
    server = unverified("--smtp-url", url)
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    letter = box.letter()
    assert letter["Subject"] == subject
    assert word in letter.get_content() and "Åse Nuñez" in letter.get_content()
    assert all(byte < 128 for byte in box.envelopes[0].original_content)
    assert secret(letter, "verify")


@pytest.mark.parametrize("address", [
    "a@example.org\r\nBcc: b@example.org", "a@example.org\nRCPT TO:<b@example.org>",
    "a b@example.org", "<a@example.org>", "a@example.org,b@example.org"])
def test_an_address_brings_no_second_line(start, data, address):
    server = start()
    token = server.sign_in()
    refused = write(server, "account.changeEmail", token, email=address, password=DEMO[1])
    assert refused == "invalidParams"
    assert rows(data, "SELECT count(*) FROM mails") == [(0,)]


def test_letters_wait_for_the_mail_server(unverified, data, post):
    port = free_port()
    server = unverified("--smtp-url", f"smtp://127.0.0.1:{port}")
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    wait_until(lambda: "letters wait" in server.errors(), what="a line in the log")
    assert rows(data, "SELECT attempts FROM mails") == [(0,)]
    box, _ = post(port=port)
    wait_until(lambda: box.letters, seconds=15, what="the letter")
    wait_until(lambda: rows(data, "SELECT * FROM mails") == [], what="an empty queue")


def test_a_letter_that_is_refused_is_tried_again(unverified, data, post):
    box, url = post()
    box.answers = ["451 come back later"]
    server = unverified("--smtp-url", url)
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    wait_until(lambda: rows(data, "SELECT attempts FROM mails") == [(1,)], what="one attempt")
    (due,), = rows(data, "SELECT next_attempt_at FROM mails")
    assert 30_000 < due - time.time() * 1000 <= 60_000
    assert server.stop() == 0
    # Its time has come: after a start, too.
    change(data, "UPDATE mails SET next_attempt_at = 0")
    server = unverified("--smtp-url", url)
    assert secret(box.letter(), "verify")
    wait_until(lambda: rows(data, "SELECT * FROM mails") == [], what="an empty queue")


def test_a_letter_that_is_refused_for_good_is_dropped(unverified, data, post):
    box, url = post()
    box.answers = ["550 no such box"] * 2
    server = unverified("--smtp-url", url)
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    wait_until(lambda: rows(data, "SELECT attempts FROM mails") == [(1,)], what="one attempt")
    assert server.stop() == 0
    change(data, "UPDATE mails SET next_attempt_at = 0, attempts = 2")
    server = unverified("--smtp-url", url)
    wait_until(lambda: rows(data, "SELECT * FROM mails") == [], what="an empty queue")
    assert "given up" in server.errors() and not box.letters


def test_an_old_letter_is_dropped(unverified, data, post):
    server = unverified("--smtp-url", f"smtp://127.0.0.1:{free_port()}")
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    assert server.stop() == 0
    change(data, "UPDATE mails SET next_attempt_at = 0, created_at = ?",
           int(time.time() * 1000) - 49 * 3_600_000)
    box, url = post()
    server = unverified("--smtp-url", url)
    wait_until(lambda: rows(data, "SELECT * FROM mails") == [], what="an empty queue")
    assert not box.letters and "given up" in server.errors()


def test_a_crash_sends_twice_rather_than_never(unverified, data, post):
    box, url = post()
    box.hold = threading.Event()
    server = unverified("--smtp-url", url)
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    first = box.letter()
    # The mail server has it; ours has not heard so.
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(SECONDS)
    box.hold.set()
    unverified("--smtp-url", url)
    second = box.letter(2)
    assert first["Message-ID"] == second["Message-ID"]
    assert secret(first, "verify") == secret(second, "verify")


def authenticator(server, session, envelope, mechanism, data):
    is_right = data.login == b"salsa" and data.password == b"montuno 7"
    return AuthResult(success=is_right, handled=False)


# It knows no TLS but STARTTLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("password,arrives", [("montuno 7", True), ("wrong", False)])
def test_tls_and_a_password(unverified, data, post, tmp_path, password, arrives):
    certificate = make_certificate(tmp_path, "mail")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    box, url = post(
        scheme="smtps", ssl_context=context, authenticator=authenticator, auth_required=True,
        auth_require_tls=False)
    secret_file = tmp_path / "password"
    secret_file.write_text(password + "\n")
    server = unverified(
        "--smtp-url", url, "--smtp-ca", str(certificate[0]), "--smtp-user", "salsa",
        "--smtp-password-file", str(secret_file))
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    if arrives:
        assert box.letter() and box.tls[0]
        return
    wait_until(lambda: "letters wait" in server.errors(), what="a line in the log")
    # Not the letter's fault: it stays as it is.
    assert rows(data, "SELECT attempts FROM mails") == [(0,)]
    assert not box.letters and "wrong" not in server.errors()


def test_a_certificate_of_nobody(unverified, data, post, tmp_path):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*make_certificate(tmp_path, "mail"))
    box, url = post(scheme="smtps", ssl_context=context)
    server = unverified("--smtp-url", url)
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    wait_until(lambda: "letters wait" in server.errors(), what="a line in the log")
    assert not box.letters


def outside_address():
    """An address of this machine that is not loopback, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing; 192.0.2.0/24 is for documentation (RFC 5737).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


@pytest.mark.parametrize("offers_tls", [False, True])
def test_nothing_leaves_the_machine_in_the_clear(unverified, data, post, tmp_path, offers_tls):
    address = outside_address()
    if not address or address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    options, arguments = {}, []
    if offers_tls:
        certificate, key = tmp_path / "c.pem", tmp_path / "c.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=mail",
             "-addext", f"subjectAltName=IP:{address}"], check=True, capture_output=True)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        options, arguments = {"tls_context": context}, ["--smtp-ca", str(certificate)]
    box, url = post(host=address, **options)
    server = unverified("--smtp-url", url, *arguments)
    assert write(server, "account.requestVerification", server.sign_in()) == {}
    if offers_tls:
        assert box.letter() and box.tls[0]
    else:
        wait_until(lambda: "letters wait" in server.errors(), what="a line in the log")
        assert not box.letters


@pytest.mark.parametrize("arguments", [
    ["--smtp-url", "http://127.0.0.1"], ["--smtp-url", "smtp://user:secret@127.0.0.1"],
    ["--mail-from", "a@b\nc"], ["--mail-from", "nobody"]])
def test_options_that_make_no_sense(data, arguments):
    server = Server(data, *arguments)
    assert server.port is None and server.process.returncode == 64, server.errors()
