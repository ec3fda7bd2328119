"""Random texts of the language, well shaped: a matrix, a 1-D array or a number, over the arrays of ``running``."""

from __future__ import annotations

from hypothesis import strategies as st

SIDES = ("n", "m", "1")
MATRICES = {
    ("n", "m"): "AB", ("n", "n"): "S", ("m", "m"): "T", ("n", "1"): "c", ("m", "1"): "d", ("1", "m"): "r",
    ("1", "n"): "q", ("1", "1"): "u",
}  # fmt: skip
VECTORS = {"n": "xz", "m": "y"}
MAPS = (
    "tanh({})", "exp(-{} ** 2)", "relu({})", "sigmoid({})", "abs({})", "-{}", "{} ** 2", "(({} > 0) * 1.5)", "2 * {}",
    "{} / 3", "np.sin({})", "maximum({}, 0.1)", "softplus({})", "np.where({} > 0.2, 1, s)", "(1 - {})", "({} - 2)",
)  # fmt: skip


def _operation(draw: st.DrawFn, left: str, right: str) -> str:
    op = draw(st.sampled_from(["+", "-", "*", "/", "*"]))
    if draw(st.booleans()):
        left, right = right, left
    return f"({left}) / (1 + ({right}) ** 2)" if op == "/" else f"(({left}) {op} 1.5 * ({right}))"


def _matrix(draw: st.DrawFn, rows: str, columns: str, depth: int) -> str:
    """A text of shape (rows, columns)."""
    leaf = MATRICES.get((rows, columns))
    if depth == 0:
        return draw(st.sampled_from(leaf)) if leaf else f"{MATRICES[columns, rows][0]}.T"
    kinds = ["map", "with", "product", "transpose", "outer", "keep", "scaled"]
    kinds += ["diag"] * (rows == columns != "1") + ["rows"] * (columns == "1") + ["columns"] * (rows == "1")
    match draw(st.sampled_from(kinds)):
        case "map":
            return draw(st.sampled_from(MAPS)).format(f"({_matrix(draw, rows, columns, depth - 1)})")
        case "with":
            other = draw(st.sampled_from([(rows, columns), (rows, "1"), ("1", columns), ("1", "1"), (columns,)]))
            beside = (
                _vector(draw, columns, depth - 1)
                if other == (columns,)
                else _matrix(draw, *other[:1], other[-1], depth - 1)
            )
            return _operation(draw, _matrix(draw, rows, columns, depth - 1), beside)
        case "product":
            inner = draw(st.sampled_from(SIDES))
            return f"({_matrix(draw, rows, inner, depth - 1)}) @ ({_matrix(draw, inner, columns, depth - 1)})"
        case "transpose":
            return f"({_matrix(draw, columns, rows, depth - 1)}).T"
        case "outer":
            return f"np.outer({_vector(draw, rows, depth - 1)}, {_vector(draw, columns, depth - 1)})"
        case "keep":
            return f"(({_matrix(draw, rows, '1', depth - 1)}) + ({_vector(draw, columns, depth - 1)}))"
        case "diag":
            return f"diag({_vector(draw, rows, depth - 1)})"
        case "rows":
            inner = draw(st.sampled_from(SIDES))
            return f"np.sum({_matrix(draw, rows, inner, depth - 1)}, axis=1, keepdims=True)"
        case "columns":
            inner = draw(st.sampled_from(SIDES))
            return f"sum({_matrix(draw, inner, columns, depth - 1)}, axis=0)"
        case _:
            return f"{_number(draw, depth - 1)} * ({_matrix(draw, rows, columns, depth - 1)})"


def _vector(draw: st.DrawFn, size: str, depth: int) -> str:
    """A text of shape (size,)."""
    if size == "1":
        return f"np.ravel({_matrix(draw, '1', '1', depth)})"
    if depth == 0:
        return draw(st.sampled_from(VECTORS[size]))
    inner = draw(st.sampled_from(["n", "m"]))
    match draw(st.sampled_from(["map", "with", "left", "right", "sum", "down", "ravel", "diagonal", "scaled"])):
        case "map":
            return draw(st.sampled_from(MAPS)).format(f"({_vector(draw, size, depth - 1)})")
        case "with":
            return _operation(draw, _vector(draw, size, depth - 1), _vector(draw, size, depth - 1))
        case "left":
            return f"({_vector(draw, inner, depth - 1)}) @ ({_matrix(draw, inner, size, depth - 1)})"
        case "right":
            return f"({_matrix(draw, size, inner, depth - 1)}) @ ({_vector(draw, inner, depth - 1)})"
        case "sum":
            return f"np.sum({_matrix(draw, size, inner, depth - 1)}, axis=1)"
        case "down":
            return f"np.mean({_matrix(draw, inner, size, depth - 1)}, axis=0)"
        case "ravel":
            sides = draw(st.sampled_from([(size, "1"), ("1", size)]))
            return f"np.ravel({_matrix(draw, *sides, depth - 1)})"
        case "diagonal":
            return f"np.diag({_matrix(draw, size, size, depth - 1)})"
        case _:
            return f"{_number(draw, depth - 1)} * ({_vector(draw, size, depth - 1)})"


def _number(draw: st.DrawFn, depth: int) -> str:
    """A text without dimensions."""
    side = draw(st.sampled_from(["n", "m"]))
    if depth <= 0:
        return draw(st.sampled_from(["s", "t", "2", "0.5", "m", "pi"]))
    match draw(st.sampled_from(["inner", "sum", "trace", "norm", "leaf", "mean"])):
        case "inner":
            return f"(({_vector(draw, side, depth - 1)}) @ ({_vector(draw, side, depth - 1)}))"
        case "sum":
            return f"sum({_matrix(draw, side, draw(st.sampled_from(SIDES)), depth - 1)})"
        case "trace":
            return f"trace({_matrix(draw, side, side, depth - 1)})"
        case "norm":
            return f"norm({_vector(draw, side, depth - 1)})"
        case "mean":
            return f"mean({_vector(draw, side, depth - 1)})"
        case _:
            return _number(draw, 0)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """A well-shaped text over the arrays of ``running``."""
    depth = draw(st.integers(1, 4))
    match draw(st.sampled_from(["matrix", "vector", "number"])):
        case "matrix":
            return _matrix(draw, draw(st.sampled_from(SIDES)), draw(st.sampled_from(SIDES)), depth)
        case "vector":
            return _vector(draw, draw(st.sampled_from(["n", "m"])), depth)
        case _:
            return _number(draw, depth)
