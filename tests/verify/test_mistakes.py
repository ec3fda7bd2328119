"""The claims of published sources and of real repositories, right and wrong, by what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symback as sb

CASES = [json.loads(line) for line in (Path(__file__).parent / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
RIGHT = [c for c in CASES if c["right"]]
WRONG = [c for c in CASES if not c["right"]]
KIN: list[set[str]] = [  # names for nearly the same mistake
    {"missing_term", "forgot_regularizer"}, {"missing_factor", "wrong_factor"}, {"missing_mean", "missing_factor"},
    {"double_mean", "wrong_factor"}, {"order_swapped", "missing_transpose", "extra_transpose"},
    {"missing_sum", "summed_over_everything", "wrong_axis", "mean_for_sum"},
    {"missing_activation_derivative", "missing_chain_factor"},
    {"derivative_at_wrong_point", "wrong_activation_derivative"},
    {"missing_mean", "double_mean", "wrong_mean", "wrong_factor"},
    {"extra_activation_derivative", "missing_activation_derivative", "wrong_activation_derivative"},
    {"factor_pulled_out_of_sum", "wrong_operand"},
]  # fmt: skip


@cache
def judged(index: int) -> sb.Verdict:
    case = CASES[index]
    return [v for v in sb.verify(sb.parse(case["text"])) if v.wrt == case["wrt"]][-1]


@pytest.mark.parametrize("case", RIGHT, ids=lambda c: c["id"])
def test_a_right_claim_is_proved(case: dict[str, Any]) -> None:
    assert judged(CASES.index(case)).status == "proved"


@pytest.mark.parametrize("case", WRONG, ids=lambda c: c["id"])
def test_a_wrong_claim_is_caught(case: dict[str, Any]) -> None:
    assert judged(CASES.index(case)).status in ("wrong", "ill-formed", "follows")


def named() -> Iterator[tuple[str | None, str]]:
    for case in WRONG:
        verdict = judged(CASES.index(case))
        if verdict.status == "follows":
            verdict = next(v for v in sb.verify(sb.parse(case["text"])) if v.status in ("wrong", "ill-formed"))
        yield verdict.mistake, case["mistake"]


def test_nine_in_ten_mistakes_are_named_as_the_source_names_them() -> None:
    exact = [found == wanted for found, wanted in named()]
    assert sum(exact) >= 0.9 * len(exact)


def test_nearly_all_are_named_as_one_of_their_kin() -> None:
    close = [found == wanted or any({found, wanted} <= kin for kin in KIN) for found, wanted in named()]
    assert sum(close) >= 0.96 * len(close)
