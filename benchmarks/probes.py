"""symback and SymPy's own matrix diff on the probes of tests/probes, judged by differences in NumPy.

usage: python benchmarks/probes.py        writes docs/comparison.md
"""

from __future__ import annotations

import signal
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import symback as sb  # noqa: E402  # the root must be on the path first
from tests.numeric import close, environment, run, truth, value  # noqa: E402
from tests.probes.probe import Probe, probes  # noqa: E402

LIMIT = 20  # seconds for one derivative
RIGHT, FORM, WRONG, RAISES = "right", "no matrix form", "wrong", "raises"


class NoMatrixFormError(Exception):
    """The result is an array, a sum over entries or an unevaluated derivative."""


@dataclass(frozen=True)
class Outcome:
    """What came of one probe: how it ended, and what was printed or said."""

    status: str
    text: str
    milliseconds: float


# --- SymPy -------------------------------------------------------------------------------------------------


def stated(probe: Probe) -> tuple[Any, Any]:
    """The function in SymPy's own words, and its variable."""
    dims = {d: sp.Symbol(str(d), integer=True, positive=True) for s in probe.shapes.values() for d in s if d != 1}
    names: dict[str, Any] = {name: getattr(sp, name) for name in sp.__all__}
    names |= {str(d): symbol for d, symbol in dims.items()}
    names |= {"ones": sp.OneMatrix, "f": lambda g, x: x.applyfunc(g), "sigmoid": lambda z: 1 / (1 + sp.exp(-z))}
    names |= {"DiagMatrix": DiagMatrix, "DiagonalOf": DiagonalOf}
    for name, shape in probe.shapes.items():
        full = (1, *shape) if len(shape) == 1 else shape
        names[name] = sp.MatrixSymbol(name, *(dims.get(d, d) for d in full))
    return eval(str(probe.sympy), names), names[probe.wrt]


def number(e: Any, env: dict[str, Any]) -> np.ndarray:
    """The value of a SymPy expression at arrays; raises NoMatrixFormError where it is no formula of matrices."""
    if isinstance(e, sp.MatrixSymbol):
        return np.atleast_2d(np.asarray(env[e.name], dtype=float))
    if isinstance(e, sp.Symbol):
        return np.array([[float(env[e.name])]])
    if isinstance(e, sp.Number | sp.NumberSymbol):
        return np.array([[float(e)]])
    size = [int(number(s, env)[0, 0]) for s in getattr(e, "shape", ())]
    if isinstance(e, sp.Identity):
        return np.eye(size[0])
    if isinstance(e, sp.OneMatrix | sp.ZeroMatrix):
        return np.full(size, float(isinstance(e, sp.OneMatrix)))
    if isinstance(e, ElementwiseApplyFunction):
        z = e.function.variables[0]
        body = sp.lambdify(z, e.function.expr, "numpy")
        inner = number(e.expr, env)
        return body(inner) * np.ones(inner.shape)
    operation = OPERATIONS.get(type(e))
    if operation is None:
        raise NoMatrixFormError(type(e).__name__)
    return operation([number(a, env) for a in e.args])


def product(factors: list[np.ndarray]) -> np.ndarray:
    """A product as SymPy means it: 1 by 1 factors scale, the others are multiplied as matrices."""
    out = factors[0]
    for factor in factors[1:]:
        out = out * factor if 1 in (out.size, factor.size) else out @ factor
    return out


def elementwise(make: Callable[[Any, Any], Any]) -> Callable[[list[np.ndarray]], np.ndarray]:
    """A function of two arrays."""
    return lambda args: make(args[0], args[1])


def matrix_power(args: list[np.ndarray]) -> np.ndarray:
    """A whole power of a square matrix."""
    return np.linalg.matrix_power(args[0], int(args[1][0, 0]))


OPERATIONS: dict[type, Callable[[list[np.ndarray]], np.ndarray]] = {
    sp.MatAdd: lambda a: sum(a[1:], a[0]), sp.Add: lambda a: sum(a[1:], a[0]), sp.MatMul: product, sp.Mul: product,
    sp.Transpose: lambda a: a[0].T, sp.Inverse: lambda a: np.linalg.inv(a[0]), sp.MatPow: matrix_power,
    sp.Pow: elementwise(np.power), sp.HadamardPower: elementwise(np.power),
    sp.HadamardProduct: lambda a: np.prod(np.stack(a), axis=0),
    sp.Trace: lambda a: np.array([[np.trace(a[0])]]), sp.Determinant: lambda a: np.array([[np.linalg.det(a[0])]]),
    sp.KroneckerProduct: lambda a: np.kron(a[0], a[1]) if len(a) == 2 else np.kron(np.kron(a[0], a[1]), a[2]),
    DiagMatrix: lambda a: np.diag(a[0].ravel()), DiagonalMatrix: lambda a: np.diag(np.diagonal(a[0])),
    DiagonalOf: lambda a: np.diagonal(a[0])[:, None], sp.exp: lambda a: np.exp(a[0]), sp.log: lambda a: np.log(a[0]),
}  # fmt: skip


