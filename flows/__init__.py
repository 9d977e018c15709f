"""What peninsula-watch does: fetch, decide by `models`, deliver, on a schedule or by hand.

Reading order:

pipeline    the product on one page: collect, decide, deliver
discover    the feed behind an address, and what it would alert
collect     sources to articles; over fetch and parsing
fetch       a feed's whole body, or why not; over network
parsing     its items, read in a child that can be killed
deliver     one request to a verdict; over network
network     the guarded wire
turns       one request at a time for each host
settings    watch.toml and the environment; watch_file adds feeds to it
words       the lexicon's files
streams     the parts as JSON Lines
render      what a person sees; as_json, what a program sees
cli         the `peninsula` command; its groups in commands
scheduled   Prefect flows over the pipeline; up starts and ends them
"""
