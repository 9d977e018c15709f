"""E-mail against a real SMTP server: what arrives, under which id, what becomes of a refusal."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from outside import free_port
from test_timers import SECOND
from wire import Handler, listening

from models import store
from models.errors import ConfigError
from models.values import AlertState, ChannelName

CERTIFICATE = Path(__file__).parent / "data" / "self-signed.pem"
PASSWORD = "CANARY/with+signs"
QUOTED = "CANARY%2Fwith%2Bsigns"


@dataclass
class Post:
    """A letter as the server took it."""

    sender: str
    to: list[str]
    encrypted: bool
    user: str
    message: EmailMessage


@dataclass
class Office:
    """A mail server: takes a letter, or says what `answers` tells it to, the last one for ever."""

    answers: list[str] = field(default_factory=lambda: ["250 taken"])
    refused: dict[str, str] = field(default_factory=dict)  # by recipient
    password: str = PASSWORD
    posts: list[Post] = field(default_factory=list)
    attempts: int = 0
    logins: int = 0
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse it."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a letter, or say why not."""
        self.attempts += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            made = message_from_bytes(envelope.content, policy=default)
            assert isinstance(made, EmailMessage)
            assert server.transport
            user = getattr(session.auth_data, "login", b"").decode()
            self.posts.append(
                Post(
                    sender=str(envelope.mail_from),
                    to=list(envelope.rcpt_tos),
                    encrypted=server.transport.get_extra_info("ssl_object") is not None,
                    user=user,
                    message=made,
                )
            )
        return answer

    def check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        """Check a password."""
        self.logins += 1
        right = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=right, auth_data=data, handled=False)


