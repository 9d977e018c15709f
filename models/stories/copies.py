"""Whether one text is a copy of another: wire copies, reprints, longer and shorter versions.

Shingles of five words, or of eight characters where there are no spaces, are
hashed; of a long text the `KEPT` smallest hashes stand for it. Below the
smaller of two texts' largest kept hash both samples are complete, so the share
of common hashes there estimates containment as well as resemblance (Broder, On
the resemblance and containment of documents, 1997; the same bottom-k sample at
a common scale is FracMinHash: Irber et al., 2022).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from models.stories.terms import fold, is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT = 384
WORDS = 5
CHARACTERS = 8
COPY_SHARE = 0.6  # of the shorter text's shingles that stand in the longer one too
LEAST_SHINGLES = 6  # fewer cannot tell a copy from a set phrase
_MULTIPLIER = 0x9E3779B97F4A7C15
_FOLD_FACTOR = 0x100000001B3
# Words are runs of what str.isalnum() grants. They are cut from UTF-8, whose bytes `translate` and `split`
# go through at thrice the speed of a pattern; other scripts' marks have to be blanked before.
_FOREIGN_MARK = re.compile(r"[^\x00-\x7f\w]")  # with \w first it takes four times as long
_WORD_BYTES = bytes(byte if byte > 127 or chr(byte).isalnum() else 32 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sample of a text's shingles: sorted 64-bit hashes, and how many there were."""

    hashes: NDArray[np.uint64]
    shingles: int

    @property
    def reach(self) -> int:
        """The largest hash up to which the sample is complete."""
        return int(self.hashes[-1]) if self.shingles > len(self.hashes) else 2**64 - 1


def sketch(text: str) -> Sketch:
    """Sample the shingles of a text."""
    import numpy as np  # noqa: PLC0415 - 80 ms that a run in which nothing is new never pays

    folded = fold(text)
    if is_wide(folded):
        letters = "".join(folded.split()).encode("utf-32-le", "replace")
        units, width = np.frombuffer(letters, dtype=np.uint32).astype(np.uint64), CHARACTERS
    else:
        hashed = [zlib.crc32(word) for word in _words(folded)]
        units, width = np.array(hashed, dtype=np.uint64), WORDS
    count = len(units) - width + 1
    if count < 1:
        return Sketch(np.empty(0, dtype=np.uint64), 0)
    mixed = np.convolve(units, _powers(width), "valid") * np.uint64(_MULTIPLIER)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(_MULTIPLIER)
    mixed ^= mixed >> np.uint64(32)
    mixed.sort()
    first = np.ones(count, dtype=bool)
    np.not_equal(mixed[1:], mixed[:-1], out=first[1:])
    hashes = mixed[first]  # np.unique gives the same in twice the time, and loads masked arrays
    return Sketch(hashes[:KEPT].copy(), len(hashes))


def _words(folded: str) -> list[bytes]:
    plain = folded if folded.isascii() else _FOREIGN_MARK.sub(" ", folded)
    return plain.encode("utf-8").translate(_WORD_BYTES).split()


@cache
def _powers(width: int) -> NDArray[np.uint64]:
    """Give what a shingle's units are multiplied by, the last one first."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.array([pow(_FOLD_FACTOR, place, 1 << 64) for place in range(width)], dtype=np.uint64)


def containment(a: Sketch, b: Sketch) -> float:
    """Estimate the share of the shorter text that stands in the other, 0 to 1."""
    if min(a.shingles, b.shingles) < LEAST_SHINGLES:
        return 0.0
    import numpy as np  # noqa: PLC0415 - as above

    reach = np.uint64(min(a.reach, b.reach))
    ours = a.hashes[: a.hashes.searchsorted(reach, side="right")]
    others = b.hashes[: b.hashes.searchsorted(reach, side="right")]
    least = min(len(ours), len(others))
    if least == 0:
        return 0.0
    # Both are sorted and hold nothing twice: a third of the time of np.intersect1d, which sorts again.
    there = others.take(others.searchsorted(ours), mode="clip")
    return int(np.count_nonzero(there == ours)) / least
