"""Which items of a document are known already, and how far a feed's names can be trusted.

A guid should name an item for ever. In the wild CMS migrations rename a whole
window at once, scripts make a guid anew at each fetch, and some sites number the
places of their list (1 to 10), so that each guid soon names another text. Taken at
its word the first two alert twice and the last loses news. So each source has an
identity it is known by, `guid` until it misbehaves and then, for good, what is left:
the URL; URL and date, where one URL carries changing texts; the title.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from models.text import article_id, canonical_url, fold
from models.values import Added, Article, Identity, Listing, RawItem, Sighted, SourceState

How = Literal["known", "renamed", "reused", "new"]

_LEAST = 3  # items: fewer may be a coincidence
_TWICE = timedelta(days=30)  # renamed twice within it is a habit, once is a migration
_GONE = timedelta(days=7)  # since an item was listed: the same title is another one's
_HEAD = 400  # characters of a text that are compared
_EDITED = 0.25  # likeness of two titles: of less, neither is the other's edit


def mark_shared(items: list[RawItem]) -> list[RawItem]:
    """Mark links and drop guids that several items of a document share.

    Live tickers and front-page feeds link every item to one page, some sites give all
    items one guid, and some do both, their guid being the link; taken for the items'
    identity, any of these would make one article of them and lose the rest. An item
    listed twice, edited perhaps, shares both.
    """
    addresses = [canonical_url(item.url) for item in items]
    titles: defaultdict[str, set[str]] = defaultdict(set)
    pages: defaultdict[str, set[str]] = defaultdict(set)
    named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for item, address in zip(items, addresses, strict=True):
        title = fold(item.title) or fold(item.text)
        titles[address].add(title)
        pages[item.guid].add(address or title)
        named[address, item.guid].append(title)
    marked = []
    for item, address in zip(items, addresses, strict=True):
        entries = named[address, item.guid]
        one = len(entries) == 1 or _is_one(set(entries))
        shared = bool(address) and len(titles[address]) > 1 and not (item.guid and len(entries) > 1 and one)
        guid = item.guid if len(pages[item.guid]) == 1 and one else ""
        marked.append(replace(item, shared_url=shared, guid=guid) if shared or guid != item.guid else item)
    return marked


def _is_one(titles: set[str]) -> bool:
    """Whether entries of one guid and one link are one entry: by one title, or by one and its edit."""
    first, *others = titles
    return not others or (len(others) == 1 and likeness(first, others[0], 4) >= _EDITED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An item and what it is known as."""

    article: Article
    how: How
    sighted: Sighted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What the items of one document are, and what the document taught about its source."""

    items: tuple[Named, ...]
    identity: Identity
    renamed: int = 0  # known items under new names, where it is a matter of the whole document
    reused: int = 0  # names that now stand on another text


def identify(
    items: Sequence[Article],
    known: Iterable[Sighted],
    state: SourceState,
    now: datetime,
    *,
    of_one_site: bool = True,
) -> Identified:
    """Find each item among those that its source listed before.

    A folder of clippings is `of_one_site` no more than an archive: there an equal
    title is another outlet's, and never the same item under a new name.

    An item in doubt counts as new: a repeated article lands in its story and
    alerts nobody, one taken for another is lost.
    """
    index = _Index(known, last=state.document_at or now, now=now)
    named = [_identify(item, index, state.identity, of_one_site=of_one_site) for item in items]
    if of_one_site:
        named = _mass_renamed(named, index)
    renamed = sum(one.how == "renamed" for one in named)
    met = sum(one.sighted is not None or one.how == "reused" for one in named)
    reused = sum(one.how == "reused" for one in named) + sum(_misnamed(one, index) for one in named)
    mass = renamed >= _LEAST and 2 * renamed >= met
    identity = state.identity
    if reused >= _LEAST and 2 * reused >= met:
        identity = _below(identity, reused=True)
    elif mass and state.renamed_at is not None and now - state.renamed_at <= _TWICE:
        identity = _below(identity, reused=False)
    return Identified(items=tuple(named), identity=identity, renamed=renamed if mass else 0, reused=reused)


class _Index:
    """What was listed before, by each of its names; a name of two items is none."""

    def __init__(self, known: Iterable[Sighted], *, last: datetime, now: datetime) -> None:
        self.last, self.now = last, now  # the last document before this one
        self.key: dict[str, Sighted] = {}
        self.guid: dict[str, Sighted] = {}
        self.url: dict[str, list[Sighted]] = {}
        self.heading: dict[str, list[Sighted]] = {}
        for one in known:
            self.key[one.key] = one
            if one.guid:
                self.guid[one.guid] = one
            if one.url:
                self.url.setdefault(one.url, []).append(one)
            if one.heading:
                self.heading.setdefault(one.heading, []).append(one)


def _identify(item: Article, index: _Index, identity: Identity, *, of_one_site: bool) -> Named:
    if identity in {"url-date", "title"}:
        item = replace(item, key=_narrow_key(item, identity))
        found = _not_gone(item, index) if identity == "title" else index.key.get(item.key)
        found = found or _same_heading(item, index)
        return Named(article=item, how="known", sighted=found) if found else _unknown(item, index)
    at_url = [one for one in index.url.get(item.url, []) if not _is_elsewhere(one, item)] if item.url else []
    exact = next(
        (one for one in at_url if one.heading == item.heading and not is_another_text(one, item)), None
    )
    if identity == "url":
        item, by_name = replace(item, key=item.url or item.heading), None
    else:
        by_name = index.guid.get(item.guid) or index.key.get(item.guid) if item.guid else None
    if by_name and not is_another_text(by_name, item) and (exact is None or by_name.heading == item.heading):
        return Named(article=item, how="known", sighted=by_name)
    found = exact or next((one for one in at_url if not is_another_text(one, item)), None)
    if found is None and (at_url or not item.url):
        # Without dates there is none in common: a guid that may be trusted is another item's then.
        undated = identity == "guid" and bool(item.guid) and not item.published_at
        found = _same_heading(item, index, verbatim=undated or not of_one_site)
    if found is None:
        return _unknown(item, index, reused=bool(by_name or at_url))
    renamed = identity == "guid" and by_name is None and item.guid and found.guid and item.guid != found.guid
    return Named(article=item, how="renamed" if renamed else "known", sighted=found)


def _is_elsewhere(old: Sighted, item: Article) -> bool:
    """Whether an item is another one further down on one page, as the entries of a live blog are."""
    here, there = item.link.partition("#")[2], old.link.partition("#")[2]
    named_apart = bool(item.guid and old.guid) and item.guid != old.guid
    return bool(here and there) and here != there and named_apart and item.heading != old.heading


def _unknown(item: Article, index: _Index, *, reused: bool = False) -> Named:
    """Return the item as a new one, under a key and at a URL that no other item has."""
    url = "" if item.url in index.url else item.url
    if item.key in index.key or url != item.url:
        key = f"{item.key[:450]}#{item.heading[:12]}"
        if key in index.key and item.published_at:
            key += f"@{item.published_at:%Y%m%d%H%M}"
        item = replace(item, key=key, url=url, id=article_id(item.source, key, url))
    return Named(article=item, how="reused" if reused else "new")


def _narrow_key(item: Article, identity: Identity) -> str:
    if identity == "title":
        return item.heading
    return f"{item.url} {item.published_at.isoformat() if item.published_at else item.heading}".strip()


def _same_heading(item: Article, index: _Index, *, verbatim: bool = False) -> Sighted | None:
    """Return the known item of the same title and date, and of the same beginning if `verbatim`."""
    return next(
        (
            one
            for one in index.heading.get(item.heading, ())
            if one.published_at == item.published_at and (not verbatim or _begins_alike(one, item))
        ),
        None,
    )


def _not_gone(item: Article, index: _Index) -> Sighted | None:
    """Return the known item of the same title if it still stands in its list, or did of late.

    "N. Korea fires ballistic missile toward East Sea" comes again weeks later, and is news.
    """
    return next((one for one in index.heading.get(item.heading, ()) if not _is_gone(one, item, index)), None)


def _is_gone(one: Sighted, item: Article, index: _Index) -> bool:
    """Whether a known item had left its list a week before the last document.

    Where that is as old, since the watch was off or the feed failed, nobody knows: there the dates tell.
    """
    if one.listed_at is None or one.listed_at >= index.now - _GONE:
        return False
    apart = one.published_at and item.published_at and item.published_at - one.published_at > _GONE
    return one.listed_at < index.last - _GONE or bool(apart)


def _begins_alike(old: Sighted, item: Article) -> bool:
    """Whether an item's text is the known one, word for word as far as that is kept."""
    return bool(old.text) == bool(item.text) and item.text.startswith(old.text)


