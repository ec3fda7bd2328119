"""What a right claim is right under alone: sizes that are 1, labels that are one-hot, a gain of ones; and what is zero.

Each assumption is dropped in turn, and the claim is held against differences of the user's own text without it.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from symback.checking.diagnose.evaluate import Misfit, Nodes, Texts, as2
from symback.checking.draw import Draw, draw_array, draw_sizes
from symback.checking.judge import slope
from symback.errors import SymbackError
from symback.language.read import parse
from symback.records import Problem

if TYPE_CHECKING:
    from symback.checking.line import Line
    from symback.checking.trial import Trial

Array = Any
DATA_FACTS = ("onehot:0", "onehot:1", "sums_to_one:0", "sums_to_one:1", "binary", "symmetric", "diagonal", "orthogonal")


def conditions(trial: Trial, line: Line) -> tuple[str, ...]:
    """The assumptions without which a right claim would be wrong, as sentences without their stop."""
    problem = trial.court.problem
    found: list[str] = []
    for fact, name in sorted(problem.facts.arrays):
        if fact in DATA_FACTS and name != line.claim.wrt:
            weaker = frozenset(f for f in problem.facts.arrays if f != (fact, name))
            if still_right(trial, line, replace(problem, facts=replace(problem.facts, arrays=weaker))) is False:
                found.append(_words(trial, line, fact, name))
    for size, number in problem.facts.fixed:
        wider = without_size(problem, size)
        if wider is not None and still_right(trial, line, wider) is False:
            found.append(f"{size} = {number}")
    for name in ones_of(problem):
        wider = as_declared(problem, name)
        if wider is not None and still_right(trial, line, wider) is False:
            found.append(f"{name} = 1")
    return tuple(found)


def _words(trial: Trial, line: Line, fact: str, name: str) -> str:
    """The fact, or the weaker one that is all that is needed: of one-hot labels mostly that they sum to one."""
    kind, _, axis = fact.partition(":")
    if kind == "onehot":
        problem = trial.court.problem
        arrays = frozenset(f for f in problem.facts.arrays if f != (fact, name)) | {(f"sums_to_one:{axis}", name)}
        if still_right(trial, line, replace(problem, facts=replace(problem.facts, arrays=arrays))):
            kind = "sums_to_one"
    if kind == "sums_to_one":
        return f"the {'columns' if axis == '0' else 'rows'} of {name} sum to one"
    if kind == "onehot":
        return f"the {'columns' if axis == '0' else 'rows'} of {name} are one-hot"
    return {"binary": f"the entries of {name} are 0 or 1"}.get(kind, f"{name} is {kind}")


def still_right(trial: Trial, line: Line, problem: Problem) -> bool | None:
    """Whether the claim holds for another problem, by differences along two directions; None where none can say."""
    wrt = line.claim.wrt
    assert wrt is not None and line.tree is not None
    for seed in range(4):
        rng = np.random.default_rng(seed)
        try:
            sizes = draw_sizes(problem, rng, 2)
        except SymbackError:
            return None
        inputs = {}
        for symbol in problem.symbols.values():
            facts = {fact for fact, name in problem.facts.arrays if name == symbol.name}
            inputs[symbol.name] = draw_array(symbol, facts, sizes, rng, "unit" if seed % 2 else "normal")
        found = _holds(trial, line, wrt, problem, Draw(sizes, inputs), rng)
        if found is not None:
            return found
    return None


def _holds(trial: Trial, line: Line, wrt: str, problem: Problem, drawn: Draw, rng: np.random.Generator) -> bool | None:
    names: dict[str, Array] = {**{k: float(v) for k, v in drawn.sizes.items()}, **drawn.inputs}
    trees = {d.name: ast.parse(d.text, mode="eval").body for d in problem.definitions}
    try:
        for name, tree in trees.items():
            names[name] = Texts(names).value(tree)
    except Misfit:
        return None
    if not all(np.isfinite(v).all() for v in names.values()):
        return None
    before = dict(names)
    try:
        for other in trial.lines:
            if other.tree is not None and (other is line or any(x is other for x in trial.before(line))):
                names[other.name] = Texts(names).value(other.tree)
        claimed = as2(names[line.name])
    except Misfit:
        return False
    value = np.array(before[wrt], dtype=float)
    if claimed.shape != as2(value).shape:
        return False
    for _ in range(2):
        direction = rng.normal(size=value.shape)
        found = slope(trees, before, wrt, value, direction, trial.court.objective)
        if found is None:
            return None
        gap = abs(float(np.sum(claimed * as2(direction))) - found)
        if gap > 1e-4 * max(1.0, abs(found), float(np.max(np.abs(claimed)))):
            return False
    return True


# --- the same problem with one assumption less --------------------------------------------------------------------


def without_size(problem: Problem, size: str) -> Problem | None:
    """The problem in which a size that is assumed to be a number is free."""
    tree = ast.parse(problem.text)
    for statement in tree.body:
        if (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Call)
            and ast.unparse(statement.value.func) == "assume"
        ):
            statement.value.args = [a for a in statement.value.args if not _says(a, size)]
    tree.body = [
        s for s in tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) and not s.value.args)
    ]
    return _parsed(tree)


def _says(fact: ast.expr, size: str) -> bool:
    match fact:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant()]):
            return name == size
    return False


def ones_of(problem: Problem) -> list[str]:
    """The definitions that are arrays of ones."""
    return [d.name for d in problem.definitions if d.node.op == "ones"]


def as_declared(problem: Problem, name: str) -> Problem | None:
    """The problem in which a defined array is any array of its shape."""
    tree = ast.parse(problem.text)
    shape = ", ".join(str(size) for size in problem.shape(name))
    for i, statement in enumerate(tree.body):
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            tree.body[i] = ast.parse(f"{name}: ({shape})").body[0]
    return _parsed(tree)


def _parsed(tree: ast.Module) -> Problem | None:
    """The problem of a text whose claims are left aside: what is defined up to the objective."""
    try:
        return parse(ast.unparse(ast.fix_missing_locations(tree)))
    except SymbackError:
        return None


def vanishing(trial: Trial, line: Line) -> list[str]:
    """Ways from the objective to the array that add nothing, because they are identically zero."""
    court = trial.court
    gradients = court.derivation.gradients
    reached = {line.claim.wrt}
    found = []
    for definition in court.problem.definitions:
        if court.used[definition.name] & reached and definition.name in gradients:
            reached.add(definition.name)
    for target in [t for t in gradients if t in reached]:
        paths = gradients[target].paths
        if len(paths) < 2:
            continue
        for path in paths:
            values = []
            for point in court.points:
                nodes = Nodes(point.nodes.names, point.sizes)
                values.append(float(np.max(np.abs(nodes.value(path.value)), initial=0.0)))
            if values and max(values) < 1e-11:
                found.append(f"the way from {path.user} to {target} adds nothing: {path.value!r} is identically zero")
    return found
