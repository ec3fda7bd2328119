"""``trace``: a NumPy function and the shapes of its arguments in, the Problem that it computes out."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symback.algebra.dims import Dim
from symback.algebra.nodes import Node, symbol
from symback.algebra.walk import postorder, substitute, symbols
from symback.errors import RefusedError, SymbackError
from symback.language.write import write
from symback.records import Definition, Facts, Problem, Symbol
from symback.tracing.arguments import prepare
from symback.tracing.array import Array, Labels
from symback.tracing.frames import Watcher
from symback.tracing.lines import Place, is_user_code
from symback.tracing.naming import Names, fold, name_forward, needed, renaming, without_aliases
from symback.tracing.recorder import Candidate, Entry, Tape
from symback.tracing.standins import Standins

_AS_IT_IS = "__size"  # behind a size's name while a text is written, so that sum / m is not written as a mean


@dataclass(frozen=True)
class Run:
    """What one run of a function left: its tape, the symbols of its arguments, and what it returned."""

    function: Callable[..., Any]
    tape: Tape
    symbols: dict[str, Symbol]
    result: Any


def run(function: Callable[..., Any], shapes: dict[str, Any]) -> Run:
    """Run a function on symbolic arrays.

    Raises SymbackError, pointing at the source line, where something in it cannot be traced.
    """
    tape = Tape()
    call, arguments, declared = prepare(tape, function, shapes)
    try:
        result = Watcher(tape, Standins(tape)).run(call, arguments)
    except SymbackError as error:
        raise tape.failure or error from None
    except RecursionError:
        raise SymbackError("the function calls itself too deep to be traced") from None
    except Exception as error:  # whatever the user's code raises is told with its line
        raise tape.failure or _raised(tape, error) from None
    if tape.failure is not None:  # the code caught the refusal and went on
        raise tape.failure
    return Run(function, tape, declared, result)


def _raised(tape: Tape, error: Exception) -> SymbackError:
    """The user's own exception as a refusal at the line of the user's code that raised it."""
    place: Place | None = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if is_user_code(frame):
            place = tape.lines.place(frame, line)
    message = f"the function raised {type(error).__name__}: {error}".rstrip(": ")
    if place is None:
        return RefusedError(message)
    return RefusedError(message, file=place.file, line=place.line, text=place.text)


def trace(function: Callable[..., Any], **shapes: Any) -> Problem:
    """The problem that a NumPy function computes, in its own variables' names, from one run on symbolic arrays.

    Each argument is given a shape, ``("n", "m")``, ``("n",)`` or ``()``, a dict, list, tuple or SimpleNamespace of
    them, ``labels("m", "k")``, or any other value, which is passed through. The objective is what the function
    returns; of several values the first scalar, else the first array.

    Raises SymbackError, pointing at the source line, where the function cannot be traced.

    >>> import numpy as np
    >>> def cost(X, Y, W):
    ...     A = W @ X
    ...     return np.sum((A - Y) ** 2) / X.shape[1]
    >>> problem = trace(cost, X=("n", "m"), Y=("k", "m"), W=("k", "n"))
    >>> [f"{d.name} = {d.text}" for d in problem.definitions]
    ['A = W @ X', 'J = sum((A - Y) ** 2) / m']
    """
    done = run(function, shapes)
    objective = _objective(done)
    root = objective_entry(done, objective)
    entries = fold(done.tape.entries, [root.leaf])
    names = new_names(done)
    name_forward(names, entries, list(entries))
    entries, _ = without_aliases(names, entries, set())
    defined = definitions(done.tape, names, entries, list(entries))
    return make_problem(done, defined, names.given[str(root.leaf.data)])


def new_names(done: Run) -> Names:
    """The names that are taken from the start: those of the arguments and of the dimensions."""
    dims = {name for s in done.symbols.values() for size in s.shape for name in size.names}
    return Names(done.tape, {*done.symbols, *dims}, {}, {})


def arrays_in(result: Any) -> list[Array]:
    """The symbolic arrays in what a function returned, in order."""
    if type(result) is Array:
        return [result]
    if isinstance(result, dict):
        return [a for item in result.values() for a in arrays_in(item)]
    if isinstance(result, list | tuple):
        return [a for item in result for a in arrays_in(item)]
    return []


def _objective(done: Run) -> Array:
    """What the function is about: its value, of several the first scalar, else the first array."""
    found = arrays_in(done.result)
    if not found:
        raise SymbackError(
            f"{_title(done.function)} returned {type(done.result).__name__}, nothing computed from its arrays; "
            "return the cost, or the cost and more"
        )
    return next((a for a in found if a.value.node.is_scalar), found[0])


def objective_entry(done: Run, objective: Array) -> Entry:
    """The objective's entry on the tape, named J where the code gives it no name."""
    value = objective.value
    entry = done.tape.entries.get(str(value.node.data)) if value.node.op == "symbol" else None
    if entry is None:
        if (value.node.op == "symbol" and value.node not in done.tape.maxima) or not symbols(value.node):
            raise SymbackError(
                f"{_title(done.function)} returns {value.node!r}, which it has not computed from its arguments"
            )
        done.tape.name(done.tape.hold(value), Candidate("J", 0, 0, True), done.tape.last)
        entry = done.tape.by_value.get((value.node, value.ndim))
    if entry is None:
        raise SymbackError("a maximum alone has no derivative in matrix form; it must cancel, as in a stable softmax")
    return entry


