"""From the tape to definitions: what is needed, which versions fold together, and the name of each.

The names are the code's own. A variable that holds several values in turn (a loop over the layers) is numbered; a
gradient ``dZ`` that is computed on the way back is numbered from the end, as the ``Z`` it belongs to.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import dataclass, replace

from symback.algebra import nodes as n
from symback.algebra.dims import Shape
from symback.algebra.nodes import Node, rebuild
from symback.algebra.walk import postorder, substitute, symbols
from symback.language.read import RESERVED
from symback.tracing.array import Cell, Labels
from symback.tracing.recorder import Candidate, Entry, Tape
from symback.tracing.targets import target_of

ACTIVATIONS = ("relu", "sigmoid", "tanh", "softmax", "exp", "sin", "cos", "softplus", "gelu", "silu", "abs")


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
            if used in out and users[used] == [name] and used not in kept and _next_version(out[used], entry):
                entry = _folded(out.pop(used), entry)
        out[name] = entry
    return out


def _next_version(old: Entry, new: Entry) -> bool:
    """True where ``new`` is what an in-place statement made of ``old``, and ``old`` needs no name of its own."""
    if old.cell.lineage is not new.cell.lineage or new.value.node.op == "symbol":
        return False
    return old.value.node.op == "symbol" or not _masks(new.value.node, old.leaf)


def _folded(old: Entry, new: Entry) -> Entry:
    value = replace(new.value, node=substitute(new.value.node, {old.leaf: old.value.node}))
    places = [] if old.value.node.op == "symbol" else old.places  # of a mere copy nothing is to be said
    return replace(new, value=value, places=places + new.places)


def _masks(node: Node, old: Node) -> bool:
    """True where a version multiplies the one before it by a mask: both are worth a name."""
    if node.op != "mul" or old not in node.args:
        return False
    return any(part.op == "step" for a in node.args if a is not old for part in postorder(a))


def with_arguments(entries: dict[str, Entry], forward: list[str]) -> tuple[dict[str, Entry], list[str]]:
    """What goes into an activation gets a name where the code gives none: hidden = relu(X @ W + b) has a hidden_in."""
    out: dict[str, Entry] = {}
    order: list[str] = []
    for name, entry in entries.items():
        node = entry.value.node
        inner = node.args[0] if node.args else node
        if name in forward and node.op in ACTIVATIONS and inner.args and len(node.args) == 1:
            leaf = n.symbol(f"{name} in", inner.shape)
            said = [replace(c, name=f"{c.name}_in") for c in entry.candidates]
            value = replace(entry.value, node=inner)
            out[f"{name} in"] = Entry(leaf, value, entry.place, Cell(value), said, list(entry.places))
            order.append(f"{name} in")
            entry = replace(entry, value=replace(entry.value, node=rebuild(node, [leaf])))
        out[name] = entry
        order += [name] if name in forward else []
    return out, order


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
        final = self.free(f"{name}_updated" if name in self.tape.inputs else name)
        self.taken.add(final)
        self.given[provisional] = final
        return final


def base_of(entry: Entry) -> str:
    """The name that the code gives most plainly: in the outermost call, a variable before a key or an element."""

    def plainness(item: tuple[int, Candidate]) -> tuple[bool, int, int, bool, int]:
        order, c = item
        return c.rank > 1, c.depth, c.rank, not c.target, order

    return min(enumerate(entry.candidates), key=plainness)[1].name


def without_aliases(
    names: Names, entries: dict[str, Entry], returned: set[str]
) -> tuple[dict[str, Entry], dict[Node, Node]]:
    """Second names for one value are dropped, but for those that say that it is the gradient of yet another array.

    Also the substitution that puts the first name in the place of the second.
    """
    finals = shapes_of(names, entries)
    keep = set(returned)  # the values that are returned gradients, under whichever name
    drop: dict[Node, Node] = {}
    out: dict[str, Entry] = {}
    for name, entry in entries.items():
        node = substitute(entry.value.node, drop)
        first = out.get(str(node.data)) if node.op == "symbol" else None
        if first is not None and (name in names.given or not _says_more(names, finals, first, entry, keep)):
            keep |= {str(node.data)} if name in keep else set()
            drop[entry.leaf] = node
            names.given.pop(name, None)
            first.candidates.extend(entry.candidates)
        else:
            out[name] = replace(entry, value=replace(entry.value, node=node), candidates=list(entry.candidates))
    return out, drop


def shapes_of(names: Names, entries: dict[str, Entry]) -> dict[str, Shape]:
    """The arrays of the forward pass by their final names, with their shapes."""
    inputs = {
        name: held.node.shape if isinstance(held, Labels) else held.value.node.shape
        for name, held in names.tape.inputs.items()
    }
    return {**inputs, **{final: entries[p].value.node.shape for p, final in names.given.items()}}


def said_target(entry: Entry, finals: dict[str, Shape]) -> tuple[str, str] | None:
    """A name of the value, and the array of the same shape that it says it is the gradient of."""
    for c in sorted(entry.candidates, key=lambda c: (c.rank > 1, c.depth)):
        found = target_of(c.name, finals)
        if found is not None and finals[found] == entry.value.node.shape:
            return c.name, found
    return None


def _says_more(names: Names, finals: dict[str, Shape], first: Entry, second: Entry, returned: set[str]) -> bool:
    """True where the names of one value say that it is the gradient of two arrays, or one is set to the other."""
    one, other = _subject(names, finals, first), _subject(names, finals, second)
    if str(second.leaf.data) in returned and str(first.leaf.data) in returned:
        return True
    return one != other if one and other else not (one or other) and second.place.copies


def _subject(names: Names, finals: dict[str, Shape], entry: Entry) -> str | None:
    """The array, or the numbered arrays, that the names of a value say it is the gradient of."""
    said = said_target(entry, finals)
    if said is not None:
        return said[1]
    listed = (c.name[1:] for c in entry.candidates if c.name.startswith("d") and _group(names.groups, c.name[1:]))
    return next(listed, None)


def _group(groups: dict[str, list[str]], base: str) -> list[str]:
    """The numbered values of a name on the way forward: Z1, Z2 of Z, and the elements hs_0, hs_1 of a list hs."""
    if len(groups.get(base, [])) > 1:
        return groups[base]
    for listed in (base, f"{base}s", f"{base}_list"):
        keys = [key for key in groups if key.rpartition("_")[0] == listed and key[-1].isdigit()]
        found = [name for key in keys for name in groups[key]]
        if len(found) > 1:
            return found
    return []


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
    finals = shapes_of(names, entries)
    for name in order:
        entry = entries[name]
        if name in names.given:
            continue
        written = updated_input(names.tape, entry)
        said = said_target(entry, finals)
        base = f"{written}_updated" if written else said[0] if said else base_of(entry)
        if any(entries[other].cell.lineage is entry.cell.lineage for other in groups.get(base, [])):
            base = f"{base}_masked"
        groups.setdefault(base, []).append(name)
    for base, group in groups.items():
        numbered = _from_the_end(names, entries, _group(forward, base[1:]) if base.startswith("d") else [], group)
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
