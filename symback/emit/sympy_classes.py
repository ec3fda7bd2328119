"""The SymPy classes that symback adds: what SymPy lacks, and what its own NumPy printer does not print.

Each prints in text and LaTeX, is rebuilt by ``subs``, goes through ``lambdify`` as it stands, and is worked out by
``doit`` where its argument has become an explicit matrix.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.symbol import Str
from sympy.matrices.expressions.determinant import Determinant as SympyDeterminant
from sympy.matrices.expressions.hadamard import HadamardPower as SympyHadamardPower

Printer = Any


def _numpy(printer: Printer, function: str, *arguments: object) -> str:
    """A call of a NumPy function, its name registered with the printer."""
    shown = (a if isinstance(a, str) else printer._print(a) for a in arguments)
    return f"{printer._module_format('numpy.' + function)}({', '.join(shown)})"


# --- SymPy's own, with what lambdify needs ------------------------------------------------------------------


class Trace(sympy.Trace):
    """The trace; of a product that is 1 by 1, its entry."""

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "trace", self.arg)

    def doit(self, **hints: Any) -> Any:
        """The sum of the diagonal, where the argument has become explicit."""
        inside = self.arg.doit(**hints)
        if (
            isinstance(inside, sympy.MatrixExpr)
            and not inside.atoms(sympy.MatrixSymbol)
            and sympy.sympify(inside.shape[0]).is_Integer
        ):
            inside = inside.as_explicit()
        return inside.trace() if isinstance(inside, sympy.MatrixBase) else Trace(inside)


class DiagonalOf(sympy.DiagonalOf):
    """The diagonal of a square matrix, as a column."""

    def doit(self, **hints: Any) -> Any:
        """The column, where the matrix is explicit."""
        inside = self.arg.doit(**hints)
        if isinstance(inside, sympy.MatrixBase):
            return sympy.ImmutableMatrix(inside.rows, 1, lambda i, _: inside[i, i])
        return DiagonalOf(inside)

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "reshape", f"({printer._print(self.arg)}).diagonal()", "(-1, 1)")


class Determinant(SympyDeterminant):
    """The determinant."""

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "linalg.det", self.arg)


class HadamardPower(SympyHadamardPower):
    """The power of every entry."""

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "power", self.base, self.exp if not self.exp.is_Rational else str(float(self.exp)))


class Identity(sympy.Identity):
    """The identity, of a size that may be a symbol."""

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "eye", self.shape[0])


# --- scalar functions -----------------------------------------------------------------------------------------


class Activation(sympy.Function):
    """A scalar function of the language that SymPy has not: ``plain`` writes it in SymPy's functions."""

    def plain(self) -> sympy.Expr:
        """The function in SymPy's own functions."""
        return PLAIN[type(self).__name__](*self.args)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The slope by one argument."""
        marks = sympy.symbols(f"z:{len(self.args)}", real=True)
        slope = PLAIN[type(self).__name__](*marks).diff(marks[argindex - 1])
        slope = slope.replace(sympy.DiracDelta, lambda *_: sympy.S.Zero)  # a convention at kinks, not a distribution
        return slope.subs(dict(zip(marks, self.args, strict=True)))

    def _eval_evalf(self, prec: int) -> sympy.Expr:
        return self.plain()._eval_evalf(prec)

    def _numpycode(self, printer: Printer) -> str:
        return printer._print(self.plain())  # type: ignore[no-any-return]  # SymPy is untyped

    def doit(self, **hints: Any) -> sympy.Expr:
        """The function in SymPy's own functions."""
        return PLAIN[type(self).__name__](*(a.doit(**hints) for a in self.args))


def _heaviside(x: sympy.Expr) -> sympy.Expr:
    return sympy.Heaviside(x, 0)


