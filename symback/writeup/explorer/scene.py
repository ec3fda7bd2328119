"""The network of a problem as pictures: across and down the page, with small numbers in the boxes and without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symback.algebra.dims import ONE
from symback.writeup.document import Writer
from symback.writeup.explorer.picture import Content, Direction, Picture, content, draw
from symback.writeup.explorer.values import rows
from symback.writeup.graph import Graph, network
from symback.writeup.notation import shape_layout
from symback.writeup.unicode import to_unicode

DIRECTIONS: tuple[Direction, Direction] = ("right", "down")


def pictures(writer: Writer, point: dict[str, Any] | None) -> tuple[Picture, ...]:
    """The network across and down the page, with small numbers and without."""
    graph = network(writer.problem, writer.derivation.objective)
    if len(graph.nodes) < 2:
        return ()
    gradients = writer.derivation.gradients
    plain, backward = boxes(writer, graph), set(gradients)
    out = [draw(f"plain-{d}", graph, plain, backward, d) for d in DIRECTIONS]
    if point is not None:
        numbered = {}
        for name, box in plain.items():
            own = gradients.get(name)
            below = () if own is None else rows(point[str(own.symbol.data)])
            numbered[name] = replace(box, value=rows(point[name]), gradient=below)
        out += [draw(f"numbers-{d}", graph, numbered, backward, d) for d in DIRECTIONS]
    return tuple(out)


def plain_picture(writer: Writer, name: str) -> Picture | None:
    """The network across the page, without numbers."""
    graph = network(writer.problem, writer.derivation.objective)
    if len(graph.nodes) < 2:
        return None
    return draw(name, graph, boxes(writer, graph), set(writer.derivation.gradients), "right")


def boxes(writer: Writer, graph: Graph) -> dict[str, Content]:
    """What stands in the box of each array: its letter and its shape; it leads to its derivation."""
    out: dict[str, Content] = {}
    for node in graph.nodes:
        shape = writer.problem.shape(node.name)
        letter = writer.typeset(writer.problem.leaf(node.name))
        words = {"given": "given", "computed": "computed", "objective": "the objective"}[node.kind]
        link = f"{'d' if node.name in writer.derivation.gradients else 'f'}-{node.name}"
        text = "" if shape == (ONE, ONE) else to_unicode(shape_layout(shape))
        out[node.name] = content(node, letter, text, link, f"{node.name}, {words}{', ' + text if text else ''}")
    return out
