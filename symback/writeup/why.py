"""Why not the other order? The answer for the network at hand, with its names, its convention and its numbers."""

from __future__ import annotations

from symback.algebra.dims import ONE
from symback.algebra.nodes import symbol, transpose
from symback.language.write import write
from symback.writeup.blocks import Block, Callout, Code, Display, Heading, Prose, Span, Spans, Strong, Table, say
from symback.writeup.crossing import Crossing, after_product
from symback.writeup.judge import MOVE, Trial, try_numbers
from symback.writeup.layout import (
    EQUALS,
    Big,
    Fence,
    Frac,
    Func,
    Layout,
    Matrix,
    Num,
    Op,
    Space,
    Sub,
    Sup,
    Sym,
    row,
)  # fmt: skip
from symback.writeup.numbers import Runner, as_list, shown
from symback.writeup.steps import inner_product, partial
from symback.writeup.typeset import ODOT, Typesetter, function_name, transposed

A, Z, S, W, D, M, DELTA = (Sym(letter) for letter in ("a", "z", "s", "W", "D", "M", "δ"))
ONE_, TWO = Num("1"), Num("2")
MINUS_ONE = row(Op("−", "prefix"), Num("1"))
PLUS = Op("+")


def at(base: Layout, *below: Layout) -> Layout:
    """An entry: the base with its indices."""
    return Sub(base, row(*below))


def derivative(of: Layout, by: Layout) -> Layout:
    """∂s/∂a."""
    return Frac(row(Op("∂", "ordinary"), of), row(Op("∂", "ordinary"), by))


