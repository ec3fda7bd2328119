"""The explorer inside a notebook: a frame of its own, so that neither its style nor its script meets the notebook's."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True)
class Frame:
    """A page in a frame, as Jupyter shows it; ``html`` is the page itself."""

    html: str = field(repr=False)
    height: int = 720  # pixels

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" title="symback explorer" width="100%" height="{self.height}" '
            f'style="border:1px solid #ccc" srcdoc="{escape(self.html)}"></iframe>'
        )
