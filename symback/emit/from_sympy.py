"""SymPy expressions over MatrixSymbols as problems: what people build in a session, as it stands."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.blockmatrix import BlockDiagMatrix, BlockMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct

import symback.numpy as language
from symback.algebra import nodes as n
from symback.algebra.dims import ONE, Dim
from symback.algebra.nodes import Node
from symback.emit import sympy_classes as own
from symback.emit.indexed import Indexed, aligned, element, product, total
from symback.emit.sympy_form import dimension, size_symbol
from symback.errors import RefusedError, ShapeError, SymbackError
from symback.language.read import parse
from symback.language.write import write
from symback.records import Problem

Expression = Any  # a SymPy object; SymPy is untyped
RESERVED = {*language.__all__, "np", "assume", "objective"}
FUNCTIONS = {
    sympy.exp: "exp", sympy.log: "log", sympy.sin: "sin", sympy.cos: "cos", sympy.tanh: "tanh", sympy.Abs: "abs",
    sympy.sign: "sign", sympy.erf: "erf",
}  # fmt: skip


def problem_from_sympy(expression: Expression, *also: Expression) -> Problem:
    """The problem whose objective is a SymPy scalar or matrix expression over MatrixSymbols and Symbols.

    ``also`` are symbols to declare that the expression need not contain.

    Raises RefusedError, with the part and the reason, where it holds something that symback does not read.

    >>> n = sympy.Symbol("n")
    >>> A, x = sympy.MatrixSymbol("A", n, n), sympy.MatrixSymbol("x", n, 1)
    >>> problem_from_sympy(x.T * A * x).definitions[0].node
    x.T @ A @ x
    """
    reader = _Reader(expression, also)
    node = reader.read(expression)
    taken = {*reader.names.values()}
    objective = next(name for name in ("J", "f", "objective_", "objective__") if name not in taken)
    lines = [f"{name}: {reader.declaration(symbol)}" for symbol, name in reader.arrays.items()]
    known = [f"positive({name})" for symbol, name in reader.arrays.items() if symbol.is_Symbol and symbol.is_positive]
    lines += [f"assume({', '.join(known)})"] if known else []
    problem = parse(
        "\n".join([*lines, f"{objective} = {write(node, zero_d=reader.scalars())}", f"objective({objective})", ""])
    )
    return replace(problem, sympy_names=reader.origin())


class _Reader:
    """One reading: the names that the symbols of an expression get in the language."""

    def __init__(self, expression: Expression, also: tuple[Expression, ...]) -> None:
        if not isinstance(expression, sympy.Basic):
            raise SymbackError(f"a SymPy expression was expected, not {type(expression).__name__}")
        wanted = {s for s in also if isinstance(s, sympy.MatrixSymbol)}
        matrices = sorted(expression.atoms(sympy.MatrixSymbol) | wanted, key=lambda m: m.name)
        sizes = {s for m in matrices for size in m.shape for s in size.free_symbols}
        for part in expression.atoms(sympy.OneMatrix, sympy.ZeroMatrix, sympy.Identity):
            sizes |= {s for size in part.shape for s in size.free_symbols}
        bound = {v for s in expression.atoms(sympy.Sum) for v in s.variables}
        bound |= {v for f in expression.atoms(sympy.Lambda) for v in f.variables}
        scalars = {s for s in (*expression.free_symbols, *also) if getattr(s, "is_Symbol", False)} - sizes - bound
        self.names: dict[Expression, str] = {}
        for symbol in (*matrices, *sorted(sizes, key=str), *sorted(scalars, key=str)):
            self.names[symbol] = self._name(symbol)
        self.sizes = sizes
        self.arrays = {s: self.names[s] for s in (*matrices, *sorted(scalars, key=str))}

    def _name(self, symbol: Expression) -> str:
        name = re.sub(r"\W+", "_", symbol.name).strip("_") or "x"
        name = f"x{name}" if name[0].isdigit() else name
        while name in RESERVED or keyword.iskeyword(name) or name in self.names.values():
            name += "_"
        return name

    def scalars(self) -> frozenset[str]:
        """The names of the scalars."""
        return frozenset(name for symbol, name in self.arrays.items() if symbol.is_Symbol)

    def declaration(self, symbol: Expression) -> str:
        """The shape of an array as it is declared."""
        return "()" if symbol.is_Symbol else f"({', '.join(str(self.dim(size)) for size in symbol.shape)})"

    def origin(self) -> dict[object, object]:
        """What symback's own SymPy symbols stand for: the symbols that were given."""
        out: dict[object, object] = {dimension(self.names[s]): s for s in self.sizes}
        for symbol, name in self.arrays.items():
            if symbol.is_Symbol:
                out[sympy.Symbol(name)] = symbol
            elif symbol.shape != (1, 1):
                out[sympy.MatrixSymbol(name, *(size_symbol(self.dim(size)) for size in symbol.shape))] = symbol
        return out

    # --- sizes and leaves ------------------------------------------------------------------------------------

    def dim(self, size: Expression) -> Dim:
        """A size, which is a name, a number, or a product of these."""
        coefficient, names = 1, []
        for base, exponent in sympy.sympify(size).as_powers_dict().items():
            if base.is_Integer and base > 0 and exponent == 1:
                coefficient *= int(base)
            elif base.is_Symbol and exponent.is_Integer and exponent > 0:
                names += [self.names[base]] * int(exponent)
            else:
                raise RefusedError(f"the size {size} is neither a name nor a whole number, nor a product of these")
        return Dim(coefficient, tuple(sorted(names)))

    def shape(self, matrix: Expression) -> tuple[Dim, Dim]:
        """The shape of a matrix expression."""
        return self.dim(matrix.shape[0]), self.dim(matrix.shape[1])

    def read(self, expression: Expression) -> Node:
        """A matrix or a scalar without indices."""
        try:
            if getattr(expression, "is_Matrix", False):
                return self.matrix(expression)
            found = self.scalar(expression, {})
            if found.indices:
                raise RefusedError(
                    f"{expression} has the free index {found.indices[0]}; sum over it, or use whole matrices"
                )
            return found.node
        except ShapeError as error:
            raise RefusedError(f"{expression}: {error.message}") from None

    # --- matrices ----------------------------------------------------------------------------------------------

    def matrix(self, e: Expression) -> Node:
        """A matrix expression."""
        match e:
            case sympy.MatrixSymbol():
                return n.symbol(self.names[e], self.shape(e))
            case sympy.OneMatrix():
                return n.ones(self.shape(e))
            case sympy.ZeroMatrix():
                return n.zeros(self.shape(e))
            case sympy.Identity():
                return n.eye(self.dim(e.shape[0]))
            case sympy.MatAdd():
                return n.add(*map(self.read, e.args))
            case sympy.MatMul():
                scalars, matrices = e.as_coeff_matrices()[0], [a for a in e.args if a.is_Matrix]
                return n.mul(self.read(scalars), n.matmul(*map(self.read, matrices)))
            case HadamardProduct():
                return n.mul(*map(self.read, e.args))
            case HadamardPower():
                return self._hadamard_power(e)
            case ElementwiseApplyFunction():
                return self._applied(e)
            case sympy.Transpose() | sympy.Adjoint():
                return n.transpose(self.read(e.arg))
            case sympy.Inverse():
                return n.inv(self.read(e.arg))
            case sympy.MatPow() if e.exp.is_Integer:
                return n.matpow(self.read(e.base), int(e.exp))
            case sympy.DiagMatrix():
                return n.diag(self._column(self.read(e.args[0])))
            case sympy.DiagonalOf():
                return n.diagonal(self.read(e.args[0]))
            case DiagonalMatrix():
                inside = self.read(e.args[0])
                return n.mul(inside, n.eye(inside.shape[0]))
            case sympy.KroneckerProduct():
                out = self.read(e.args[0])
                for factor in e.args[1:]:
                    out = n.kron(out, self.read(factor))
                return out
            case _:
                return self._own(e)

    def _column(self, node: Node) -> Node:
        return node if node.shape[1] == ONE else n.transpose(node)

    def _own(self, e: Expression) -> Node:
        """The matrix classes that symback adds."""
        match e:
            case own.Elementwise():
                return self._call(e.name, [self.read(a) for a in e.args[1:]])
            case own.Softmax():
                return n.softmax(self.read(e.args[0]), int(e.args[1]))
            case own.LogSumExp():
                return n.logsumexp(self.read(e.args[0]), int(e.args[1]))
            case own.PseudoInverse():
                return n.pinv(self.read(e.args[0]))
            case own.Vec():
                return n.vec(self.read(e.args[0]))
            case own.Unvec():
                return n.unvec(self.read(e.args[0]), self.shape(e))
            case own.Commutation():
                return n.commutation(*map(self.dim, e.args))
            case BlockMatrix() | BlockDiagMatrix():
                raise RefusedError(
                    f"{e} is a block matrix, which symback does not read; write the blocks as separate arrays"
                )
            case sympy.MatPow():
                raise RefusedError(f"{e}: the power of a matrix is a whole number")
            case sympy.MatrixBase():
                raise RefusedError(
                    "a matrix of entries is not read; use a MatrixSymbol, or scale OneMatrix and Identity"
                )
            case _:
                raise RefusedError(f"{type(e).__name__} is not read by symback: {e}")

    def _call(self, name: str, args: list[Node]) -> Node:
        return n.power(args[0], Fraction(1, 2)) if name == "sqrt" else n.apply(name, *args)

    def _hadamard_power(self, e: Expression) -> Node:
        base, exponent = self.read(e.base), self.read(e.exp)
        value = n.value_of(exponent)
        return n.apply("pow", base, exponent) if value is None else n.power(base, value)

    def _applied(self, e: Expression) -> Node:
        """A function of one entry, applied to all of them."""
        inside = self.read(e.expr)
        entry = Indexed(inside, "row" if inside.shape[0] != ONE else None, "column" if inside.shape[1] != ONE else None)
        mark = sympy.Dummy()
        found = self.scalar(e.function(mark), {mark: entry})
        return n.broadcast(aligned([found, entry])[0][0], inside.shape)

    # --- scalars, with indices ---------------------------------------------------------------------------------

    def scalar(self, e: Expression, entries: dict[Expression, Indexed]) -> Indexed:
        """A scalar expression; ``entries`` are what marks stand for, and free indices stay free."""
        match e:
            case sympy.Symbol() if e in entries:
                return entries[e]
            case sympy.Symbol() if e in self.sizes:
                return Indexed(n.size(self.dim(e)))
            case sympy.Symbol() if e in self.names:
                return Indexed(n.symbol(self.names[e], (ONE, ONE)))
            case sympy.Rational():
                return Indexed(n.number(Fraction(int(e.p), int(e.q))))
            case sympy.Float():
                return Indexed(n.number(Fraction(repr(float(e)))))
            case sympy.pi:
                return Indexed(n.PI)
            case sympy.E:
                return Indexed(n.apply("exp", n.number(1)))
            case sympy.Add():
                nodes, row, column = aligned([self.scalar(a, entries) for a in e.args])
                return Indexed(n.add(*nodes), row, column)
            case sympy.Mul():
                return product([self.scalar(a, entries) for a in e.args])
            case sympy.Pow():
                return self._power(e, entries)
            case sympy.Sum():
                return self._sum(e, entries)
            case sympy.Trace():
                return Indexed(n.trace(self.read(e.arg)))
            case sympy.Determinant():
                return Indexed(n.det(self.read(e.arg)))
            case DotProduct():
                left, right = (self._column(self.read(a)) for a in e.args)
                return Indexed(n.matmul(n.transpose(left), right))
            case _ if isinstance(e, sympy.MatrixExpr) and e.shape == (1, 1):
                return Indexed(self.read(e))
            case _:
                return self._function(e, entries)

    def _power(self, e: Expression, entries: dict[Expression, Indexed]) -> Indexed:
        base, exponent = self.scalar(e.base, entries), self.scalar(e.exp, entries)
        value = n.value_of(exponent.node)
        if value is not None:
            return replace(base, node=n.power(base.node, value))
        nodes, row, column = aligned([base, exponent])
        return Indexed(n.apply("pow", *nodes), row, column)

    def _sum(self, e: Expression, entries: dict[Expression, Indexed]) -> Indexed:
        body = e.function.expand() if e.function.is_Mul or e.function.is_Pow else e.function
        if body.is_Add:
            nodes, row, column = aligned([self._sum(sympy.Sum(t, *e.limits), entries) for t in body.args])
            return Indexed(n.add(*nodes), row, column)
        bound = {}
        for variable, start, end in e.limits:
            if start != 0:
                raise RefusedError(f"the sum over {variable} does not start at 0: {e}")
            bound[variable] = self.dim(sympy.expand(end + 1))
        parts = [self.scalar(factor, entries) for factor in sympy.Mul.make_args(body)]
        for variable, size in bound.items():
            if any(variable in p.indices and p.size(variable) != size for p in parts):
                raise RefusedError(f"the sum over {variable} does not run over all entries: {e}")
        return total(parts, bound)

    def _function(self, e: Expression, entries: dict[Expression, Indexed]) -> Indexed:
        """A function of scalars, an entry of a matrix, a case distinction."""
        if e.func in FUNCTIONS:
            return self._log_or(e, entries)
        if isinstance(e, sympy.matrices.expressions.matexpr.MatrixElement):
            at = [None if i == 0 and size == 1 else i for i, size in zip(e.indices, e.parent.shape, strict=True)]
            if any(i is not None and not i.is_Symbol for i in at):
                raise RefusedError(
                    f"{e} is one entry of a matrix; symback reads whole matrices, and entries under a sum"
                )
            return element(self.read(e.parent), at[0], at[1])
        if isinstance(e, own.Activation):
            return self._entrywise(type(e).__name__, list(e.args), entries)
        match e:
            case sympy.Heaviside():
                return self._entrywise("step", [e.args[0]], entries)
            case sympy.Max() | sympy.Min():
                name = "maximum" if isinstance(e, sympy.Max) else "minimum"
                found = self.scalar(e.args[0], entries)
                for other in e.args[1:]:
                    nodes, row, column = aligned([found, self.scalar(other, entries)])
                    found = Indexed(n.apply(name, *nodes), row, column)
                return found
            case sympy.Piecewise():
                return self._cases(list(e.args), entries)
            case sympy.sinh() | sympy.cosh() | sympy.coth() | sympy.sech():
                return self.scalar(e.rewrite(sympy.exp), entries)
            case sympy.tan():
                return self.scalar(sympy.sin(e.args[0]) / sympy.cos(e.args[0]), entries)
        raise RefusedError(f"{type(e).__name__} is not read by symback: {e}")

    def _log_or(self, e: Expression, entries: dict[Expression, Indexed]) -> Indexed:
        """A function of the language; log |det X| is logdet X."""
        match e:
            case sympy.log(args=(sympy.Abs(args=(sympy.Determinant() as found,)),)):
                return Indexed(n.logdet(self.read(found.arg)))
            case _:
                return self._entrywise(FUNCTIONS[e.func], list(e.args[:1]), entries)

    def _entrywise(self, name: str, args: list[Expression], entries: dict[Expression, Indexed]) -> Indexed:
        nodes, row, column = aligned([self.scalar(a, entries) for a in args])
        return Indexed(n.apply(name, *nodes), row, column)

    def _cases(self, cases: list[Expression], entries: dict[Expression, Indexed]) -> Indexed:
        """step * first + (1 - step) * rest."""
        value, condition = cases[0].args
        if condition == True or len(cases) == 1:  # noqa: E712  # SymPy's own true
            return self.scalar(value, entries)
        if not isinstance(condition, Relational) or isinstance(condition, sympy.Eq | sympy.Ne):
            raise RefusedError(f"a case distinction is by > or <, not by {condition}")
        above = self._entrywise("step", [condition.gts - condition.lts], entries)
        if isinstance(condition, sympy.Ge | sympy.Le):
            below = self._entrywise("step", [condition.lts - condition.gts], entries)
            above = replace(below, node=n.sub(n.ones(below.node.shape), below.node))
        rest = replace(above, node=n.sub(n.ones(above.node.shape), above.node))
        first, second = product([above, self.scalar(value, entries)]), product([rest, self._cases(cases[1:], entries)])
        nodes, row, column = aligned([first, second])
        return Indexed(n.add(*nodes), row, column)


def name_of(problem: Problem, wanted: object) -> str:
    """The name in a problem of a SymPy symbol that it was made from; a name stays what it is."""
    if isinstance(wanted, str):
        return wanted
    for ours, theirs in problem.sympy_names.items():
        if theirs == wanted:
            return str(ours.name)  # type: ignore[attr-defined]  # both are SymPy symbols
    raise SymbackError(f"{wanted} does not occur in the expression")
