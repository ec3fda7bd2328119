"""Small matrices in rows of text, as the boxes of a picture hold them."""

from __future__ import annotations

from typing import Any

import numpy as np

from symback.writeup.numbers import shown

PLACES = 2
LARGEST = 4  # rows or columns that still fit


def rows(value: Any) -> tuple[str, ...]:
    """The rows of a matrix with aligned columns, or nothing where it is too large."""
    table = np.atleast_2d(np.asarray(value, dtype=float))
    if table.ndim != 2 or max(table.shape) > LARGEST or not np.isfinite(table).all():
        return ()
    cells = [[shown(float(v), PLACES).replace("-", "−") for v in line] for line in table]
    widths = [max(len(line[j]) for line in cells) for j in range(table.shape[1])]
    return tuple(" ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in cells)
