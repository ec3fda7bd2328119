"""Expressions as SymPy objects: SymPy's own classes where it has them, symback's where it has none.

A matrix is a MatrixExpr, a scalar an Expr: a product of matrices that is a number stands under a trace. Dimensions are
positive integer symbols. Nothing is evaluated on the way, so what is printed is what was derived.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy.matrices.expressions.hadamard import HadamardProduct

from symback.algebra.dims import Dim, Shape
from symback.algebra.nodes import Node
from symback.algebra.walk import postorder
from symback.emit import sympy_classes as own
from symback.language.numerals import contraction

Expression = Any  # a SymPy Expr or MatrixExpr; SymPy is untyped


def to_sympy(node: Node) -> Expression:
    """The expression as a SymPy object.

    >>> from symback.language.read import parse
    >>> to_sympy(parse("W: (k, n)\\nX: (n, m)\\nZ = tanh(W @ X)\\n").definitions[0].node)
    tanh(W*X)
    """
    memo: dict[Node, Expression] = {}
    for part in postorder(node):
        memo[part] = _scalar(part, memo) if part.is_scalar else _matrix(part, memo)
    return memo[node]


def size_symbol(size: Dim) -> Expression:
    """A dimension: a positive integer."""
    return sympy.Mul(sympy.Integer(size.coefficient), *(dimension(name) for name in size.names))


def dimension(name: str) -> Expression:
    """The symbol of a dimension."""
    return sympy.Symbol(name, integer=True, positive=True)


def _sizes(shape: Shape) -> tuple[Expression, Expression]:
    return size_symbol(shape[0]), size_symbol(shape[1])


def _number(value: object) -> Expression:
    assert isinstance(value, Fraction)
    return sympy.Rational(value.numerator, value.denominator)


def matmul(*factors: Expression) -> Expression:
    """A product, its scalars in front, its products opened."""
    flat: list[Expression] = []
    for factor in factors:
        flat += factor.args if isinstance(factor, sympy.MatMul) else [factor]
    scalars = [f for f in flat if not f.is_Matrix]
    matrices = [f for f in flat if f.is_Matrix]
    return sympy.MatMul(*scalars, *matrices) if len(flat) > 1 else flat[0]


def _scalar(node: Node, memo: dict[Node, Expression]) -> Expression:
    args = [memo[a] for a in node.args]
    match node.op:
        case "symbol":
            return sympy.Symbol(str(node.data))
        case "number":
            return _number(node.data)
        case "size":
            assert isinstance(node.data, Dim)
            return size_symbol(node.data)
        case "pi":
            return sympy.pi
        case "add":
            return sympy.Add(*args)
        case "mul":
            return sympy.Mul(*args)
        case "power":
            return sympy.Pow(args[0], _number(node.data))
        case "matmul":
            return own.Trace(matmul(*args))
        case "trace":
            return own.Trace(args[0])
        case "det":
            return own.Determinant(args[0])
        case "logdet":
            return sympy.log(sympy.Abs(own.Determinant(args[0]) if args[0].is_Matrix else args[0]))
        case "norm":
            return (
                sympy.sqrt(own.Trace(matmul(sympy.Transpose(args[0]), args[0])))
                if args[0].is_Matrix
                else sympy.Abs(args[0])
            )
        case "sum":
            rows, columns = _sizes(node.args[0].shape)
            left = [sympy.OneMatrix(1, rows)] if rows != 1 else []
            right = [sympy.OneMatrix(columns, 1)] if columns != 1 else []
            return own.Trace(matmul(*left, args[0], *right))
        case "kron_adjoint":
            return to_sympy(contraction(node))
        case "vec" | "diag" | "diagonal" | "unvec" | "transpose":
            return args[0]
        case op:
            return own.FUNCTIONS[op](*args)


def _matrix(node: Node, memo: dict[Node, Expression]) -> Expression:
    args = [memo[a] for a in node.args]
    match node.op:
        case "symbol":
            return sympy.MatrixSymbol(str(node.data), *_sizes(node.shape))
        case "ones":
            return sympy.OneMatrix(*_sizes(node.shape))
        case "zeros":
            return sympy.ZeroMatrix(*_sizes(node.shape))
        case "eye":
            return own.Identity(size_symbol(node.shape[0]))
        case "commutation":
            assert isinstance(node.data, tuple)
            return own.Commutation(*map(size_symbol, node.data))
        case "add":
            return sympy.MatAdd(*args)
        case "mul":
            return _hadamard(args)
        case "power":
            return own.HadamardPower(args[0], _number(node.data))
        case "matmul":
            return matmul(*args)
        case "transpose":
            return sympy.Transpose(args[0])
        case "inv":
            return sympy.Inverse(args[0])
        case "matpow":
            return sympy.MatPow(args[0], sympy.Integer(str(node.data)))
        case "sum":
            rows, columns = _sizes(node.args[0].shape)
            return (
                matmul(sympy.OneMatrix(1, rows), args[0])
                if node.data == 0
                else matmul(args[0], sympy.OneMatrix(columns, 1))
            )
        case "kron_adjoint":
            return to_sympy(contraction(node))
        case _:
            return _own(node, args)


def _hadamard(args: list[Expression]) -> Expression:
    scalars = [a for a in args if not a.is_Matrix]
    matrices = [a for a in args if a.is_Matrix]
    product = HadamardProduct(*matrices) if len(matrices) > 1 else matrices[0]
    return matmul(sympy.Mul(*scalars), product) if scalars else product


def _own(node: Node, args: list[Expression]) -> Expression:
    match node.op:
        case "diag":
            return sympy.DiagMatrix(args[0])
        case "diagonal":
            return own.DiagonalOf(args[0])
        case "kron":
            return sympy.KroneckerProduct(*args)
        case "pinv":
            return own.PseudoInverse(args[0])
        case "vec":
            return own.Vec(args[0])
        case "unvec":
            return own.Unvec(args[0], *_sizes(node.shape))
        case "softmax":
            return own.Softmax(args[0], sympy.Integer(str(node.data)))
        case "logsumexp":
            return own.LogSumExp(args[0], sympy.Integer(str(node.data)))
        case op:
            return own.Elementwise(op, *args)