def _mass_renamed(named: list[Named], index: _Index) -> list[Named]:
    """Re-map items that are known by nothing but their titles, where most of a document is.

    A site that moves to another domain changes guids and addresses at one stroke.
    One equal title may be a column's; three and more, half of what is new, are not,
    unless each has another date and another text: three columns a day.
    """
    taken = {one.sighted.key for one in named if one.sighted}
    found: dict[int, Sighted] = {}
    for place, one in enumerate(named):
        if one.how != "new":
            continue
        same = (old for old in index.heading.get(one.article.heading, ()) if _may_be(old, one.article))
        twin = next((old for old in same if old.key not in taken), None)
        if twin:
            found[place] = twin
            taken.add(twin.key)
    fresh = sum(one.how == "new" for one in named)
    if len(found) < _LEAST or 2 * len(found) < fresh:
        return named
    return [
        Named(article=one.article, how="renamed", sighted=found[place]) if place in found else one
        for place, one in enumerate(named)
    ]


def _may_be(old: Sighted, item: Article) -> bool:
    """Whether an item of a known title may be the known one: has its date, or else its text."""
    if item.dated == "stated":
        return item.published_at == old.published_at or (bool(item.text) and _begins_alike(old, item))
    return _begins_alike(old, item)


def _misnamed(one: Named, index: _Index) -> bool:
    """Whether a known item came under the guid or at the address of another one."""
    if one.how != "known" or one.sighted is None:
        return False
    item, known = one.article, one.sighted
    if item.url and item.url != known.url and item.url in index.url:
        return True
    other = index.guid.get(item.guid) if item.guid else None
    apart = other is not None and (other.url != item.url or not item.url)
    return bool(other and apart and other.key != known.key and other.heading != item.heading)


