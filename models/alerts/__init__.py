"""Which alert is due, what it says, and its bytes for each kind of channel.

rules     the query language of a rule
due       what a rule makes of an article; the id of an alert
notice    the body of an alert, frozen when it falls due
feeds     what happened to feeds, as the lines of a notice
hearing   which sources the rules listen to by name
followups what is news in a story that has alerted
timers    group_wait, digests and quiet hours
posting   an alert as the POST of its channel's kind
webhook   the body as a signed POST (Standard Webhooks)
slack     the body as Block Kit; slack_bot the same by Slack's API, in threads
email     the body as a letter; plain its lines, which apprise sends, too
terminal  the body as lines for a person
receipt   the answer of a receiver as a verdict, and when to try again

A new kind of channel is one small file here, and one line in `posting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.alerts.due import alert_id, judge
    from models.alerts.email import correspondents, letter
    from models.alerts.feeds import feed_news
    from models.alerts.followups import FOLLOW_UPS, news
    from models.alerts.hearing import heard
    from models.alerts.notice import Telling, freeze, listing
    from models.alerts.plain import plain_text
    from models.alerts.posting import request_for
    from models.alerts.receipt import MAX_RETRY_AFTER, SCHEDULE, next_attempt, retry_after, verdict
    from models.alerts.slack import slack_request
    from models.alerts.slack_bot import slack_bot_request, slack_verdict
    from models.alerts.terminal import terminal_text
    from models.alerts.timers import due_at, last_quiet, next_digest, quiet_since, spilling, wakes_at
    from models.alerts.webhook import webhook_request
else:
    __getattr__ = face(__name__)

__all__ = [
    "FOLLOW_UPS",
    "MAX_RETRY_AFTER",
    "SCHEDULE",
    "Telling",
    "alert_id",
    "correspondents",
    "due_at",
    "feed_news",
    "freeze",
    "heard",
    "judge",
    "last_quiet",
    "letter",
    "listing",
    "news",
    "next_attempt",
    "next_digest",
    "plain_text",
    "quiet_since",
    "request_for",
    "retry_after",
    "slack_bot_request",
    "slack_request",
    "slack_verdict",
    "spilling",
    "terminal_text",
    "verdict",
    "wakes_at",
    "webhook_request",
]
