"""The explorer's text: its size, its policy, its font, what it does with hostile words and with claims."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest

import symback as sb
from symback.writeup.font import FILE, italicised
from tests.explorer.pages import DERIVATIONS, NAMES, page


def test_two_layers_take_less_than_300_kilobytes() -> None:
    assert len(page("two_layer").encode()) < 300_000


@pytest.mark.parametrize("name", NAMES)
def test_the_policy_lets_nothing_in_and_no_style_is_inline(name: str) -> None:
    html = page(name)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy and "default-src 'none'" in unescape(policy[1]) and "unsafe" not in policy[1]
    assert not re.search(r"<[^>]* (style|on\w+)=", html)
    assert not re.search(r"(?:src|href)=\"?(?!#)[a-z]", html)


@pytest.mark.parametrize("name", NAMES)
def test_no_glyph_is_missing(name: str) -> None:
    tools = pytest.importorskip("fontTools.ttLib")
    known = set(tools.TTFont(FILE).getBestCmap())
    used: set[str] = set()
    for formula in re.findall(r"<math.*?</math>", page(name), re.S):
        for tag, text in re.findall(r"<(mi|mn|mo|mtext)[^>]*>([^<]*)<", formula):
            letters = unescape(text)
            used |= {"√"} if "<msqrt>" in formula else set()  # what a browser draws by itself
            used |= {italicised(letters)} if tag == "mi" and len(letters) == 1 else set(letters)
    assert used
    assert {c for c in used if ord(c) not in known} == set()


def test_the_page_opens_with_the_question_and_its_answer() -> None:
    html = page("two_layer")
    question, answer, switch = (html.index(part) for part in ("Why <code>dZ1", "In short.", "<input"))
    assert question < answer < switch


def test_words_of_the_user_stay_words() -> None:
    words = "<script>alert(1)</script> & </style>\n\n<img src=x onerror=alert(2)>\n"
    text = f'"""{words}"""\nX: (n, m)\nW: (k, n)\nJ = sum(W @ X)\n'
    html = sb.derive(sb.parse(text)).to_html()
    assert "<script>alert" not in html and "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_claim_is_judged_beside_the_gradient_that_it_is_about() -> None:
    text = (DERIVATIONS / "two_layer.py").read_text() + "\ndZ2 = (A2 - Y) / m\ndW2 = dZ2 @ A1.T\ndA1 = W2 @ dZ2\n"
    html = sb.derive(sb.parse(text)).to_html()
    sections = dict(re.findall(r'<article class="sb-gradient" id="d-(\w+)"(.*?)</article>', html, re.S))
    assert "sb-proved" in sections["W2"] and "dZ2 @ A1.T" in sections["W2"]
    assert "sb-ill-formed" in sections["A1"] or "sb-wrong" in sections["A1"]
    assert "sb-verdict" not in sections["b2"]


def test_a_wrong_claim_is_marked_at_the_step_where_it_departs() -> None:
    claims = "\ndZ1 = W2.T @ ((A2 - Y) / m) * (1 - Z1 ** 2)\ndW1 = dZ1 @ X.T\n"
    text = (DERIVATIONS / "two_layer.py").read_text() + claims
    html = sb.derive(sb.parse(text)).to_html()
    sections = dict(re.findall(r'<article class="sb-gradient" id="d-(\w+)"(.*?)</article>', html, re.S))
    step, _, after = sections["Z1"].partition("departs here")
    assert "Elementwise tanh" in step and '<a href="#v-dZ1">' in step and 'id="v-dZ1"' in after
    assert "departs here" not in sections["W2"]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("x: (n, 1)\nA: (m, n)\nf = A @ x\n", {"wrt": "x", "kind": "jacobian"}),
        ("x: (n, 1)\nA: (n, n)\nf = x.T @ A @ x\n", {"wrt": "x", "kind": "hessian"}),
        ("X: (n, m)\nA: (k, n)\nF = A @ X\n", {"wrt": "X", "kind": "jacobian_vec"}),
        ("X: (n, m)\nA: (k, n)\nG: (k, m)\nO = tanh(A @ X)\n", {"of": "O", "upstream": "G", "wrt": ["X", "A"]}),
        ("s: ()\nJ = s ** 2\n", {}),
        ("S: (n, n)\nA: (n, n)\nassume(symmetric(S))\nJ = trace(A @ S)\n", {"wrt": "S", "structured": True}),
    ],
)
def test_every_kind_of_derivative_has_a_page(text: str, options: dict[str, object]) -> None:
    html = sb.derive(sb.parse(text), **options).to_html()
    assert '<article class="sb-gradient"' in html


def test_a_page_takes_less_than_two_and_a_half_times_the_text() -> None:
    problem = sb.load(DERIVATIONS / "two_layer.py")

    def seconds(form: str) -> float:
        start = time.process_time()  # of this process: what else runs on the machine does not count
        derivation = sb.derive(problem)
        getattr(derivation, f"to_{form}")(derivation.check())
        return time.process_time() - start

    found: dict[str, list[float]] = {"text": [], "html": []}
    for _ in range(6):  # the first of them imports and fills caches
        for form, times in found.items():
            times.append(seconds(form))
    assert min(found["html"]) < 2.5 * min(found["text"])
