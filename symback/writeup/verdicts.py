"""A report of verdicts that can be handed back: each claim, what is to be said of it, and numbers that show it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from symback.records import Counterexample, Verdict

COLUMNS = 96  # of a terminal
MARKS = {"wrong": "✗", "ill-formed": "✗", "follows": "↳"}  # anything else is right
COLOURS = {"✓": "32", "✗": "31", "↳": "33"}


def write_verdicts(title: str, verdicts: Sequence[Verdict], form: str = "text", colour: bool = False) -> str:
    """The report as text, markdown, latex or json; ``colour`` marks right and wrong in a terminal's text."""
    if form == "text":
        return _text(title, verdicts, colour)
    writers: dict[str, Callable[[str, Sequence[Verdict]], str]] = {
        "markdown": _markdown, "latex": _latex, "json": _json,
    }  # fmt: skip
    return writers[form](title, verdicts)


def _summary(verdicts: Sequence[Verdict]) -> str:
    right = sum(verdict.right for verdict in verdicts)
    return f"{right} of {len(verdicts)} {'line is' if len(verdicts) == 1 else 'lines are'} right"


def _line(verdict: Verdict) -> str:
    """The claim as it was written, in the file or in the code."""
    return " ".join(verdict.source.split()) if verdict.source else f"{verdict.name} = {verdict.claim}"


def _status(verdict: Verdict) -> str:
    return f"{verdict.status}: {verdict.mistake.replace('_', ' ')}" if verdict.mistake else verdict.status


def _sentences(verdict: Verdict) -> list[str]:
    """What is said of a claim beside its status."""
    found = list(verdict.sentences)
    found += [
        f"It holds where {condition}." for condition in verdict.conditions if condition not in verdict.explanation
    ]
    if not verdict.right and verdict.counterexample is not None:
        found.append(_numbers(verdict.counterexample))
    return found


def _numbers(shown: Counterexample) -> str:
    """The counterexample in one sentence: the numbers, what the claim says, what the objective says."""
    arrays = ", ".join(f"{name} = {_array(value)}" for name, value in shown.arrays.items())
    place = f"{shown.wrt}[{shown.entry[0]}, {shown.entry[1]}]"
    claimed = f"the claim says {shown.claimed:g}" if shown.claimed is not None else "the claim has no value"
    reason = f" ({shown.reason})" if shown.reason else ""
    return (
        f"For example, with {arrays}: at {place} {claimed}{reason}. Moved by {shown.h:g} down and up, that entry takes "
        f"the objective from {shown.below:.10g} to {shown.above:.10g}, so its slope there is {shown.true:g}."
    )


def _array(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_array(part) for part in value) + "]"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _text(title: str, verdicts: Sequence[Verdict], colour: bool) -> str:
    out = [*([title] if title else []), _summary(verdicts), ""]
    width = max((len(_line(v)) for v in verdicts), default=0)
    for verdict in verdicts:
        mark = MARKS.get(verdict.status, "✓")
        shown = f"\033[{COLOURS[mark]}m{mark}\033[0m" if colour else mark
        place = f"{verdict.line}:" if verdict.line is not None else ""
        out.append(f"{shown} {place:>4} {_line(verdict):{min(width, 60)}}   {_status(verdict)}")
        for sentence in _sentences(verdict):
            out += textwrap.wrap(sentence, COLUMNS, initial_indent="       ", subsequent_indent="       ")
        if verdict.expected and not verdict.right and f"= {verdict.expected}." not in verdict.explanation:
            out.append(f"       right:  {verdict.name} = {verdict.expected}")
        if not verdict.right:
            out.append("")
    return "\n".join(out).rstrip() + "\n"


def _markdown(title: str, verdicts: Sequence[Verdict]) -> str:
    out = [f"# {title or 'Verdicts'}", "", _summary(verdicts) + ".", ""]
    for verdict in verdicts:
        out += [
            f"## {MARKS.get(verdict.status, '✓')} `{_line(verdict)}`",
            "",
            f"**{_status(verdict)}**",
            "",
        ]
        for sentence in _sentences(verdict):
            out += [_plain(sentence), ""]
        if verdict.expected and not verdict.right:
            out += ["Right is:", "", "```python", f"{verdict.name} = {verdict.expected}", "```", ""]
    return "\n".join(out)


def _plain(sentence: str) -> str:
    """A sentence in which Markdown finds no emphasis, no mathematics and no links."""
    return "".join("\\" + c if c in r"\*_$[]<`|" else c for c in sentence)


def _latex(title: str, verdicts: Sequence[Verdict]) -> str:
    from symback.writeup.into_latex import escape  # the templates are not needed for the other forms

    out = [
        r"\documentclass{article}", r"\usepackage[margin=25mm]{geometry}", r"\usepackage{amsmath,amssymb,xcolor}",
        r"\setlength{\parindent}{0pt}\sloppy", r"\begin{document}",
        rf"\section*{{{escape(title or 'Verdicts')}}}", escape(_summary(verdicts)) + ".",
    ]  # fmt: skip
    for verdict in verdicts:
        code = escape(_line(verdict))
        tone = "green!50!black" if verdict.right else "red!70!black"
        out += [rf"\subsection*{{\texttt{{{code}}}}}", rf"\textcolor{{{tone}}}{{{escape(_status(verdict))}}}", ""]
        for sentence in _sentences(verdict):
            out += [escape(sentence), ""]
        if verdict.expected and not verdict.right:
            out += [rf"Right is: \texttt{{{escape(f'{verdict.name} = {verdict.expected}')}}}", ""]
    return "\n".join([*out, r"\end{document}", ""])


def _json(title: str, verdicts: Sequence[Verdict]) -> str:
    names = (
        "name",
        "wrt",
        "claim",
        "status",
        "mistake",
        "explanation",
        "expected",
        "origin",
        "factor",
        "line",
        "source",
    )
    rows = [
        {name: getattr(v, name) for name in names}
        | {"conditions": list(v.conditions), "facts": list(v.facts), "right": v.right}
        | {"counterexample": None if v.counterexample is None else vars(v.counterexample)}
        for v in verdicts
    ]
    return json.dumps({"title": title, "verdicts": rows}, indent=2, default=str, ensure_ascii=False) + "\n"
