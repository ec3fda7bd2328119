"""A browser without a window, one for all tests of pages; they are skipped only where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Visit:
    """An open page, what it said on the console, and what it asked for."""

    def __init__(self, browser: Any, path: Path, viewport: dict[str, int], **options: Any) -> None:
        self.context = browser.new_context(viewport=viewport, **options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.evaluate("document.fonts.ready")
        self.asked = [url for url in self.asked if url != path.as_uri() and not url.startswith("data:")]

    def run(self, script: str) -> Any:
        """What a script finds on the page."""
        return self.page.evaluate(script)

    def choose(self, method: str | None, level: str) -> None:
        """Set the switches."""
        if method is not None:
            self.page.check(f"#m-{method}", force=True)
        self.page.check(f"#l-{level}", force=True)


@pytest.fixture
def visit(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    visits: list[Visit] = []

    def open_page(html: str, viewport: dict[str, int] = DESK, **options: Any) -> Visit:
        path = tmp_path / f"page{len(visits)}.html"
        path.write_text(html, encoding="utf-8")
        visits.append(Visit(chromium, path, viewport, **options))
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
