"""The gallery: every derivation that comes with symback as a page, and one page of all with their pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from symback.algebra.walk import symbols
from symback.calculus.derivation import Derivation
from symback.calculus.derive import derive
from symback.language.read import load
from symback.language.shipped import shipped
from symback.writeup.document import Writer
from symback.writeup.explorer import policy, style, to_html
from symback.writeup.explorer.markup import environment
from symback.writeup.explorer.methods import batch_dimension
from symback.writeup.explorer.picture import Picture
from symback.writeup.explorer.scene import plain_picture
from symback.writeup.explorer.views import answer
from symback.writeup.layout import Layout

MOST = 4  # results on a card


@dataclass(frozen=True)
class Card:
    """One derivation on the page of all: what it is about, its picture, its results by the given arrays that matter."""

    name: str
    title: str
    about: str
    picture: Picture | None
    results: tuple[Layout, ...]


def card(name: str, derivation: Derivation) -> Card:
    """The card of a derivation."""
    writer = Writer(derivation)
    shown = telling(derivation)
    about = derivation.problem.introduction.split("\n\n", 1)[0]
    results = (answer(writer, g).plain for g in writer.order() if g.wrt in shown)
    picture = plain_picture(writer, f"of-{name}")
    return Card(name, derivation.problem.title, " ".join(about.split()), picture, tuple(results))


def telling(derivation: Derivation) -> set[str]:
    """The given arrays whose gradients tell something: what is learnt; all but labels where that leaves nothing."""
    problem, batch = derivation.problem, batch_dimension(derivation.problem, derivation.objective)
    inner = {name for d in problem.definitions if d.name != derivation.objective for name in symbols(d.node)}
    arrays = [s for s in problem.symbols.values() if s.name in inner and not s.node.is_scalar]
    learnt = [s.name for s in arrays if batch not in {name for size in s.shape for name in size.names}]
    return set((learnt if len(learnt) > 1 else [s.name for s in arrays])[:MOST])


def write_gallery(folder: Path) -> list[Path]:
    """Write all pages into a folder, which is made where it is missing; the first is the page of all."""
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.html"
    cards, written = [], [index]
    for name, path in shipped().items():
        derivation = derive(load(path))
        page = folder / f"{name}.html"
        page.write_text(to_html(derivation, derivation.check(strict=True)), encoding="utf-8")
        cards.append(card(name, derivation))
        written.append(page)
    sheet = style()
    html = environment().get_template("explorer_gallery.j2").render(cards=cards, style=sheet, policy=policy(sheet, ""))
    index.write_text(re.sub(r"\n{2,}", "\n", html), encoding="utf-8")
    return written
