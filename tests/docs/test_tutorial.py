"""The tutorial runs from top to bottom, and what it says about its results is so."""

from __future__ import annotations

import sys
import warnings
from html import unescape
from pathlib import Path
from typing import Any

import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    kernelspec = pytest.importorskip("jupyter_client.kernelspec")
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(TUTORIAL, as_version=4)
    kernel = kernelspec.KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Jupyter's own packages say about each other
        place = {"metadata": {"path": str(TUTORIAL.parents[1])}}
        client = nbclient.NotebookClient(notebook, timeout=120, resources=place)
        client.create_kernel_manager()._kernel_spec = kernel
        client.execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cells: list[Any], source: str) -> str:
    """What the cell that contains a text has printed or shown."""
    cell = next(c for c in cells if source in c.source)
    data = [out.get("data", {}) for out in cell.outputs]
    pairs = zip(cell.outputs, data, strict=True)
    return "\n".join(out.get("text") or d.get("text/html") or d["text/plain"] for out, d in pairs)


def test_no_cell_is_stored_with_an_output() -> None:
    assert '"outputs": []' in TUTORIAL.read_text() and '"output_type"' not in TUTORIAL.read_text()


def test_the_tutorial_runs_and_its_results_are_right(cells: list[Any]) -> None:
    assert shown(cells, "report = d.check()") == "(True, True)"
    assert shown(cells, "method=method").count("(A2 - Y) @ A1.T / m") == 3


def test_records_show_themselves_as_mathematics(cells: list[Any]) -> None:
    for source in ("d = sb.derive(problem)", 'kind="hessian"', 'upstream="G"'):
        assert "<math" in shown(cells, source)


def test_the_explorer_is_in_a_frame_that_may_only_run_its_own_script(cells: list[Any]) -> None:
    html = shown(cells, "d.explore(")
    assert html.startswith('<iframe sandbox="allow-scripts"')
    assert "default-src &#39;none&#39;" in unescape(html)


def test_the_wrong_claim_is_found(cells: list[Any]) -> None:
    lines = shown(cells, "verdict.mistake").strip().split("\n")
    assert [line.split(" - ")[0] for line in lines] == ["dZ2 is proved", "dW2 is proved", "dZ1 is wrong"]
