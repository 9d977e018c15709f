"""Every kind of channel: what it sends, that it leaks nothing, and the published shape of a body."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import time_machine
from desk import NOW, Desk, Item
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from test_alerts import CHANNEL, alert, claim
from test_cli import peninsula
from test_promise import NUCLEAR
from werkzeug import Request, Response

import models.alerts
from models import alerts
from models.alerts.cutting import cut
from models.values import AlertId, Channel, ChannelName, Claim, Dead, Delivered, Retry

DATA = Path(__file__).parent / "data"
SCHEMAS = Path(models.alerts.__file__).parent
KEY, OLD = (
    "whsec_" + "bmV3LWtleS1uZXcta2V5LW5ldy1rZXkhIQ==",
    "whsec_" + "b2xkLWtleS1vbGQta2V5LW9sZC1rZXkhIQ==",
)
BOT = Channel(name=ChannelName("bot"), kind="slack-bot", secret="xoxb-CANARY-1", to="C024BE91L")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Give a SQLite database: what is sent does not depend on the kind."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


def schema(name: str) -> Any:
    """Read a published schema."""
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def notice(**changes: Any) -> Claim:
    """Make a digest."""
    facts: dict[str, Any] = {"title": "3 stories", "text": "why", "lines": [("a", "https://a.example/", "n")]}
    body = alerts.listing("story.digest", AlertId("msg_" + "a" * 26), now=NOW, **{**facts, **changes})
    from dataclasses import replace

    return claim(replace(alert(), body=body, kind="story.digest-1"))


def test_bodies_have_the_published_shape() -> None:
    jsonschema.validate(json.loads(alert().body), schema("story.matched.v1"))
    jsonschema.validate(json.loads(notice().alert.body), schema("notice.v1"))


def test_the_published_example_has_the_shape_and_a_signature_that_verifies() -> None:
    example = json.loads((DATA / "story.matched.example.json").read_text(encoding="utf-8"))
    body = example["body"]
    jsonschema.validate(json.loads(body), schema("story.matched.v1"))
    with time_machine.travel(int(example["headers"]["webhook-timestamp"]), tick=False):
        assert Webhook(example["secret"]).verify(body, example["headers"]) == json.loads(body)
    assert example["headers"]["webhook-id"] == json.loads(body)["data"]["id"]


def test_the_signature_vector_of_standard_webhooks_reproduces() -> None:
    # github.com/standard-webhooks/standard-webhooks, libraries/python/tests
    secret, payload = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(1614265330, UTC)
    signed = Webhook(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, payload)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_keys_are_changed_over_both_sign(desk: Desk) -> None:
    desk.env |= {"U": "https://h.example/", "NEW": KEY, "OLD": OLD}
    desk.tables["channel"] = (
        '[[channel]]\nname = "h"\nkind = "webhook"\nurl_env = "U"\nsecret_env = ["NEW", "OLD"]\n'
    )
    channel = desk.settings().desk.channels[ChannelName("h")]
    made = alert()
    request = alerts.webhook_request(claim(made), channel, NOW)
    assert len(request.headers["webhook-signature"].split()) == 2
    for key in (KEY, OLD):
        with time_machine.travel(NOW, tick=False):
            Webhook(key).verify(made.body, dict(request.headers))


def test_a_bot_answers_in_the_thread_of_the_story() -> None:
    from dataclasses import replace

    first = alerts.request_for(claim(alert()), BOT, NOW)
    later = alerts.request_for(replace(claim(alert()), answers="1700000000.000100"), BOT, NOW)
    assert "thread_ts" not in json.loads(first.body)
    assert json.loads(later.body)["thread_ts"] == "1700000000.000100"
    assert json.loads(later.body)["channel"] == "C024BE91L"
    assert b"CANARY" not in first.body
    assert "CANARY" not in repr(first)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"ok":true,"ts":"1.2"}', Delivered(status=200, receipt="1.2")),
        (b'{"ok":false,"error":"ratelimited"}', Retry),
        (
            b'{"ok":false,"error":"token_revoked"}',
            Dead(reason="Slack says token_revoked", status=200, disable=True),
        ),
        (b'{"ok":false,"error":"invalid_blocks"}', Dead(reason="Slack says invalid_blocks", status=200)),
        (b"<html>", Retry),
        (b"[]", Retry),
    ],
)
def test_what_slacks_api_says_is_the_verdict(body: bytes, expected: Any) -> None:
    verdict = alerts.slack_verdict(200, body)
    assert isinstance(verdict, expected) if isinstance(expected, type) else verdict == expected


def test_slack_names_family_bloc_and_the_time_of_its_zone() -> None:
    from dataclasses import replace

    seoul = replace(CHANNEL, kind="slack", zone="Asia/Seoul")
    told = alerts.request_for(claim(alert()), seoul, NOW).body.decode()
    assert "The Herald> (herald) · other · en · 2026-11-22 14:57 KST" in told


@given(st.text(max_size=3000), st.text(max_size=300), st.integers(0, 60))
def test_no_slack_message_is_over_a_limit_or_says_what_we_did_not(title: str, note: str, count: int) -> None:
    lines = [(title, f"https://a.example/{'b' * count * 20}", note)] * count
    for held in (claim(alert(title=title or "x")), notice(title=title or "x", text=note, lines=lines)):
        message = json.loads(alerts.slack_request(held, CHANNEL, NOW).body)
        blocks = message["blocks"]
        assert len(json.dumps(blocks, ensure_ascii=False)) < 13_200 + 400
        assert len(blocks) <= 50
        for block in blocks:
            for text in filter(None, [block.get("text"), *block.get("elements", [])]):
                assert 0 < len(text["text"]) <= 3000
                assert not any(mark in text["text"] for mark in ("<!", "<@", "<#"))
                assert text["text"].count("<") == text["text"].count(">")
                assert text["text"].count("<") == text["text"].count("<https://")


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_cut_never_splits_what_people_see_as_one(text: str, length: int) -> None:
    import regex

    shown = cut(text, length)
    assert len(shown) <= length
    if shown != text:
        kept = shown.removesuffix("…")
        assert text.startswith(kept)
        pieces = regex.findall(r"\X", text)
        prefixes = {"".join(pieces[:count]).rstrip() for count in range(len(pieces) + 1)}
        assert kept in prefixes or max(map(len, pieces)) > 32


def test_a_family_of_emoji_stays_whole() -> None:
    assert cut("👨‍👩‍👧 and more", 4) == "…"


def test_a_letter_has_one_id_and_no_header_from_a_headline(desk: Desk) -> None:
    desk.env |= {"MAIL": "smtps://u:CANARY@mail.example:465/?from=watch@a.example&to=b@a.example,c@a.example"}
    desk.tables["channel"] = '[[channel]]\nname = "m"\nkind = "email"\nurl_env = "MAIL"\n'
    channel = desk.settings().desk.channels[ChannelName("m")]
    made = alert(title="북한 발사\r\nBcc: everybody@a.example")
    letter = alerts.letter(claim(made), channel, NOW)
    head = letter.message.split(b"\r\n\r\n")[0]
    assert letter.to == ("b@a.example", "c@a.example")
    assert f"Message-ID: <{made.id}@peninsula-watch>".encode() in head
    assert b"\nBcc:" not in head
    assert b"CANARY" not in letter.message
    assert "CANARY" not in repr(letter)


def test_mail_and_apprise_do_not_dial_a_private_address(desk: Desk) -> None:
    desk.env |= {"MAIL": "smtp://127.0.0.1:9/?from=a@a.example&to=b@a.example", "APP": "json://127.0.0.1:9/x"}
    for name, kind in (("MAIL", "email"), ("APP", "apprise")):
        desk.tables[f"channel {name}"] = (
            f'[[channel]]\nname = "{name.lower()}"\nkind = "{kind}"\nurl_env = "{name}"\n'
        )
    desk.feed("herald", Item())
    states = {str(state.alert.channel): (state.state, state.reason) for state in desk.run().alerts}
    assert states["mail"][0] == states["app"][0] == "dead"
    assert "private" in states["mail"][1]
    assert "private" in states["app"][1]


def test_apprise_sends_the_alert_as_text(desk: Desk, httpserver: HTTPServer) -> None:
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return Response("ok")

    httpserver.expect_request("/note").respond_with_handler(receive)
    desk.env |= {"APP": f"json://localhost:{httpserver.port}/note"}
    desk.tables["channel"] = (
        '[[channel]]\nname = "app"\nkind = "apprise"\nurl_env = "APP"\nallow_private = true\n'
    )
    desk.feed("herald", Item())
    assert [(state.state, state.reason) for state in desk.run().alerts] == [("delivered", "")]
    assert "id msg_" in received[0].get_data(as_text=True)


def test_a_receiver_may_ask_to_drop_or_disable() -> None:
    dropped = alerts.verdict(200, {"webhook-delivery": "abort-message"}, NOW)
    closed = alerts.verdict(500, {"webhook-delivery": "disable"}, NOW)
    assert isinstance(dropped, Dead)
    assert not dropped.disable
    assert isinstance(closed, Dead)
    assert closed.disable


def test_channels_test_sends_a_marked_alert_and_shows_the_answer(desk: Desk, httpserver: HTTPServer) -> None:
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return Response(f"no_such_hook {request.url}", status=404)

    httpserver.expect_request("/CANARY").respond_with_handler(receive)
    desk.webhook(path="/CANARY")
    code, out, err = peninsula(desk, "channels", "test", "hook")
    assert code == 3
    assert "answered 404. no_such_hook [secret]" in out
    assert "CANARY" not in out + err
    told = json.loads(received[0].get_data())
    jsonschema.validate(told, schema("notice.v1"))
    assert told["type"] == "peninsula.test"
    assert peninsula(desk, "alerts")[1] == "No alert.\n"


def test_no_secret_is_told_anywhere(
    desk: Desk, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/CANARY-gone").respond_with_data("no", status=410)
    httpserver.expect_request("/CANARY-slow").respond_with_data("no", status=500)
    signing = "whsec_" + "Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ"
    desk.webhook("gone", "/CANARY-gone?token=CANARY", secret=signing)
    desk.webhook("slow", "/CANARY-slow")
    desk.env |= {
        "DEAD": "https://user:CANARY@192.0.2.1/CANARY",
        "NAME": "https://CANARY.invalid/CANARY",
        "BOT": "xoxb-CANARY-12345678",
        "MAIL": "smtp://CANARY:CANARY@127.0.0.1:9/?from=a@a.example&to=b@a.example",
        "APP": "json://CANARY:CANARY@127.0.0.1:9/CANARY",
    }
    table = '[[channel]]\nname = "{0}"\nkind = "{1}"\n{2}_env = "{3}"\n{4}'
    for name, kind, key, variable, more in (
        ("dead", "webhook", "url", "DEAD", ""),
        ("name", "slack", "url", "NAME", ""),
        (
            "bot",
            "slack-bot",
            "token",
            "BOT",
            'channel = "C024BE91L"\nurl_env = "GONE_URL"\nallow_private = true\n',
        ),
        ("mail", "email", "url", "MAIL", "allow_private = true\n"),
        ("app", "apprise", "url", "APP", "allow_private = true\n"),
    ):
        desk.tables[f"channel {name}"] = table.format(name, kind, key, variable, more)
    desk.feed("herald", Item(), NUCLEAR)
    told = ""
    for command in (
        ["run", "--no-seeds", "--patience", "0s"],
        ["deliver", "--now"],
        ["config", "show"],
        ["config", "show", "--json"],
        ["config", "check"],
        ["channels", "list"],
        *(["channels", "test", name] for name in ("gone", "dead", "name", "bot", "mail", "app")),
        ["alerts", "list", "--json"],
        ["explain", "fires", "--json"],
    ):
        code, out, err = peninsula(desk, *command)
        assert code in {0, 3}, (command, err)
        told += out + err
    held = b"".join(
        path.read_bytes() for path in desk.folder.iterdir() if path.name.startswith("peninsula.db")
    )
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    for secret in ("CANARY", signing.removeprefix("whsec_")):
        assert secret not in told
        assert secret not in logged
        assert secret.encode() not in held
    assert "gone" in told


def test_a_dead_receiver_is_kept_waiting_for_the_table_of_attempts() -> None:
    at, step = NOW, 0
    while planned := alerts.next_attempt(step, Retry(reason="no answer"), at, jitter=1.0):
        at, step = planned
    assert at - NOW == timedelta(hours=75, minutes=35, seconds=5)
