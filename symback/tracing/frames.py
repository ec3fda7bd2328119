"""Watching a run: after each statement, the values that the user's variables hold are given their names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from symback.tracing.array import Array
from symback.tracing.lines import Place, is_user_code
from symback.tracing.recorder import Candidate, Tape
from symback.tracing.standins import Standins

MAX_NESTING = 4  # of containers that are looked into
PLAIN = (str, bytes, int, float, complex, type(None), np.ndarray, np.generic, ModuleType, type)


@dataclass
class Watcher:
    """The trace function of one run."""

    tape: Tape
    standins: Standins
    running: dict[FrameType, int] = field(default_factory=dict)  # the line being executed in each user frame
    depths: dict[FrameType, int] = field(default_factory=dict)

    def run(self, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        """Call the function with its variables watched and its NumPy replaced by stand-ins."""
        before = sys.gettrace()
        sys.settrace(self.called)
        try:
            return function(**arguments)
        finally:
            sys.settrace(before)
            self.standins.leave()

    def called(self, frame: FrameType, event: str, arg: object) -> Any:
        """A function is called: watch it where it is the user's, and not a comprehension."""
        if not is_user_code(frame):
            return None
        self.standins.enter(frame.f_globals)
        if frame.f_code.co_name in ("<listcomp>", "<dictcomp>", "<genexpr>", "<setcomp>"):
            return None
        self.depths[frame] = len(self.depths)
        return self.event

    def event(self, frame: FrameType, event: str, arg: Any) -> Any:
        """A line is about to be executed, so the one before it is done."""
        if event in ("line", "return"):
            line = self.running.get(frame)
            if line is not None:
                self.look(frame, self.tape.lines.place(frame, line))
            self.running[frame] = frame.f_lineno
        if event == "return":
            self.tape.last = self.tape.lines.place(frame, frame.f_lineno)
            found: list[tuple[str, int, Array]] = []
            self._collect("returned", list(arg) if isinstance(arg, tuple) else arg, 0, 0, found, set())
            for _, _, array in found:  # a value without a name is made where it is returned first
                self.tape.made.setdefault(array.value.node, self.tape.last)
            self.running.pop(frame, None)
            self.depths.pop(frame, None)
        return self.event

    def look(self, frame: FrameType, place: Place) -> None:
        """Name what the variables of a frame hold, those that the statement assigned first."""
        found: list[tuple[str, int, Array]] = []
        seen: set[int] = set()
        for name, held in frame.f_locals.items():
            if name.isidentifier():
                self._collect(name, held, 0, 0, found, seen)
        depth = self.depths[frame]
        found.sort(key=lambda f: (f[1], f[0] not in place.targets, f[2].value.node.depth))
        self.tape.together.clear()
        for name, rank, array in found:
            self.tape.name(array, Candidate(name, rank, depth, name in place.targets), place)

    def _collect(
        self, name: str, held: object, rank: int, nesting: int, found: list[tuple[str, int, Array]], seen: set[int]
    ) -> None:
        if type(held) is Array:
            found.append((name, rank, held))
            return
        if nesting >= MAX_NESTING or isinstance(held, PLAIN) or id(held) in seen:
            return
        seen.add(id(held))
        if isinstance(held, dict):
            for key, item in list(held.items()):
                label = key if isinstance(key, str) and key.isidentifier() else f"{name}_{key}"
                self._collect(label, item, max(rank, 1), nesting + 1, found, seen)
        elif isinstance(held, list):
            for i, item in enumerate(held):
                self._collect(f"{name}_{i}", item, 2, nesting + 1, found, seen)
        elif not isinstance(held, tuple) and not callable(held):
            with suppress(TypeError):  # an object without attributes of its own
                for key, item in list(vars(held).items()):
                    self._collect(key, item, max(rank, 1), nesting + 1, found, seen)
