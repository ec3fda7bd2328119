"""What a derivation file states: declarations, facts, definitions, the objective, claims and helpers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import symback as sb
from symback.algebra.dims import ONE, Dim, dim
from symback.algebra.nodes import value_of
from symback.language.read import parse, read_in
from symback.language.source import Source
from symback.language.write import write

HEADER = "X: (n, m)\nW: (k, n)\nx: (n,)\ns: ()\nu: (1, 1)\nS: (n, n)\n"


def node(text: str) -> str:
    """How the last definition of a text is written back."""
    return write(parse(HEADER + text).definitions[-1].node, frozenset("x"))


# --- the file as a text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "X: (n, m)\nJ = sum(X)\n",
        "X: (n, m)\r\nJ = sum(X)\r\n",
        "X: (n, m)\rJ = sum(X)\r",
        "X: (n, m)\nJ = sum(X)",
        "X: (n, m); J = sum(X)",
        "\N{ZERO WIDTH NO-BREAK SPACE}X: (n, m)\nJ = sum(X)\n",
        "\n\n# a remark\nX: (n, m)   # another\n\t\n\nJ = sum(X)   \n\n",
        "\fX: (n, m)\n\fJ = sum(X)\n",
        "X:(n,m)\nJ\t=\tsum(X)\n",
        "X: (n,\n    m)\nJ = (\n    sum(X)  # over everything\n)\n",
        "X: (n, m,)\nJ = sum(X,)\n",
        "X: \\\n  (n, m)\nJ = \\\n  sum(X)\n",
        "# -*- coding: latin-1 -*-\nX: (n, m)\nJ = sum(X)\n",
    ],
)
def test_the_same_problem_however_it_is_laid_out(text: str) -> None:
    problem = parse(text)
    assert (list(problem.symbols), problem.objective) == (["X"], "J")
    assert problem.symbols["X"].shape == (dim("n"), dim("m"))
    assert write(problem.definitions[0].node) == "sum(X)"


@pytest.mark.parametrize(
    ("docstring", "title", "introduction"),
    [
        ('"""A title."""', "A title", ""),
        ('"""A title\n\nAn introduction.\n   It goes on.\n"""', "A title", "An introduction.\nIt goes on."),
        ("'''\n  A title.\n  '''", "A title", ""),
        ('""""""', "", ""),
        ("", "", ""),
        ('"Ein Titel: Größe"', "Ein Titel: Größe", ""),
    ],
)
def test_the_docstring_is_title_and_introduction(docstring: str, title: str, introduction: str) -> None:
    problem = parse(f"{docstring}\nX: (n, m)\nJ = sum(X)\n")
    assert (problem.title, problem.introduction) == (title, introduction)


def test_names_may_be_in_any_alphabet() -> None:
    problem = parse("Θ: (n, m)\nλ: ()\nJ = λ * sum(Θ * Θ)\ndΘ = 2 * λ * Θ\n")
    assert list(problem.symbols) == ["Θ", "λ"] and problem.claims[0].wrt == "Θ"


def test_a_file_is_loaded_and_named_in_errors(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_bytes("\N{ZERO WIDTH NO-BREAK SPACE}X: (n, m)\r\nJ = sum(X)\r\n".encode())
    assert sb.load(path).file == str(path) and sb.load(str(path)).objective == "J"
    path.write_bytes(b"X: (n, m)\nJ = sum(X) # \xff\n")
    with pytest.raises(sb.SymbackError) as caught:
        sb.load(path)
    assert (caught.value.file, caught.value.line) == (str(path), 2)


@pytest.mark.parametrize("path", ["nowhere.py", "/", "\0", "/dev/zero"])
def test_what_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(sb.SymbackError):
        sb.load(path)


# --- shapes --------------------------------------------------------------------------------------------


def test_a_declaration_gives_a_shape() -> None:
    problem = parse("A: (n, m)\nx: (n,)\ns: ()\nF: (3, n)\nJ = sum(A)\n")
    shapes = {name: (symbol.shape, symbol.ndim) for name, symbol in problem.symbols.items()}
    assert shapes == {
        "A": ((dim("n"), dim("m")), 2), "x": ((ONE, dim("n")), 1), "s": ((ONE, ONE), 0), "F": ((Dim(3), dim("n")), 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "u * X", "X * u", "X + u", "s * X", "u - s", "X / u", "u ** 2", "exp(u) * X", "x * u", "s / u", "maximum(X, u)",
        "np.dot(s, X)", "trace(u) * X", "(x @ x) * X", "(u.T + s) * X",
    ],
)  # fmt: skip
def test_a_number_conforms_however_it_is_declared(text: str) -> None:
    parse(f"{HEADER}J = {text}\n")


@pytest.mark.parametrize("text", ["s @ X", "X @ s", "u @ X", "np.dot(u, X)", "s @ s", "np.matmul(s, u)"])
def test_only_the_matrix_product_needs_two_dimensions(text: str) -> None:
    with pytest.raises(sb.SymbackError):
        parse(f"{HEADER}J = {text}\n")


def test_a_dimension_is_a_number_in_expressions() -> None:
    assert node("J = sum(X) / (n * m)") == "mean(X)"
    assert node("J = X / X.shape[-1]") == "X / m"
    assert node("J = X / x.shape[0] / X.shape[1] + 1 / X.size") == "X / (n * m) + 1 / (m * n)"


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("0.5", Fraction(1, 2)), ("0.1", Fraction(1, 10)), ("1e-3", Fraction(1, 1000)), (".25", Fraction(1, 4)),
        ("1.", Fraction(1)), ("1_000", Fraction(1000)), ("0x10", Fraction(16)), ("3 / 7", Fraction(3, 7)),
        ("1 - 1 / 3", Fraction(2, 3)), ("2 ** 10", Fraction(1024)), ("2 ** -1", Fraction(1, 2)), ("-7", Fraction(-7)),
        ("0.1 + 0.2", Fraction(3, 10)), ("1e300", Fraction(10) ** 300), ("1e-300", Fraction(1, 10**300)),
        ("0.0", Fraction(0)), ("0e5", Fraction(0)), ("1_0.5", Fraction(21, 2)), ("+3", Fraction(3)),
    ],
)  # fmt: skip
def test_numbers_are_exact(text: str, exact: Fraction) -> None:
    assert value_of(parse(f"J = {text}\n").definitions[0].node) == exact


def test_products_bind_from_the_left_as_in_python() -> None:
    text = "gp: (n, n)\nW: (n, n)\nD: (n, n)\nJ = gp * W.T @ D\nK = gp * (W.T @ D)\nobjective(K)\n"
    first, second = (definition.node for definition in parse(text).definitions)
    assert (first.op, second.op) == ("matmul", "mul")


# --- facts ---------------------------------------------------------------------------------------------


def test_facts_are_kept_by_name() -> None:
    text = "assume(symmetric(S), positive(X), onehot(X), onehot(W, axis=1), columns_sum_to_one(X))\n"
    facts = parse(HEADER + text + "assume(columns_sum_to_one(W, axis=1), rows_sum_to_one(S))\nJ = sum(X)\n").facts
    assert facts.arrays == {
        ("symmetric", "S"), ("positive", "X"), ("onehot:0", "X"), ("onehot:1", "W"), ("sums_to_one:0", "X"),
        ("sums_to_one:1", "W"), ("sums_to_one:1", "S"),
    }  # fmt: skip


def test_a_fact_may_be_about_a_definition_and_stand_before_it() -> None:
    facts = parse(HEADER + "assume(invertible(Z))\nZ = X @ X.T\nJ = logdet(Z)\n").facts
    assert facts.has("invertible", "Z")


@pytest.mark.parametrize("fact", ["k == 1", "1 == k", "k == 1, k == 1", "n > 2, k == 1", "p == k, p == 1"])
@pytest.mark.parametrize("first", [True, False])
def test_a_size_that_is_assumed_holds_everywhere(fact: str, first: bool) -> None:
    body = ["X: (n, m)", "W: (k, n)", "J = sum(W @ X) / k"]
    problem = parse("\n".join([f"assume({fact})", *body] if first else [*body, f"assume({fact})"]))
    assert problem.symbols["W"].shape == (ONE, dim("n"))
    assert ("k", 1) in problem.facts.fixed
    assert write(problem.definitions[0].node) == "sum(W @ X, axis=1)"


def test_a_size_known_from_an_assumption_alone_is_a_number() -> None:
    assert write(parse("assume(k == 3)\nX: (n, m)\nJ = X / k\n").definitions[0].node) == "X / 3"


def test_two_names_of_one_size_are_that_size() -> None:
    problem = parse("assume(n == p)\nA: (n, p)\nB: (p, n)\nassume(symmetric(A))\nJ = trace(A @ B) / p\n")
    assert problem.symbols["A"].shape == problem.symbols["B"].shape == (dim("n"), dim("n"))
    assert write(problem.definitions[0].node) == "trace(A @ B) / n"
    assert write(read_in(problem, "A / p").node) == "A / n"


def test_relations_between_sizes_are_kept() -> None:
    facts = parse("A: (n, p)\nassume(n > p, p >= 2)\nJ = norm(A)\n").facts
    assert facts.sizes == ((dim("n"), ">", dim("p")), (dim("p"), ">=", Dim(2)))
    assert facts.at_least(dim("n"), dim("p")) and not facts.at_least(dim("p"), dim("n"))
    assert parse("A: (n, p)\nassume(p < n)\nJ = norm(A)\n").facts.sizes == facts.sizes[:1]
    assert parse("A: (n, p)\nassume(n > p >= 2)\nJ = norm(A)\n").facts.sizes == facts.sizes


# --- objective, claims, helpers ------------------------------------------------------------------------


def test_the_objective_is_the_last_definition_before_the_first_claim() -> None:
    problem = parse(HEADER + "Z = W @ X\nJ = sum(Z)\ndZ = ones(k, m)\nh = dZ @ X.T\ndW = h\n")
    assert problem.objective == "J" and [d.name for d in problem.definitions] == ["Z", "J"]
    assert [(c.name, c.wrt, c.text, c.line) for c in problem.claims] == [
        ("dZ", "Z", "ones(k, m)", 9), ("h", None, "dZ @ X.T", 10), ("dW", "W", "h", 11),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(4))
def test_objective_may_be_named_anywhere(place: int) -> None:
    lines = ["Z = W @ X", "J = sum(Z)", "h = 2 * Z", "dW = ones(k, m) @ X.T"]
    lines.insert(place, "objective(J)")
    problem = parse(HEADER + "\n".join(lines) + "\n")
    assert problem.objective == "J"
    assert [d.name for d in problem.definitions] == ["Z", "J"]
    assert [c.name for c in problem.claims] == ["h", "dW"]


def test_before_the_named_objective_a_d_is_a_letter_like_another() -> None:
    problem = parse(HEADER + "Z = W @ X\ndZ = Z - mean(Z, axis=1)\nJ = sum(dZ ** 2)\nobjective(J)\ndW = X.T\n")
    assert [d.name for d in problem.definitions] == ["Z", "dZ", "J"] and problem.claims[0].wrt == "W"


def test_a_first_line_that_begins_with_d_is_a_definition() -> None:
    problem = parse(HEADER + "dX = X * 2\nJ = sum(dX)\n")
    assert [d.name for d in problem.definitions] == ["dX", "J"] and not problem.claims


def test_the_gradient_of_an_unknown_array_is_a_helper() -> None:
    assert parse(HEADER + "J = sum(X)\ndX = ones(n, m)\ndQ = dX\n").claims[1].wrt is None


def test_claims_are_not_judged_by_the_reader() -> None:
    claims = parse(HEADER + "J = sum(X)\ndX = X @ X\ndW = nonsense(1)\ndS = 'text'\ndx = f(lambda: 0)\n").claims
    assert [c.text for c in claims] == ["X @ X", "nonsense(1)", "'text'", "f(lambda: 0)"]


def test_a_claim_over_several_lines_is_one_line_without_its_remarks() -> None:
    claim = parse(HEADER + "J = sum(X)\ndX = (ones(n, m)  # everything\n      + 0 * \\\n      X)\n").claims[0]
    assert (claim.text, claim.line, claim.column) == ("ones(n, m) + 0 * X", 8, 7)


# --- NumPy's booleans ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "J = sum(M + M)", "J = sum(-M)", "J = sum(M @ M.T)", "J = sum(exp(M))", "J = sum(M.T - M.T)",
        "N = M * (X > 1)\nJ = sum(N + M)", "J = sum(np.where(M, M, M) + M)",
    ],
)  # fmt: skip
def test_a_comparison_with_a_name_is_still_a_comparison(text: str) -> None:
    with pytest.raises(sb.SymbackError, match=r"step\(\.\.\.\)"):
        parse(HEADER + "M = X > 0\n" + text + "\n")


def test_a_comparison_is_zeros_and_ones() -> None:
    assert node("J = X * (X > 0)") == "X * step(X)"
    assert node("J = 1 - (X >= 0)") == "1 - (1 - step(-X))"
    assert parse(HEADER + "M = X > 0\nJ = sum(M * X + M)\n").definitions[0].boolean


# --- parts of a problem --------------------------------------------------------------------------------


def test_an_expression_about_a_problem_is_read_in_it() -> None:
    problem = parse(HEADER + "Z = W @ X\nJ = sum(Z)\n")
    value = read_in(problem, " Z @ X.T ")
    assert (value.ndim, write(value.node)) == (2, "Z @ X.T")
    for text in ("Z = 3", "Q", "Z; Z", "", "Z @ W"):
        with pytest.raises(sb.SymbackError):
            read_in(problem, text)


def test_a_column_counts_characters() -> None:
    source = Source("ä = ß * Ω")
    assert source.error_at("here", 1, 5).text == "ä = ß * Ω"
