"""What the desk said of alerts: kept with the article's words, so that pruning loses no test case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.errors import PeninsulaError
from models.evaluation import Judgement, Verdict
from models.store.archive import locate
from models.store.digests import DIGEST
from models.store.rows import article
from models.store.trouble import OPERATIONS
from models.tables import AlertRow, ArticleRow, FeedbackRow
from models.values import AlertId, Article, ArticleId, RuleName, SourceName


def judge_alert(session: Session, begin: str, verdict: Verdict, *, why: str, now: datetime) -> Judgement:
    """Keep what somebody says of an alert; a second word on it takes the first one's place.

    Raises:
        PeninsulaError: no alert, or several, have an id that begins so, or it
            is a digest, or about the watch and no article.

    """
    query = select(AlertRow).where(AlertRow.id.startswith(begin, autoescape=True)).limit(2)
    rows = session.scalars(query).all()
    if len(rows) != 1:
        how_many = "several alerts have" if rows else "no alert has"
        raise PeninsulaError(f'{how_many} an id that begins with "{begin}"; see peninsula alerts')
    (row,) = rows
    if row.kind.startswith(DIGEST):
        raise PeninsulaError(f"{row.id} is a digest: judge the alerts in it; peninsula alerts why lists them")
    if row.kind.startswith(OPERATIONS):
        raise PeninsulaError(f"{row.id} is about the watch and no article; there is nothing to learn from it")
    about = session.get_one(ArticleRow, row.article_id)
    session.execute(delete(FeedbackRow).where(FeedbackRow.alert_id == row.id))
    return _keep(session, article(about), verdict, why=why, now=now, alert=row)


def judge_missed(session: Session, url: str, *, why: str, now: datetime) -> Judgement:
    """Keep that an article ought to have alerted.

    Raises:
        PeninsulaError: the archive has no article of this address.

    """
    id_ = locate(session, url)
    if id_ is None:
        raise PeninsulaError(
            f"the archive has no article {url}; give its --title, and it is kept as a test case all the same"
        )
    return judge_text(session, article(session.get_one(ArticleRow, id_)), why=why, now=now)


def judge_text(session: Session, missed: Article, *, why: str, now: datetime) -> Judgement:
    """Keep that a text ought to have alerted, whether the archive has it or not."""
    same = FeedbackRow.verdict == "missed", FeedbackRow.url == (missed.link or missed.url)
    session.execute(delete(FeedbackRow).where(*same))
    return _keep(session, missed, "missed", why=why, now=now)


def judgements(session: Session) -> tuple[Judgement, ...]:
    """Give all that was said, in its order."""
    return tuple(_judgement(row) for row in session.scalars(select(FeedbackRow).order_by(FeedbackRow.id)))


def _keep(
    session: Session,
    about: Article,
    verdict: Verdict,
    *,
    why: str,
    now: datetime,
    alert: AlertRow | None = None,
) -> Judgement:
    row = FeedbackRow(
        at=now,
        verdict=verdict,
        alert_id=alert.id if alert else None,
        rule=alert.rule if alert else "",
        why=why,
        source=about.source,
        url=about.link or about.url,
        title=about.title,
        text=about.text,
        language=about.language,
        outlet=about.outlet,
        published_at=about.published_at,
    )
    session.add(row)
    session.flush()
    return _judgement(row)


def _judgement(row: FeedbackRow) -> Judgement:
    return Judgement(
        id=row.id,
        at=row.at,
        verdict=row.verdict,  # type: ignore[arg-type]  # written from the same literals
        alert=AlertId(row.alert_id) if row.alert_id else None,
        rule=RuleName(row.rule) if row.rule else None,
        why=row.why,
        article=Article(
            id=ArticleId(f"feedback{row.id}"),
            source=SourceName(row.source),
            key=row.url,
            url=row.url,
            link=row.url,
            title=row.title,
            text=row.text,
            language=row.language,
            outlet=row.outlet,
            published_at=row.published_at,
            first_seen_at=row.at,
            fingerprint="",
        ),
    )
