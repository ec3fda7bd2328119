"""The functions of the language: one table for bare names, one for ``np.`` names, one for methods.

A bare name means what the language says (an axis that is summed is kept); what is spelled ``np.`` or as a
method means exactly what NumPy means. Beside each name stand its arguments: ``?`` marks one that may be left out,
``=`` one that may be given by its name, ``*`` one that must be.
"""

from __future__ import annotations

import ast

from symback.algebra import nodes as n
from symback.language import readers as r
from symback.language.expression import unknown
from symback.language.readers import Arguments, Reader
from symback.language.values import Scope, Value
from symback.numpy import ELEMENTWISE

Table = dict[str, tuple[str, Reader]]


def _arity(name: str) -> str:
    return {1: "x", 2: "x slope?" if name == "leaky_relu" else "a b"}[len(ELEMENTWISE[name].slopes)]


FUNCTIONS: Table = {
    **{name: (_arity(name), r.elementwise(name)) for name in ELEMENTWISE if name != "pow"},  # a power is written **
    "sum": ("A axis?=", r.total(mean=False, kept=True)),
    "mean": ("A axis?=", r.total(mean=True, kept=True)),
    "trace": ("A", r.matrix_function(n.trace, scalar=True)),
    "det": ("A", r.matrix_function(n.det, scalar=True)),
    "logdet": ("A", r.matrix_function(n.logdet, scalar=True)),
    "inv": ("A", r.matrix_function(n.inv)),
    "pinv": ("A", r.matrix_function(n.pinv)),
    "diagonal": ("A", r.matrix_function(n.diagonal)),
    "norm": ("A", r.norm),
    "diag": ("A", r.diag),
    "vec": ("A", r.vec),
    "kron": ("A B", r.kron),
    "matpow": ("A k", r.matpow),
    "softmax": ("A axis=", r.columnwise(n.softmax)),
    "logsumexp": ("A axis=", r.columnwise(n.logsumexp)),
    "eye": ("n", r.eye),
    "ones": ("m n", r.filled(n.ones)),
    "zeros": ("m n", r.filled(n.zeros)),
    "commutation": ("m n", r.commutation),
}

SAME_IN_NUMPY = ("exp", "log", "sqrt", "abs", "sign", "sin", "cos", "tanh", "maximum", "minimum")

NUMPY: Table = {
    **{name: FUNCTIONS[name] for name in SAME_IN_NUMPY},
    "absolute": FUNCTIONS["abs"],
    "sum": ("A axis?= *keepdims?", r.total(mean=False, kept=False)),
    "mean": ("A axis?= *keepdims?", r.total(mean=True, kept=False)),
    "dot": ("A B", r.np_dot),
    "matmul": ("A B", r.binary_function("@")),
    "multiply": ("A B", r.binary_function("*")),
    "divide": ("A B", r.binary_function("/")),
    "add": ("A B", r.binary_function("+")),
    "subtract": ("A B", r.binary_function("-")),
    "power": ("A B", r.binary_function("**")),
    "outer": ("A B", r.np_outer),
    "square": ("A", r.np_square),
    "negative": ("A", r.np_negative),
    "transpose": ("A", r.np_transpose),
    "trace": ("A", r.matrix_function(n.trace, scalar=True, least=2)),
    "kron": ("A B", r.np_kron),
    "diag": ("A", r.np_diag),
    "diagonal": ("A", r.np_diagonal),
    "diagflat": ("A", r.np_diagflat),
    "where": ("condition x y", r.np_where),
    "eye": FUNCTIONS["eye"],
    "identity": FUNCTIONS["eye"],
    "ones": ("shape=", r.np_filled(n.ones)),
    "zeros": ("shape=", r.np_filled(n.zeros)),
    "ones_like": ("A", r.np_like(n.ones)),
    "zeros_like": ("A", r.np_like(n.zeros)),
    "squeeze": ("A", r.np_squeeze),
    "ravel": ("A", r.np_ravel),
    "asarray": ("A", r.same),
    "array": ("A", r.same),
    "copy": ("A", r.same),
}

LINALG: Table = {
    "inv": ("A", r.matrix_function(n.inv, least=2)),
    "pinv": ("A", r.matrix_function(n.pinv, least=2)),
    "det": ("A", r.matrix_function(n.det, scalar=True, least=2)),
    "norm": ("A", r.norm),
    "matrix_power": FUNCTIONS["matpow"],
}

METHODS: Table = {
    name: NUMPY[name]
    for name in ("sum", "mean", "dot", "transpose", "copy", "trace", "ravel", "squeeze", "diagonal")
} | {"flatten": NUMPY["ravel"]}  # fmt: skip


def read_call(tree: ast.Call, scope: Scope) -> Value:
    """A call of a function of the language, of NumPy, or of a method."""
    func, given = tree.func, list(tree.args)
    match func:
        case ast.Name(id=name):
            if name not in FUNCTIONS:
                near = unknown(name, list(FUNCTIONS)).partition("; did you mean")
                raise scope.source.error(f"{name[:60]} is not a function of the language{near[1]}{near[2]}", tree)
            names, reader = FUNCTIONS[name]
        case ast.Attribute(value=ast.Name(id="np"), attr=attr) if attr in NUMPY:
            names, reader = NUMPY[attr]
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"), attr="linalg"), attr=attr) if attr in LINALG:
            names, reader = LINALG[attr]
        case ast.Attribute(value=ast.Name(id="np")) | ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"))):
            raise scope.source.error(f"{scope.source.quoted(func)} is not read by symback", tree)
        case ast.Attribute(value=owner, attr=attr) if attr in METHODS:
            names, reader = METHODS[attr]
            given = [owner, *given]
        case ast.Attribute(attr=attr):
            methods = ", ".join("." + name for name in sorted(METHODS))
            raise scope.source.error(f"the method .{attr[:60]} is not read by symback; it reads {methods}", tree)
        case _:
            raise scope.source.error("only a named function can be called", tree)
    return reader(tree, _bind(tree, given, names, scope), scope)


def _bind(tree: ast.Call, given: list[ast.expr], names: str, scope: Scope) -> Arguments:
    """The arguments by name, as the table describes them."""
    function = scope.source.quoted(tree.func)
    listed = names.split()
    by_place = [name.strip("?=") for name in listed if not name.startswith("*")]
    by_name = [name.strip("?=*") for name in listed if "=" in name or "*" in name]
    if len(given) > len(by_place) or any(isinstance(arg, ast.Starred) for arg in given):
        many = f"{len(by_place)} argument" + ("" if len(by_place) == 1 else "s")
        raise scope.source.error(f"{function} takes {many} by place: {', '.join(by_place)}", tree)
    bound = dict(zip(by_place, given, strict=False))
    for keyword in tree.keywords:
        if keyword.arg is None or keyword.arg not in by_name or keyword.arg in bound:
            raise scope.source.error(f"{function} has no place for the keyword {(keyword.arg or '**')[:60]}", tree)
        bound[keyword.arg] = keyword.value
    missing = [name for name in listed if "?" not in name and name.strip("=") not in bound]
    if missing:
        raise scope.source.error(f"{function} needs {', '.join(name.strip('=') for name in missing)}", tree)
    return bound


__all__ = ["FUNCTIONS", "LINALG", "METHODS", "NUMPY", "read_call"]
