"""The backward passes in ``steps/``: loading them, with or without a planted mistake, and random numbers for them."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from symback.tracing.arguments import LabelShape, is_shape

STEPS = Path(__file__).parent / "steps"
NAMES = sorted(path.stem for path in STEPS.glob("*.py"))
_count = itertools.count()


def load(name: str, folder: Path | None = None, change: tuple[str, str] | None = None) -> ModuleType:
    """The module of one backward pass; ``change`` plants a mistake, in a copy that is written to ``folder``."""
    path = STEPS / f"{name}.py"
    if change is not None:
        text = path.read_text()
        assert change[0] in text, f"{name}.py has no {change[0]!r}"
        assert folder is not None
        path = folder / f"{name}_{next(_count)}.py"
        path.write_text(text.replace(*change))
    spec = importlib.util.spec_from_file_location(f"{name}_under_test_{next(_count)}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mistakes() -> list[tuple[str, str, str, str, str]]:
    """Every planted mistake: the file, the text, what replaces it, its name, and the statement to be pointed at."""
    return [
        (name, old, new, kind, at[0] if at else new.strip())
        for name in NAMES
        for old, new, kind, *at in load(name).MISTAKES
    ]


def sizes_for(shapes: Any, rng: np.random.Generator, sizes: dict[str, int] | None = None) -> dict[str, int]:
    """A small size for each dimension's name."""
    sizes = {} if sizes is None else sizes
    if isinstance(shapes, LabelShape):
        shapes = (shapes.examples, shapes.classes)
    if is_shape(shapes):
        for s in shapes:
            if isinstance(s, str):
                sizes.setdefault(s, int(rng.integers(2, 6)))
    elif isinstance(shapes, dict):
        for item in shapes.values():
            sizes_for(item, rng, sizes)
    elif isinstance(shapes, list | tuple):
        for item in shapes:
            sizes_for(item, rng, sizes)
    return sizes


def draw(shapes: Any, sizes: dict[str, int], rng: np.random.Generator, positive: bool = False) -> Any:
    """Random arrays in the structure of the shapes."""
    if isinstance(shapes, LabelShape):
        drawn = rng.integers(0, sizes[str(shapes.classes)], sizes[str(shapes.examples)])
        drawn[0] = sizes[str(shapes.classes)] - 1  # so that y.max() + 1 is the number of classes
        return drawn
    if is_shape(shapes):
        shape = tuple(sizes.get(str(s), s) for s in shapes)
        return rng.uniform(0.1, 0.9, shape) if positive else rng.normal(size=shape)
    if isinstance(shapes, dict):
        return {key: draw(item, sizes, rng, positive or key in ("Y", "y")) for key, item in shapes.items()}
    if isinstance(shapes, list | tuple):
        return type(shapes)(draw(item, sizes, rng, positive) for item in shapes)
    return shapes


def flat(values: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """The arrays in a nested structure, each with the way to it."""
    if isinstance(values, dict):
        return [leaf for key, item in values.items() for leaf in flat(item, (*path, str(key)))]
    if isinstance(values, list | tuple):
        return [leaf for i, item in enumerate(values) for leaf in flat(item, (*path, str(i)))]
    return [(path, values)]
