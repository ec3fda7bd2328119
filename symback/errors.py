"""The one exception that symback raises on purpose: a sentence that says what, where and what would fit."""

from __future__ import annotations


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
        self.message, self.file, self.line, self.column, self.text = message, file, line, column, text
        super().__init__(self.render())

    def render(self) -> str:
        """The message behind its place, the line itself, and a caret under the column."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        lines = [f"{place}: {self.message}" if place else self.message]
        if self.text is not None:
            lines.append(f"  {self.text}")
            if self.column is not None:
                lines.append("  " + " " * (self.column - 1) + "^")
        return "\n".join(lines)


class ShapeError(SymbackError):
    """The shapes of the operands do not conform; raised at construction, before anything is derived."""


class RefusedError(SymbackError):
    """A well-formed question that symback cannot answer in matrix form: it says so instead of guessing."""


class CheckError(SymbackError):
    """A step or a result that differences of the user's own text contradict: it is not printed."""
