"""From the tape to definitions: what is needed, which versions fold together, and the name of each.

The names are the code's own. A variable that holds several values in turn (a loop over the layers) is numbered; a
gradient ``dZ`` that is computed on the way back is numbered from the end, as the ``Z`` it belongs to.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import dataclass

from symback.algebra import nodes as n
from symback.algebra.nodes import Node
from symback.algebra.walk import substitute, symbols
from symback.language.read import RESERVED
from symback.tracing.recorder import Candidate, Entry, Tape
from symback.tracing.targets import target_of


def needed(entries: dict[str, Entry], roots: Iterable[Node]) -> list[str]:
    """The provisional names that the roots depend on, in the order in which they were made."""
    wanted = {name for root in roots for name in symbols(root)}
    for name in reversed(entries):
        if name in wanted:
            wanted.update(symbols(entries[name].value.node))
    return [name for name in entries if name in wanted]


def fold(entries: dict[str, Entry], roots: list[Node]) -> dict[str, Entry]:
    """Versions of one array that nothing but the next version uses are folded into it (``dZ = ...; dZ /= m``)."""
    live = needed(entries, roots)
    users: dict[str, list[str]] = {name: [] for name in live}
    for name in live:
        for used in symbols(entries[name].value.node):
            if used in users:
                users[used].append(name)
    kept = {name for root in roots for name in symbols(root)}
    out: dict[str, Entry] = {}
    for name in live:
        entry = entries[name]
        for used in symbols(entry.value.node):
            inner = out.get(used)
            if inner is None or users[used] != [name] or used in kept:
                continue
            if inner.cell.lineage is entry.cell.lineage:
                value = type(entry.value)(
                    substitute(entry.value.node, {inner.leaf: inner.value.node}), entry.value.ndim, entry.value.boolean
                )
                entry = Entry(entry.leaf, value, entry.place, entry.cell, entry.candidates, inner.places + entry.places)
                del out[used]
        out[name] = entry
    return out


@dataclass
class Names:
    """The names given so far, and those that may not be given."""

    tape: Tape
    taken: set[str]
    given: dict[str, str]  # provisional -> final
    groups: dict[str, list[str]]  # base name -> provisional names that have it, in order

    def free(self, name: str) -> str:
        """The name, made an identifier that nothing else has."""
        name = "".join(c if c.isalnum() or c == "_" else "_" for c in name)
        if not name.isidentifier():
            name = f"v_{name}"
        while name in self.taken or name in RESERVED or keyword.iskeyword(name):
            name += "_"
        return name

    def give(self, provisional: str, name: str) -> str:
        """Settle the final name of one value."""
        final = self.free(name)
        self.taken.add(final)
        self.given[provisional] = final
        return final


def base_of(entry: Entry) -> str:
    """The name that the code gives most plainly: in the outermost call, a variable before a key or an element."""

    def plainness(item: tuple[int, Candidate]) -> tuple[bool, int, int, bool, int]:
        order, c = item
        return c.rank > 1, c.depth, c.rank, not c.target, order

    return min(enumerate(entry.candidates), key=plainness)[1].name


def updated_input(tape: Tape, entry: Entry) -> str | None:
    """The name of the input that this value was written into, or None."""
    return next((name for name, held in tape.inputs.items() if getattr(held, "cell", None) is entry.cell), None)


def name_forward(names: Names, entries: dict[str, Entry], order: list[str]) -> None:
    """Names for the forward pass: the base name where it is the only one, else numbered in order."""
    for name in order:
        written = updated_input(names.tape, entries[name])
        base = base_of(entries[name])
        names.groups.setdefault(f"{written}_updated" if written else base, []).append(name)
    for base, group in names.groups.items():
        _number(names, base, group)


def _number(names: Names, base: str, group: list[str]) -> None:
    if len(group) == 1:
        names.give(group[0], base)
        return
    for i, name in enumerate(group, 1):
        numbered = f"{base}{i}" if not base[-1].isdigit() and f"{base}{i}" not in names.taken else f"{base}_{i}"
        names.give(name, numbered)


def name_backward(names: Names, entries: dict[str, Entry], order: list[str]) -> None:
    """Names for the way back: a name that says of which array it is the gradient first, then as on the way forward."""
    groups: dict[str, list[str]] = {}
    forward = dict(names.groups)
    finals = {*names.tape.inputs, *names.given.values()}
    for name in order:
        entry = entries[name]
        if name in names.given:
            continue
        written = updated_input(names.tape, entry)
        said = [c for c in sorted(entry.candidates, key=lambda c: (c.rank > 1, c.depth)) if target_of(c.name, finals)]
        base = f"{written}_updated" if written else said[0].name if said else base_of(entry)
        groups.setdefault(base, []).append(name)
    for base, group in groups.items():
        numbered = _from_the_end(names, entries, forward.get(base[1:], []) if base.startswith("d") else [], group)
        if numbered is None:
            _number(names, base, group)
            continue
        for name, number in numbered:
            names.give(name, f"d{number}")


def _from_the_end(
    names: Names, entries: dict[str, Entry], values: list[str], group: list[str]
) -> list[tuple[str, str]] | None:
    """The gradients of a numbered array, matched from the last to the first by their shapes."""
    if len(values) < 2:
        return None
    left = list(reversed(values))
    out = []
    for name in group:
        shape = entries[name].value.node.shape
        while left and entries[left[0]].value.node.shape != shape:
            left.pop(0)
        if not left:
            return None
        out.append((name, names.given[left.pop(0)]))
    return out


def renaming(names: Names, entries: dict[str, Entry]) -> dict[Node, Node]:
    """The substitution from provisional to final names."""
    return {entries[p].leaf: n.symbol(final, entries[p].leaf.shape) for p, final in names.given.items()}
