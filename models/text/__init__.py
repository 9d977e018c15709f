"""Texts and addresses made comparable; the last step of an item before the store.

Second on the journey: `models.sources` reads a document to `RawItem`s, `refine`
here makes each an `Article` with one identity. Reading order: `folding` (what
text may hold), `urls` (one address for one article), `trackers` (data for it),
`ages` (times told by their age), `languages` (their codes), `identity` (fingerprints, ids, `refine`).
"""

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.text.folding import clean, first_sentence, fold, for_display, one_line
    from models.text.identity import article_id, fingerprint, heading_of, refine
    from models.text.languages import no_language, primary_language
    from models.text.urls import canonical_url
else:
    __getattr__ = face(__name__)

__all__ = [
    "article_id",
    "canonical_url",
    "clean",
    "fingerprint",
    "first_sentence",
    "fold",
    "for_display",
    "heading_of",
    "no_language",
    "one_line",
    "primary_language",
    "refine",
]
