"""Which alert is due, what it says, how it is signed, and when it is tried again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from models import alerts
from models.alerts.receipt import retry_after
from models.alerts.slack import escape, link
from models.stories import chorus
from models.values import (
    Alert,
    Article,
    ArticleId,
    Channel,
    ChannelName,
    Claim,
    Concept,
    ConceptId,
    Dead,
    Delivered,
    Hit,
    Member,
    Reading,
    Retry,
    Rule,
    RuleName,
    Source,
    SourceName,
    StoryId,
)

RULE = Rule(name=RuleName("korea"), channels=(ChannelName("desk"),))
CHANNEL = Channel(
    name=ChannelName("desk"), kind="webhook", url="https://hooks.example/CANARY", secret="whsec_" + "QUJD" * 8
)
SOURCES = {SourceName("herald"): Source(name=SourceName("herald"), family="herald")}
CONCEPTS = {
    ConceptId("north-korea"): Concept(
        id=ConceptId("north-korea"), kind="country", label="North Korea", label_ko="북한"
    )
}


def article(title: str = LAUNCH, link: str = "https://herald.example/1") -> Article:
    """Make an article of the herald."""
    return Article(
        id=ArticleId("aaaaaaaaaaaaa"),
        source=SourceName("herald"),
        key="1",
        url=link,
        link=link,
        title=title,
        text=LAUNCH_TEXT,
        language="en",
        outlet="The Herald",
        published_at=NOW - timedelta(minutes=3),
        first_seen_at=NOW,
        fingerprint="f",
    )


def reading(**changes: Any) -> Reading:
    """Make a reading with one hit."""
    hit = Hit(
        concept=ConceptId("north-korea"), form="North Korea", field="title", start=0, end=11, weight=1.0
    )
    facts = {
        "language": "en",
        "korea": True,
        "score": 1.8,
        "concepts": (ConceptId("north-korea"),),
        "hits": (hit,),
    }
    return Reading(**{**facts, **changes})


def alert(
    channel: Channel = CHANNEL, *, title: str = LAUNCH, link: str = "https://herald.example/1"
) -> Alert:
    """Make an alert as `decide` does."""
    story = StoryId("saaaaaaaaaaaa")
    told, read = article(title, link), reading()
    id_ = alerts.alert_id("install", channel.name, RULE.name, story=story, kind="story.matched")
    members = [Member(article=told, reading=read, story=story, family="herald")]
    telling = alerts.Telling(
        id=id_,
        story=story,
        article=told,
        reading=read,
        members=members,
        chorus=chorus(members, SOURCES),
    )
    body = alerts.freeze(telling, RULE, channel, concepts=CONCEPTS, sources=SOURCES, now=NOW)
    return Alert(
        id=id_, channel=channel.name, rule=RULE.name, story=story, article=told.id, body=body, due_at=NOW
    )


def claim(made: Alert, *, uncertain: bool = False) -> Claim:
    """Lease an alert."""
    return Claim(alert=made, token="t", attempt=1, until=NOW + timedelta(minutes=1), uncertain=uncertain)


def test_an_id_depends_on_names_and_the_story_and_on_nothing_else() -> None:
    def id_(install: str = "i", channel: str = "desk", story: str = "s1", generation: int = 0) -> str:
        return alerts.alert_id(
            install,
            ChannelName(channel),
            RuleName("korea"),
            story=StoryId(story),
            kind="story.matched",
            generation=generation,
        )

    assert id_() == id_() == "msg_rqnf7rn7w4m556tv6jyf3e2q7d"
    assert len({id_(), id_("j"), id_(channel="slack"), id_(story="s2"), id_(generation=1)}) == 5


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({}, "matched"),
        ({"any": ("north-korea", "seoul")}, "matched"),
        ({"any": ("seoul",)}, "concept-missing"),
        ({"all": ("north-korea", "seoul")}, "concept-missing"),
        ({"none": ("north-korea",)}, "concept-unwanted"),
        ({"languages": ("ko",)}, "other-language"),
        ({"sources": ("times",)}, "other-source"),
        ({"minimum_score": 2.0}, "score-below"),
    ],
)
def test_a_rule_says_which_of_its_conditions_failed(rule: dict[str, Any], reason: str) -> None:
    made = Rule(name=RuleName("r"), channels=(), **rule)
    matched, code, sentence = alerts.judge(made, article(), reading())
    assert (matched, code) == (reason == "matched", reason)
    assert sentence


def test_an_article_that_is_not_about_the_peninsula_never_matches() -> None:
    dull = reading(korea=False, score=0.2, why="nothing found")
    assert alerts.judge(RULE, article(), dull) == (False, "not-korea", "nothing found")


def test_a_webhook_body_is_small_signed_and_the_same_on_every_attempt() -> None:
    made = alert()
    first = alerts.webhook_request(claim(made), CHANNEL, NOW)
    later = alerts.webhook_request(claim(made), CHANNEL, NOW + timedelta(hours=2))
    assert first.body == later.body == made.body.encode()
    assert len(first.body) < 20_000
    assert first.headers["webhook-id"] == later.headers["webhook-id"] == made.id
    assert first.headers["webhook-timestamp"] != later.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] == Webhook(CHANNEL.secret).sign(made.id, NOW, made.body)
    told = json.loads(first.body)
    assert told["type"] == "story.matched"
    assert told["data"]["concepts"] == [
        {"id": "north-korea", "label": "North Korea", "found": ["North Korea"]}
    ]


def test_labels_are_in_the_readers_language() -> None:
    korean = Channel(name=ChannelName("seoul"), kind="webhook", url="https://h.example/", language="ko")
    assert json.loads(alert(korean).body)["data"]["concepts"][0]["label"] == "북한"


def test_the_longest_story_still_fits_a_webhook() -> None:
    long = alert(title="북" * 5000, link="https://herald.example/" + "a" * 5000)
    assert len(long.body.encode()) < 20_000


def test_a_direction_mark_in_a_title_is_not_shown() -> None:
    assert json.loads(alert(title="abc\u202egpj.exe").body)["data"]["story"]["title"] == "abcgpj.exe"


def test_no_url_or_secret_is_in_a_value_s_text() -> None:
    request = alerts.webhook_request(claim(alert()), CHANNEL, NOW)
    assert "CANARY" not in f"{CHANNEL!r} {request!r}"
    assert CHANNEL.secret not in f"{CHANNEL!r} {request!r}"


def test_slack_shows_title_why_sources_and_id() -> None:
    made = alert(title="Kim & Trump <meet>")
    request = alerts.slack_request(claim(made), CHANNEL, NOW)
    message = json.loads(request.body)
    texts = [block.get("text", {}).get("text", "") for block in message["blocks"]]
    assert texts[0] == "*<https://herald.example/1|Kim &amp; Trump &lt;meet&gt;>*"
    assert "North Korea" in texts[1]
    assert "The Herald" in texts[2]
    assert made.id in message["blocks"][-1]["elements"][0]["text"]
    assert "webhook-id" not in request.headers


def test_slack_says_when_a_message_may_be_a_repeat() -> None:
    told = alerts.slack_request(claim(alert(), uncertain=True), CHANNEL, NOW).body.decode()
    assert "possible repeat" in told


@given(st.text(), st.text())
def test_no_headline_can_mention_or_link_in_slack(title: str, address: str) -> None:
    told = link(address, title)
    assert told == escape(title) or told.startswith(("<http://", "<https://"))
    inner = told[1:-1] if told.startswith("<http") else told
    assert "<" not in inner
    assert ">" not in inner
    assert inner.count("|") <= 1 or not told.startswith("<http")


@given(st.text(max_size=400))
def test_every_block_stays_within_slack_s_limits(title: str) -> None:
    message = json.loads(alerts.slack_request(claim(alert(title=title or "x")), CHANNEL, NOW).body)
    for block in message["blocks"]:
        for text in [block.get("text"), *block.get("elements", [])]:
            assert text is None or 0 < len(text["text"]) <= 3000
        assert "<!" not in json.dumps(block)
        assert "<@" not in json.dumps(block)


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Delivered(status=200)),
        (204, {}, Delivered(status=204)),
        (302, {}, Dead(reason="answered 302", status=302)),
        (404, {}, Dead(reason="answered 404", status=404)),
        (500, {}, Retry(reason="answered 500", status=500)),
        (502, {}, Retry(reason="answered 502", status=502, uncertain=True)),
        (429, {"retry-after": "7"}, Retry(reason="answered 429", status=429, after=timedelta(seconds=7))),
    ],
)
def test_an_answer_gives_a_verdict(status: int, headers: dict[str, str], expected: object) -> None:
    assert alerts.verdict(status, headers, NOW) == expected


def test_410_disables_the_channel() -> None:
    gone = alerts.verdict(410, {}, NOW)
    assert isinstance(gone, Dead)
    assert gone.disable


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Sun, 22 Nov 2026 06:10:00 GMT", 600),
        ("999999999", 86_400),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(value: str, seconds: int | None) -> None:
    assert retry_after(value, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_the_schedule_runs_for_76_hours_and_ends() -> None:
    at, step, waits = NOW, 0, []
    while planned := alerts.next_attempt(step, Retry(reason="answered 500", status=500), at, jitter=1.0):
        waits.append((planned[0] - at).total_seconds())
        at, step = planned
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert at - NOW == timedelta(hours=75, minutes=35, seconds=5)


def test_a_receiver_that_names_its_time_is_busy_and_not_broken() -> None:
    busy = Retry(reason="answered 429", status=429, after=timedelta(seconds=90))
    assert alerts.next_attempt(1, busy, NOW, jitter=1.0) == (NOW + timedelta(seconds=90), 1)


def test_times_are_utc_in_the_body() -> None:
    told = json.loads(alert().body)
    assert told["timestamp"] == "2026-11-22T06:00:00Z"
    assert datetime.fromisoformat(told["data"]["article"]["published_at"]).tzinfo == UTC
