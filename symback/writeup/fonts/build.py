"""Rebuild the mathematics font from STIX Two Math: ``python -m symback.writeup.fonts.build STIXTwoMath-Regular.ttf``.

Needs fonttools and brotli, which symback itself does not: the subset is stored beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from symback.writeup.font import FILE, characters


def build(source: Path, target: Path = FILE) -> None:
    """Keep the characters that formulas are written with, their larger forms, and the table of mathematical spacing."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = []  # the letters redrawn for scripts would double the size
    options.hinting = False
    options.name_IDs = ["*"]  # the copyright and the licence stay in the file
    font = TTFont(source)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=[ord(c) for c in characters()])
    worker.subset(font)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