@contextmanager
def office(*, tls: str = "starttls", **facts: Any) -> Iterator[Office]:
    """Open a mail server on this host: tls is "starttls", "at once" or "none"."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    made = Office(port=free_port(), **facts)
    ways: dict[str, dict[str, Any]] = {
        "starttls": {"tls_context": context, "require_starttls": True, "auth_required": True},
        "at once": {"ssl_context": context},
        "none": {},
    }
    options = ways[tls]
    if tls != "none":  # under TLS from the first byte the library knows of none, and asks for none
        options |= {"authenticator": made.check, "auth_require_tls": tls == "starttls"}
    server = Controller(made, hostname="127.0.0.1", port=made.port, **options)
    server.start()
    try:
        yield made
    finally:
        server.stop()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Give a SQLite database: what is mailed does not depend on the kind."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test's certificate be one that this host trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def mailing(desk: Desk, server: Office, *, scheme: str = "smtp", login: str = f"desk:{QUOTED}@") -> None:
    """Configure a channel that mails to two people through a server."""
    to = "from=watch@desk.example&to=kim+korea@desk.example,lee@desk.example"
    desk.env["MAIL"] = f"{scheme}://{login}localhost:{server.port}/?{to}"
    desk.tables["channel mail"] = (
        '[[channel]]\nname = "mail"\nkind = "email"\nurl_env = "MAIL"\nallow_private = true\n'
        'zone = "Asia/Seoul"\n'
    )


def only(desk: Desk) -> AlertState:
    """Give the one alert there is."""
    with closing(desk.open()) as database, database.reading() as session:
        (state,) = store.alert_states(session, limit=10)
    return state


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "at once")])
def test_a_letter_tells_the_story_to_all_its_recipients_over_tls(desk: Desk, scheme: str, tls: str) -> None:
    with office(tls=tls) as server:
        mailing(desk, server, scheme=scheme)
        desk.feed("herald", Item(title="북한, 동해로 탄도미사일 발사 — 합참 & 軍", text=LAUNCH_TEXT))
        state = desk.run().alerts[0]
    assert (state.state, state.reason) == ("delivered", "")
    (post,) = server.posts
    assert (post.encrypted, post.user) == (True, "desk")
    assert (post.sender, post.to) == ("watch@desk.example", ["kim+korea@desk.example", "lee@desk.example"])
    head, text = post.message, post.message.get_content()
    assert head["Subject"] == "북한, 동해로 탄도미사일 발사 — 합참 & 軍"
    assert head["From"] == "watch@desk.example"
    assert head["To"] == "kim+korea@desk.example, lee@desk.example"
    assert head["Message-ID"] == f"<{state.alert.id}@peninsula-watch>"
    assert head["Date"].datetime == NOW
    assert head.get_content_type() == "text/plain"
    lines = text.splitlines()
    assert lines[0] == head["Subject"]
    assert lines[1].startswith("https://herald.example/news/")
    assert "Why: North Korea (북한" in text
    assert "- herald (other, en), 2026-11-22 14:30 KST" in lines
    assert f"id {state.alert.id}" in lines
    assert "possible repeat" not in text


def test_a_letter_put_off_comes_again_under_the_same_message_id(desk: Desk) -> None:
    with office(answers=["451 4.7.1 greylisted, come back later", "250 taken"]) as server:
        mailing(desk, server)
        desk.feed("herald", Item())
        first = desk.run().alerts[0]
        assert (first.state, first.reason) == ("pending", "the mail server answered 451")
        desk.clock.turn(seconds=6)
        desk.run()
    assert only(desk).state == "delivered"
    assert server.attempts == 2
    assert server.posts[0].message["Message-ID"] == f"<{first.alert.id}@peninsula-watch>"
    assert "possible repeat" not in server.posts[0].message.get_content()


def test_a_letter_that_may_have_arrived_comes_again_under_the_same_message_id_and_says_so(desk: Desk) -> None:
    with office() as server:
        mailing(desk, server)
        desk.feed("herald", Item())
        id_ = desk.run().alerts[0].alert.id
        with closing(desk.open()) as database, database.writing() as session:
            store.replay(session, id_, desk.clock())
        desk.run()
    first, second = server.posts
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert f"id {id_} (possible repeat)" in second.message.get_content()


@pytest.mark.parametrize(
    ("facts", "state", "reason"),
    [
        ({"answers": ["554 5.7.1 spam"]}, "dead", "the mail server answered 554"),
        ({"answers": ["452 4.3.1 disk full"]}, "pending", "the mail server answered 452"),
        (
            {
                "refused": dict.fromkeys(
                    ["kim+korea@desk.example", "lee@desk.example"], "550 5.1.1 no such user"
                )
            },
            "dead",
            "the mail server refused every recipient (550)",
        ),
        (
            {
                "refused": dict.fromkeys(
                    ["kim+korea@desk.example", "lee@desk.example"], "450 4.2.0 greylisted"
                )
            },
            "pending",
            "the mail server put every recipient off (450)",
        ),
        ({"password": "another"}, "pending", "the mail server refused the password (535)"),
    ],
)
def test_what_the_mail_server_says_is_the_verdict(
    desk: Desk, facts: dict[str, Any], state: str, reason: str
) -> None:
    with office(**facts) as server:
        mailing(desk, server)
        desk.feed("herald", Item())
        found = desk.run().alerts[0]
    assert (found.state, found.reason) == (state, reason)


def test_of_several_recipients_those_that_are_refused_are_on_record_and_the_others_get_one_letter(
    desk: Desk,
) -> None:
    with office(refused={"lee@desk.example": "550 5.1.1 lee@desk.example: no such user"}) as server:
        mailing(desk, server)
        desk.feed("herald", Item())
        id_ = desk.run().alerts[0].alert.id
        desk.clock.turn(hours=2)
        desk.run()
    assert [post.to for post in server.posts] == [["kim+korea@desk.example"]]
    with closing(desk.open()) as database, database.reading() as session:
        (tried,) = store.attempts(session, id_)
    told = "of 2 recipients the mail server refused recipient 2 (550)"
    assert (tried.outcome, tried.reason) == ("delivered", told)
    assert (only(desk).state, only(desk).reason) == ("delivered", told)


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close at once."""
    writer.close()


