"""How long an expression is for a reader: the operators in its text."""

from __future__ import annotations

import re

from symback.algebra.nodes import Node
from symback.language.write import write

_OPERATOR = re.compile(r" (?:\+|-|\*\*?|/|@) |\.T\b|\w\(|(?<![\w)] )-(?! )")
_LONG = 4000  # nodes: beyond, a text would only be thrown away


def cost(node: Node) -> tuple[int, int]:
    """Operators in the printed text, then its length: the measure that every choice between forms uses."""
    if node._cost is None:
        if node.size > _LONG:
            node._cost = (node.size, node.size)
        else:
            text = write(node)
            node._cost = (len(_OPERATOR.findall(text)), len(text))
    return node._cost
