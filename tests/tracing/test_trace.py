"""A traced function computes what the function computes: evaluated on random arrays, definition by definition."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import symback as sb
import symback.numpy as language
from symback.records import Problem
from symback.tracing.arguments import symbol_names
from tests.tracing.real_code import NAMES, draw, flat, load, sizes_for


def evaluate(problem: Problem, arguments: dict[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    """The values of a problem's definitions at the arguments of the function that it was traced from."""
    leaves = flat(arguments)
    paths = [path for path, value in leaves if isinstance(value, np.ndarray) or np.isscalar(value)]
    names = symbol_names(paths, set(sizes))
    values = {names[path]: value for path, value in leaves if path in names}
    for name in list(values):
        if ("onehot:1", name) in problem.facts.arrays:
            values[name] = np.eye(problem.symbols[name].shape[1].value(sizes))[values[name]]
    space = {"np": np, **{f: getattr(language, f) for f in language.__all__}, **sizes, **values}
    for definition in problem.definitions:
        space[definition.name] = eval(definition.text, space)
        if definition.ndim == 1:
            assert np.ndim(space[definition.name]) == 1, definition
    return space


@pytest.mark.parametrize("name", NAMES)
def test_the_traced_problem_has_the_value_of_the_function(name: str) -> None:
    module = load(name)
    problem = sb.trace(module.step, **module.SHAPES)
    rng = np.random.default_rng(sum(map(ord, name)))
    for _ in range(3):
        sizes = sizes_for(module.SHAPES, rng)
        arguments = draw(module.SHAPES, sizes, rng)
        space = evaluate(problem, arguments, sizes)
        cost = module.step(**copy.deepcopy(arguments))[0]
        np.testing.assert_allclose(np.squeeze(space[problem.objective]), np.squeeze(cost), rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_traced_text_is_in_the_language(name: str) -> None:
    module = load(name)
    problem = sb.trace(module.step, **module.SHAPES)
    again = sb.parse(problem.text)
    shown = [[(d.name, repr(d.node), d.node.shape, d.ndim or 2) for d in p.definitions] for p in (again, problem)]
    assert shown[0] == shown[1]
    assert again.symbols.keys() == problem.symbols.keys()
