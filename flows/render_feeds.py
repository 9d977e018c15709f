"""What a person sees of feeds: how they do, what they answer, what one would bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flows import as_json
from flows.discover import Found
from flows.render import count, local_time, nothing, open_console, print_line
from models.errors import SourceError
from models.values import FeedEvent, Health, ParsedFeed, Source, SourceName, SourceState


def feeds(configured: Iterable[Source], states: Mapping[SourceName, SourceState], *, json: bool) -> None:
    """Print the configured feeds, each with how it does."""
    rows = [(feed, states.get(feed.name, SourceState())) for feed in configured]
    if json:
        as_json.show([as_json.of_feed(feed, state) for feed, state in rows])
        return
    console = open_console()
    for feed, state in rows:
        mark = ("  ✓ ", "green") if state.checked_at and not state.failures else ("  · ", "dim")
        if state.failures or state.health in _ILL:
            mark = ("  ✗ ", "red")
        print_line(console, mark, f"{feed.name:<24} {feed.language or '--':<3} {_feed_told(feed, state)}")
    nothing(console, rows, "No feed is configured; see README.md, Feeds.")


_ILL = frozenset(Health) - {Health.NEW, Health.HEALTHY, Health.REDIRECTED, Health.UNDATED}


def _feed_told(feed: Source, state: SourceState) -> str:
    if not feed.enabled:
        return "off"
    health = "" if state.health in {Health.NEW, Health.HEALTHY} else f"{state.health}: "
    if state.failures:
        return f"{health}failed {state.failures}x: {state.last_error}"
    if health:
        return health + state.health_detail
    return f"read {local_time(state.checked_at)}" if state.checked_at else "never read"


def feed(feed: Source, state: SourceState, events: Sequence[FeedEvent], *, json: bool) -> None:
    """Print what is known of one feed."""
    if json:
        as_json.show(as_json.of_feed(feed, state) | {"events": [as_json.of_event(event) for event in events]})
        return
    console = open_console()
    print_line(console, (feed.title or feed.name, "bold"), f"  {feed.name}")
    since = f" since {local_time(state.health_at)}" if state.health_at else ""
    print_line(
        console,
        f"  health    {state.health}{since}{': ' if state.health_detail else ''}{state.health_detail}",
    )
    if state.failures:
        print_line(console, f"  failed    {count(state.failures, 'time')} in a row: {state.last_error}")
    pace = f"{state.pace * 24:.1f} new items a day" if state.pace is not None else "not learnt yet"
    print_line(console, f"  rhythm    {pace}, {count(state.listed, 'item')} in its window")
    if state.next_at:
        print_line(console, f"  asked     {count(state.asked, 'time')}, next {local_time(state.next_at)}")
    if state.moved_to:
        print_line(console, f"  moved to  {state.moved_to}")
    remarks = ", moved for good" * bool(state.moved_to) + ", its validators lie" * state.validators_lie
    print_line(console, f"  known by  {state.identity}{remarks}")
    for event in events:
        print_line(console, f"  {local_time(event.at)}  {event.kind}: {event.detail or event.state}")


def found_feed(found: Found, file: str, *, json: bool) -> None:
    """Print a feed that was looked at: its newest titles, and which would have alerted."""
    if json:
        as_json.show(as_json.of_found(found, file))
        return
    console = open_console()
    print_line(
        console, (found.source.title, "bold"), f"  {found.source.language or '--'}  {found.source.url}"
    )
    for article in found.articles[:10]:
        mark = ("  ● ", "cyan") if article.id in found.alerting else ("    ", "dim")
        print_line(console, mark, f"{article.at:%Y-%m-%d %H:%M}  {article.title}")
    alerting = f"{len(found.alerting)} of them would have alerted (●)"
    print_line(console, f"{count(len(found.articles), 'item')}; {alerting}.")
    for url, title in found.others:
        print_line(console, (f"  also there: {title or url}  {url}", "dim"))
    print_line(console, f'Added to {file} as "{found.source.name}".' if file else "Nothing was written.")


def feed_answers(answers: Iterable[tuple[Source, ParsedFeed | SourceError, float]], *, json: bool) -> None:
    """Print what feeds answered."""
    if json:
        as_json.show([as_json.of_answer(*answer) for answer in answers])
        return
    console = open_console()
    for feed, answer, seconds in answers:
        if isinstance(answer, SourceError):
            print_line(console, ("  ✗ ", "red"), f"{feed.name:<24} {answer.problem}")
            continue
        dates = [item.published_at for item in answer.items if item.published_at]
        newest = f"newest {max(dates):%Y-%m-%d %H:%M} UTC" if dates else "no dates"
        faults = f", {count(len(answer.faults), 'fault')}" if answer.faults else ""
        told = f"{count(len(answer.items), 'item')}, {newest}, {answer.encoding}{faults}, {seconds:.1f} s"
        print_line(console, ("  ✓ ", "green"), f"{feed.name:<24} {told}")
