"""Networks under many names and shapes, and NumPy's own word on a claim about them."""

from __future__ import annotations

from typing import Any

import numpy as np

import symback.numpy as language


def two_layer(names: dict[str, str] | None = None, activation: str = "tanh", rows: bool = False) -> str:
    """A two-layer network with binary cross-entropy, its arrays and sizes renamed; columns or rows are examples."""
    if rows:
        text = (
            "X: (m, n_0)\nY: (m, n_2)\nW1: (n_0, n_1)\nb1: (1, n_1)\nW2: (n_1, n_2)\nb2: (1, n_2)\n"
            f"Z1 = X @ W1 + b1\nA1 = {activation}(Z1)\nZ2 = A1 @ W2 + b2\nA2 = sigmoid(Z2)\n"
        )
    else:
        text = (
            "X: (n_0, m)\nY: (n_2, m)\nW1: (n_1, n_0)\nb1: (n_1, 1)\nW2: (n_2, n_1)\nb2: (n_2, 1)\n"
            f"Z1 = W1 @ X + b1\nA1 = {activation}(Z1)\nZ2 = W2 @ A1 + b2\nA2 = sigmoid(Z2)\n"
        )
    text += "assume(binary(Y))\nJ = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m\nobjective(J)\n"
    return renamed(text, names or {})


def renamed(text: str, names: dict[str, str]) -> str:
    """A text with its names changed, whole words only, and dNAME with them."""
    import re

    def change(found: re.Match[str]) -> str:
        word = found.group()
        if word in names:
            return names[word]
        return f"d{names[word[1:]]}" if word[0] == "d" and word[1:] in names else word

    return re.sub(r"[A-Za-z_]\w*", change, text)


def run(text: str, values: dict[str, Any]) -> dict[str, Any]:
    """The definitions and claims of a text, run by NumPy itself."""
    scope: dict[str, Any] = {**{k: getattr(language, k) for k in language.__all__}, "np": np, **values}
    for line in text.splitlines():
        if " = " in line and not line.startswith(("assume", "objective")):
            name, formula = line.split(" = ", 1)
            if name not in values:
                scope[name] = eval(formula, scope)  # a text of this test
    return scope
