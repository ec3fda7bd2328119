"""A function out of a Python file, and shapes out of a text: what ``symback verify FILE.py --code step`` asks for.

This is the one place where a file's code is run, and only because the command says so.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symback.errors import SymbackError

NAME = r"[^\W\d]\w*"
DECLARATION = re.compile(rf"\s*({NAME}(?:\.\w+)*)\s*:\s*\(([^()]*)\)[\s,;]*")


def load_function(path: str | Path, name: str) -> Callable[..., Any]:
    """The function ``name`` that a Python file defines; the file is run.

    Raises SymbackError where the file cannot be run, or defines no such function.
    """
    if not Path(path).is_file():
        raise SymbackError("there is no such file", file=str(path))
    try:
        names = runpy.run_path(str(path), run_name="symback_code")  # not "__main__": a script's main part stays unrun
    except SystemExit as error:
        raise SymbackError(f"running it ended with exit code {error.code}", file=str(path)) from None
    except Exception as error:  # whatever the file's own code raises
        raise SymbackError(f"running it raised {type(error).__name__}: {error}", file=str(path)) from None
    function = names.get(name)
    if not callable(function):
        known = ", ".join(key for key, value in names.items() if callable(value) and not key.startswith("_"))
        raise SymbackError(f"it defines no function {name}; there are {known or 'none'}", file=str(path))
    found: Callable[..., Any] = function
    return found


def read_shapes(text: str) -> dict[str, Any]:
    """The shapes of a function's arguments; a name with dots is an entry of a dict.

    Raises SymbackError where the text is not written so.

    >>> read_shapes("X:(n_0,m) parameters.W1:(n_1,n_0) parameters.b1:(n_1,1) s:()")
    {'X': ('n_0', 'm'), 'parameters': {'W1': ('n_1', 'n_0'), 'b1': ('n_1', 1)}, 's': ()}
    """
    if not text.strip() or DECLARATION.sub("", text).strip():
        raise SymbackError(f'--shapes is written "X:(n_0,m) parameters.W1:(n_1,n_0) s:()", not {text[:200]!r}')
    out: dict[str, Any] = {}
    for path, sizes in DECLARATION.findall(text):
        *outer, last = path.split(".")
        place = out
        for key in outer:
            place = place.setdefault(key, {})
            if not isinstance(place, dict):
                raise SymbackError(f"--shapes: {key} is an array and holds arrays at once")
        if last in place:
            raise SymbackError(f"--shapes: {path} is given twice")
        place[last] = tuple(_size(size.strip(), path) for size in sizes.split(",") if size.strip())
    return out


def _size(text: str, path: str) -> str | int:
    if re.fullmatch(NAME, text):
        return text
    if re.fullmatch(r"[1-9]\d{0,8}", text):
        return int(text)
    raise SymbackError(f"--shapes: {text[:60]!r} in the shape of {path} is no dimension's name and no positive number")
