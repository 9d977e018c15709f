"""The page: one self-contained HTML file of an edition, without a script.

charts   timelines as SVG, by pygal, in the page's own colours
html     the edition laid into page.html.j2, every word of it escaped
"""

from __future__ import annotations

from flows.page.html import write_page

__all__ = ["write_page"]
