"""Transposes pushed to the leaves, to compare; pulled out again where that is shorter, to print."""

from __future__ import annotations

from symback.algebra import nodes as n
from symback.algebra.nodes import Node, rebuild
from symback.numpy import ELEMENTWISE
from symback.records import Definition
from symback.rewrites.cost import cost
from symback.rewrites.engine import Context, Family

UNARY = tuple(name for name, function in ELEMENTWISE.items() if len(function.slopes) == 1)
INSIDE = frozenset({"inv", "pinv", "matpow"})  # (X^-1)^T = (X^T)^-1: the transpose is kept outside


def is_symmetric(x: Node, context: Context) -> bool:
    """True where the transpose is seen to be the matrix itself."""
    if x.shape[0] != x.shape[1]:
        return False
    mark = len(context.used)
    inner = push(x, context)
    if inner is x:
        return True
    from symback.rewrites.ones import ONES  # A (w 1^T * A^T) is symmetric once its weights stand on one side

    same = ONES.apply(inner, context) is ONES.apply(x, context)
    if not same:
        del context.used[mark:]  # what does not help is no reason
    return same


def _is_symmetric(x: Node, context: Context) -> bool:
    """True of a name whose definition is symmetric, such as C = W W^T + s I."""
    if x.shape[0] != x.shape[1]:
        return False
    definition = context.index(square_definitions).get(str(x.data))
    return definition is not None and is_symmetric(definition, context)


def square_definitions(definitions: tuple[Definition, ...]) -> dict[str, Node]:
    """The right-hand sides that are square, by name."""
    return {d.name: d.node for d in definitions if d.node.shape[0] == d.node.shape[1]}


def push(x: Node, context: Context) -> Node:
    """The transpose of ``x``, with the transposes at its leaves; what is shared is turned once."""
    memo = context.memo.setdefault("transposed", {})
    if x not in memo:
        mark = len(context.used)
        memo[x] = _push(x, context)
        context.keep_facts("transposed", x, mark)
    context.recall_facts("transposed", x)
    return memo[x]


def _push(x: Node, context: Context) -> Node:
    if x.is_scalar:
        return x
    match x.op:
        case "symbol":
            for fact in ("symmetric", "spd", "diagonal"):
                if context.facts.has(fact, str(x.data)):
                    context.used.append(f"{fact}({x.data})")
                    return x
            return x if _is_symmetric(x, context) else n.transpose(x)
        case "transpose":
            return x.args[0]
        case "matmul":
            return n.matmul(*(push(a, context) for a in reversed(x.args)))
        case "add" | "mul" | "power":
            return rebuild(x, [push(a, context) for a in x.args])
        case "sum" | "softmax" | "logsumexp":
            inner = push(x.args[0], context)
            if x.axis is None:
                return n.total(inner)
            return {"sum": n.total, "softmax": n.softmax, "logsumexp": n.logsumexp}[x.op](inner, 1 - x.axis)
        case "diag":
            return x
        case "kron":
            return n.kron(push(x.args[0], context), push(x.args[1], context))
        case op if op in INSIDE:
            return x if is_symmetric(x.args[0], context) else n.transpose(x)
        case "diagonal" | "vec" | "unvec" | "kron_adjoint" | "eye" | "ones" | "zeros" | "commutation":
            return n.transpose(x)
        case op:
            return n.apply(op, *(push(a, context) for a in x.args))


def _transpose(node: Node, context: Context) -> Node | None:
    pushed = push(node.args[0], context)
    return None if pushed is node else pushed


def _inside(node: Node, context: Context) -> Node | None:
    """(X^T)^-1 -> (X^-1)^T, and X^-T = X^-1 for a symmetric X."""
    x = node.args[0]
    if x.op == "transpose":
        return push(rebuild(node, [x.args[0]]), context)
    return None


def _of_transpose(node: Node, context: Context) -> Node | None:
    """A scalar of X^T that is the same of X: trace, det, norm, the sum of all entries."""
    x = node.args[0]
    if node.data is None and x.op == "transpose":
        return rebuild(node, [x.args[0]])
    return None


def _pull(node: Node, context: Context) -> Node | None:
    """B^T A^T -> (A B)^T where that is shorter."""
    if node.is_scalar:
        return None
    new = n.transpose(push(node, context.without_facts))
    return new if cost(new) < cost(node) else None


def _pull_function(node: Node, context: Context) -> Node | None:
    """f(X^T) -> f(X)^T: the same length, and the function of X is seen to be the same as elsewhere."""
    if node.is_scalar or len(node.args) != 1:
        return None
    new = n.transpose(push(node, context.without_facts))
    return new if cost(new)[0] <= cost(node)[0] and node.args[0].op == "transpose" else None


def _pull_scalar(node: Node, context: Context) -> Node | None:
    """x^T A y, a number, is its own transpose; the shorter way is written."""
    if not node.is_scalar or node.op != "matmul":
        return None
    new = n.matmul(*(push(a, context) for a in reversed(node.args)))
    return new if cost(new) < cost(node) else None


PUSH = Family(
    "transposes",
    "(A B)^T = B^T A^T, (A + B)^T = A^T + B^T, (A^T)^T = A, and entry by entry f(A)^T = f(A^T)",
    {
        "transpose": (_transpose,),
        "inv": (_inside,), "pinv": (_inside,), "matpow": (_inside,),
        "trace": (_of_transpose,), "det": (_of_transpose,), "logdet": (_of_transpose,), "norm": (_of_transpose,),
        "sum": (_of_transpose,), "diagonal": (_of_transpose,),
    },
)  # fmt: skip

PULL = Family(
    "transposes",
    "B^T A^T = (A B)^T: one transpose instead of several",
    {op: (_pull,) for op in ("add", "mul", "power", "sum", "kron")}
    | {"matmul": (_pull_scalar, _pull)}
    | {op: (_pull_function,) for op in ("softmax", *UNARY)},
)
