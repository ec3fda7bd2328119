"""The derived formula, written in several ways: people leave out a part of the form that they have in mind."""

from __future__ import annotations

import ast
import contextlib
from typing import TYPE_CHECKING

from symback.algebra.nodes import Node
from symback.errors import SymbackError
from symback.language.write import write
from symback.rewrites.engine import Context
from symback.rewrites.expand import multiply_out

if TYPE_CHECKING:
    from symback.checking.diagnose.question import Question


def forms(question: Question) -> list[ast.expr]:
    """The formula in the names of other gradients, in declared arrays and definitions alone, and multiplied out."""
    derivation = question.court.derivation
    gradient = derivation.gradients[question.wrt]
    found: list[Node] = [gradient.named]
    with contextlib.suppress(SymbackError):  # too long to be written as one formula: the named one is enough
        found.append(derivation.inlined(question.wrt))
    context = Context(question.court.problem.facts, ())
    for node in list(found):
        wide = multiply_out(node, context) if node.op in ("mul", "add") else None
        if wide is not None:
            found.append(wide)
    flat = gradient.ndim == 1
    texts = dict.fromkeys(write(node, derivation.one_d, flat) for node in found)
    return [ast.parse(t, mode="eval").body for t in texts]
