"""A story's id: a function of the article that anchors it, and of nothing else."""

from __future__ import annotations

import base64
import hashlib

from models.values import ArticleId, StoryId

_LENGTH = 12  # 60 bits: one clash expected in a thousand million stories


def story_id(article_id: ArticleId) -> StoryId:
    """Name the story that this article opens.

    No counter and no clock: a database restored from yesterday's backup that
    reads the same feeds again opens the same stories under the same ids, so
    an alert sent twice carries the same story and its receiver can tell.
    """
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).digest()
    return StoryId("s" + base64.b32encode(digest).decode("ascii").lower()[:_LENGTH])
