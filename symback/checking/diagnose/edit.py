"""Small changes of a text: where its parts stand, the text with some of them replaced, and runs of one operator."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[tuple[str, int], ...]  # from the root: a field and, in a list of arguments, the place


@dataclass(frozen=True)
class Place:
    """One part of a text."""

    path: Path
    node: ast.expr


def parts(tree: ast.expr, path: Path = ()) -> Iterator[Place]:
    """Every part that has a value, the whole first."""
    yield Place(path, tree)
    match tree:
        case ast.BinOp():
            yield from parts(tree.left, (*path, ("left", 0)))
            yield from parts(tree.right, (*path, ("right", 0)))
        case ast.UnaryOp():
            yield from parts(tree.operand, (*path, ("operand", 0)))
        case ast.Attribute(attr="T"):
            yield from parts(tree.value, (*path, ("value", 0)))
        case ast.Compare():
            yield from parts(tree.left, (*path, ("left", 0)))
            yield from parts(tree.comparators[0], (*path, ("comparators", 0)))
        case ast.Call():
            if isinstance(tree.func, ast.Attribute) and not is_module(tree.func.value):
                yield from parts(tree.func.value, (*path, ("owner", 0)))
            for i, argument in enumerate(tree.args):
                if not isinstance(argument, ast.Tuple):
                    yield from parts(argument, (*path, ("args", i)))


def is_module(tree: ast.expr) -> bool:
    """True of ``np`` and ``np.linalg``."""
    return (isinstance(tree, ast.Name) and tree.id == "np") or (
        isinstance(tree, ast.Attribute) and tree.attr == "linalg"
    )


def replaced(tree: ast.expr, path: Path, new: ast.expr) -> ast.expr:
    """The text with one part replaced; what is not on the way to it is shared."""
    if not path:
        return new
    (name, i), rest = path[0], path[1:]
    match tree:
        case ast.BinOp(left=left, op=op, right=right):
            if name == "left":
                return ast.BinOp(replaced(left, rest, new), op, right)
            return ast.BinOp(left, op, replaced(right, rest, new))
        case ast.UnaryOp(op=sign, operand=operand):
            return ast.UnaryOp(sign, replaced(operand, rest, new))
        case ast.Attribute(value=value, attr=attr):
            return ast.Attribute(replaced(value, rest, new), attr, ast.Load())
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            if name == "left":
                return ast.Compare(replaced(left, rest, new), ops, comparators)
            return ast.Compare(left, ops, [replaced(comparators[0], rest, new)])
        case ast.Call(func=func, args=args, keywords=keywords):
            if name == "owner":
                assert isinstance(func, ast.Attribute)
                return ast.Call(ast.Attribute(replaced(func.value, rest, new), func.attr, ast.Load()), args, keywords)
            return ast.Call(func, [replaced(a, rest, new) if j == i else a for j, a in enumerate(args)], keywords)
    raise AssertionError("a path leads through parts that have values")


def everywhere(tree: ast.expr, old: str, new: ast.expr) -> ast.expr:
    """The text with every part that reads ``old`` replaced."""
    for place in parts(tree):
        if text(place.node) == old:
            tree = replaced(tree, place.path, new) if not place.path else tree
            if not place.path:
                return new
    match tree:
        case ast.BinOp(left=left, op=op, right=right):
            a, b = everywhere(left, old, new), everywhere(right, old, new)
            return tree if a is left and b is right else ast.BinOp(a, op, b)
        case ast.UnaryOp(op=sign, operand=operand):
            a = everywhere(operand, old, new)
            return tree if a is operand else ast.UnaryOp(sign, a)
        case ast.Attribute(value=value, attr="T"):
            a = everywhere(value, old, new)
            return tree if a is value else ast.Attribute(a, "T", ast.Load())
        case ast.Compare(left=left, ops=ops, comparators=[right]):
            a, b = everywhere(left, old, new), everywhere(right, old, new)
            return tree if a is left and b is right else ast.Compare(a, ops, [b])
        case ast.Call(func=func, args=args, keywords=keywords):
            some = [everywhere(a, old, new) for a in args]
            if isinstance(func, ast.Attribute) and not is_module(func.value):
                func = ast.Attribute(everywhere(func.value, old, new), func.attr, ast.Load())
            same = all(a is b for a, b in zip(some, args, strict=True)) and func is tree.func
            return tree if same else ast.Call(func, some, keywords)
    return tree


def text(tree: ast.expr) -> str:
    """The text of a part, as Python writes it."""
    found = getattr(tree, "_text", None)
    if found is None:
        found = ast.unparse(tree)
        tree._text = found  # type: ignore[attr-defined]  # a syntax tree carries what one likes
    return str(found)


def transposed(tree: ast.expr) -> ast.expr:
    """The text with .T put on, or taken off."""
    if isinstance(tree, ast.Attribute) and tree.attr == "T":
        return tree.value
    return ast.Attribute(tree, "T", ast.Load())


def times(op: ast.operator, left: ast.expr, right: ast.expr) -> ast.expr:
    """``left op right``."""
    return ast.BinOp(left, op, right)


def negated(tree: ast.expr) -> ast.expr:
    """The text with its minus sign put on, or taken off."""
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return tree.operand
    return ast.UnaryOp(ast.USub(), tree)


def name(identifier: str) -> ast.expr:
    """A name."""
    return ast.Name(identifier, ast.Load())


def number(value: float) -> ast.expr:
    """A number."""
    return ast.Constant(int(value) if float(value).is_integer() else value)


def chain(tree: ast.expr, op: type[ast.operator]) -> list[ast.expr]:
    """The operands of a run of one operator: [A, B, C] for A @ B @ C."""
    found: list[ast.expr] = []
    while isinstance(tree, ast.BinOp) and isinstance(tree.op, op):
        found.append(tree.right)
        tree = tree.left
    return [tree, *reversed(found)]


def joined(op: type[ast.operator], operands: list[ast.expr]) -> ast.expr:
    """The run of one operator over operands."""
    result = operands[0]
    for operand in operands[1:]:
        result = ast.BinOp(result, op(), operand)
    return result
