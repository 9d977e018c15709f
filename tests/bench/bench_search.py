"""What a search costs beside a plain scan, in an archive of news of our own making.

    python tests/bench/bench_search.py 100000 [DATABASE_URL]

Times each query as the command does it (the index, the articles of the first
twenty finds) against `title LIKE '%..%' OR text LIKE '%..%'` over all articles;
the best of five, as other work on the machine only adds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, or_, select

from flows import settings
from flows.filing import file_new
from models import search, store, text
from models.database import Database
from models.store.rows import article_row
from models.tables import ArticleRow
from models.values import Article, RawItem, Source, SourceName

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SOURCE = Source(name=SourceName("bench"), url="https://bench.example/feed")
PLACES = ("원산", "신의주", "개성", "판문점", "남포", "영변", "신포", "함흥", "평양", "청진")
DEEDS = ("단거리탄도미사일을 쐈다", "담화를 냈다", "훈련을 벌였다", "수해를 입었다", "공장을 열었다")
ENGLISH = ("Kaesong", "Wonsan", "Sinuiju", "Nampo")
RARE = ("북 핵실험 징후", "朝鲜发射弹道导弹", "북한이 정찰위성을 발사")
SYLLABLES = ord("가")  # every 28th ends in a vowel; after 북 stand 400 others
QUERIES = {
    "북한": "북한",
    "탄도미사일": "탄도미사일",
    "朝鲜": "朝鲜",
    "북 핵실험": "핵실험",
    "북": "북",
    "핵 북": "핵",
    "한미 훈련": "한미",
    "kaesong": "Kaesong",
    "kaesong bridge": "a bridge at Kaesong",
    "cruiser": "cruiser",
}


def text_of(number: int) -> tuple[str, str]:
    """Give a title and a text of about 500 characters, one in twenty with rare words."""
    place, deed = PLACES[number % 10], DEEDS[number // 7 % 5]
    title = RARE[number // 20 % 3] if number % 20 == 1 else f"{place}에서 {number}번째 소식, {deed}"
    if number % 4 == 0:
        where = ENGLISH[number // 4 % 4]
        body = f"Officials said on day {number % 31} that unit {number} was seen near {where}. "
        return f"Report {number}: North Korea repairs a bridge at {where}", body * 7
    subject = "북한이" if number % 3 == 0 else "당국은"
    first = f"{subject} {number % 31}일 {place}에서 {deed}."
    called = "".join(f"{of}{chr(SYLLABLES + number * 7 % 400 * 28)}호, " for of in "북핵한")
    return title, f"{first} 목격자 {number}명은 {called}부대 {number % 977}호를 보았다고 했다. " * 9


def fill(database: Database, count: int) -> None:
    """Store decided articles, every fourth in English."""
    for first in range(0, count, 5_000):
        rows = []
        for number in range(first, first + 5_000):
            title, body = text_of(number)
            url, at = f"https://bench.example/{number}", NOW - timedelta(minutes=5 * number)
            item = RawItem(url=url, title=title, text=body, published_at=at)
            made = text.refine(item, SOURCE, at)
            assert isinstance(made, Article)
            rows.append(article_row(made) | {"state": "decided"})
        with database.writing() as session:
            session.execute(insert(ArticleRow), rows)


def best(work: Callable[[], int]) -> tuple[float, int]:
    """Time some work five times: the fewest milliseconds, and what it gave."""
    times, given = [], 0
    for _ in range(5):
        started = time.perf_counter()
        given = work()
        times.append(1000 * (time.perf_counter() - started))
    return min(times), given


def main() -> None:
    """Run the benchmark."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        with closing(Database(url)) as database:
            database.migrate(settings.bundled("alembic"))
            fill(database, count)
            started = time.perf_counter()
            file_new(database, most=None)
            sys.stdout.write(f"filed {count} articles in {time.perf_counter() - started:.1f} s\n")
            for query, like in QUERIES.items():
                wanted = store.Wanted(terms=search.read_query(query))

                def indexed(wanted: store.Wanted = wanted) -> int:
                    with database.reading() as session:
                        ids = store.find(session, wanted, limit=20)
                        return len(store.filed(session, ids=ids, limit=20))

                def scanned(like: str = like) -> int:
                    held = or_(ArticleRow.title.contains(like), ArticleRow.text.contains(like))
                    with database.reading() as session:
                        return session.scalars(select(func.count()).select_from(ArticleRow).where(held)).one()

                (fast, _), (slow, holding) = best(indexed), best(scanned)
                told = f"{fast:7.1f} ms, scan {slow:7.1f} ms, ratio {slow / fast:5.1f}, {holding} hold it\n"
                sys.stdout.write(f"{query:<14} {told}")


if __name__ == "__main__":
    main()