PLAIN = {  # in SymPy's functions, entry by entry
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "relu": lambda x: x * _heaviside(x),
    "leaky_relu": lambda x, a: x * (a + (1 - a) * _heaviside(x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "gelu": lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + sympy.exp(-x)),
    "step": _heaviside,
    "maximum": lambda x, a: a + (x - a) * _heaviside(x - a),
    "minimum": lambda x, a: x + (a - x) * _heaviside(x - a),
    "pow": lambda x, a: x**a,
    "exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt, "abs": sympy.Abs, "sign": sympy.sign,
    "sin": sympy.sin, "cos": sympy.cos, "tanh": sympy.tanh, "erf": sympy.erf,
}  # fmt: skip

FUNCTIONS: dict[str, Any] = {  # one function object for each name: SymPy's where it has it
    **PLAIN,
    **{name: type(name, (Activation,), {"__doc__": f"The {name} of the language."})
       for name in ("sigmoid", "relu", "leaky_relu", "softplus", "gelu", "silu", "maximum", "minimum")},
}  # fmt: skip


# --- matrix expressions ---------------------------------------------------------------------------------------


class Elementwise(sympy.MatrixExpr):
    """A function of the language at every entry; a scalar among the arguments is the same for all entries."""

    def __new__(cls, name: object, *args: object) -> Elementwise:
        """The function named ``name`` of matrices of one shape."""
        return sympy.Basic.__new__(cls, name if isinstance(name, Str) else Str(name), *map(sympy.sympify, args))  # type: ignore[no-any-return]  # SymPy is untyped

    @property
    def name(self) -> str:
        """The function's name in the language."""
        return str(self.args[0].name)

    @property
    def shape(self) -> tuple[Any, Any]:
        """The shape of the matrix arguments."""
        return next(a.shape for a in self.args[1:] if a.is_Matrix)  # type: ignore[no-any-return]  # SymPy is untyped

    def _entry(self, i: Any, j: Any, **hints: Any) -> sympy.Expr:
        return FUNCTIONS[self.name](*(a[i, j] if a.is_Matrix else a for a in self.args[1:]))

    def _eval_transpose(self) -> Elementwise:
        return Elementwise(self.args[0], *(a.T if a.is_Matrix else a for a in self.args[1:]))

    def doit(self, **hints: Any) -> Any:
        """Entry by entry, where the arguments are explicit."""
        args = [a.doit(**hints) for a in self.args[1:]]
        if not any(isinstance(a, sympy.MatrixBase) for a in args):
            return Elementwise(self.args[0], *args)
        rows, columns = next(a.shape for a in args if isinstance(a, sympy.MatrixBase))
        def at(i: int, j: int) -> sympy.Expr:
            return FUNCTIONS[self.name](*(a[i, j] if getattr(a, "is_Matrix", False) else a for a in args))
        return sympy.ImmutableMatrix(rows, columns, at)

    def _sympystr(self, printer: Printer) -> str:
        return f"{self.name}({', '.join(map(printer._print, self.args[1:]))})"

    def _latex(self, printer: Printer) -> str:
        known = (
            rf"\{self.name}" if self.name in ("exp", "log", "sin", "cos", "tanh") else rf"\operatorname{{{self.name}}}"
        )
        inside = ", ".join(map(printer._print, self.args[1:]))
        return rf"{known.replace('_', chr(92) + '_')}\left({inside}\right)"

    def _numpycode(self, printer: Printer) -> str:
        marks = sympy.symbols(f"z_:{len(self.args) - 1}", real=True)
        body = printer._print(PLAIN[self.name](*marks))
        return f"(lambda {', '.join(map(str, marks))}: {body})({', '.join(map(printer._print, self.args[1:]))})"


class _OfOneMatrix(sympy.MatrixExpr):
    """A matrix made of another one; the rest of the arguments are numbers."""

    title = ""

    def __new__(cls, *args: object) -> _OfOneMatrix:
        return sympy.Basic.__new__(cls, *map(sympy.sympify, args))  # type: ignore[no-any-return]  # SymPy is untyped

    def explicit(self, matrix: Any) -> Any:
        """The value for an explicit matrix."""
        raise NotImplementedError

    def doit(self, **hints: Any) -> Any:
        """The value, where the argument is an explicit matrix."""
        inside = self.args[0].doit(**hints)
        rest = [a.doit(**hints) for a in self.args[1:]]
        made = self.func(inside, *rest)
        return made.explicit(inside) if isinstance(inside, sympy.MatrixBase) else made

    def _entry(self, i: Any, j: Any, **hints: Any) -> sympy.Expr:
        return self.explicit(self.args[0].as_explicit())[i, j]

    def _sympystr(self, printer: Printer) -> str:
        return f"{self.title}({', '.join(map(printer._print, self.args))})"

    def _latex(self, printer: Printer) -> str:
        return rf"\operatorname{{{self.title}}}\left({printer._print(self.args[0])}\right)"


class Softmax(_OfOneMatrix):
    """exp(X) over its sum along an axis."""

    title = "softmax"

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the argument."""
        return self.args[0].shape  # type: ignore[no-any-return]  # SymPy is untyped

    def explicit(self, matrix: Any) -> Any:
        """exp over its sum."""
        e = matrix.applyfunc(sympy.exp)
        along = self.args[1]
        sums = [sum(e[:, j]) for j in range(e.cols)] if along == 0 else [sum(e[i, :]) for i in range(e.rows)]
        return sympy.ImmutableMatrix(e.rows, e.cols, lambda i, j: e[i, j] / sums[j if along == 0 else i])

    def _numpycode(self, printer: Printer) -> str:
        exp, along = printer._module_format("numpy.exp"), f"axis={self.args[1]}, keepdims=True"
        weights = f"(lambda z_: {exp}(z_ - z_.max({along})))"
        return f"(lambda w_: w_ / w_.sum({along}))({weights}({printer._print(self.args[0])}))"


class LogSumExp(_OfOneMatrix):
    """The logarithm of the sum of exp(X) along an axis, which is kept."""

    title = "logsumexp"

    @property
    def shape(self) -> tuple[Any, Any]:
        """One row, or one column."""
        rows, columns = self.args[0].shape
        return (sympy.S.One, columns) if self.args[1] == 0 else (rows, sympy.S.One)

    def explicit(self, matrix: Any) -> Any:
        """The logarithm of the sum."""
        e = matrix.applyfunc(sympy.exp)
        ones = sympy.ones(1, e.rows) if self.args[1] == 0 else sympy.ones(e.cols, 1)
        return (ones * e if self.args[1] == 0 else e * ones).applyfunc(sympy.log)

    def _numpycode(self, printer: Printer) -> str:
        exp, log = printer._module_format("numpy.exp"), printer._module_format("numpy.log")
        along = f"axis={self.args[1]}, keepdims=True"
        body = f"z_.max({along}) + {log}({exp}(z_ - z_.max({along})).sum({along}))"
        return f"(lambda z_: {body})({printer._print(self.args[0])})"


class PseudoInverse(_OfOneMatrix):
    """The Moore-Penrose inverse."""

    title = "pinv"

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the transpose."""
        return self.args[0].shape[::-1]  # type: ignore[no-any-return]  # SymPy is untyped

    def explicit(self, matrix: Any) -> Any:
        """SymPy's own."""
        return sympy.ImmutableMatrix(matrix).pinv()

    def _latex(self, printer: Printer) -> str:
        return f"{{{printer.parenthesize(self.args[0], 100)}}}^{{+}}"

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "linalg.pinv", self.args[0])


