"""Of which array a name says that it is the gradient: dW1, d_W1, grad_W1, W1_grad, dL_dW1, ..."""

from __future__ import annotations

from collections.abc import Collection

_PREFIXES = (
    "d", "d_", "grad_", "grads_", "g_", "dL_d", "dJ_d", "dE_d", "dC_d", "dl_d", "dloss_d", "dLoss_d", "dcost_d",
    "nabla_", "grad", "D_",
)  # fmt: skip
_SUFFIXES = ("_grad", "_grads", "_gradient", "_derivative", "_d", "grad")


def sounds_like_gradient(name: str) -> bool:
    """True of a name such as dZ, grad_w, delta or w_grad: a second name of that kind says something new of a value."""
    return name.startswith(("d", "grad", "nabla")) or name.endswith(("grad", "delta"))


def target_of(name: str, known: Collection[str]) -> str | None:
    """The known array that ``name`` is said to be the gradient of, or None.

    >>> target_of("dW1", {"W1", "X"}), target_of("grad_w2", {"W2"})
    ('W1', 'W2')
    """
    for prefix in _PREFIXES:
        if name.startswith(prefix) and (found := _known(name[len(prefix) :], known)):
            return found
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and (found := _known(name[: -len(suffix)], known)):
            return found
    return None


def _known(name: str, known: Collection[str]) -> str | None:
    """The array of that name, or the only one that differs from it in case alone."""
    if name in known:
        return name
    close = [k for k in known if k.lower() == name.lower()] if name else []
    return close[0] if len(close) == 1 else None
