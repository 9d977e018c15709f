r"""The query of a rule: a boolean language over what an article is and says.

    (missile-test OR nuclear-test) AND NOT language:ja AND score>=1
    "joint chiefs" NEAR/8 북한 AND /ICBM-?\d+/ AND NOT bloc:dprk

missile-test        a concept of the lexicon: a bare word of a-z, 0-9, "-" and "."
"joint chiefs"      words in title or text, folded; any bare word with another letter (북한, ICBM) too
title:"..." text:   words in one of them only; "missil*" and "*훈련" leave an edge open
/ICBM-?\d+/         a pattern, on the text as published; /.../i ignores case; bounded in time
language:ko,en      also source: family: bloc: outlet: (words), each with one value or several
score>=1.5          also > < <= =
A NEAR/8 B          at most 8 words between two of: a concept, words, or an OR of such in brackets
NOT, AND, OR        bind in this order; two terms side by side mean AND

Reading order: `tree` (what a query is), `tokens`, `grammar` (text to tree), `words`
(what a term finds in a text), `verdict` (tree and article to yes, no, or could not say).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.alerts.rules.grammar import QueryError, parse
    from models.alerts.rules.tree import named
    from models.alerts.rules.verdict import Answer, Subject, evaluate
else:
    __getattr__ = face(__name__)

__all__ = ["Answer", "QueryError", "Subject", "evaluate", "named", "parse"]