def by_sympy(probe: Probe) -> Callable[[dict[str, Any]], tuple[np.ndarray, ...]]:
    """SymPy's answer as a function of the arrays, in both layouts; its text is in ``by_sympy.text``."""
    function, x = stated(probe)
    answer = function.diff(x)
    if probe.kind == "hessian":
        answer = answer.diff(x)

    def at(values: dict[str, Any]) -> tuple[np.ndarray, ...]:
        found = number(answer, values)
        return found, found.T

    at.text = str(answer)  # type: ignore[attr-defined]  # shown in the table
    return at


def by_symback(probe: Probe) -> Callable[[dict[str, Any]], tuple[np.ndarray, ...]]:
    """symback's answer, as it is printed."""
    problem = sb.parse(probe.text)
    text = sb.derive(problem, probe.wrt, kind=probe.kind)[probe.wrt].to_numpy()

    def at(values: dict[str, Any]) -> tuple[np.ndarray, ...]:
        return (np.atleast_2d(value(text, run(problem, values))),)

    at.text = text  # type: ignore[attr-defined]  # shown in the table
    return at


# --- judging -----------------------------------------------------------------------------------------------


def judged(probe: Probe, method: Callable[[Probe], Any]) -> Outcome:
    """How one method ends on one probe; a derivative that takes too long raises."""
    start = time.perf_counter()
    signal.alarm(LIMIT)
    try:
        answer = method(probe)
    except Exception as error:  # whatever it raises is what is being counted
        return Outcome(RAISES, f"{type(error).__name__}: {error}", 1e3 * (time.perf_counter() - start))
    finally:
        signal.alarm(0)
    took = 1e3 * (time.perf_counter() - start)
    try:
        return Outcome(RIGHT if is_right(probe, answer) else WRONG, answer.text, took)
    except NoMatrixFormError as error:
        return Outcome(FORM, f"{error}: {answer.text}", took)
    except (ValueError, TypeError) as error:  # a formula whose parts do not conform
        return Outcome(WRONG, f"{error}: {answer.text}", took)


def is_right(probe: Probe, answer: Callable[[dict[str, Any]], tuple[np.ndarray, ...]]) -> bool:
    """True where the answer agrees with differences at two points, in one of its layouts."""
    problem = sb.parse(probe.text)
    for seed in (0, 1):
        values = environment(problem, seed, positive=probe.positive)
        wanted = np.atleast_2d(truth(problem, values, probe.wrt, probe.kind))
        tolerance = 2e-4 if probe.kind == "hessian" else 1e-5
        if not any(close(found, wanted, tolerance) for found in answer(run(problem, values))):
            return False
    return True


def timed_out(*_: object) -> None:
    """The signal's handler."""
    raise TimeoutError(f"over {LIMIT} s")


def cell(text: str) -> str:
    """Text that fits into a cell of a table."""
    short = " ".join(text.split())
    return "`" + (short if len(short) <= 90 else short[:89] + "…").replace("|", "\\|").replace("`", "'") + "`"


HEAD = """# symback and SymPy's matrix `diff`

{count} derivatives (`tests/probes/probes.jsonl`), judged by differences of the function in NumPy at two random points
with distinct sizes. SymPy's answer counts as right in either layout, and each function is stated to it in the way it
copes with best (a 1 by 1 product as a trace, say). *No matrix form* is an array, a sum over entries or a derivative
left as it was. Written by `python benchmarks/probes.py`, with SymPy {version}; the times are those of one run.

| | right, in matrix form | no matrix form | wrong | raises | median ms |
|---|---|---|---|---|---|
{rows}

| probe | function | by | symback | answer | SymPy | what it said |
|---|---|---|---|---|---|---|
"""


def row(who: str, outcomes: list[Outcome]) -> str:
    """How often each thing happened, and the median time."""
    counts = [str(sum(o.status == kind for o in outcomes)) for kind in (RIGHT, FORM, WRONG, RAISES)]
    return f"| {who} | {' | '.join(counts)} | {sorted(o.milliseconds for o in outcomes)[len(outcomes) // 2]:.1f} |"


def table(found: list[tuple[Probe, Outcome, Outcome]]) -> str:
    """The page."""
    rows = [row("symback", [ours for _, ours, _ in found]), row("SymPy", [theirs for _, _, theirs in found])]
    lines = []
    for probe, ours, theirs in found:
        function = "; ".join(line for line in probe.text.splitlines() if " = " in line)
        cells = [probe.id, cell(function), f"`{probe.wrt}`"]
        cells += [ours.status, cell(ours.text), theirs.status, cell(theirs.text)]
        lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD.format(count=len(found), version=sp.__version__, rows="\n".join(rows)) + "".join(lines)


def main() -> None:
    """Judge both on every probe and write the page."""
    signal.signal(signal.SIGALRM, timed_out)
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"):
        found = [(probe, judged(probe, by_symback), judged(probe, by_sympy)) for probe in probes()]
    (ROOT / "docs" / "comparison.md").write_text(table(found), encoding="utf-8")
    print("\n".join(table(found).splitlines()[7:11]))


if __name__ == "__main__":
    main()