class Vec(_OfOneMatrix):
    """The columns stacked."""

    title = "vec"

    @property
    def shape(self) -> tuple[Any, Any]:
        """One column."""
        return (self.args[0].shape[0] * self.args[0].shape[1], sympy.S.One)

    def explicit(self, matrix: Any) -> Any:
        """SymPy's own."""
        return sympy.ImmutableMatrix(matrix).vec()

    def _numpycode(self, printer: Printer) -> str:
        return _numpy(printer, "reshape", f"({printer._print(self.args[0])}).T", "(-1, 1)")


class Unvec(_OfOneMatrix):
    """The matrix of a given shape whose columns are stacked in a vector."""

    title = "unvec"

    @property
    def shape(self) -> tuple[Any, Any]:
        """The shape that is asked for."""
        return self.args[1:]  # type: ignore[no-any-return]  # SymPy is untyped

    def explicit(self, matrix: Any) -> Any:
        """Column after column."""
        rows, columns = map(int, self.shape)
        return sympy.ImmutableMatrix(rows, columns, lambda i, j: matrix[i + j * rows])

    def _numpycode(self, printer: Printer) -> str:
        rows, columns = map(printer._print, self.shape)
        return f"{_numpy(printer, 'reshape', self.args[0], f'({columns}, {rows})')}.T"


class Commutation(_OfOneMatrix):
    """K with K vec(A) = vec(A^T) for A of shape (m, n)."""

    title = "commutation"

    @property
    def shape(self) -> tuple[Any, Any]:
        """m n rows and columns."""
        return (self.args[0] * self.args[1],) * 2

    def _entry(self, i: Any, j: Any, **hints: Any) -> sympy.Expr:
        m, n = self.args
        return sympy.Piecewise((1, sympy.Eq(j, sympy.floor(i / n) + m * sympy.Mod(i, n))), (0, True))

    def doit(self, **hints: Any) -> Any:
        """The matrix, where both sizes are numbers."""
        return self.as_explicit() if all(a.is_Integer for a in self.args) else self

    def _latex(self, printer: Printer) -> str:
        return f"K_{{{printer._print(self.args[0])},{printer._print(self.args[1])}}}"

    def _numpycode(self, printer: Printer) -> str:
        m, n = map(printer._print, self.args)
        order = f"{_numpy(printer, 'arange', f'({m})*({n})')}.reshape({n}, {m}).T.ravel()"
        return f"{_numpy(printer, 'eye', f'({m})*({n})')}[{order}]"
