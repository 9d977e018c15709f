"""Logs as JSON, a line a record, for collectors of logs: `peninsula up --json-logs`.

Prefect builds its formatters from its settings, so this one is named to it by
environment variables (`ENVIRONMENT`), in every process that `up` starts.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

ENVIRONMENT = {
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "flows.logs.JsonLines",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
}


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger, run, message, and the record's `facts`."""

    def __init__(self, fmt: str | None = None, datefmt: str | None = None, style: str = "%") -> None:
        del fmt, datefmt, style  # what dictConfig gives; the shape is fixed
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for key in ("flow_run_name", "flow_run_id", "task_run_name"):
            if value := getattr(record, key, None):
                line[key] = str(value)
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
