"""How fast symback is, as ratios measured in one run: ``python benchmarks/speed.py``.

Each figure is a median. What a derivation is measured against is the time of ``import sympy``, since that is what
everybody who computes symbolically in Python waits for anyway. SymPy's own ``diff`` of the same loss stands beside
it, with what it answers.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that the script runs from a checkout that is not installed

import symback as sb  # noqa: E402  # after the path
from benchmarks.networks import TWO_LAYERS, network  # noqa: E402  # after the path

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def median(work: Callable[[], object], times: int, clock: Callable[[], float] = time.process_time) -> float:
    """The median time of some work in seconds: of this process alone, or by another clock."""
    taken = []
    for _ in range(times):
        start = clock()
        work()
        taken.append(clock() - start)
    return statistics.median(taken)


def children() -> float:
    """The processor's time that finished child processes have taken."""
    used = os.times()
    return used.children_user + used.children_system


def process(*arguments: str) -> Callable[[], object]:
    """A Python process from its cold start to its end."""
    return lambda: subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def derive(text: str) -> sb.Derivation:
    """All gradients, with their steps."""
    return sb.derive(sb.parse(text))


def by_sympy() -> str:
    """What SymPy's diff says of the two-layer loss: its answer, or what it raises."""
    import sympy
    from sympy.matrices.expressions.hadamard import HadamardProduct

    n_0, n_1, n_2, m = sympy.symbols("n_0 n_1 n_2 m", integer=True, positive=True)
    shapes = {"X": (n_0, m), "Y": (n_2, m), "W1": (n_1, n_0), "b1": (n_1, 1), "W2": (n_2, n_1), "b2": (n_2, 1)}
    X, Y, W1, b1, W2, b2 = (sympy.MatrixSymbol(name, *shape) for name, shape in shapes.items())
    row, column, ones = sympy.OneMatrix(1, m), sympy.OneMatrix(m, 1), sympy.OneMatrix(n_2, m)
    x = sympy.Symbol("x")
    A1 = (W1 * X + b1 * row).applyfunc(sympy.Lambda(x, sympy.tanh(x)))
    A2 = (W2 * A1 + b2 * row).applyfunc(sympy.Lambda(x, 1 / (1 + sympy.exp(-x))))
    log = sympy.Lambda(x, sympy.log(x))
    inner = HadamardProduct(Y, A2.applyfunc(log)) + HadamardProduct(ones - Y, (ones - A2).applyfunc(log))
    loss = -(sympy.OneMatrix(1, n_2) * inner * column) / m
    try:
        answer = loss.diff(W1)
    except Exception as error:  # whatever it raises is its answer
        return f"raises {type(error).__name__}: {str(error)[:60]}"
    return f"{str(answer)[:70]} ({len(str(answer))} characters)"


def rows() -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what was to be reached."""
    bare = median(process("-c", "pass"), 5, children)
    with_sympy = median(process("-c", "import sympy"), 5, children)
    importing = with_sympy - bare
    yield "import sympy", f"{importing * 1e3:.0f} ms", ""
    derive(TWO_LAYERS)
    two = median(lambda: derive(TWO_LAYERS), 15)
    yield "two layers, all gradients with steps, warm", f"{two * 1e3:.1f} ms, {two / importing:.3f} of it", "0.25"
    shallow, deep = median(lambda: derive(network(16)), 5), median(lambda: derive(network(128)), 3)
    yield "128 layers against 16", f"{deep * 1e3:.0f} ms, {deep / shallow:.1f} times", "9"
    yield "1,000 layers", f"{median(lambda: derive(network(1000)), 1):.2f} s", "runs"
    command = median(process("-m", "symback", "derive", "two_layer"), 5, children)
    yield "symback derive two_layer, cold, checked", f"{command * 1e3:.0f} ms, {command / with_sympy:.2f} times", "3"
    helped = median(process("-m", "symback", "--help"), 5, children) - bare
    yield "symback --help, beyond Python's own start", f"{helped * 1e3:.0f} ms", "60 ms"
    import sympy  # noqa: F401  # its import is not to be counted below

    start = time.perf_counter()
    answer = by_sympy()
    yield "SymPy's diff of the same loss by W1", f"{(time.perf_counter() - start) * 1e3:.0f} ms", answer


def main() -> None:
    """Print the table as it is measured."""
    for what, figure, reach in rows():
        print(f"{what:45} {figure:28} {reach}", flush=True)


if __name__ == "__main__":
    main()
