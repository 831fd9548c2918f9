"""When what follows from one change is public: its page, the search index, the catalogue's lists."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BEHIND = 10.0


@dataclass
class Watch:
    """Looks at the public folder `site` again and again, from the moment it is made.

    `page` is the changed dataset's page below it, `words` are what it says since the change.
    """

    site: Path
    page: str
    words: str
    begun: float = field(default_factory=time.perf_counter)
    live: float = 0.0
    lists: float = 0.0

    def __post_init__(self) -> None:
        self._versions = [self._version()]
        self._index = 0.0

    def look(self) -> None:
        """Note what is public by now."""
        now = time.perf_counter() - self.begun
        if not self.live:
            self.live = now if self._says(self.page) else 0.0
            return
        if not self.lists and self._says("catalog.csv"):
            self.lists = now
        version = self._version()
        if version != self._versions[-1]:
            self._versions.append(version)
            self._index = now

    @property
    def index(self) -> float:
        """Seconds until the index was public that is so at the end."""
        assert len(self._versions) > 1, "no other search index was seen"
        return self._index

    def _says(self, path: str) -> bool:
        return self.words in (self.site / path).read_text(encoding="utf-8")

    def _version(self) -> str:
        content = (self.site / "pagefind/pagefind-entry.json").read_bytes()
        return "".join(one["hash"] for one in json.loads(content)["languages"].values())


def row(watches: Sequence[Watch], work: str) -> dict[str, object]:
    """How long after the page the search index was public, the middle of several; and the lists."""
    index = [one.index - one.live for one in watches]
    lists = median(one.lists - one.live for one in watches)
    return {
        "work": work,
        "measured": f"search index live {median(index):.1f} s after the page"
        f" (of {listed(index)}; lists and figures: {lists:.1f} s)",
        "target": f"≤ {BEHIND:g} s",
        "met": median(index) <= BEHIND,
    }


def listed(seconds: Iterable[float]) -> str:
    """Several figures, in the order in which they were taken."""
    return ", ".join(f"{one:.2f}" for one in seconds)
