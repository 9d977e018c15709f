"""All tables together: what migrations, a move to another database and the tests go by."""

from models.tables import alerts, articles, rules, runs, sources, stories  # noqa: F401 - each adds its own
from models.tables.base import Row

metadata = Row.metadata
