"""One example: numbers have no order, stacking them brings the transpose, and the scalar order is the row."""

from __future__ import annotations

from symback.writeup.blocks import Block, Code, Display, Heading, Prose, Span, Spans, Strong, say
from symback.writeup.layout import EQUALS, Big, Fence, Layout, Matrix, Num, Op, Sym, row
from symback.writeup.steps import partial
from symback.writeup.typeset import ODOT, transposed
from symback.writeup.why.letters import (
    DELTA,
    PLUS,
    A,
    D,
    J,
    K,
    Letters,
    M,
    Q,
    S,
    Z,
    added,
    at,
    column,
    derivative,
    product,
    slashed,
)  # fmt: skip


def opening(x: Letters) -> tuple[Block, ...]:
    """The question, the short answer, and the letters."""
    v = Sym("V")
    reversal = row(transposed(Fence(product(Sym("u"), v))), EQUALS, product(transposed(v), transposed(Sym("u"))))
    if x.left:
        title = say("Why {}, and not in the other order?", Code(x.line))
        short = say(
            "The order of the scalar chain rule is right for single numbers, and it stays right where the gradient is "
            f"laid out as a row. Here the gradient is stored as a column{', one for each example' * x.layered}. "
            "Turning a row into a column transposes the product, and a transposed product is reversed: {}. Nothing "
            "else happens.",
            reversal,
        )
    else:
        rows, columns = ("Examples are", "examples are") if x.layered else ("There are", "there are")
        title = say("Why {}, in the order of the scalar chain rule?", Code(x.line))
        short = say(
            f"{rows} rows here, so a gradient is stored as a row, and a row keeps the order of the scalar chain rule. "
            f"Where {columns} columns, the same product is transposed, and a transposed product is reversed: {{}}. "
            "That is all the difference between the two orders.",
            reversal,
        )
    return (
        Heading(1, title, "why"),
        Prose((Strong("In short. "), *short)),
        Prose((Strong("Letters. "), *_letters(x))),
    )


def _letters(x: Letters) -> Spans:
    score = row(at(S, K), EQUALS, Big("∑", J), product(x.w(K, J), at(A, J)), PLUS, Op("⋯", "ordinary"))
    found: list[Span] = [*say(f"Take one {x.one}: {{}} is a {{}} of {{}}", A, x.vector, Code(x.crossing.array))]
    if x.g is not None:
        function = row(at(A, J), EQUALS, x.of_g(at(Z, J)))
        found += say(", {} the same {} of {}, so that {}", Z, x.vector, Code(x.crossing.target), function)
    meaning = say(", and {} stands for {}", x.letter, Code(x.weight)) if x.letter != Sym(x.weight) else ()
    found += say("; {} is that {} of the product in {}", S, x.vector, Code(x.crossing.user))
    found += (*meaning, *say(", so that {}. ", score))
    found += say(
        "The objective {} depends on the {}; write {}, which is a {} of {}.",
        x.objective, at(S, K), row(at(DELTA, K), EQUALS, partial(x.objective, at(S, K))), x.vector,
        Code(str(x.crossing.upstream)),
    )  # fmt: skip
    return tuple(found)


def scalars(x: Letters) -> tuple[Block, ...]:
    """Numbers: no order yet; which index is summed."""
    by_a = partial(x.objective, at(A, J))
    chain = row(
        by_a, EQUALS, Big("∑", K), product(partial(x.objective, at(S, K)), derivative(at(S, K), at(A, J))), EQUALS,
        Big("∑", K), product(at(DELTA, K), x.w(K, J)),
    )  # fmt: skip
    out: list[Block] = [Heading(2, ("1. Numbers have no order",)), Display(chain)]
    if x.g is not None:
        out.append(Display(row(partial(x.objective, at(Z, J)), EQUALS, product(by_a, x.slope(at(Z, J))))))
    commute = row(product(at(DELTA, K), x.w(K, J)), EQUALS, product(x.w(K, J), at(DELTA, K)))
    text = say(
        "There is a sum because {} feeds every {}. Numbers commute, {}, so nothing can stand in the wrong order. "
        "What is fixed is the index that is summed: {}, the {} index of {}.",
        at(A, J), at(S, K), commute, K, "first" if x.first else "second", Code(x.weight),
    )  # fmt: skip
    return (*out, Prose(text))


def stacking(x: Letters) -> tuple[Block, ...]:
    """The same numbers stacked: the transpose appears by itself."""
    units, outputs = (Num("1"), Num("2")), x.outputs()
    terms = [[(x.w(k, j), at(DELTA, k)) if x.left else (at(DELTA, k), x.w(k, j)) for k in outputs] for j in units]
    sums = [added([product(*pair) for pair in line]) for line in terms]
    entries: list[Layout] = [slashed(x.objective, at(A, j)) for j in units]
    deltas = [at(DELTA, k) for k in outputs]
    if x.left:
        table: Layout = Matrix(tuple(tuple(x.w(k, j) for k in outputs) for j in units))
        stacked, added_up, last = column(entries), column(sums), (table, column(deltas))
    else:
        table = Matrix(tuple(tuple(x.w(k, j) for j in units) for k in outputs))
        stacked, added_up, last = Matrix((tuple(entries),)), Matrix((tuple(sums),)), (Matrix((tuple(deltas),)), table)
    formula = row(stacked, EQUALS, added_up, EQUALS, *last, EQUALS, x.beside(DELTA, x.passing))
    return (
        Heading(2, (f"2. Stacked into a {x.vector}, the {'order' if x.turned_weight else 'transpose'} appears",)),
        Display(formula),
        Prose(_stacking_text(x)),
    )


