"""Arguments of a traced function: shapes become symbolic arrays, containers are rebuilt, all else passes through."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from symback.algebra.dims import ONE, Dim, Shape, dim
from symback.algebra.nodes import symbol
from symback.errors import SymbackError
from symback.language.read import RESERVED
from symback.records import Symbol
from symback.tracing.array import Labels
from symback.tracing.recorder import Tape

Path = tuple[str, ...]


@dataclass(frozen=True)
class LabelShape:
    """The shape of integer labels: how many, and below what."""

    examples: int | str
    classes: int | str


def labels(examples: int | str, classes: int | str) -> LabelShape:
    """A 1-D array of ``examples`` integer labels below ``classes``, for ``trace`` and ``verify_code``.

    In formulas it is the matrix with one row for each example and a one in the column of its label.

    >>> labels("m", "k")
    LabelShape(examples='m', classes='k')
    """
    return LabelShape(examples, classes)


def is_shape(spec: object) -> bool:
    """True of a tuple of at most two dimensions, each a name or a positive number."""
    return isinstance(spec, tuple) and len(spec) <= 2 and all(
        isinstance(s, str) or (isinstance(s, int) and not isinstance(s, bool) and s > 0) for s in spec
    )


def leaves(spec: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The shapes in an argument, each with the way to it."""
    if is_shape(spec) or isinstance(spec, LabelShape):
        yield path, spec
    elif isinstance(spec, dict):
        for key, item in spec.items():
            yield from leaves(item, (*path, str(key)))
    elif isinstance(spec, list | tuple):
        for i, item in enumerate(spec):
            yield from leaves(item, (*path, str(i)))
    elif isinstance(spec, SimpleNamespace):
        for key, item in vars(spec).items():
            yield from leaves(item, (*path, key))


def symbol_names(paths: list[Path], dims: set[str]) -> dict[Path, str]:
    """The name of each array: the last part of its path where that is enough, else more of it."""
    out: dict[Path, str] = {}
    taken: set[str] = {*RESERVED, *dims}
    every = [shorts(p) for p in paths]
    for path in paths:
        found = (s for s in shorts(path) if sum(s in other for other in every) == 1)
        name = next(found, "_".join(path))
        name = "".join(c if c.isalnum() or c == "_" else "_" for c in name)
        name = name if name.isidentifier() else f"a_{name}"
        while name in taken:
            name += "_"
        taken.add(name)
        out[path] = name
    return out


def shorts(path: Path) -> list[str]:
    """The last part of a path, the last two, and so on, as far as they begin like a name."""
    return ["_".join(path[i:]) for i in reversed(range(len(path))) if path[i].isidentifier()]


@dataclass
class Arguments:
    """The symbolic arguments of one run, and the symbols declared for them."""

    tape: Tape
    names: dict[Path, str]
    dims: set[str]
    symbols: dict[str, Symbol]

    def build(self, spec: Any, path: Path) -> Any:
        """What the function is given for a shape, a container of shapes, or anything else."""
        if path in self.names:
            return self._symbol(spec, self.names[path])
        if isinstance(spec, dict):
            return {key: self.build(item, (*path, str(key))) for key, item in spec.items()}
        if isinstance(spec, list | tuple):
            items = [self.build(item, (*path, str(i))) for i, item in enumerate(spec)]
            return items if isinstance(spec, list) else tuple(items)
        if isinstance(spec, SimpleNamespace):
            return SimpleNamespace(**{key: self.build(item, (*path, key)) for key, item in vars(spec).items()})
        if isinstance(spec, str) and spec in self.dims and len(path) > 1:  # a layer size, given by its name in a list
            return self.tape.size(dim(spec))
        return spec

    def _symbol(self, spec: Any, name: str) -> Any:
        if isinstance(spec, LabelShape):
            shape: Shape = (dim(spec.examples), dim(spec.classes))
            self.symbols[name] = Symbol(name, shape)
            made: Any = Labels(self.tape, name, symbol(name, shape))
        else:
            dims: tuple[Dim, ...] = tuple(dim(s) for s in spec)
            shape = ((ONE,) * (2 - len(dims)) + dims)[:2]  # type: ignore[assignment]  # two sizes
            self.symbols[name] = Symbol(name, shape, len(dims))
            made = self.tape.array(symbol(name, shape), len(dims))
        self.tape.inputs[name] = made
        return made


