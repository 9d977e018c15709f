"""What peninsula-watch does: fetch, decide by `models`, deliver, on a schedule or by hand.

Reading order:

pipeline     the product on one page: collect, decide, deliver
intake       its first sweep; over seeds, collect and fulltext
seeds        files of a folder to articles
collect      feeds to articles; over fetch and parsing
fetch        a feed's whole body, or why not; over network
parsing      its items, read in a child that can be killed; parser is that child
turns        one request at a time for each host
writing      many small writes, few commits
fulltext     the page behind a teaser, where a rule touches it
sending      the deliver sweep; each channel by itself
deliver      one request to a verdict; over network; mail and others by their own wires
network      the guarded wire, over sockets; connections, kept open on it; tunnel, a way through a proxy
filing       search learns what came in
clock        the time
leases       one run at a time, and who has died
soundness    whether the database file is whole
settings     watch.toml and the environment; routing and fields read its parts, mistakes says what is wrong
watch_file   feeds added to watch.toml as text
words        the lexicon's files
discover     the feed behind an address, and what it would alert
streams      the parts as JSON Lines

What a person asks for:

replay       a changed rule, lexicon or threshold over the archive
rehearsal    a whole run that is undone
backfill     articles of the past
editions     the stories of a day; page shows them, outfeed lists them for other readers
keeping      a copy, a backup, and what is old let go
monitor      how the watch stands; metrics, heartbeat and logs tell it to others
render       what a person sees; render_feeds of feeds, render_explained of an article; as_json for programs
cli          the `peninsula` command, started by __main__; its groups in commands

On a schedule:

scheduled    Prefect flows over the pipeline; artifacts, what a run leaves in its pages
serving      the deployments, served
up           a server and the flows, kept alive together; tied ends them with it
site         what `up` shows to a browser
"""
