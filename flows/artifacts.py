"""What a run leaves in Prefect's pages: texts that a person likes to read, tables, events.

The texts are in the desk's language and zone. Artifacts of one key replace one
another on Prefect's page of artifacts, so that page is the desk's board. Events
let Prefect's automations act: on a new story, a dead alert, a disabled channel.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.events import emit_event

from flows import as_json
from flows.settings import Settings
from flows.words import open_lexicon
from models.lexicon import Lexicon
from models.standing import told
from models.text import for_display
from models.values import Report, Standing, Story, Trouble

MOST_EVENTS = 100  # of one run; a first run over an archive opens thousands of stories
MOST_FEEDS = 200  # on the board, which Prefect keeps anew for each run
_WORDS = {
    "en": {
        "run": "The last run",
        "new": "New stories",
        "none": "Nothing new.",
        "well": "All is well.",
        "troubles": "Needs attention",
        "sources": "sources read",
        "failed": "failed",
        "articles": "new articles",
        "alerts": "alerts delivered",
        "waiting": "alerts not taken yet",
        "day": "Stories of the last 24 hours",
        "quiet": "No story in the last 24 hours.",
        "feeds": "How the feeds do",
        "columns": "feed|state|last read|newest item|failures|detail",
        "never": "never",
        "ago": "{} ago",
        "more": "and {} more",
        "outlets": "outlets",
    },
    "ko": {
        "run": "마지막 실행",
        "new": "새 기사 묶음",
        "none": "새 소식이 없습니다.",
        "well": "이상 없음.",
        "troubles": "확인이 필요합니다",
        "sources": "개 출처를 읽음",
        "failed": "개 실패",
        "articles": "건의 새 기사",
        "alerts": "건의 알림 전송",
        "waiting": "건의 알림 대기 중",
        "day": "지난 24시간의 소식",
        "quiet": "지난 24시간 동안 소식이 없습니다.",
        "feeds": "피드 상태",
        "columns": "피드|상태|마지막 확인|최신 항목|실패|설명",
        "never": "없음",
        "ago": "{} 전",
        "more": "외 {}개",
        "outlets": "개 매체",
    },
}


async def leave(
    settings: Settings,
    report: Report,
    standing: Standing,
    troubles: Sequence[Trouble],
    today: Sequence[Story] | None,
) -> None:
    """Leave a run's board and tables, and tell Prefect's automations of it.

    Args:
        settings: for language and zone.
        report: of the run.
        standing: how the watch stands.
        troubles: what needs a person.
        today: the stories of the last day; None leaves that page as an earlier run left it.

    """
    board = Board(settings)
    await acreate_markdown_artifact(
        board.run(report, troubles), key="peninsula-run", description=board.word("run")
    )
    if today is not None:
        await acreate_markdown_artifact(
            board.day(today, standing.at), key="peninsula-day", description=board.word("day")
        )
    if standing.feeds:
        await acreate_markdown_artifact(
            board.feeds(standing), key="peninsula-feeds", description=board.word("feeds")
        )
    for key, description, rows in tables(report):
        if rows:
            await acreate_table_artifact(key=f"peninsula-{key}", table=rows, description=description)
    emit(report, standing)


class Board:
    """The texts, in the desk's language and zone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._words = _WORDS["ko" if settings.language.startswith("ko") else "en"]
        self._zone = ZoneInfo(settings.zone)

    @functools.cached_property
    def _lexicon(self) -> Lexicon:
        """For the labels of stories: a run without any needs none."""
        return open_lexicon(self._settings)

    def word(self, key: str) -> str:
        """Give a label."""
        return self._words[key]

    def run(self, report: Report, troubles: Sequence[Trouble]) -> str:
        """Tell of one run: what was new, what went out, what needs a person."""
        failed = [source for source in report.sources if source.error]
        new = sum(source.new for source in report.sources)
        counts = [(len(report.sources), "sources"), (len(failed), "failed"), (new, "articles")]
        counts += [(len(report.sent.delivered), "alerts"), (len(report.sent.retried), "waiting")]
        lines = [" · ".join(self._counted(count, key) for count, key in counts if count or key == "alerts")]
        if troubles:
            lines += ["", f"**{self.word('troubles')}**", ""]
            lines += [f"- {_plain(trouble.detail)}" for trouble in troubles]
        else:
            lines += ["", self.word("well")]
        lines += ["", f"### {self.word('new')}", ""]
        lines += [self._story(story) for story in report.stories] or [self.word("none")]
        return "\n".join(lines)

    def day(self, stories: Sequence[Story], now: datetime) -> str:
        """Tell the stories of a day until now, those that most outlets tell first."""
        ranked = sorted(stories, key=lambda story: (-len(story.families), -story.last_at.timestamp()))
        told_of = [self._story(story) for story in ranked]
        return "\n".join(
            [f"### {self.word('day')} · {self._when(now)}", "", *(told_of or [self.word("quiet")])]
        )

    def feeds(self, standing: Standing) -> str:
        """Tell how each feed does, the sick ones first."""
        columns = self.word("columns").split("|")
        lines = [f"### {self.word('feeds')}", "", _row(columns), _row(["---"] * len(columns))]
        ranked = sorted(standing.feeds.items(), key=lambda item: (-item[1].failures, item[1].health, item[0]))
        for name, state in ranked[:MOST_FEEDS]:
            seen = [self._ago(at, standing.at) for at in (state.checked_at, state.newest_at)]
            detail = state.last_error or state.health_detail
            lines.append(_row([name, state.health, *seen, str(state.failures), detail]))
        if len(ranked) > MOST_FEEDS:
            lines += ["", self.word("more").format(len(ranked) - MOST_FEEDS)]
        return "\n".join(lines)

    def _counted(self, count: int, key: str) -> str:
        space = "" if self._settings.language.startswith("ko") else " "
        return f"{count}{space}{self.word(key)}"

    def _story(self, story: Story) -> str:
        outlets = ", ".join(map(_plain, story.outlets[:4]))
        if len(story.outlets) > 4:
            outlets += f" ({self._counted(len(story.outlets), 'outlets')})"
        labels = ", ".join(
            self._lexicon.label(concept, self._settings.language) for concept in story.concepts[:4]
        )
        return (
            f"- {self._when(story.opened_at)} **{_plain(story.title)}** · {outlets} · {labels} · `{story.id}`"
        )

    def _when(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%m-%d %H:%M")

    def _ago(self, then: datetime | None, now: datetime) -> str:
        return self.word("ago").format(told(now - then)) if then else self.word("never")


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "/") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Give foreign text for Markdown: a headline draws no link, picture or heading."""
    shown = " ".join(for_display(text).split())
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>#!" else letter for letter in shown)


def tables(report: Report) -> list[tuple[str, str, list[dict[str, object]]]]:
    """Give a report as the rows of three tables: (key, description, rows)."""
    plain = as_json.of_report(report)
    sources = [
        {
            "source": row["source"],
            "new": row["new"],
            "seen": row["seen"],
            "faults": len(row["faults"]),
            "health": "; ".join(f"{event['state']}: {event['detail']}" for event in row["events"]),
            "error": row["error"] or "",
            "seconds": row["seconds"],
        }
        for row in plain["sources"]
        if row["events"] or not row["unchanged"]
    ]
    stories = [
        {
            "story": row["title"],
            "tags": ", ".join(row["concepts"]),
            "languages": " ".join(row["languages"]),
            "outlets": ", ".join(row["outlets"]),
        }
        for row in plain["stories"]
    ]
    alerts = [
        {
            "story": row["title"],
            "channel": row["channel"],
            "state": row["state"],
            "attempts": row["attempts"],
            "id": row["id"],
        }
        for row in plain["alerts"]
    ]
    return [
        ("sources", "What the sources gave in this run that had changed.", sources),
        ("stories", "Stories that this run opened.", stories),
        ("alerts", "Alerts of this run and where they went.", alerts),
    ]


def emit(report: Report, standing: Standing) -> None:
    """Tell Prefect's automations of new stories, dead alerts and disabled channels."""
    for story in report.stories[:MOST_EVENTS]:
        emit_event(
            "peninsula.story.opened",
            resource={
                "prefect.resource.id": f"peninsula.story.{story.id}",
                "prefect.resource.name": story.title[:200],
            },
            payload={
                "title": story.title,
                "concepts": list(story.concepts),
                "languages": list(story.languages),
                "outlets": list(story.outlets),
                "opened_at": story.opened_at.isoformat(),
            },
        )
    tried = {*report.sent.dead, *report.sent.retried}
    for state in report.alerts:
        if state.state == "dead":
            _of_channel(
                "peninsula.alert.dead", state.alert.channel, alert=state.alert.id, reason=state.reason
            )
    for channel in {state.alert.channel for state in report.alerts if state.alert.id in tried}:
        if channel in standing.disabled:
            _of_channel("peninsula.channel.disabled", channel)


def _of_channel(event: str, channel: str, **payload: str) -> None:
    resource = {"prefect.resource.id": f"peninsula.channel.{channel}", "prefect.resource.name": channel}
    emit_event(event, resource=resource, payload=payload)
