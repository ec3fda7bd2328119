"""The one exception that symback raises on purpose: a sentence that says what, where and what would fit."""

from __future__ import annotations

WINDOW = 160  # characters of a line that are shown around the place


class SymbackError(Exception):
    """What was read cannot be understood, derived or proved; the message says why and what would fit.

    ``file``, ``line`` and ``column`` (1-based) point at the place, or are ``None`` where there is none.

    >>> print(SymbackError("W @ X do not multiply", file="net.py", line=3, column=5, text="Z = W @ X"))
    net.py:3:5: W @ X do not multiply
      Z = W @ X
          ^
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        text: str | None = None,
    ) -> None:
        """The sentence and, as far as there is one, its place and the text of its line."""
        self.message, self.file, self.line, self.column, self.text = message, file, line, column, text
        super().__init__(self.render())

    def render(self) -> str:
        """The message behind its place, the line itself, and a caret under the column."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        lines = [f"{place}: {self.message}" if place else self.message]
        if self.text is not None:
            before, shown = _window(self.text, self.column or 1)
            lines.append(f"  {shown}")
            if self.column is not None:
                lines.append("  " + " " * before + "^")
        return "\n".join(lines)


def _window(text: str, column: int) -> tuple[int, str]:
    """What is shown of a line, each character one column wide, and how much of it stands before the place."""
    printable = "".join(c if c.isprintable() else " " if c in "\t\f" else "\N{REPLACEMENT CHARACTER}" for c in text)
    start = 0 if len(printable) <= WINDOW else max(0, column - 1 - WINDOW // 2)
    shown = printable[start : start + WINDOW]
    head, tail = "…" if start else "", "…" if start + WINDOW < len(printable) else ""
    return len(head) + column - 1 - start, head + shown + tail


class ShapeError(SymbackError):
    """The shapes of the operands do not conform; raised at construction, before anything is derived."""


class RefusedError(SymbackError):
    """A well-formed question that symback cannot answer in matrix form: it says so instead of guessing."""
