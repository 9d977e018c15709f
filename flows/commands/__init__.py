"""Commands, by what they need: `flows.cli` loads a file when one of its commands is asked for.

collect   the first sweep
sweeps    run, decide, deliver
watching  up
articles  listed, explained
configuration checked, shown
status    how the watch stands
db        its schema, a copy, a backup
options   what all commands share: --json, --config, errors in one line
alerts    listed, shown, replayed, dropped
channels  listed, tested, opened again
shown     the outcome of a sweep, a configuration
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
