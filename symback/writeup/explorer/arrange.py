"""Where the nodes of a network's graph stand: layers along the forward pass, ordered so that little crosses.

An edge that passes a layer gets a bend there, so that a residual connection runs around what it skips. The order is
found by barycentres, the places by least squares: each node wants to stand where its neighbours do, and the nodes of a
layer keep their distance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from symback.writeup.graph import Graph

SWEEPS = 12
CHAIN, BEND, GIVEN = (
    8.0,
    3.0,
    1.0,
)  # how much an edge pulls straight: between computed arrays, past a layer, from a given array

Point = tuple[int, float]  # a layer, and a place across it


@dataclass(frozen=True)
class Arrangement:
    """The layer of every node, its place across the layer, and the bends of every edge."""

    places: dict[str, Point]
    bends: dict[tuple[str, str], tuple[Point, ...]]

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return 1 + max((layer for layer, _ in self.places.values()), default=0)


@dataclass(frozen=True)
class _Vertex:
    name: str
    layer: int
    room: float
    bend: bool = False


def arrange(graph: Graph, room: Callable[[str], float], gap: float) -> Arrangement:
    """Places for all nodes; ``room`` is what a node needs across its layer, ``gap`` the air between two of them."""
    first = min((node.rank for node in graph.nodes), default=0)
    layers: dict[int, list[_Vertex]] = {}
    vertex = {}
    for node in graph.nodes:
        vertex[node.name] = _Vertex(node.name, node.rank - first, room(node.name))
        layers.setdefault(node.rank - first, []).append(vertex[node.name])
    chains: dict[tuple[str, str], list[_Vertex]] = {}
    links: list[tuple[_Vertex, _Vertex, float]] = []
    given = {node.name for node in graph.nodes if node.kind == "given"}
    for a, b in graph.edges:
        passed = range(vertex[a].layer + 1, vertex[b].layer)
        chain = [_Vertex(f"{a}→{b}", layer, gap, bend=True) for layer in passed]
        for bend in chain:
            layers[bend.layer].append(bend)
        chains[a, b] = chain
        pull = GIVEN if a in given else BEND if chain else CHAIN
        ends = [vertex[a], *chain, vertex[b]]
        links += [(p, q, pull) for p, q in pairwise(ends)]
    order = _ordered([layers[i] for i in sorted(layers)], links)
    across = _placed(order, links, gap)
    return Arrangement(
        {name: (v.layer, across[v]) for name, v in vertex.items()},
        {edge: tuple((v.layer, across[v]) for v in chain) for edge, chain in chains.items()},
    )


def _neighbours(links: list[tuple[_Vertex, _Vertex, float]]) -> dict[_Vertex, list[tuple[_Vertex, float]]]:
    out: dict[_Vertex, list[tuple[_Vertex, float]]] = {}
    for a, b, pull in links:
        out.setdefault(a, []).append((b, pull))
        out.setdefault(b, []).append((a, pull))
    return out


def _ordered(layers: list[list[_Vertex]], links: list[tuple[_Vertex, _Vertex, float]]) -> list[list[_Vertex]]:
    """The order with the fewest crossings that sweeps by barycentre find."""
    near = _neighbours(links)
    best, fewest = [list(layer) for layer in layers], crossings(layers, links)
    current = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        steps = range(1, len(current)) if forward else range(len(current) - 2, -1, -1)
        for i in steps:
            beside = current[i - 1 if forward else i + 1]
            place = {v: k for k, v in enumerate(beside)}
            spread = len(beside) / max(1, len(current[i]))

            def centre(v: _Vertex, k: int, place: dict[_Vertex, int] = place, spread: float = spread) -> float:
                seen = [place[u] for u, _ in near.get(v, []) if u in place]
                return sum(seen) / len(seen) if seen else k * spread

            keys = {v: (centre(v, k), k) for k, v in enumerate(current[i])}
            current[i].sort(key=keys.__getitem__)
        count = crossings(current, links)
        if count < fewest:
            best, fewest = [list(layer) for layer in current], count
    return _centred(best, near)


def _centred(layers: list[list[_Vertex]], near: dict[_Vertex, list[tuple[_Vertex, float]]]) -> list[list[_Vertex]]:
    """Given arrays cross nothing: half of them above the way of the computed ones, half below."""
    out = []
    for layer in layers:
        ends = [v for v in layer if not v.bend and all(pull == GIVEN for _, pull in near.get(v, []))]
        rest = [v for v in layer if v not in ends]
        if not rest:
            out.append(layer)
            continue
        half = (len(ends) + 1) // 2
        out.append([*ends[:half], *rest, *ends[half:]])
    return out


def crossings(layers: Sequence[Sequence[_Vertex]], links: list[tuple[_Vertex, _Vertex, float]]) -> int:
    """How many pairs of edges cross."""
    place = {v: k for layer in layers for k, v in enumerate(layer)}
    between: dict[int, list[tuple[int, int]]] = {}
    for a, b, _ in links:
        between.setdefault(a.layer, []).append((place[a], place[b]))
    return sum(
        (a - c) * (b - d) < 0 for pairs in between.values() for i, (a, b) in enumerate(pairs) for c, d in pairs[:i]
    )


def _placed(
    layers: list[list[_Vertex]], links: list[tuple[_Vertex, _Vertex, float]], gap: float
) -> dict[_Vertex, float]:
    """The places across the layers, at least 0."""
    near = _neighbours(links)
    across: dict[_Vertex, float] = {}
    for layer in layers:
        place = -sum(v.room + gap for v in layer) / 2
        for v in layer:
            across[v] = place + v.room / 2
            place += v.room + gap
    for sweep in range(4 * SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted, weights = [], []
            for v in layer:
                pulls = near.get(v, [])
                weight = sum(p for _, p in pulls)
                wanted.append(sum(across[u] * p for u, p in pulls) / weight if weight else across[v])
                weights.append(weight or GIVEN)
            apart = [(a.room + b.room) / 2 + gap for a, b in pairwise(layer)]
            across.update(zip(layer, spaced(wanted, weights, apart), strict=True))
    low = min(across[v] - v.room / 2 for v in across)
    return {v: place - low for v, place in across.items()}


def spaced(wanted: list[float], weights: list[float], apart: list[float]) -> list[float]:
    """The places nearest to the wanted ones, by weighted squares, of which each is at least ``apart`` behind the last.

    With the distances taken off this is a fit by a rising sequence: neighbours that would fall are pooled.

    >>> spaced([0.0, 0.0], [1.0, 1.0], [2.0])
    [-1.0, 1.0]
    """
    shifts = [0.0]
    for distance in apart:
        shifts.append(shifts[-1] + distance)
    pools: list[tuple[float, float, int]] = []  # the mean, its weight, how many
    for want, weight, shift in zip(wanted, weights, shifts, strict=True):
        mean, total, count = want - shift, weight, 1
        while pools and pools[-1][0] > mean:
            m, w, k = pools.pop()
            mean, total, count = (mean * total + m * w) / (total + w), total + w, count + k
        pools.append((mean, total, count))
    fitted = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + shift for mean, shift in zip(fitted, shifts, strict=True)]
