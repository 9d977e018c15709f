"""Every kind of channel: what it sends, that it leaks nothing, and the published shape of a body."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import time_machine
from desk import NOW, Desk, Item
from hypothesis import find, given
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
    return claim(replace(alert(), body=body, kind="story.digest-1"))


def test_bodies_have_the_published_shape() -> None:
    jsonschema.validate(json.loads(alert().body), schema("story.matched.v1"))
    jsonschema.validate(json.loads(notice().alert.body), schema("notice.v1"))


def test_the_published_example_has_the_shape_and_a_signature_that_verifies() -> None:
    example = json.loads((SCHEMAS / "story.matched.example.json").read_text(encoding="utf-8"))
    body, headers = example["body"], example["headers"]
    jsonschema.validate(json.loads(body), schema("story.matched.v1"))
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    with time_machine.travel(at, tick=False):
        assert Webhook(example["secret"]).verify(body, headers) == json.loads(body)
    # By the standard's own words, and by our own request.
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(example["secret"].removeprefix("whsec_"))
    by_hand = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{by_hand}"
    held = claim(replace(alert(), id=AlertId(headers["webhook-id"]), body=body))
    ours = alerts.webhook_request(held, replace(CHANNEL, secret=example["secret"]), at)
    assert (ours.headers, ours.body) == (headers, body.encode())


def test_the_readme_shows_the_published_example() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    example = json.loads((SCHEMAS / "story.matched.example.json").read_text(encoding="utf-8"))
    block = readme.split("```json\n")[1].split("```")[0]
    assert json.loads(block) == json.loads(example["body"])
    for name, value in example["headers"].items():
        assert f"{name}: {value}\n" in readme


def test_the_signature_vector_of_standard_webhooks_reproduces() -> None:
    # github.com/standard-webhooks/standard-webhooks, libraries/python/tests
    secret, payload = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
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
    seoul = replace(CHANNEL, kind="slack", zone="Asia/Seoul")
    told = alerts.request_for(claim(alert()), seoul, NOW).body.decode()
    assert "The Herald> (herald) · other · en · 2026-11-22 14:57 KST" in told


# Headlines as an attacker would write them, and as the world's desks do: mentions, links, markup,
# characters that turn the line around or cannot be seen, letters under heaps of marks, and length.
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            (
                *("<!channel>", "<!here|here>", "<!subteam^S1>", "<!date^1^{date}|x>", "<@U1>", "<#C1|news>"),
                *(
                    "<https://evil.example|bank>",
                    "<mailto:a@a.example>",
                    "&lt;!channel&gt;",
                    "&amp;lt;",
                    "<",
                    ">",
                ),
                *(
                    "*b*",
                    "_i_",
                    "~s~",
                    "`c`",
                    "```",
                    "> q",
                    "• ",
                    "|",
                    "¦",
                    ":boom:",
                    "https://evil.example/",
                ),
                *("\u202e", "\u202a", "\u2066", "\u2069", "\u200b", "\u200f", "\ufeff", "\u00ad", "\u2028"),
                *("\r\n", "\n\n", "\t", "\x00", "\x1b[31m", "a\u0301" * 40, "👨‍👩‍👧", "🇰🇵", "북한", "ـ"),
                *("x" * 3000, "<" * 800, "&" * 800, "북" * 3000, " " * 50),
            )
        ),
        st.text(max_size=40),
    ),
    max_size=12,
).map("".join)


def parts(message: Any) -> list[str]:
    """Give every text of a message that Slack reads as mrkdwn."""
    found = [message["text"]]
    for block in message["blocks"]:
        found += [text["text"] for text in (block.get("text"), *block.get("elements", ())) if text]
    return found


def test_the_hostile_headlines_of_these_tests_do_harm_where_nothing_is_done() -> None:
    assert find(HOSTILE, lambda text: "<!channel>" in text)
    assert find(HOSTILE, lambda text: len(text) > 3000)


@pytest.mark.parametrize("kind", ["slack", "slack-bot"])
@given(title=HOSTILE, note=HOSTILE, address=HOSTILE, outlet=HOSTILE, count=st.integers(0, 60))
def test_no_slack_message_is_over_a_limit_or_says_what_we_did_not(
    kind: str, title: str, note: str, address: str, outlet: str, count: int
) -> None:
    channel = replace(CHANNEL if kind == "slack" else BOT, kind=kind)
    lines = [(title, f"https://a.example/{address}{'b' * count * 20}", note)] * count
    told = alert(title=title or "x", link=f"https://herald.example/{address}")
    body = json.loads(told.body)
    data = body["data"]
    data["news"], data["why"], data["rule"] = note[:300], note[:500], outlet[:100]
    data["concepts"] = [{"id": "c", "label": outlet[:100], "found": [title[:60], note[:60]]}] * min(count, 20)
    data["sources"] = [data["sources"][0] | {"outlet": outlet[:100], "family": note[:100]}] * min(count, 10)
    hostile = replace(told, body=json.dumps(body))
    for held in (claim(told), claim(hostile), notice(title=title or "x", text=note, lines=lines)):
        message = json.loads(alerts.request_for(held, channel, NOW).body)
        blocks = message["blocks"]
        assert 2 <= len(blocks) <= 50
        assert len(json.dumps(blocks, ensure_ascii=False)) < 13_200
        assert 0 < len(message["text"]) <= 300 + 5
        for text in parts(message):
            assert 0 < len(text) <= 3000
            assert not any(mark in text for mark in ("<!", "<@", "<#"))
            links = re.findall(r"<(https?://[^<>|\s]+)\|[^<>|\n]*>", text)
            assert text.count("<") == text.count(">") == len(links)
            assert all(link.startswith(("https://a.example/", "https://herald.example/")) for link in links)
            assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text)
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        assert all(block.get("text", {}).get("verbatim", True) for block in blocks)


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


@pytest.mark.slow
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