def definitions(tape: Tape, names: Names, entries: dict[str, Entry], order: list[str]) -> tuple[Definition, ...]:
    """The definitions with their final names, each with text in the language that NumPy runs.

    Raises SymbackError where a maximum is left that nothing cancels.
    """
    changed = renaming(names, entries)
    one_d = one_d_names(tape, names, entries)
    out = []
    for name in order:
        entry = entries[name]
        refuse_maximum(tape, entry.value.node, entry.places[0])
        node = substitute(entry.value.node, changed)
        shown = whole_sums(node) if entry.value.ndim == 0 else node
        text = as_coded(shown, one_d, entry.value.ndim, " ".join(p.text for p in entry.places))
        out.append(Definition(names.given[name], node, entry.value.ndim, text, entry.places[0].line))
    return tuple(out)


def as_coded(node: Node, one_d: frozenset[str], ndim: int, code: str) -> str:
    """The text of an expression; a sum over m stays one where the statement itself speaks of no mean."""
    if "mean" in code:
        return write(node, one_d, ndim == 1)
    sizes = [p for p in postorder(node) if p.op == "size" and isinstance(p.data, Dim) and str(p.data).isidentifier()]
    kept = {s: symbol(f"{s.data}{_AS_IT_IS}", s.shape) for s in sizes}
    return write(substitute(node, kept), one_d, ndim == 1).replace(_AS_IT_IS, "")


def whole_sums(node: Node) -> Node:
    """A scalar written with sums over everything: along the axis of a single row, NumPy would keep two dimensions."""
    sums = [s for s in postorder(node) if s.op == "sum" and s.is_scalar and s.data is not None]
    return substitute(node, {s: Node("sum", s.args, s.shape) for s in sums})


def one_d_names(tape: Tape, names: Names, entries: dict[str, Entry]) -> frozenset[str]:
    """The final names of all arrays with one dimension."""
    inputs = {name for name, held in tape.inputs.items() if type(held) is Array and _declared_1d(held)}
    return frozenset(inputs | {final for p, final in names.given.items() if entries[p].value.ndim == 1})


def _declared_1d(held: Array) -> bool:
    return held.ndim == 1


def refuse_maximum(tape: Tape, node: Node, place: Place) -> None:
    """Raise SymbackError where np.max has not cancelled."""
    for part in postorder(node) if tape.maxima else ():
        if part in tape.maxima:
            raise RefusedError(
                f"the {part.data} is left in the formula; a maximum over entries is traced where it cancels, "
                "as in exp(Z - max) / sum(exp(Z - max)) along one axis",
                file=place.file, line=place.line, text=place.text,
            )  # fmt: skip


def make_problem(
    done: Run, defined: tuple[Definition, ...], objective: str, claimed: frozenset[str] = frozenset()
) -> Problem:
    """The problem, with the symbols that it uses, those that a gradient is claimed of, and the text that states it."""
    used = {name for d in defined for name in symbols(d.node)} | claimed
    declared = {name: s for name, s in done.symbols.items() if name in used}
    onehot = frozenset(("onehot:1", name) for name in declared if type(done.tape.inputs[name]) is Labels)
    code = getattr(done.function, "__code__", None)
    return Problem(
        _title(done.function), inspect.getdoc(done.function) or "", declared, defined, objective, (),
        Facts(onehot), text_of(declared, defined, onehot), getattr(code, "co_filename", None),
    )  # fmt: skip


def _title(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", "the function"))


def text_of(declared: dict[str, Symbol], defined: tuple[Definition, ...], facts: frozenset[tuple[str, str]]) -> str:
    """The problem in the language, as a file would state it."""
    lines = []
    for s in declared.values():
        sizes = [str(d) for d in s.shape[2 - s.ndim :]]
        lines.append(f"{s.name}: ({', '.join(sizes)}{',' if len(sizes) == 1 else ''})")
    lines += [f"assume(onehot({name}, axis=1))" for _, name in sorted(facts)]
    lines += [f"{d.name} = {d.text}" for d in defined]
    return "\n".join(lines) + "\n"


__all__ = ["needed", "trace"]
