"""The stories of the last days in memory, and where a new article belongs among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from models.stories.compare import JOIN_AT, Likeness, asks, liken
from models.stories.features import Features, Heading
from models.stories.identity import story_id
from models.stories.memory import Memory
from models.stories.profile import Profile
from models.stories.rarity import Rarity
from models.values import Article, Join, Member, Open, Placement, Reading, StoryId

WINDOW = timedelta(hours=72)
SPAN = timedelta(hours=144)  # from its anchor on, a story takes no more: a saga is many stories
SWEEP = timedelta(hours=6)
NEWEST_PER_KEY = 48  # a key that is common (trump, 발사) leads to its newest stories only
COMPARED = 16  # stories looked at closely for one article
MOST_STORIES = 60_000  # the oldest go first; a stream without dates has no other limit


class Window:
    """An index over the stories that may still be joined.

    Memory is bounded by time: a story whose newest article lies more than
    `span` behind the newest article seen is dropped. One object serves one
    stream or one decide batch; it is not for two threads.
    """

    def __init__(
        self,
        members: Iterable[Member] = (),
        *,
        span: timedelta = WINDOW,
        rarity: Rarity | None = None,
        memory: Memory | None = None,
    ) -> None:
        """Take in articles that stand in stories already.

        Args:
            members: of the stories that may be joined.
            span: how long after its newest article a story may be joined.
            rarity: what is known of how common terms are, these members counted;
                without it they are counted here.
            memory: spares a run from reading the same member in every batch.

        """
        self.span = span
        self.rarity = rarity or Rarity()
        self.memory = memory or Memory()
        self._stories: dict[StoryId, Profile] = {}  # the one that was touched last stands last
        self._keys: dict[str | int, dict[StoryId, None]] = {}
        self._keys_of: dict[StoryId, set[str | int]] = {}
        self._swept: datetime | None = None
        self._placed: set[StoryId] = set()
        for article, story in self._featured(members):
            self._enter(article, story, self.rarity.vector(article.terms))
            if rarity is None:
                self.rarity.add(article.terms)

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, story: StoryId) -> bool:
        return story in self._stories

    def place(self, article: Article, reading: Reading, now: datetime) -> Placement:
        """Find the story an article tells, or open one, and remember it."""
        taken = self.memory.features(article, reading)
        vector = self.rarity.vector(taken.terms)
        placement = self._choose(taken, vector, now)
        self._enter(taken, placement.story, vector)
        self.rarity.add(taken.terms)
        self._placed.add(placement.story)
        self._sweep(taken.at)
        return placement

    def expect(
        self,
        packed: Mapping[StoryId, bytes],
        filed: Mapping[str | int, Iterable[StoryId]],
        terms: Iterable[str],
    ) -> None:
        """Take in stories by their sums; `asked` says whose members to bring.

        Args:
            packed: the sums of stories, as far as they were kept.
            filed: the stories under each key, those with the newest articles last.
            terms: of the articles that will be placed.

        """
        own = {term: term for term in terms}
        for story, sums in packed.items():
            self._stories[story] = Profile.unpack(story, sums, own)
        for key, stories in filed.items():
            for story in stories:
                self._file_under(key, story)

    def asked(self, article: Article, reading: Reading, now: datetime) -> set[StoryId]:
        """Name the stories whose members `place` has to have at hand for an article."""
        taken = self.memory.features(article, reading)
        vector = self.rarity.vector(taken.terms)
        unknown = {
            story for key in taken.keys for story in self._keys.get(key, ()) if story not in self._stories
        }
        near = (
            profile
            for profile in self._candidates(taken, vector, now)
            if profile.thin and asks(taken, vector, profile, self.rarity)
        )
        return unknown | {profile.id for profile in near}

    def recall(self, members: Iterable[Member]) -> None:
        """Take in articles that were met, and their terms counted, before."""
        thin = {story for story, profile in self._stories.items() if profile.thin}
        at_hand: dict[StoryId, list[Features]] = {}
        for article, story in self._featured(members):
            if story in thin:
                at_hand.setdefault(story, []).append(article)
                self._file(article, story)
            else:
                self._enter(article, story, self.rarity.vector(article.terms))
        for story, told in at_hand.items():
            self._stories[story].fill(told)

    def packed(self) -> dict[StoryId, bytes]:
        """Give the sums of the stories that articles were placed in and that still are open."""
        return {story: self._stories[story].pack() for story in self._placed if story in self._stories}

    def decide(self, article: Features, now: datetime) -> Placement:
        """Find the story an article tells, or open one; changes nothing."""
        return self._choose(article, self.rarity.vector(article.terms), now)

    def _choose(self, article: Features, vector: dict[str, float], now: datetime) -> Placement:
        likely: list[tuple[float, Profile, Likeness]] = []
        for story in self._candidates(article, vector, now):
            likeness = liken(article, vector, story, self.rarity)
            likely.append((likeness.score, story, likeness))
        return _verdict(article, sorted(likely, key=lambda entry: -entry[0]))

    def _candidates(self, article: Features, vector: dict[str, float], now: datetime) -> list[Profile]:
        votes: dict[StoryId, float] = {}
        for key in article.keys:
            stories = self._keys.get(key)
            if not stories:
                continue
            vote = _vote(key, vector)
            for story in stories:
                votes[story] = votes.get(story, 0.0) + vote
        hour = min(article.hour, now.timestamp() / 3600) if article.dated else article.hour
        within, longest = self.span.total_seconds() / 3600, SPAN.total_seconds() / 3600
        found: list[Profile] = []
        for story in sorted(votes, key=votes.__getitem__, reverse=True):
            profile = self._stories.get(story)
            if profile and profile.age_of(hour) <= within and hour - profile.first <= longest:
                found.append(profile)
                if len(found) == COMPARED:
                    break
        return found

    def _featured(self, members: Iterable[Member]) -> Iterator[tuple[Features, StoryId]]:
        """Give members as they are compared, oldest first, with their stories."""
        for member in sorted(members, key=lambda member: member.article.at):
            yield self.memory.features(member.article, member.reading), member.story

    def _enter(self, article: Features, story: StoryId, vector: dict[str, float]) -> None:
        profile = self._stories.pop(story, None) or Profile(story, article)
        self._stories[story] = profile
        profile.add(article, vector)
        self._file(article, story)

    def _file(self, article: Features, story: StoryId) -> None:
        """Put a story under the keys of one of its articles."""
        for key in article.keys:
            self._file_under(key, story)

    def _file_under(self, key: str | int, story: StoryId) -> None:
        self._keys_of.setdefault(story, set()).add(key)
        stories = self._keys.setdefault(key, {})
        stories.pop(story, None)
        stories[story] = None
        if len(stories) > NEWEST_PER_KEY:
            oldest = next(iter(stories))
            del stories[oldest]
            self._keys_of[oldest].discard(key)

    def _sweep(self, newest: datetime) -> None:
        """Drop what is too old, now and then as the stream moves on."""
        if self._swept is not None and newest - self._swept < SWEEP and len(self._stories) <= MOST_STORIES:
            return
        self._swept = max(newest, self._swept or newest)
        oldest = (self._swept - 2 * self.span).timestamp() / 3600
        gone = [story for story, profile in self._stories.items() if profile.last < oldest]
        gone += list(self._stories)[: max(0, len(self._stories) - len(gone) - MOST_STORIES)]
        for story in dict.fromkeys(gone):
            del self._stories[story]
            for key in self._keys_of.pop(story, ()):  # the titles "🚨" and "The" have none
                stories = self._keys[key]
                stories.pop(story, None)
                if not stories:
                    del self._keys[key]


def _vote(key: str | int, vector: dict[str, float]) -> float:
    if isinstance(key, int):
        return 0.5
    return vector.get(key[2:], 0.0) ** 2 if key.startswith("w:") else 0.1


def _verdict(article: Features, likely: Sequence[tuple[float, Profile, Likeness]]) -> Placement:
    free = [entry for entry in likely if entry[2].veto is None]
    if free and free[0][0] >= JOIN_AT:
        score, story, likeness = free[0]
        rest = next((other for other, profile, _ in likely if profile is not story), None)
        nearest = likeness.nearest or story.anchor
        return Join(
            story=story.id,
            score=round(score, 4),
            margin=round(score - rest, 4) if rest is not None else 1.0,
            reason=_why(likeness, nearest),
            nearest=nearest.id,
            evidence={kind: round(value, 4) for kind, value in likeness.evidence.items()},
        )
    opened = story_id(article.id)
    if not likely:
        return Open(story=opened, reason="Nothing in the window shares its words or facts.")
    score, story, likeness = likely[0]
    nearest = likeness.nearest or story.anchor
    if likeness.veto is not None and score >= JOIN_AT:
        reason = f"Like “{nearest.title}”, but {likeness.veto.detail}."
        veto = likeness.veto.parameter
    else:
        reason = f"The nearest story, “{nearest.title}”, reaches {score:.2f} of the {JOIN_AT:.2f} needed."
        veto = ""
    return Open(story=opened, reason=reason, score=round(score, 4), nearest=nearest.id, veto=veto)


def _why(likeness: Likeness, nearest: Heading) -> str:
    kind = max(likeness.evidence, key=lambda name: likeness.evidence[name])
    told = {
        "text": "Shares rare words with",
        "copy": "Copies the text of",
        "facts": "Tells the same facts as",
        "foreign": "Tells in another language the facts of",
    }
    return f"{told[kind]} “{nearest.title}” ({nearest.outlet})."
