"""Whether a title tells a market's day: each session is an event of its own.

"Kospi closes at record high" is written on Tuesday and again on Wednesday.
Neither headline names its day, and none has to: it is the day of publication.
"""

from __future__ import annotations

import re

from models.stories.terms import fold

_MARKETS = re.compile(
    r"\b(?:kospi|kosdaq|nikkei|topix|hang seng|wall st(?:reet)?|s&p 500|nasdaq|dow jones|dax|cac 40|ibex)\b"
    r"|\b(?:asian?|seoul|tokyo|korean?|chinese|u\.?s\.?|global|european?) (?:stocks|shares|markets)\b"
    r"|\bstocks (?:rise|fall|lead|slip|sink|jump|climb|gain|drop|rally|slide|up|down|end|close|open)\w*\b"
    r"|코스피|코스닥|뉴욕증시|아시아 ?증시|환율 마감|日経平均|東京株|円相場|股市|沪指|恒指|收盘|收盤|開盤"
    r"|开盘|chung khoan|мосбирж|курс (?:рубля|доллара)|la bourse|borse|bolsa de"
)


def tells_session(title: str) -> bool:
    """Say whether a title reports how a market's day went."""
    return _MARKETS.search(fold(title)) is not None
