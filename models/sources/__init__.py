"""Outside documents to `RawItem`s: feeds, saved pages, texts; feedparser's door.

First on an article's journey after the fetch. Reading order: `decoding` (bytes to
text) and `guessing` (where no label helps), `feeds`, `ordinary` (its fast door),
`jsonfeed` and `sitemaps` (documents that list items), `limits` (how many and how long),
`listing` (only what is new of them), `markup` (HTML to plain text), `dates` (what people
write for a time), `seeds` (documents that a person saved), `pages` (saved HTML),
`fulltext` (the page behind a teaser), `furniture` (what stands around a text). Then what
is learnt of a feed: `trust` (what its items are known by), `rhythm` (when to ask again),
`health`.
"""

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.sources.dates import read_date
    from models.sources.decoding import decode
    from models.sources.feeds import parse_feed, warm_up
    from models.sources.listing import read_listing, refined
    from models.sources.seeds import SEED_SUFFIXES, parse_seed, read_seed
    from models.sources.trust import marks_after
else:
    __getattr__ = face(__name__)

__all__ = [
    "SEED_SUFFIXES",
    "decode",
    "marks_after",
    "parse_feed",
    "parse_seed",
    "read_date",
    "read_listing",
    "read_seed",
    "refined",
    "warm_up",
]
