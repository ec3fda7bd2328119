"""The write-ups that stand beside the derivations: ``python -m symback.writeup.shipped`` writes each of them anew."""

from __future__ import annotations

from pathlib import Path

from symback.calculus.derive import derive
from symback.language.read import load
from symback.language.shipped import shipped
from symback.writeup.render import to_markdown


def write_up(path: Path) -> str:
    """The Markdown of a derivation, every step of it checked.

    Raises CheckError where a step or a result does not hold.
    """
    derivation = derive(load(path))
    return to_markdown(derivation, derivation.check(strict=True))


def main() -> None:
    """Write NAME.md beside every NAME.py."""
    for name, path in shipped().items():
        path.with_suffix(".md").write_text(write_up(path), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
