"""What peninsula-watch decides: values in, values out, no network and no clock.

Reading order, which is the order of an article's journey:

values      the nouns
errors      the error tree
faces       packages whose files load when they are needed
text        Unicode folding, canonical URLs, fingerprints, `refine`
sources     outside documents to `RawItem`; feedparser's door
lexicon     concepts found in a text, with offsets, score and reason
stories     which event an article tells, and why
alerts      which alert is due; alerts as bytes for each kind of channel
decide      the heart: articles and what is known in, everything to write out
instants    times as the database keeps them
tables      the mapped rows
database    engines for SQLite and PostgreSQL
store       every SELECT and INSERT

What is asked of the archive afterwards:

search      texts and queries to tokens
replay      the past decided anew, and what that changes
evaluation  rules and words against what the desk said
edition     the stories of a day
standing    what is late, stuck, dead or silent
"""