def _below(identity: Identity, *, reused: bool) -> Identity:
    """Return what is left to know items by."""
    if identity == "guid":
        return "url"
    return "url-date" if identity == "url" and reused else "title"


# --- edited, or another text? -----------------------------------------------------------


def is_another_text(old: Sighted, item: Article) -> bool:
    """Whether an item under a known name tells something else altogether.

    A flash of one line grows into a report under the same address, its title
    rewritten: that is an edit. Under another address, little likeness is enough
    to call it another text; under the same one there must be none at all, and
    under the same title another day as well: a daily brief has one page and one title.
    """
    if not old.heading or not old.title:
        return False
    long = min(len(old.text), len(item.text)) >= 80
    if old.heading == item.heading:
        return long and _is_of_another_day(old, item) and likeness(old.text, item.text, 8) < 0.08
    alike = max(likeness(old.title, item.title, 4), likeness(old.text, item.text, 8))
    if old.url and item.url and old.url != item.url:
        return alike < 0.25
    enough = long or not (old.url or item.url)
    return enough and alike < 0.08


def _is_of_another_day(old: Sighted, item: Article) -> bool:
    if not old.published_at or not item.published_at or item.dated != "stated":
        return False
    return abs(item.published_at - old.published_at) >= timedelta(hours=12)


def likeness(one: str, other: str, size: int, *, head: int = _HEAD) -> float:
    """Return the share of the shorter text's letter groups that the other has, too; 0 to 1.

    Groups of `size` letters, of the first `head` characters of each.
    """
    here, there = _groups(one[:head], size), _groups(other[:head], size)
    if not here or not there:
        return 0.0
    return len(here & there) / min(len(here), len(there))


def _groups(text: str, size: int) -> set[str]:
    """Return runs of `size` letters, of half as many where the script packs more into each."""
    letters = "".join(letter for letter in fold(text) if letter.isalnum())
    if sum(letter > "\u2e80" for letter in letters) * 2 > len(letters):
        size //= 2
    return {letters[place : place + size] for place in range(len(letters) - size + 1)}


def marks_after(listing: Listing, added: Added) -> str:
    """Return the marks to keep once a document is stored: none if it unsettled what was known.

    A text that was edited, or an item that changed its name, may be two entries in turns
    that pass for one; they are read whole until a document brings nothing but news.
    """
    settled = added.identity == "guid" and added.steady and not added.edited and not added.faults
    return listing.marks if settled else ""
