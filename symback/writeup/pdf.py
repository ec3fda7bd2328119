"""LaTeX into PDF by pdflatex, in a folder of its own, without a shell, within a time limit."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from symback.errors import SymbackError

SECONDS = 60
RUNS = 2  # the second one settles the references


def to_pdf(source: str) -> bytes:
    """The PDF of a LaTeX document.

    Raises SymbackError where pdflatex is missing, or does not accept the document.
    """
    program = shutil.which("pdflatex")
    if program is None:
        raise SymbackError(
            "a PDF needs pdflatex, which was not found; on Debian it comes with texlive-latex-recommended "
            "(or write --format latex and compile it elsewhere)"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "derivation.tex"
        path.write_text(source, encoding="utf-8")
        command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", path.name]
        for _ in range(RUNS):
            try:
                done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
            except subprocess.TimeoutExpired:
                raise SymbackError(f"pdflatex did not finish within {SECONDS} seconds") from None
            if done.returncode:
                log = done.stdout.decode("utf-8", "replace").split("\n")
                first = next((line for line in log if line.startswith("!")), "! no message")
                raise SymbackError(f"pdflatex did not accept the document: {first[1:].strip()}")
        return path.with_suffix(".pdf").read_bytes()
