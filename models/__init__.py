"""What peninsula-watch decides: values in, values out, no network and no clock.

Reading order, which is the order of an article's journey:

values      the nouns
errors      the error tree
text        Unicode folding, canonical URLs, fingerprints, `refine`
sources     outside documents to `RawItem`; feedparser's door
lexicon     concepts found in a text, with offsets, score and reason
stories     which event an article tells, and why
alerts      which alert is due; alerts as bytes for each kind of channel
search      texts and queries to tokens, for both databases
edition     the stories of a day, as a page or a feed shows them
decide      the heart: articles and what is known in, everything to write out
evaluation  rules and words against what the desk said
tables      the mapped rows
database    engines for SQLite and PostgreSQL
store       every SELECT and INSERT
replay      the archive decided again by other rules or words, and the difference
"""
