"""The network's graph as a picture: boxes in layers, values forward along solid edges, gradients back dashed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symback.writeup.explorer.arrange import Arrangement, Point, arrange
from symback.writeup.graph import Graph, GraphNode
from symback.writeup.layout import Layout, Named, Sub, Sup, children
from symback.writeup.unicode import to_unicode

Direction = Literal["right", "down"]
CHARACTER, LINE, HEAD, PAD = 6.1, 13.0, 36.0, 10.0  # of the small type that matrices are set in, and around it
LAYER_GAP, NODE_GAP, APART, MARGIN = 44.0, 16.0, 7.0, 10.0


@dataclass(frozen=True)
class Run:
    """A few letters: on the line, so many units below it, or above it (negative)."""

    text: str
    shift: int = 0


def letters(layout: Layout) -> tuple[Run, ...]:
    """A name as runs of letters, its number below."""
    match layout:
        case Named(body, _, _):
            return letters(body)
        case Sub(base, down):
            return (*letters(base), Run(_plain(down), 4))
        case Sup(base, up):
            return (*letters(base), Run(_plain(up), -5))
        case _:
            return (Run(to_unicode(layout)),)


def _plain(layout: Layout) -> str:
    """Small letters by themselves: the size says that they are an index."""
    inner = children(layout)
    return "".join(map(_plain, inner)) if inner else to_unicode(layout)


@dataclass(frozen=True)
class Content:
    """What stands in a node's box: its letter, what it is in words, its value and its gradient in small numbers."""

    node: GraphNode
    letter: tuple[Run, ...]
    shape: str
    link: str
    words: str
    value: tuple[str, ...] = ()
    gradient: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Of the box."""
        longest = max((len(line) for line in (*self.value, *self.gradient)), default=0)
        letters = 9.0 * sum(len(run.text) for run in self.letter) + 18
        return max(58.0, letters, 6.2 * len(self.shape) + 14, CHARACTER * longest + 2 * PAD)

    @property
    def height(self) -> float:
        """Of the box."""
        lines = len(self.value) + len(self.gradient)
        return HEAD + (LINE * lines + 8 if lines else 0) + (7 if self.gradient else 0)


@dataclass(frozen=True)
class Box:
    """A box in its place."""

    content: Content
    x: float
    y: float

    @property
    def value_lines(self) -> list[tuple[float, str]]:
        """The rows of the value, each with its height."""
        return [(self.y + HEAD + LINE * (i + 0.75), line) for i, line in enumerate(self.content.value)]

    @property
    def gradient_lines(self) -> list[tuple[float, str]]:
        """The rows of the gradient, each with its height."""
        top = self.y + HEAD + LINE * len(self.content.value) + (7 if self.content.value else 0)
        return [(top + LINE * (i + 0.75), line) for i, line in enumerate(self.content.gradient)]


@dataclass(frozen=True)
class Wire:
    """An edge as two curves: the value's way forward, and the gradient's way back where there is one."""

    source: str
    target: str
    forward: str
    back: str | None


@dataclass(frozen=True)
class Picture:
    """All that is drawn, in one system of coordinates."""

    name: str
    direction: Direction
    width: float
    height: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    numbers: bool
    words: str


def content(node: GraphNode, letter: Layout, shape: str, link: str, words: str) -> Content:
    """A box without numbers."""
    return Content(node, letters(letter), shape, link, words)


def draw(name: str, graph: Graph, contents: dict[str, Content], backward: set[str], direction: Direction) -> Picture:
    """The picture in one direction; ``backward`` are the arrays whose gradients are derived."""
    right = direction == "right"
    arranged = arrange(graph, lambda n: contents[n].height if right else contents[n].width, NODE_GAP)
    thick = [0.0] * arranged.layers
    for n, (layer, _) in arranged.places.items():
        thick[layer] = max(thick[layer], contents[n].width if right else contents[n].height)
    starts = [MARGIN + sum(thick[:i]) + LAYER_GAP * i for i in range(len(thick))]
    middle = [start + depth / 2 for start, depth in zip(starts, thick, strict=True)]

    def at(point: Point) -> tuple[float, float]:
        along, across = middle[point[0]], point[1] + MARGIN
        return (along, across) if right else (across, along)

    boxes = []
    for n, place in arranged.places.items():
        x, y = at(place)
        boxes.append(Box(contents[n], x - contents[n].width / 2, y - contents[n].height / 2))
    wires = tuple(_wire(edge, arranged, contents, starts, thick, right, edge[0] in backward) for edge in graph.edges)
    width = max(b.x + b.content.width for b in boxes) + MARGIN
    height = max(b.y + b.content.height for b in boxes) + MARGIN
    numbers = any(c.value for c in contents.values())
    return Picture(name, direction, width, height, tuple(boxes), wires, numbers, _words(graph))


def _words(graph: Graph) -> str:
    """The graph for those who hear it."""
    sources: dict[str, list[str]] = {}
    for a, b in graph.edges:
        sources.setdefault(b, []).append(a)
    return "; ".join(f"{b} from {', '.join(a)}" for b, a in sources.items()) + "."


def _wire(
    edge: tuple[str, str], arranged: Arrangement, contents: dict[str, Content], starts: list[float], thick: list[float],
    right: bool, back: bool,
) -> Wire:  # fmt: skip
    (a, at), (b, to) = arranged.places[edge[0]], arranged.places[edge[1]]
    depth = {n: contents[n].width if right else contents[n].height for n in edge}
    leave = starts[a] + (thick[a] + depth[edge[0]]) / 2
    arrive = starts[b] + (thick[b] - depth[edge[1]]) / 2
    points = [(leave, at)]
    for layer, across in arranged.bends[edge]:
        points += [(starts[layer], across), (starts[layer] + thick[layer], across)]
    points.append((arrive, to))
    side = APART / 2 if back else 0.0
    forward = _curve([(x, y - side) for x, y in points], right)
    return Wire(*edge, forward, _curve([(x, y + side) for x, y in points][::-1], right) if back else None)


def _curve(points: list[tuple[float, float]], right: bool) -> str:
    """A smooth way through points, level at each of them; it stops short of the last to leave room for the arrow."""
    forward = points[-1][0] > points[0][0]
    (x, y), *rest = points
    rest[-1] = (rest[-1][0] - (5 if forward else -5), rest[-1][1])
    out = f"M{_pair(x, y, right)}"
    for u, v in rest:
        if v == y:
            out += f"L{_pair(u, v, right)}"
        else:
            half = (x + u) / 2
            out += f"C{_pair(half, y, right)} {_pair(half, v, right)} {_pair(u, v, right)}"
        x, y = u, v
    return out


def _pair(x: float, y: float, right: bool) -> str:
    a, b = (x, y + MARGIN) if right else (y + MARGIN, x)
    return f"{a:.4g} {b:.4g}" if max(abs(a), abs(b)) < 1000 else f"{a:.0f} {b:.0f}"