async def stay_silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Greet nobody."""
    await reader.read()


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a letter whole, and go without a word."""
    for answer in ("220 here", "250 hello", "250 sender", "250 kim", "250 lee", "354 go on"):
        writer.write(f"{answer}\r\n".encode())
        await (reader.readuntil(b"\r\n.\r\n") if answer.startswith("354") else reader.readline())


@pytest.mark.parametrize(
    ("handler", "uncertain"),
    [(hang_up, False), pytest.param(stay_silent, False, marks=pytest.mark.slow), (break_off, True)],
)
def test_a_server_that_breaks_off_is_tried_again_and_only_after_the_letter_it_is_uncertain(
    desk: Desk, handler: Handler, *, uncertain: bool
) -> None:
    desk.feed("herald", Item())
    with listening(handler) as port:
        mailing(desk, Office(port=port), login="")
        (state,) = desk.run().alerts
    assert (state.state, state.reason[:27]) == ("pending", "the mail exchange broke off")
    with closing(desk.open()) as database, database.writing() as session:
        again = store.claim(session, [ChannelName("mail")], NOW, token="t", holder="h", waiting_too=True)
        assert again
        assert again.uncertain is uncertain


@pytest.mark.parametrize(
    ("tls", "scheme", "reason"),
    [
        ("none", "smtps", "the mail exchange broke off (SSLError)"),
        ("none", "smtp", "the mail server offers no TLS, or no way to log in"),
        ("starttls", "smtp", "the mail exchange broke off (SSLCertVerificationError)"),
    ],
)
def test_a_server_that_cannot_be_trusted_gets_no_password(
    desk: Desk, tls: str, scheme: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    desk.feed("herald", Item())
    with office(tls=tls) as server:
        mailing(desk, server, scheme=scheme)
        (state,) = desk.run().alerts
    assert (state.state, state.reason) == ("pending", reason)
    assert server.logins == 0


def test_a_follow_up_answers_the_letter_of_the_story(desk: Desk) -> None:
    with office() as server:
        mailing(desk, server)
        desk.rule('repeat = ["second-family"]\ncooldown = "0s"')
        desk.feed("herald", Item(), extra='family = "herald"')
        desk.run()
        desk.clock.turn(minutes=5)
        desk.feed("times", replace(SECOND, at=NOW), extra='family = "times"')
        desk.run()
    first, second = server.posts
    assert first.message["In-Reply-To"] is None
    assert second.message["In-Reply-To"] == first.message["Message-ID"] == second.message["References"]
    assert second.message["X-Peninsula-Kind"] == "story.second-family"
    assert second.message["Subject"] == f"{LAUNCH}: told by herald, times"
    assert "News: told by herald, times" in second.message.get_content()


@pytest.mark.parametrize(
    "url",
    [
        "smtp://localhost/?from=a@a.example",
        "smtp://localhost/?from=a@a.example&to=",
        "smtp://localhost/?from=CANARY&to=b@a.example",
        "smtp://localhost/?from=a@a.example&to=b@a.example,기자@a.example",
        "smtp://localhost/?from=a@a.example%0d%0aBcc:CANARY@a.example&to=b@a.example",
        "smtp://localhost/?from=a@a.example&to=Kim <b@a.example>",
        "https://localhost/?from=a@a.example&to=b@a.example",
        "smtp:///?from=a@a.example&to=b@a.example",
    ],
)
def test_a_wrong_mail_url_is_told_at_load_without_a_word_of_it(desk: Desk, url: str) -> None:
    mailing(desk, Office())
    desk.env["MAIL"] = url
    with pytest.raises(ConfigError, match="MAIL is not smtp") as caught:
        desk.settings()
    assert "CANARY" not in str(caught.value)
