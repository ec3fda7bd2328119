"""A traced training step as a problem with claims: its forward pass, and the lines of its backward pass in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import symback.algebra.nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import substitute, symbols
from symback.errors import SymbackError
from symback.records import Claim, Problem
from symback.tracing.array import Array
from symback.tracing.lines import Place
from symback.tracing.naming import (
    base_of,
    fold,
    name_backward,
    name_forward,
    needed,
    renaming,
    with_arguments,
    without_aliases,
)  # fmt: skip
from symback.tracing.problem import (
    Run,
    arrays_in,
    as_coded,
    definitions,
    make_problem,
    new_names,
    objective_entry,
    one_d_names,
    refuse_maximum,
)  # fmt: skip
from symback.tracing.recorder import Candidate, Entry
from symback.tracing.targets import target_of

Wrt = Sequence[Any] | None


@dataclass(frozen=True)
class Code:
    """A step as a problem with claims, and the statement that each claim comes from."""

    problem: Problem
    places: dict[str, Place]
    returned: tuple[str, ...]  # the claims that are the gradients the step returns
    overwritten: dict[str, Place]  # names of arrays that were written into after the cost had used them


def code_problem(done: Run, wrt: Wrt) -> Code:
    """The forward pass of a step as a problem, and the lines of its backward pass as claims about it."""
    cost, gradients = split(done)
    root = objective_entry(done, cost)
    targets = targets_of(done, gradients, wrt)
    for array, target in targets:
        _say(done, array, f"d{target}")
    values = [array.value.node for array, _ in targets]
    ahead = {*needed(done.tape.entries, [root.leaf])}
    unclipped_ones = {
        name: entry if name in ahead else replace(entry, value=replace(entry.value, node=unclipped(entry.value.node)))
        for name, entry in done.tape.entries.items()
    }
    entries = fold(unclipped_ones, [root.leaf, *values])
    entries, forward = with_arguments(entries, needed(entries, [root.leaf]))
    names = new_names(done)
    name_forward(names, entries, forward)
    entries, dropped = without_aliases(names, entries, {str(v.data) for v in values if v.op == "symbol"})
    forward = [name for name in forward if name in entries]
    back = [name for name in needed(entries, [substitute(v, dropped) for v in values]) if name not in forward]
    name_backward(names, entries, back)
    claimed = frozenset(target for _, target in targets)
    defined = definitions(done.tape, names, entries, forward)
    problem = make_problem(done, defined, names.given[str(root.leaf.data)], claimed)
    renamed = renaming(names, entries)
    renamed |= {old: substitute(new, renamed) for old, new in dropped.items()}
    given = {**names.given, **{str(old.data): names.given.get(str(new.data), "") for old, new in dropped.items()}}
    return _Claims(done, problem, entries, given, renamed, one_d_names(done.tape, names, entries)).all(back, targets)


def _say(done: Run, array: Array, name: str) -> None:
    """The name of a returned gradient: the key it is returned under comes first."""
    node = array.value.node
    said = Candidate(name, 0, -1, True)
    if node.op == "symbol" and (entry := done.tape.entries.get(str(node.data))) is not None:
        entry.candidates.insert(0, said)
    else:
        done.tape.name(array, said, done.tape.made.get(node, done.tape.last))


# --- what a step returns ------------------------------------------------------------------------------------


def split(done: Run) -> tuple[Array, Any]:
    """The cost and the gradients in what the step returned."""
    result = done.result
    if isinstance(result, list | tuple) and len(result) >= 2:
        scalars = [item for item in result if type(item) is Array and item.value.node.is_scalar]
        rest = [item for item in result if not scalars or item is not scalars[0]]
        dicts = [item for item in rest if isinstance(item, dict) and arrays_in(item)]
        if scalars and rest:
            several = dicts[-1] if dicts else rest
            return scalars[0], rest[0] if len(rest) == 1 else several
    raise SymbackError(
        "a step returns (cost, gradients), the cost a scalar, the gradients a dict (keys dW1 or W1) "
        "or a tuple in the order of wrt"
    )


def targets_of(done: Run, gradients: Any, wrt: Wrt) -> list[tuple[Array, str]]:
    """Each returned gradient, and the array that it is the gradient of."""
    if wrt is not None and not isinstance(gradients, dict):
        order, given = list(_flat(wrt)), list(_flat(gradients))
        if len(order) != len(given):
            raise SymbackError(f"wrt names {len(order)} arrays, and the step returns {len(given)} gradients")
        named: list[tuple[tuple[str, ...], Any]] = [((name,), held) for name, held in zip(order, given, strict=True)]
    else:
        named = list(_paths(gradients, ()))
    known = {*done.symbols}
    forward = {c.name for entry in done.tape.entries.values() for c in entry.candidates}
    out = []
    for path, held in named:
        target = _target(path, known) or _target(path, forward) or _by_name(done, held, known)
        if target is None and wrt is None and not isinstance(gradients, dict):
            raise SymbackError("the gradients are returned without names; give wrt=(...), their arrays in that order")
        if target is not None and target in known:
            out.append((_as_array(done, held, target), target))
    if not out:
        raise SymbackError(f"no gradient of {', '.join(known)} is returned; keys are the arrays' names, or dW for W")
    return out


def _flat(items: Any) -> Iterator[Any]:
    for item in items.values() if isinstance(items, dict) else items:
        if isinstance(item, list | tuple | dict):
            yield from _flat(item)
        else:
            yield item


def _paths(items: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    pairs = items.items() if isinstance(items, dict) else enumerate(items) if isinstance(items, list | tuple) else []
    for key, item in pairs:
        if isinstance(item, dict | list | tuple):
            yield from _paths(item, (*path, str(key)))
        else:
            yield (*path, str(key)), item
    if not pairs and type(items) is Array:
        yield path, items


def _target(path: tuple[str, ...], known: set[str]) -> str | None:
    """The array that a key, or a path of keys, names."""
    for name in ("_".join(path), path[-1] if path else ""):
        if name in known:
            return name
        if found := target_of(name, known):
            return found
    plain = path[-1][1:] if path and path[-1].startswith("d") else path[-1] if path else ""
    place = "_".join((*path[:-1], plain))  # nested as the parameters are: grads[0]["dW"] for parameters[0]["W"]
    ends = [name for name in known if place and (name == place or name.endswith(f"_{place}"))]
    return ends[0] if len(ends) == 1 and len(path) > 1 else None


def _by_name(done: Run, held: Any, known: set[str]) -> str | None:
    """The array that the variable's own name says it is the gradient of."""
    if type(held) is not Array:
        return None
    entry = done.tape.entries.get(str(held.value.node.data))
    names = [c.name for c in entry.candidates] if entry else []
    return next((t for name in names if (t := target_of(name, known))), None)


