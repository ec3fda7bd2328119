"""The explorer in a browser: silent, asking for nothing, and true at every position of its switches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symback.checking.draw import draw
from symback.checking.run import Forward, matrix, namespace
from symback.records import Problem
from tests.explorer.conftest import DESK, PHONE
from tests.explorer.pages import NAMES, derivation, page

LEVELS = ("result", "main", "every")
STEPS = "[...document.querySelectorAll('.steps > details')].filter(e => e.checkVisibility())"

# For each gradient: the visible result as text, and the right sides of the last visible line and of the result.
LAST = """() => [...document.querySelectorAll(".sb-gradient")].map(section => {
  const seen = e => e.checkVisibility();
  const side = math => math.textContent.split("=").slice(1).join("=").replace(/\\s/g, "");
  const lines = [...section.querySelectorAll(".steps > details > summary")].filter(seen);
  const answers = [...section.querySelectorAll(".answer")].filter(seen);
  const last = lines.length ? lines[lines.length - 1].querySelector("math") : null;
  return [section.id.slice(2), answers.map(a => a.querySelector("code").textContent),
          last && side(last), answers.length ? side(answers[0].querySelector(".plain math")) : null];
})"""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_silent_and_asks_for_nothing(name: str, visit: Any) -> None:
    for viewport in (DESK, PHONE):
        opened = visit(page(name), viewport)
        assert opened.said == []
        assert opened.asked == []
        assert opened.run("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window"


@pytest.mark.parametrize("name", NAMES)
def test_every_position_of_the_switches_ends_with_a_true_gradient(name: str, visit: Any) -> None:
    opened = visit(page(name))
    methods = opened.run("[...document.querySelectorAll('[name=method]')].map(e => e.value)") or [None]
    problem = derivation(name).problem
    for method in methods:
        slopes = Slopes(problem, one_example=method in ("row", "column"))
        for level in LEVELS:
            opened.choose(method, level)
            found = opened.run(LAST)
            assert {entry[0] for entry in found} >= set(problem.symbols) & set(derivation(name))
            for array, answers, line, answer in found:
                if not answers:
                    continue  # this method refuses this array
                assert len(answers) == 1, f"{array} by {method} at {level} has {len(answers)} results"
                slopes.compare(array, answers[0].split(" = ", 1)[1])
                if line is not None:  # terms may stand in another order
                    assert sorted(line) == sorted(answer), f"{array} by {method} at {level}: {line} is not the result"


class Slopes:
    """Differences of the user's text at one point; for one example where a method shows one."""

    def __init__(self, problem: Problem, one_example: bool) -> None:
        from symback.writeup.explorer.methods import one_example as alone

        self.problem = (alone(problem, problem.objective) if one_example else None) or problem
        self.forward = Forward(self.problem, self.problem.objective)
        computed = (d.name for d in self.problem.definitions if d.name != self.problem.objective)
        self.names = [*self.problem.symbols, *computed]
        with np.errstate(all="ignore"):
            found = next(good for seed in range(50) if (good := self.at(seed)) is not None)
        self.environment, self.truth = found

    def at(self, seed: int) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The point and its slopes; None near a kink, or where the objective bends so much that differences blur."""
        environment = self.forward.run(draw(self.problem, np.random.default_rng(seed)))
        truth = {name: self.slope(environment, name, 1e-5) for name in self.names}
        for name, fine in truth.items():
            rough = self.slope(environment, name, 2e-5)
            near = np.max(np.abs(rough - fine)) < 1e-6 * max(1e-3, np.max(np.abs(fine)))
            if not near:  # nor where either is no number
                return None
        return {**environment, **{f"d{name}": value for name, value in truth.items()}}, truth

    def slope(self, environment: dict[str, Any], name: str, h: float) -> Any:
        start = np.array(environment[name], dtype=float)
        out = np.zeros(start.shape)
        for place in np.ndindex(start.shape):
            step = h * min(1.0, abs(start[place])) or h  # small beside a small probability
            values = []
            for move in (step, -step):
                moved = start.copy()
                moved[place] += move
                here = {**environment, name: moved}
                exec(self.forward.code(name), here)  # a text that the reader has seen
                values.append(float(np.asarray(here[self.problem.objective]).reshape(())))
            out[place] = (values[0] - values[1]) / (2 * step)
        return out

    def compare(self, name: str, text: str) -> None:
        value = eval(text, namespace(self.environment))  # a printed formula
        error = np.max(np.abs(matrix(value) - matrix(self.truth[name]))) / max(1e-3, np.max(np.abs(self.truth[name])))
        assert error < 1e-5, f"d{name} = {text} is off by {error:.1e}"


def test_every_step_opens(visit: Any) -> None:
    opened = visit(page("two_layer"))
    opened.choose("differential", "main")
    steps = opened.page.locator(".steps > details.both:visible > summary")
    count = steps.count()
    assert count > 15
    for i in range(count):
        steps.nth(i).click()
    assert opened.run(f"{STEPS}.filter(e => e.matches('.both') && !e.open).length") == 0
    opened.choose("differential", "every")
    assert opened.run(f"{STEPS}.filter(e => !e.open).length") == 0
    assert opened.said == []


def test_the_levels_of_detail_show_more_and_more(visit: Any) -> None:
    opened = visit(page("two_layer"))
    counts = []
    for level in LEVELS:
        opened.choose("differential", level)
        counts.append(opened.run(f"{STEPS}.length"))
    assert counts[0] == 0 < counts[1] < counts[2]


def test_shapes_and_numbers_can_be_put_away(visit: Any) -> None:
    opened = visit(page("two_layer"))
    seen = "[...document.querySelectorAll('{}')].filter(e => e.checkVisibility()).length"
    braces, numbers = seen.format("munder munder"), seen.format(".sb-value, .sb-picture text.back")
    assert opened.run(braces) > 0 < opened.run(numbers)
    opened.page.uncheck("#sb-shapes", force=True)
    opened.page.uncheck("#sb-numbers", force=True)
    assert opened.run(braces) == 0 == opened.run(numbers)


def test_a_factor_says_what_it_is_under_the_pointer_and_from_the_keyboard(visit: Any) -> None:
    opened = visit(page("two_layer"))
    opened.page.locator("#f-Z1 [data-n=W1]:visible").first.hover()
    assert opened.page.locator("#sb-say").inner_text().startswith("W1 ")
    opened.page.locator("#d-A1 .answer .line:visible").first.focus()
    opened.page.keyboard.press("ArrowRight")
    first = opened.page.locator("#sb-say").inner_text()
    opened.page.keyboard.press("ArrowRight")
    assert first.startswith("dA1") and "n₁ × m" in first
    assert opened.page.locator("#sb-say").inner_text() != first
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#sb-say").inner_text() == ""


def test_a_button_copies(visit: Any) -> None:
    opened = visit(page("two_layer"), permissions=["clipboard-read", "clipboard-write"])
    opened.page.locator("#d-W2 .answer:visible button").first.click()
    assert opened.run("navigator.clipboard.readText()") == "dW2 = dZ2 @ A1.T"
    opened.page.locator("#d-W2 .answer:visible button").nth(1).click()
    assert opened.run("navigator.clipboard.readText()") == r"dW_{2} = dZ_{2}\,A_{1}^{\top}"


def test_every_link_leads_somewhere(visit: Any) -> None:
    opened = visit(page("three_layer_residual"))
    links = opened.run("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    names = opened.run("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert {link for link in links if link.removeprefix("#") not in names} == set()
    assert len(set(names)) == len(names)


def test_print_opens_everything(visit: Any) -> None:
    opened = visit(page("two_layer"))
    opened.run("window.dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    assert opened.run("[...document.querySelectorAll('details')].every(e => e.open)")
    assert not opened.page.locator(".sb-tools").is_visible()
    fine = "[...document.querySelectorAll('#d-Z2 .sb-m-differential .every')]"
    assert opened.run(f"{fine}.length > 2 && {fine}.every(e => e.checkVisibility())")


def test_the_switches_work_without_a_script(visit: Any) -> None:
    opened = visit(page("two_layer"), java_script_enabled=False)
    assert opened.page.locator("#d-A1 .sb-m-differential .steps").first.is_visible()
    opened.page.check("#m-row", force=True)
    assert not opened.page.locator("#d-A1 .sb-m-differential .steps").first.is_visible()
    assert opened.page.locator("#d-A1 .sb-m-row .steps").first.is_visible()


def test_those_who_hear_the_page_find_its_mathematics(visit: Any) -> None:
    opened = visit(page("two_layer"))
    assert opened.page.get_by_role("radio", name="indices").count() == 1
    assert opened.page.get_by_role("heading", name="All results").count() == 1
    assert opened.page.get_by_role("link", name="Z1, computed").count() >= 1
    assert opened.run("document.querySelector('#sb-say').getAttribute('aria-live')") == "polite"
