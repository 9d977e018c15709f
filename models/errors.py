"""The errors, as a tree. A bad *item* is a `Fault` value and never raised.

PeninsulaError              what the command line prints in one line
├── ConfigError             watch.toml, the environment, a lexicon file: names file and key
├── DatabaseError           cannot be opened, is locked, is newer than the code
│   └── DeadlockError       two transactions waited for each other, and this one was undone
├── OutputError             what is printed cannot be written
├── SourceError             a feed or a seed file as a whole: carries its name, `permanent`
│   ├── FetchError          did not come over the wire
│   ├── ParseError          came, and is no feed
│   └── OurError            met what nobody foresaw: the fault is ours
└── ChannelError            a channel cannot be used at all: carries its name
"""

from __future__ import annotations

from datetime import timedelta


class PeninsulaError(Exception):
    """The root: its text is one line that names the thing and what to do."""


class ConfigError(PeninsulaError):
    """A setting is wrong; the text names the file and the key."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}" if key else f"{file}: {problem}")
        self.file = file
        self.key = key
        self.problem = problem


class DatabaseError(PeninsulaError):
    """The database cannot be used as it is."""


class DeadlockError(DatabaseError):
    """Two transactions waited for each other, and this one was undone: done again, it goes through."""


class OutputError(PeninsulaError):
    """What is printed cannot be written: its disk is full, or its reader is gone."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the output cannot be written ({error.strerror})")


class SourceError(PeninsulaError):
    """A feed or seed file failed as a whole.

    `code` is stable and kebab-case; `permanent` says that trying again with
    nothing changed is no use.
    """

    def __init__(self, source: str, code: str, problem: str, *, permanent: bool = False) -> None:
        super().__init__(f"{source}: {problem}")
        self.source = source
        self.code = code
        self.problem = problem
        self.permanent = permanent


class FetchError(SourceError):
    """The document did not come over the wire; `after` is how long its server asks us to wait."""

    def __init__(
        self,
        source: str,
        code: str,
        problem: str,
        *,
        permanent: bool = False,
        after: timedelta | None = None,
    ) -> None:
        super().__init__(source, code, problem, permanent=permanent)
        self.after = after


class ParseError(SourceError):
    """The document came, and is no feed."""


class OurError(SourceError):
    """A feed or seed file met what nobody foresaw: it fails, and the others go on."""

    def __init__(self, source: str, error: Exception) -> None:
        name = type(error).__name__
        super().__init__(
            source, "fault", f"a fault of peninsula-watch ({name}): please report it, with the log"
        )


class ChannelError(PeninsulaError):
    """A channel cannot be used; never names its URL."""

    def __init__(self, channel: str, problem: str) -> None:
        super().__init__(f"channel {channel}: {problem}")
        self.channel = channel