def shapes_in(held: Any, depth: int = 0) -> Any:
    """What an object holds, each float array replaced by its shape; None where there is no array in it."""
    if isinstance(held, np.ndarray):
        return tuple(int(s) for s in held.shape) if held.ndim <= 2 and held.dtype.kind == "f" and held.size else None
    if depth > 3 or isinstance(held, type) or callable(held):
        return None
    if isinstance(held, dict):
        found = {key: shapes_in(item, depth + 1) for key, item in held.items()}
    elif isinstance(held, list):
        found = dict(enumerate(shapes_in(item, depth + 1) for item in held))
    elif hasattr(held, "__dict__"):
        found = {key: shapes_in(item, depth + 1) for key, item in vars(held).items()}
    else:
        return None
    found = {key: item for key, item in found.items() if item is not None}
    return found or None


def merged(own: Any, given: Any) -> Any:
    """The shapes given put over the shapes that the arrays have."""
    given = vars(given) if isinstance(given, SimpleNamespace) else given
    if isinstance(given, list):
        given = dict(enumerate(given))
    if not isinstance(given, dict) or is_shape(given):
        return given
    base = dict(own) if isinstance(own, dict) else {}
    return {**base, **{key: merged(base.get(key), item) for key, item in given.items()}}


def refilled(held: Any, built: Any) -> Any:
    """A copy of an object with symbolic arrays in the places that have shapes."""
    if not isinstance(built, dict):
        return built
    if isinstance(held, dict):
        return {**held, **{key: refilled(held.get(key), item) for key, item in built.items()}}
    if isinstance(held, list):
        return [refilled(item, built[i]) if i in built else item for i, item in enumerate(held)]
    made = copy.copy(held)
    for key, item in built.items():
        setattr(made, key, refilled(getattr(held, key, None), item))
    return made


def prepare(
    tape: Tape, function: Callable[..., Any], shapes: dict[str, Any]
) -> tuple[Callable[..., Any], dict[str, Any], dict[str, Symbol]]:
    """The function to call, its symbolic arguments, and the symbols declared for them.

    Raises SymbackError where an argument is missing or unknown.
    """
    shapes = dict(shapes)
    owner = getattr(function, "__self__", None)
    unbound = getattr(function, "__func__", None)
    attributes: dict[str, Any] = {}
    if owner is not None and unbound is not None and not inspect.isclass(owner):
        attributes = merged(shapes_in(owner), shapes.pop("self", {})) or {}
    _check(function, shapes)
    everything = {**shapes, **({"self": attributes} if attributes else {})}
    found = [leaf for name, spec in everything.items() for leaf in leaves(spec, (name,))]
    dims = {s for _, spec in found for s in _sizes(spec) if isinstance(s, str)}
    for name in dims:
        if not name.isidentifier() or name in RESERVED:
            raise SymbackError(f"{name!r} cannot name a dimension")
    made = Arguments(tape, symbol_names([path for path, _ in found], dims), dims, {})
    arguments = {name: made.build(spec, (name,)) for name, spec in shapes.items()}
    if owner is not None and unbound is not None and not inspect.isclass(owner):
        function = unbound.__get__(refilled(owner, made.build(attributes, ("self",))))
    if "self" in arguments and isinstance(arguments["self"], dict | SimpleNamespace):
        arguments["self"] = _of_class(function, arguments["self"])
    return function, arguments, made.symbols


def _sizes(spec: Any) -> tuple[Any, ...]:
    return (spec.examples, spec.classes) if isinstance(spec, LabelShape) else spec


def _of_class(function: Callable[..., Any], attributes: Any) -> object:
    """An object of the class that a method was taken from, with these attributes, not initialised."""
    held = attributes if isinstance(attributes, dict) else vars(attributes)
    owner: Any = SimpleNamespace(**getattr(function, "__globals__", {}))
    for part in getattr(function, "__qualname__", "").split(".")[:-1]:
        owner = getattr(owner, part, None)
    if not inspect.isclass(owner):
        return SimpleNamespace(**held)
    made = owner.__new__(owner)
    vars(made).update(held)
    return made


def _check(function: Callable[..., Any], shapes: dict[str, Any]) -> None:
    """Raise SymbackError where the arguments do not fit the function."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise SymbackError(f"{function!r} is not a Python function that can be traced") from None
    try:
        signature.bind(**shapes)
    except TypeError as error:
        raise SymbackError(
            f"{getattr(function, '__name__', function)}{signature}: {error}; give each argument its shape, "
            'X=("n", "m"), or its value'
        ) from None
