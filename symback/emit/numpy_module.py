"""A derivation as a Python module: ``gradients(**inputs) -> dict``, which imports NumPy and nothing else.

The forward pass is the user's own text; the gradients are written in each other's names, in the order in which they
are derived, so that nothing is computed twice. The functions of the language that these texts use are copied in.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import symback.numpy as language
from symback.algebra.dims import Dim
from symback.language.write import write
from symback.records import Gradient, Symbol

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation


def numpy_module(derivation: Derivation) -> str:
    """The text of the module."""
    problem = derivation.problem
    backward = [f"{g.symbol.data} = {_gradient(derivation, g)}" for g in derivation.gradients.values()]
    body = _forward(derivation, backward) + backward
    used = set().union(*(names(line.partition(" = ")[2]) for line in body), ["np"])
    returned = ", ".join(f'"{name}": {g.symbol.data}' for name, g in derivation.gradients.items())
    what = problem.title or f"the gradients of {derivation.objective}"
    return "\n".join([
        f'"""{_quoted(what)}: derived by symback."""',
        "",
        "import numpy as np",
        *functions(used),
        "",
        "",
        f"def gradients({_signature(problem.symbols.values())}):",
        f'    """The {derivation.kind} of {derivation.objective} by {", ".join(derivation.gradients)}."""',
        *(f"    {line}" for line in _sizes(derivation, used)),
        *(f"    {line}" for line in body),
        f"    return {{{returned}}}",
        "",
    ])  # fmt: skip


def _forward(derivation: Derivation, backward: list[str]) -> list[str]:
    """The definitions that the gradients use, and those that these use."""
    used = set().union(*(names(line.partition(" = ")[2]) for line in backward))
    lines: list[str] = []
    for definition in reversed(derivation.problem.definitions):
        if definition.name in used:
            used |= names(f"({definition.text}\n)")
            lines.insert(0, f"{definition.name} = {_lines(definition.text)}")
    return lines


def _signature(symbols: Iterable[Symbol]) -> str:
    listed = ", ".join(s.name for s in symbols)
    return f"*, {listed}" if listed else ""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'")


def _lines(text: str) -> str:
    """A definition that runs over several lines keeps its brackets."""
    return f"({text}\n    )" if "\n" in text else text


def _gradient(derivation: Derivation, gradient: Gradient) -> str:
    """A gradient in the names of the others, with the dimensions of its array."""
    flat = {str(g.symbol.data) for g in derivation.gradients.values() if g.ndim == 1}
    numbers = {str(g.symbol.data) for g in derivation.gradients.values() if g.ndim == 0}
    text = write(gradient.named, derivation.one_d | flat, gradient.ndim == 1, derivation.zero_d | numbers)
    if gradient.named.is_scalar and gradient.ndim != 1 and not text.isidentifier():
        return f"np.reshape({text}, {'(1, 1)' if gradient.ndim == 2 else '()'})"
    return text


def _sizes(derivation: Derivation, used: set[str]) -> list[str]:
    """The dimensions that the texts use, read off the arrays."""
    fixed = dict(derivation.problem.facts.fixed)
    lines = {name: f"{name} = {value}" for name, value in fixed.items() if name in used}
    for symbol in derivation.problem.symbols.values():
        for axis, size in enumerate(symbol.shape[2 - symbol.ndim :] if symbol.ndim else ()):
            if size == Dim(1, size.names) and len(size.names) == 1 and size.names[0] in used:
                lines.setdefault(size.names[0], f"{size.names[0]} = {symbol.name}.shape[{axis}]")
    return list(lines.values())


# --- the functions of the language -------------------------------------------------------------------------


def names(text: str) -> set[str]:
    """The names in an expression or a definition, without what stands behind a dot."""
    tree = ast.parse(text.strip())
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@cache
def _sources() -> dict[str, str]:
    """Every function of ``symback.numpy`` as a definition of its own, without annotations; helpers too."""
    tree = ast.parse(inspect.getsource(language))
    out: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            out[node.name] = ast.unparse(_bare(node))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "Elementwise":
                value = value.args[0]
            if isinstance(value, ast.Lambda):
                out[name] = f"def {name}({ast.unparse(value.args)}):\n    return {ast.unparse(value.body)}"
            elif name in language.__all__:
                out[name] = f"{name} = {ast.unparse(value)}"
    return {name: text.replace("math.", "np.") for name, text in out.items()}


def _bare(function: ast.FunctionDef) -> ast.FunctionDef:
    """A function without its annotations, and with the first line of what it says about itself."""
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    said = ast.get_docstring(function)
    if said is not None:
        function.body[0] = ast.Expr(ast.Constant(said.partition("\n")[0]))
    return function


def functions(used: set[str]) -> list[str]:
    """The definitions of the functions that are used, and of what these use, in the order of ``symback.numpy``."""
    sources = _sources()
    wanted: set[str] = set()
    todo = [name for name in used if name in sources]
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo += [other for other in names(sources[name]) if other in sources]
    lines: list[str] = []
    for name, source in sources.items():
        if name in wanted:
            lines += ["", "", source] if source.startswith("def ") or "def " in "".join(lines[-1:]) else [source]
    return ["", *lines] if lines else lines