def _as_array(done: Run, held: Any, target: str) -> Array:
    if type(held) is Array:
        return held
    if isinstance(held, int | float | np.number | np.ndarray):
        return done.tape.hold(done.tape.value(held))
    raise SymbackError(f"the gradient by {target} is {type(held).__name__}, not an array that was computed")


# --- claims ----------------------------------------------------------------------------------------------------


@dataclass
class _Claims:
    """The lines of the backward pass as claims, written in the final names."""

    done: Run
    problem: Problem
    entries: dict[str, Entry]
    given: dict[str, str]
    renamed: dict[Node, Node]
    one_d: frozenset[str]

    def all(self, back: list[str], targets: list[tuple[Array, str]]) -> Code:
        """Every line in order; then the gradients that are another line, or an array of the forward pass."""
        claims: list[Claim] = []
        places: dict[str, Place] = {}
        wrt = {self._final(array): target for array, target in reversed(targets)}
        for name in back:
            entry, final = self.entries[name], self.given[name]
            target = wrt.get(final) or self.intermediate(final, entry)
            refuse_maximum(self.done.tape, entry.value.node, entry.places[0])
            place = entry.places[0] if len(entry.places) == 1 else _joined(entry.places)
            text = self.text(entry.value.node, entry.value.ndim, place.text)
            claims.append(Claim(final, target, text, place.line))
            places[final] = place
        returned = [final for final in wrt if final in places]
        for array, target in targets:
            if wrt.get(self._final(array)) != target or self._final(array) not in places:
                final = self._free(f"d{target}", places)
                places[final] = self._place_of(array)
                text = self.text(array.value.node, array.value.ndim, places[final].text)
                claims.append(Claim(final, target, text, places[final].line))
                returned.append(final)
        return Code(replace(self.problem, claims=tuple(claims)), places, tuple(returned), self.overwritten(back))

    def overwritten(self, back: list[str]) -> dict[str, Place]:
        """The lines that write into an array of the forward pass, or give the name of an argument to something new."""
        held = [e.cell for name, e in self.entries.items() if name not in back]
        cells = {*held, *(getattr(a, "cell", None) for a in self.done.tape.inputs.values())}
        return {
            self.given[name]: self.entries[name].places[-1]
            for name in back
            if self.entries[name].cell in cells or base_of(self.entries[name]) in self.done.tape.inputs
        }

    def _final(self, array: Array) -> str:
        return self.given.get(str(array.value.node.data), "")

    def _place_of(self, array: Array) -> Place:
        entry = self.entries.get(str(array.value.node.data))
        return entry.places[0] if entry else self.done.tape.last

    def _free(self, name: str, places: dict[str, Place]) -> str:
        while name in places or name in self.given.values() or name in self.problem.symbols:
            name += "_"
        return name

    def text(self, node: Node, ndim: int, code: str) -> str:
        """An expression in the final names."""
        return as_coded(substitute(node, self.renamed), self.one_d, ndim, code)

    def intermediate(self, name: str, entry: Entry) -> str | None:
        """The definition that an intermediate is said to be the gradient of; a slope g'(Z) called dZ is none."""
        defined = {d.name for d in self.problem.definitions if d.name != self.problem.objective}
        target = target_of(name, {*defined, *self.problem.symbols})
        if target is None or self.problem.shape(target) != entry.value.node.shape:
            return None
        mine = set(symbols(substitute(entry.value.node, self.renamed)))
        functions = {d.name for d in self.problem.definitions if set(symbols(d.node)) == {target}}
        return None if mine <= {target, *functions} else target


def unclipped(node: Node) -> Node:
    """A gradient before it is clipped, np.clip(g, -5, 5): what is cut off against explosions is no claim."""
    if node.op == "minimum" and n.value_of(node.args[1]) is not None and node.args[0].op == "maximum":
        inner = node.args[0]
        return inner.args[0] if n.value_of(inner.args[1]) is not None else node
    return node


def _joined(places: list[Place]) -> Place:
    """The statements that build one value in place: the first line, and the texts of all."""
    text = "; ".join(dict.fromkeys(p.text for p in places))
    return replace(places[0], text=text)