class Explanation:
    """The sections of the answer for one crossing; each method is one of them, in the order of reading."""

    def __init__(self, crossing: Crossing, runner: Runner, typeset: Typesetter) -> None:
        self.c, self.runner, self.typeset = crossing, runner, typeset
        self.problem = runner.problem
        self.J = typeset(symbol(runner.objective, (ONE, ONE)))
        self.weight_name = str(crossing.weight.data)
        self.g = function_name(crossing.activation.function) if crossing.activation else None
        self.turned = transpose(crossing.factor)
        self.batch = crossing.step.node is not None and crossing.step.node.shape[1 if crossing.left else 0] != ONE
        self.upstream = write(crossing.upstream)

    # --- words and letters ------------------------------------------------------------------------------

    def array(self, name: str) -> Layout:
        """The layout of an array."""
        return self.typeset(self.problem.leaf(name))

    def w(self, k: Layout, j: Layout) -> Layout:
        """The entry of the weight that joins unit j to output k."""
        return at(W, k, j) if self.c.sum_is_first else at(W, j, k)

    @property
    def passing(self) -> Layout:
        """The matrix beside the column of the vector (or the row) in the gradient: W or its transpose."""
        return W if self.c.turned else transposed(W)

    @property
    def factor(self) -> Layout:
        """The factor of the forward pass in plain letters."""
        return transposed(W) if self.c.turned else W

    def prime(self, of: Layout) -> Layout:
        """g'(z)."""
        assert self.g is not None
        name = self.g if isinstance(self.g, Sym) else self.g
        return row(name, Op("′", "ordinary"), Fence(of))

    @property
    def line(self) -> str:
        """The line of code in question."""
        left, right = (self.side(n) for n in after_product(self.c))
        slope = f" * g'({self.c.target})" if self.c.activation else ""
        return f"{self.runner.gradients[self.c.target].symbol.data} = {left} @ {right}{slope}"

    def side(self, node: object) -> str:
        """A factor as NumPy text, in brackets where it is more than a name."""
        text = write(node)  # type: ignore[arg-type]  # a Node; the tuple's type is wider for mypy only
        return text if text.removesuffix(".T").isidentifier() else f"({text})"

    # --- the sections -----------------------------------------------------------------------------------

    def blocks(self) -> tuple[Block, ...]:
        """The whole answer."""
        return (
            *self.opening(), *self.scalars(), *self.stacking(), *self.only_one(), *self.row_order(),
            *self.whole_batch(), *self.judge(), *self.adjoint(),
        )  # fmt: skip

    def opening(self) -> tuple[Block, ...]:
        """The question, the short answer, and the letters."""
        u, v = Sym("u"), Sym("V")
        reversal = row(transposed(Fence(row(u, v))), EQUALS, transposed(v), transposed(u))
        if self.c.left:
            title = say("Why {}, and not in the other order?", Code(self.line))
            short: Spans = (
                Strong("In short. "),
                *say(
                    "The order of the scalar chain rule is right for single numbers, and stays right where the gradient is laid "
                    "out as a row. Here it is stored as a column, one for each example. Turning a row into a column transposes the product, "
                    "and a transposed product is reversed: {}. Nothing else happens.",
                    reversal,
                ),
            )
        else:
            title = say("Why {}, and is this the order of the scalar chain rule?", Code(self.line))
            short = (
                Strong("In short. "),
                *say(
                    "Yes: here examples are rows, so a gradient is stored as a row, and a row keeps the order of the scalar chain "
                    "rule. In texts where examples are columns the same product is written transposed, and a transposed product is reversed: {}. "
                    "That is the only difference between the two orders.",
                    reversal,
                ),
            )
        vector = "column" if self.c.left else "row"
        k, j = Sym("k"), Sym("j")
        score = row(at(S, k), EQUALS, Big("∑", j), self.w(k, j), Space(), at(A, j), PLUS, Op("⋯", "ordinary"))
        letters: list[Span] = [Strong("Letters. ")]
        letters += say("Take one example. {} is a {} of {}", A, vector, Code(self.c.array))
        if self.c.activation:
            letters += say(
                ", {} the same {} of {}, so that {}",
                Z,
                vector,
                Code(self.c.target),
                row(at(A, j), EQUALS, self.apply(at(Z, j))),
            )
        letters += say(
            ", {} is the {} of the product in {}, and {} stands for {}: {}. ",
            S,
            vector,
            Code(self.c.user),
            W,
            Code(self.weight_name),
            score,
        )
        letters += say(
            "The objective {} depends on the {}; write {} for its derivative by them: a {} of {}.",
            self.J, at(S, k), row(at(DELTA, k), EQUALS, partial(self.J, at(S, k))), vector, Code(self.upstream),
        )  # fmt: skip
        return Heading(1, title, "why"), Prose(short), Prose(tuple(letters))

    def apply(self, x: Layout) -> Layout:
        """g(z)."""
        assert self.g is not None
        return row(self.g, Fence(x))

    def scalars(self) -> tuple[Block, ...]:
        """Numbers: no order yet; which index is summed."""
        k, j = Sym("k"), Sym("j")
        by_a = partial(self.J, at(A, j))
        chain = row(
            by_a, EQUALS, Big("∑", k), partial(self.J, at(S, k)), Space(), derivative(at(S, k), at(A, j)), EQUALS,
            Big("∑", k), at(DELTA, k), Space(), self.w(k, j),
        )  # fmt: skip
        out: list[Block] = [Heading(2, ("1. Numbers have no order",)), Display(chain)]
        if self.c.activation:
            out.append(Display(row(partial(self.J, at(Z, j)), EQUALS, by_a, Space(), self.prime(at(Z, j)))))
        place = "first" if self.c.sum_is_first else "second"
        out.append(Prose(say(
            "There is a sum because {} feeds every {}. Numbers commute, {}, so nothing can stand in the wrong order. "
            "What is fixed is the index that is summed: {}, the {} index of {}.",
            at(A, j), at(S, k), row(at(DELTA, k), Space(), self.w(k, j), EQUALS, self.w(k, j), Space(), at(DELTA, k)), k,
            place, Code(self.weight_name),
        )))  # fmt: skip
        return tuple(out)

    def stacking(self) -> tuple[Block, ...]:
        """The same numbers stacked: the transpose appears by itself."""
        units, outputs = (ONE_, TWO), self.outputs()
        sums = [
            row(*(p for i, k in enumerate(outputs) for p in ((PLUS,) if i else ()) + (
                (self.w(k, j), Space(), at(DELTA, k)) if self.c.left else (at(DELTA, k), Space(), self.w(k, j))
            ))) for j in units
        ]  # fmt: skip
        entries = [partial(self.J, at(A, j)) for j in units]
        deltas = [at(DELTA, k) for k in outputs]
        if self.c.left:
            table = Matrix(tuple(tuple(self.w(k, j) for k in outputs) for j in units))
            formula = row(
                _column(entries),
                EQUALS,
                _column(sums),
                EQUALS,
                table,
                _column(deltas),
                EQUALS,
                self.passing,
                Space(),
                DELTA,
            )
            rule = "A matrix times a column sums along the rows of the matrix"
            stands, inner = "right", "inner"
        else:
            table = Matrix(tuple(tuple(self.w(k, j) for j in units) for k in outputs))
            formula = row(
                Matrix((tuple(entries),)), EQUALS, Matrix((tuple(sums),)), EQUALS, Matrix((tuple(deltas),)), table, EQUALS, DELTA,
                Space(), self.passing,
            )  # fmt: skip
            rule = "A row times a matrix sums down the columns of the matrix"
            stands, inner = "left", "inner"
        along = "down the columns" if self.c.sum_is_first else "along the rows"
        fits = self.c.turned
        turn = (
            "so the matrix is {0} as it is stored (the forward pass uses its transpose)"
            if fits else "so the matrix has to be {0} with rows and columns exchanged"
        ).replace("{0}", "{}")  # fmt: skip
        word = "column" if self.c.left else "row"
        text = say(
            f"{rule}; our sum runs {along} of {{}}, {turn}, and {{}} has to stand on its {stands}, where the summed index {{}} is the {inner} one. "
            "Forward, {} collects what output {} hears; backward, the same numbers say whom unit {} spoke to.",
            W, W, DELTA, Sym("k"), self.factor, Sym("k"), Sym("j"),
        )  # fmt: skip
        heading = "2. Stacked into a " + word + (", the transpose appears" if not fits else ", the order appears")
        return Heading(2, (heading,)), Display(formula), Prose(text)

    def outputs(self) -> tuple[Layout, ...]:
        """The indices k to write out: one where there is one output, else two."""
        assert self.c.step.node is not None
        size = self.c.step.node.shape[0 if self.c.left else 1]
        return (ONE_,) if size == ONE else (ONE_, TWO)

    def only_one(self) -> tuple[Block, ...]:
        """Step 1 leaves no choice."""
        k = Sym("k")
        if self.c.left:
            product, line, source = row(M, Space(), DELTA), "column", "row" if self.c.sum_is_first else "column"
            other = row(Sym("X"), Space(), M)
        else:
            product, line, source = row(DELTA, Space(), M), "row", "row" if self.c.sum_is_first else "column"
            other = row(M, Space(), Sym("X"))
        always = row(
            other, EQUALS, *((self.passing, Space(), Sym("X")) if self.c.left else (Sym("X"), Space(), self.passing))
        )
        side = "right" if self.c.left else "left"
        return (
            Heading(2, ("3. It is the only matrix that does it",)),
            Prose(say(
                "Suppose {} gives the sums of step 1 for every {}. Take {} with a 1 in place {} and 0 elsewhere: {} {} of {} must be {} {} of {}. "
                "So {}, and step 1 leaves no choice. A matrix on the other side cannot do it: {} for every square {} forces both to be the same multiple "
                "of the identity, so a factor on the {} is no way to write the same numbers.",
                product, DELTA, DELTA, k, line, k, M, source, k, W, row(M, EQUALS, self.passing), always, Sym("X"), side,
            )),
        )  # fmt: skip

    def row_order(self) -> tuple[Block, ...]:
        """The scalar order is the row; its transpose reverses."""
        links = [derivative(self.J, S), derivative(S, A)] + ([derivative(A, Z)] if self.g else [])
        end = Z if self.g else A
        by = derivative(self.J, end)
        slope = (ODOT, self.prime(Z)) if self.g else ()
        diagonal = (
            say(
                " Here {} holds the slopes: it is diagonal for a function that acts entry by entry, so it multiplies entry by entry, "
                "which is written {} ({} in NumPy).",
                row(at(D, Sym("p"), Sym("j")), EQUALS, derivative(at(A, Sym("p")), at(Z, Sym("j")))), Op("⊙", "ordinary"), Code("*"),
            ) if self.g else ()
        )  # fmt: skip
        tail = (D,) if self.g else ()
        if self.c.left:
            chain = row(by, EQUALS, *_spaced(links), EQUALS, *_spaced([transposed(DELTA), self.factor, *tail]))
            flipped = row(
                transposed(Fence(row(*_spaced([transposed(DELTA), self.factor, *tail])))), EQUALS,
                *_spaced([*(transposed(t) for t in tail), self.passing, DELTA]), EQUALS,
                Fence(row(self.passing, Space(), DELTA)) if self.g else row(self.passing, Space(), DELTA), *slope,
            )  # fmt: skip
            text = say(
                "The first line is the scalar order, with no transpose: a row (numerator layout). The second holds the same numbers as a column, "
                "and is reversed.{}",
                "",
            )
            hidden = (
                " A page about one layer can hide this: the Jacobian of an elementwise function is symmetric, and so is that of softmax, so their "
                "transposes cannot be seen. The weight is the first place where it shows."
            )
            return (
                Heading(2, ("4. The scalar order is the row",)), Display(chain), Display(flipped),
                Prose((*text, *diagonal, hidden)),
            )  # fmt: skip
        chain = row(by, EQUALS, *_spaced(links), EQUALS, *_spaced([DELTA, self.passing, *tail]), EQUALS,
                    Fence(row(DELTA, Space(), self.passing)) if self.g else row(DELTA, Space(), self.passing), *slope)  # fmt: skip
        flipped = row(
            transposed(Fence(row(*_spaced([DELTA, self.passing, *tail])))), EQUALS,
            *_spaced([*(transposed(t) for t in tail), self.factor, transposed(DELTA)]),
        )  # fmt: skip
        text = say(
            "The first line is the scalar order, link by link, and it is what the code stores: rows (numerator layout). The Jacobian {} is {}, "
            "for the product was {}. The second line is the same as a column, for those who keep examples as columns: reversed, because transposed.",
            derivative(S, A), self.passing, row(S, EQUALS, A, Space(), self.factor),
        )  # fmt: skip
        return (
            Heading(2, ("4. The scalar order is the row, and rows are what is stored",)),
            Display(chain),
            Display(flipped),
            Prose((*text, *diagonal)),
        )

    def whole_batch(self) -> tuple[Block, ...]:
        """Every example at once; what the other order would add up."""
        heading = Heading(2, ("5. The whole batch",))
        if not self.batch:
            return heading, Prose(say("There is one example here, so the formula for one is the formula for all."))
        word = "column" if self.c.left else "row"
        i, j, k, q = (Sym(x) for x in "ijkl")
        left, right = (self.side(n) for n in after_product(self.c))
        big, passing = self.typeset(self.c.upstream), self.typeset(self.turned)
        if self.c.left:
            wrong = row(_entry(row(_bracketed(self.c.upstream, big), Space(), passing), k, q), EQUALS, Big("∑", i),
                        _entry(big, k, i), Space(), _entry(passing, i, q))  # fmt: skip
            meaning = say(
                "adds over examples {}, and pairs example {} with hidden unit {}: it has no meaning, even where it fits.",
                i,
                i,
                i,
            )
        else:
            wrong = row(_entry(row(passing, Space(), _bracketed(self.c.upstream, big)), k, q), EQUALS, Big("∑", i),
                        _entry(passing, k, i), Space(), _entry(big, i, q))  # fmt: skip
            meaning = say("pairs hidden unit {} with example {}: it has no meaning, even where it fits.", i, i)
        slopes = (
            say(" The slopes differ from example to example, so no single {} serves the batch; {} does.", D, Code("*"))
            if self.g
            else ()
        )
        mirrored = self.mirrored()
        return (
            heading,
            Prose((*say(
                "{} {} of {} touches only {} {} of the product, so step 2 holds in every {} with the same matrix: that is {}.",
                word.capitalize(), i, Code(self.c.array), word, i, word, Code(f"{left} @ {right}"),
            ), *slopes)),
            Prose(say("The other order,")), Display(wrong), Prose(meaning), Prose(mirrored),
        )  # fmt: skip

    def mirrored(self) -> Spans:
        """The same formula in the other convention."""
        left, right = (self.side(n) for n in after_product(self.c))
        slope = f" * g'({self.c.target})" if self.c.activation else ""
        name = self.runner.gradients[self.c.target].symbol.data
        turned = left if self.c.left else right
        if self.c.left:
            return say(
                "(Examples as rows, and {} stored as inputs by outputs? Transpose everything: {}.)",
                Code(self.weight_name), Code(f"{name} = {right} @ {turned}{slope}"),
            )  # fmt: skip
        return say(
            "(Examples as columns, and {} stored as outputs by inputs? Transpose everything: {}.)",
            Code(self.weight_name), Code(f"{name} = {turned} @ {left}{slope}"),
        )  # fmt: skip

    def judge(self) -> tuple[Block, ...]:
        """Small integers, every order that fits, and the objective itself as the judge; what shapes can tell."""
        heading = Heading(2, ("6. Both orders fit, one is right",))
        trial = try_numbers(self.c, self.runner)
        if trial is None:
            return Heading(2, ("6. What shapes can tell",)), Prose(self.shapes(None))
        return heading, *self.numbers(trial), Prose(self.shapes(trial))

    def numbers(self, trial: Trial) -> tuple[Block, ...]:
        """The table of candidates, and what the objective says."""
        given = Table(
            (("array",), ("value",)), tuple(((Code(name),), (Code(as_list(value)),)) for name, value in trial.arrays)
        )
        places = 0 if all(_whole(c.value) for c in trial.candidates) else 3
        rows = tuple(
            (
                (Code(c.text),),
                (Code(as_list(c.value, places)) if c.value is not None else "does not multiply",),
                (self.verdict(c.what, i, trial),),
            )
            for i, c in enumerate(trial.candidates)
        )
        i, j = trial.entry
        start = float(dict(trial.arrays)[trial.target][i, j])
        right, other = trial.says(0), trial.says(1)
        assert right is not None and other is not None
        digits = 3 if abs(trial.slope - right) < 1e-9 else 5
        exact = shown(trial.slope) == shown(right)
        blur = "" if exact else f" (up to the curvature of {self.runner.objective} over so long a step)"
        rest = (
            f" Here rest is what reaches {self.c.array} along its other paths; it is the same in every line."
            if trial.rest else ""
        )  # fmt: skip
        ask = say(
            f"Ask {{}} itself: move the entry {shown(start)} of {{}} in row {i + 1}, column {j + 1} to {shown(start + MOVE)} and to {shown(start - MOVE)}, "
            f"and run the forward pass; {{}} becomes {shown(trial.up, digits)} and {shown(trial.down, digits)}. The slope is "
            f"{shown(trial.up - trial.down, digits)} / {shown(2 * MOVE)} = {shown(trial.slope)}. The first line of the table says {shown(right)}{blur}; the "
            f"other order says {shown(other)}.",
            self.J, Code(trial.target), self.J,
        )  # fmt: skip
        lead = (
            "With every size 2 that is free, all of these can be multiplied"
            if self.all_fit(trial)
            else "With every size 2 that is free, the other order can be multiplied too"
        )
        slope = f" (gp is g'({self.c.target}))" if self.c.activation else ""
        return (
            Prose(say(f"{lead}{slope}. Take")), given,
            Table((("formula",), ("value",), ("",)), rows), Prose((*ask, rest) if rest else ask),
        )  # fmt: skip

    def all_fit(self, trial: Trial) -> bool:
        """True where every candidate could be multiplied."""
        return all(c.value is not None for c in trial.candidates)

    def verdict(self, what: str, i: int, trial: Trial) -> str:
        """What is said beside a candidate."""
        if i == 0:
            return "right, in every entry"
        value, right = trial.candidates[i].value, trial.candidates[0].value
        if value is not None and value.shape != getattr(right, "shape", None):
            return f"{what}: fits only because NumPy repeats it"
        return what

    def shapes(self, trial: Trial | None) -> Spans:
        """What shapes find, and what they cannot prove."""
        left, right = (self.side(n) for n in after_product(self.c))
        above = (
            "above every candidate has the right shape"
            if trial is not None and self.all_fit(trial)
            else "with equal sizes other orders fit as well"
        )
        return (
            Strong("Shapes find it, they do not prove it. "),
            *say(
                f"With three different sizes {{}} is the only product of the two arrays that has the shape of {{}}, so shapes find it. They cannot prove it: {above}, "
                "and with any sizes a lost factor, a lost sign or a lost slope has the right shape too. The sum in step 1 is the proof.",
                Code(f"{left} @ {right}"), Code(self.c.array),
            ),
        )  # fmt: skip

    def adjoint(self) -> tuple[Block, ...]:
        """The same in one line; the transpose, not the inverse."""
        h, node = Sym("H"), self.c.step.node
        assert node is not None
        g, f, turned = self.typeset(self.c.upstream), self.typeset(self.c.factor), self.typeset(self.turned)
        g_open = _bracketed(self.c.upstream, g)
        change = row(f, Space(), h) if self.c.left else row(h, Space(), f)
        crossed = row(turned, Space(), g_open) if self.c.left else row(g_open, Space(), turned)
        inner = row(transposed(g_open), Space(), change)
        middle = row(transposed(Fence(crossed)), Space(), h)
        line = row(
            inner_product(g, change),
            EQUALS,
            Func("tr"),
            Fence(inner),
            EQUALS,
            Func("tr"),
            Fence(middle),
            EQUALS,
            inner_product(crossed, h),
        )
        own = self.typeset(self.runner.gradients[self.c.array].symbol)
        side = (
            "left factor leaves to the left, transposed; a right factor to the right"
            if self.c.left
            else "right factor leaves to the right, transposed; a left factor to the left"
        )
        inverse = Sup(self.typeset(self.c.weight), MINUS_ONE)
        power = self.turned if self.turned.op == "transpose" else self.turned
        definition = row(inner_product(Sym("P"), Sym("Q")), EQUALS, Big("∑", row(Sym("k"), Sym("i"))), at(Sym("P"), Sym("k"), Sym("i")),
                         Space(), at(Sym("Q"), Sym("k"), Sym("i")), EQUALS, Func("tr"), Fence(row(transposed(Sym("P")), Space(), Sym("Q"))))  # fmt: skip
        share = (
            " (its share of it, where there are several paths)"
            if len(self.runner.gradients[self.c.array].paths) > 1
            else ""
        )
        return (
            Heading(2, ("7. The same in one line: the adjoint",)),
            Prose(say("Let {} change by a small {}. To first order {} changes by the inner product of {} with the change of the product, where {}, and",
                      self.array(self.c.array), h, self.J, g, definition)),
            Display(line),
            Prose(say(
                f"What stands beside {{}} is the gradient by {{}}, {{}}{share}: a {side}. It is {{}}, and not the inverse {{}}: nothing is undone. Each weight carries "
                "the blame back along the wire on which it carried the signal.",
                h, self.array(self.c.array), own, self.typeset(power), inverse,
            )),
        )  # fmt: skip