def _stacking_text(x: Letters) -> Spans:
    sums = (
        "A matrix times a column sums along the rows of the matrix"
        if x.left
        else "A row times a matrix sums down the columns of the matrix"
    )
    ours = "down the columns" if x.first else "along the rows"
    turn = (
        "So the matrix is {} as it is stored, for the forward pass used its transpose"
        if x.turned_weight
        else "So the matrix has to be {} with rows and columns exchanged"
    )
    forward, backward = ("row", "column") if x.first else ("column", "row")
    return say(
        f"{sums}; our sum runs {ours} of {{}}. {turn}, and {{}} has to stand on its {'right' if x.left else 'left'}, "
        "where the summed index {} is the inner one.",
        x.letter, x.letter, DELTA, K,
    ) + (say(
        f" Forward, {forward} {{}} of {{}} says what output {{}} hears; backward, {backward} {{}} says whom unit {{}} "
        "spoke to.",
        K, x.letter, K, J, J,
    ) if x.layered else ())  # fmt: skip


def only_one(x: Letters) -> tuple[Block, ...]:
    """Step 1 leaves no choice."""
    source = "row" if x.first else "column"
    wrong = product(Q, M) if x.left else product(M, Q)
    always = row(wrong, EQUALS, x.beside(Q, x.passing))
    text = say(
        "Suppose {} gives the sums of step 1 for every {}. Take {} with a 1 in place {} and 0 elsewhere: {} {} of {} "
        "must be {} {} of {}. So {}; step 1 leaves no choice. A matrix on the {} cannot do it: {} for every square {} "
        "forces both matrices to be the same multiple of the identity.",
        x.beside(DELTA, M), DELTA, DELTA, K, x.vector, K, M, source, K, x.letter, row(M, EQUALS, x.passing),
        "right" if x.left else "left", always, Q,
    )  # fmt: skip
    return Heading(2, ("3. It is the only matrix that does it",)), Prose(text)


def row_order(x: Letters) -> tuple[Block, ...]:
    """The scalar order is the row; its transpose reverses."""
    links = [derivative(x.objective, S), derivative(S, A), *([derivative(A, Z)] if x.g is not None else [])]
    by = derivative(x.objective, Z if x.g is not None else A)
    tail = (D,) if x.g is not None else ()
    stored: Layout = x.beside(DELTA, x.passing)
    if x.g is not None:
        stored = row(Fence(stored), ODOT, x.slope(Z))
    start = (transposed(DELTA), x.factor) if x.left else (DELTA, x.passing)
    line = product(*start, *tail)
    back = (x.passing, DELTA) if x.left else (x.factor, transposed(DELTA))
    flipped = row(transposed(Fence(line)), EQUALS, product(*(transposed(t) for t in tail), *back))
    chain = row(by, EQUALS, product(*links), EQUALS, line)
    if x.left:
        flipped = row(flipped, EQUALS, stored) if x.g is not None else flipped
        title, text = "4. The scalar order is the row", say(
            "The first line is the scalar order, without a transpose: a row (numerator layout). The second has the "
            "same numbers as a column, and is reversed."
        )  # fmt: skip
    else:
        chain = row(chain, EQUALS, stored) if x.g is not None else chain
        title, text = "4. The scalar order is the row, and rows are stored", say(
            "The first line is the scalar order, link by link, and a row (numerator layout), as the code stores it. "
            "{} is {}, because {}. The second line has the same numbers as a column, for those who store columns: "
            "reversed, because transposed.",
            derivative(S, A), x.passing, row(S, EQUALS, product(A, x.factor)),
        )  # fmt: skip
    return Heading(2, (title,)), Display(chain), Display(flipped), Prose((*text, *_diagonal(x)))


def _diagonal(x: Letters) -> Spans:
    """What D is, and why the weight is the first place where the transpose can be seen."""
    if x.g is None:
        return ()
    p = Sym("p")
    found = say(
        " Here {}. For a function that acts entry by entry, {} is diagonal, so it multiplies entry by entry; that is "
        "written {}, and {} in NumPy.",
        row(at(D, p, J), EQUALS, derivative(at(A, p), at(Z, J))), D, Op("⊙", "ordinary"), Code("*"),
    )  # fmt: skip
    hidden = (
        " A text that stops at this link never meets the question: its transpose cannot be seen, for a diagonal matrix "
        "is symmetric (and so is the Jacobian of softmax). The weight is the first place where it shows."
    )
    return (*found, hidden) if x.left else found
