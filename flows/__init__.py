"""What peninsula-watch does: fetch, decide by `models`, deliver, on a schedule or by hand.

Start with `flows.pipeline`: it is the product on one page.
"""