def _column(entries: list[Layout]) -> Layout:
    return Matrix(tuple((e,) for e in entries))


def _spaced(pieces: list[Layout]) -> list[Layout]:
    return [p for i, piece in enumerate(pieces) for p in ((Space(), piece) if i else (piece,))]


def _entry(matrix: Layout, i: Layout, j: Layout) -> Layout:
    """One entry of a matrix: [A]_ij."""
    return Sub(Fence(matrix, "[", "]"), row(i, j))


def _bracketed(node: object, layout: Layout) -> Layout:
    return layout if getattr(node, "op", "") == "symbol" else Fence(layout)


def _whole(value: object) -> bool:
    import numpy as np

    return value is None or bool(np.all(np.abs(np.asarray(value) - np.round(np.asarray(value))) < 1e-9))


def why(crossing: Crossing, runner: Runner, typeset: Typesetter) -> tuple[Block, ...]:
    """The whole answer for one product."""
    return Explanation(crossing, runner, typeset).blocks()


def why_briefly(crossing: Crossing, typeset: Typesetter) -> Callout:
    """The answer at a later product: which index is summed, and so which order."""
    node = crossing.step.node
    assert node is not None
    g, f = crossing.upstream, crossing.factor
    i, j, k = (Sym(x) for x in "ijk")
    big, other = typeset(g), typeset(f)
    own = typeset(crossing.step.after)
    if crossing.left:  # Z = F H: the rows of Z are summed
        entry = row(_entry(own, j, i), EQUALS, Big("∑", k), _entry(other, k, j), Space(), _entry(big, k, i))
        lost = "the rows"
    else:
        entry = row(_entry(own, i, j), EQUALS, Big("∑", k), _entry(big, i, k), Space(), _entry(other, j, k))
        lost = "the columns"
    what = say(
        "Every entry of {} feeds a whole line of the product, so its gradient is a sum, over {} of {}. The summed index has to be the inner one: ",
        Code(str(node.args[crossing.step.index].data)), lost, big,
    )  # fmt: skip
    return Callout("Why this order?", (Prose(what), Display(entry)))


def why_above() -> Callout:
    """At the product that has been explained in full."""
    return Callout("Why this order?", (Prose(("This is the product that is explained in full above.",)),))
