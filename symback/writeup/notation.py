"""How a name in the code is written on paper: ``W1`` is W with a 1 below it, ``dW1`` the gradient by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from symback.algebra.dims import Dim, Shape, show_shape
from symback.errors import SymbackError
from symback.writeup.layout import Accent, Frac, Layout, Named, Num, Op, Row, Sub, Sup, Sym, row

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lam": "λ", "lmbda": "λ", "lambda": "λ", "lambd": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
ACCENTS: dict[str, Literal["hat", "bar", "tilde", "dot"]] = {"hat": "hat", "bar": "bar", "tilde": "tilde", "dot": "dot"}
PARTS = re.compile(r"([^\W\d_]+?)_?(\d*)((?:_[^\W_]+)*)_?")


@dataclass(frozen=True)
class Notation:
    """The choices of a write-up: how gradients and layers are written.

    ``gradient`` is ``"d"`` (dW, as in the code), ``"partial"`` (∂J/∂W), or ``"delta"`` (δ for the gradient by a Z,
    as in texts on networks, and ∂J/∂W else); ``layer`` puts the number of a layer below (``W_1``), or above in
    brackets (``W^[1]``, ``W^(1)``).
    """

    gradient: Literal["d", "partial", "delta"] = "d"
    layer: Literal["_", "[]", "()"] = "_"


PLAIN = Notation()
CHOICES = {
    "dW": Notation("d"), "partial": Notation("partial"), "delta": Notation("delta"),
    "W_1": Notation(layer="_"), "W^[1]": Notation(layer="[]"), "W^(1)": Notation(layer="()"),
}  # fmt: skip


def read_notation(text: str) -> Notation:
    """The notation that a list of choices names.

    >>> read_notation("delta, W^[1]")
    Notation(gradient='delta', layer='[]')

    Raises SymbackError where a choice is unknown.
    """
    gradient, layer = PLAIN.gradient, PLAIN.layer
    for word in filter(None, (w.strip() for w in text.split(","))):
        if word not in CHOICES:
            raise SymbackError(f"the notation {word!r} is not one of {', '.join(CHOICES)}")
        if word.startswith("W"):
            layer = CHOICES[word].layer
        else:
            gradient = CHOICES[word].gradient
    return Notation(gradient, layer)


def letter(stem: str) -> Layout:
    """The letters of a name without its numbers: a letter, a Greek letter, an accented one, or an upright word."""
    if len(stem) == 1:
        return Sym(stem)
    if stem in GREEK:
        return Sym(GREEK[stem])
    for suffix, accent in ACCENTS.items():
        if stem.endswith(suffix) and len(stem) > len(suffix):
            inner = letter(stem[: -len(suffix)].rstrip("_"))
            if isinstance(inner, Sym) and len(inner.text) == 1:
                return Accent(accent, inner)
    if stem[0].isupper() and stem[1:].islower() and len(stem) <= 3:  # Wq, Wxh: a matrix with a role
        return Sub(Sym(stem[0]), Row(tuple(Sym(c) for c in stem[1:])))
    return Sym(stem, "roman")


def name_layout(name: str, notation: Notation = PLAIN) -> Layout:
    """A name as it is written: its letters, its number below, and what stands behind underscores below too."""
    for suffix in ACCENTS:
        if name.endswith(f"_{suffix}"):
            name = name.replace(f"_{suffix}", suffix)
    found = PARTS.fullmatch(name)
    if found is None:
        return _roman(name)
    stem, digits, rest = found.groups()
    base = letter(stem)
    below = [p for p in rest.split("_") if p]
    if digits and notation.layer != "_" and not below:
        left, right = notation.layer
        return Sup(base, row(Op(left, "ordinary"), Num(digits), Op(right, "ordinary")))
    parts = [Num(p) if p.isdigit() else letter(p) for p in ([digits] if digits else []) + below]
    if not parts:
        return base
    spaced = [piece for i, part in enumerate(parts) for piece in ((Op(",", "punctuation"), part) if i else (part,))]
    if isinstance(base, Sub):
        return Sub(base.base, row(base.down, *spaced))
    return Sub(base, row(*spaced))


def _roman(name: str) -> Layout:
    """A name in upright letters, hyphens in it; one that begins with an underscore keeps them: -z would be a minus."""
    return Sym(name if name.startswith("_") else name.replace("_", "-"), "roman")


def gradient_layout(of: Layout, objective: Layout, notation: Notation = PLAIN) -> Layout:
    """The gradient by an array: dW, ∂J/∂W, or δ."""
    if notation.gradient == "delta":
        match of:
            case Sym("Z" | "z"):
                return Sym("δ")
            case Sub(Sym("Z" | "z"), number):
                return Sub(Sym("δ"), number)
            case Sup(Sym("Z" | "z"), number):
                return Sup(Sym("δ"), number)
    if notation.gradient != "d":
        return Frac(row(Op("∂", "ordinary"), objective), row(Op("∂", "ordinary"), of))
    return row(Sym("d"), of)


def all_names(
    shapes: Mapping[str, Shape], gradients: Mapping[str, str], objective: str, notation: Notation = PLAIN
) -> dict[str, Layout]:
    """The layout of every name: of arrays, and of the gradients (``gradients`` maps dW to W); no two look alike."""
    out: dict[str, Layout] = {}
    taken: set[Layout] = set()
    for name in shapes:
        plain = name_layout(name, notation)
        if plain in taken:
            plain = _roman(name)
        while plain in taken:
            plain = Sup(plain, Op("′", "ordinary"))
        taken.add(plain)
        out[name] = plain
    for symbol, of in gradients.items():
        out[symbol] = gradient_layout(out[of], out[objective], notation)
        if out[symbol] in taken:  # an array of the problem is called δ itself
            out[symbol] = gradient_layout(out[of], out[objective], Notation("partial", notation.layer))
    for name, shape in shapes.items():
        out[name] = Named(out[name], name, show_shape(shape))
    for symbol, of in gradients.items():
        out[symbol] = Named(out[symbol], symbol, show_shape(shapes[of]))
    return out


def dim_layout(size: Dim) -> Layout:
    """A dimension: n_1, 3, m n."""
    factors: list[Layout] = [] if size.coefficient == 1 and size.names else [Num(str(size.coefficient))]
    return row(*factors, *(name_layout(name) for name in size.names))


def shape_layout(shape: Shape) -> Layout:
    """A shape: n_1 × m."""
    return row(dim_layout(shape[0]), Op("×"), dim_layout(shape[1]))


def indices(names: Iterable[str]) -> Layout:
    """Index letters side by side: k j."""
    return row(*(Sym(name) for name in names))
