"""Groups of commands, each a file of its own; `flows.cli` puts them together.

options   what all commands share: --json, --config, errors in one line
alerts    listed, shown, replayed, dropped
channels  listed, tested, opened again
shown     the configuration, without its secrets
stories   listed, merged, split
feeds     which there are, how they do: list, show, check, add, import, export
archive   its size: prune
lines     JSON Lines in and out: tag, group, same
words     the lexicon: check
backfill  articles of the past, on their own clock
replay    another rule, lexicon or threshold over the archive
search    titles and texts
report    the page, and the feeds for others
story     one story, followed
feedback  the desk's own judgement, kept; rules and words scored against it
progress  a bar for what takes minutes
"""
