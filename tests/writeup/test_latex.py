"""Whole LaTeX documents: they compile with the recommended packages, and no line runs into the margin."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

import symback as sb
from tests.writeup.networks import ALL

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
RECOMMENDED = {
    "geometry", "amsmath", "amssymb", "mathtools", "array", "booktabs", "tabularx", "longtable", "xcolor", "hyperref",
}  # fmt: skip


@needs_latex
@pytest.mark.parametrize("name", ALL)
def test_the_document_compiles_and_nothing_is_overfull(name, tmp_path):
    source = sb.derive(sb.parse(ALL[name])).to_latex()
    (tmp_path / "d.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "d.tex"]
    for _ in range(2):  # the second run settles the references
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "d.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, [line for line in log.split("\n") if line.startswith("!")]
    assert [w for w in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(w) > 10] == []
    assert "undefined" not in log.lower()


@pytest.mark.parametrize("name", ALL)
def test_only_recommended_packages_are_used(name):
    source = sb.derive(sb.parse(ALL[name])).to_latex()
    packages = {p for group in re.findall(r"\\usepackage(?:\[[^]]*\])?\{([^}]*)\}", source) for p in group.split(",")}
    assert packages <= RECOMMENDED
    assert "fontenc" not in source and "lambda x" not in source and "applyfunc" not in source


@needs_latex
def test_a_fragment_goes_into_another_document(tmp_path):
    for name in ("two_layer", "rows"):
        (tmp_path / f"{name}.tex").write_text(sb.derive(sb.parse(ALL[name])).to_latex(fragment=True), encoding="utf-8")
    packages = "amsmath,amssymb,mathtools,array,booktabs,longtable,xcolor,hyperref"
    body = r"\begin{document}\input{two_layer}\input{rows}\end{document}"
    whole = rf"\documentclass{{article}}\usepackage{{{packages}}}{body}"
    (tmp_path / "paper.tex").write_text(whole, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_one_result_is_one_formula():
    derivation = sb.derive(sb.parse(ALL["two_layer"]))
    assert derivation["W2"].to_latex() == r"dZ_{2}\,A_{1}^{\top}"
    assert derivation["Z2"].to_latex() == r"\frac{1}{m}\,(A_{2} - Y)"
    assert derivation["b1"].to_latex() == r"dZ_{1}\,\mathbf 1_{m}"
