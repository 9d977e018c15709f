"""Groups of commands, each a file of its own; `flows.cli` puts them together.

options   what all commands share: --json, --config, errors in one line
stories   listed, merged, split
lines     JSON Lines in and out: tag, group, same
words     the lexicon: check
"""
