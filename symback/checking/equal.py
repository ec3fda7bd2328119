"""Are two expressions equal? Proved by normal forms, refuted by numbers, or unknown; so too a chain, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from symback.algebra.dims import show_shape
from symback.checking.refute import Disagreement, refute
from symback.errors import ShapeError, SymbackError
from symback.language.read import parse, read_in
from symback.normal.equal import prove_equal
from symback.records import Problem


@dataclass(frozen=True)
class Equality:
    """What is known of ``left == right``.

    ``status`` is ``"proved"``: equal for all sizes, wherever both sides are defined, the conventions at kinks included,
    under the ``facts`` and ``conditions`` named; ``"refuted"``, with a ``counterexample``; or ``"unknown"``.
    """

    left: str
    right: str
    status: str
    counterexample: Disagreement | None = None
    facts: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """A person's working: ``steps[i]`` is what is known of line i and line i + 1.

    ``first_false`` is the index of the first line that does not equal the line before it, None where there is none.
    """

    lines: tuple[str, ...]
    steps: tuple[Equality, ...]
    first_false: int | None

    @property
    def proved(self) -> bool:
        """True where every line follows."""
        return all(step.status == "proved" for step in self.steps)


def equal(problem: Problem | str, left: str, right: str) -> Equality:
    """Whether two expressions about a problem are equal, at every point and for all sizes.

    Raises SymbackError where an expression is none of the language, ShapeError where the shapes differ.

    >>> problem = "X: (n, m)\\nA: (k, m)\\nY: (k, m)\\n"
    >>> equal(problem, "(A - Y) @ X.T", "A @ X.T - Y @ X.T").status
    'proved'
    >>> found = equal(problem, "(A - Y) @ X.T", "A @ X.T")
    >>> found.status, found.counterexample.left == found.counterexample.right
    ('refuted', False)
    """
    problem = _problem(problem, left)
    a, b = read_in(problem, left).node, read_in(problem, right).node
    if a.shape != b.shape:
        raise ShapeError(f"{left} is {show_shape(a.shape)} and {right} is {show_shape(b.shape)}: "
                         "only expressions of one shape can be equal")  # fmt: skip
    proof = prove_equal(problem, a, b)
    if proof is not None:
        return Equality(left, right, "proved", None, proof.facts, proof.conditions)
    found = refute(problem, (left, right), (a, b))
    return Equality(left, right, "unknown" if found is None else "refuted", found)


def check_chain(problem: Problem | str, lines: Sequence[str]) -> Chain:
    """A person's working, line by line: is each line equal to the one before it?

    >>> chain = check_chain("A: (n, n)\\nB: (n, n)\\n", ["trace(A @ B)", "trace(B @ A)", "sum(A * B)"])
    >>> chain.first_false, [step.status for step in chain.steps]
    (2, ['proved', 'refuted'])
    """
    if not lines:
        raise SymbackError("a chain of equalities has at least one line")
    problem = _problem(problem, lines[0])
    steps = tuple(equal(problem, a, b) for a, b in pairwise(lines))
    first = next((i + 1 for i, step in enumerate(steps) if step.status == "refuted"), None)
    return Chain(tuple(lines), steps, first)


def _problem(given: Problem | str, expression: str) -> Problem:
    """A problem, or the one that a text states; declarations alone are enough here."""
    if isinstance(given, Problem):
        return given
    try:
        return parse(given)
    except SymbackError as error:
        if "there is no objective" not in error.message:
            raise
    name = "value"
    while name in given or name in expression:
        name += "_"
    return parse(f"{given}\n{name} = {expression}\n")
