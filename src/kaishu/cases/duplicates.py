"""Whether what is demanded is there already: in the catalogue, or demanded before.

Names are compared by their pairs of letters, which asks for no dictionary of Chinese.
"""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kaishu.cases.models import Case
from kaishu.cases.words import Kind, State

if TYPE_CHECKING:
    from datetime import date

    from kaishu.cases.portal import Now
    from kaishu.catalog.dataset import Dataset

ALIKE: Final = 0.5
SHOWN: Final = 5
# So many of the newest demands are compared; older ones have led to an entry or to a refusal.
COMPARED: Final = 300


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier demand for the like: what the public register tells of it, and no more."""

    number: str
    received: date
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """What there is already."""

    datasets: tuple[Dataset, ...]
    demands: tuple[Earlier, ...]

    def __bool__(self) -> bool:
        return bool(self.datasets or self.demands)


def look(portal: Now, title: str) -> Found:
    """Datasets and earlier demands whose name is like `title`, the likest first."""
    ranked = sorted(
        ((_dataset(title, one), one) for one in portal.catalog.datasets), key=lambda p: -p[0]
    )
    datasets = [one for rank, one in ranked if rank >= ALIKE][:SHOWN]
    before = Case.objects.filter(kind=Kind.OPEN_DEMAND.value).exclude(state=State.WITHDRAWN.value)
    demands = [
        Earlier(case.number, case.received_at.date(), case.state_label)
        for case in before.order_by("-pk")[:COMPARED]
        if alike(title, case.statement.get("title", "")) >= ALIKE
    ][:SHOWN]
    return Found(tuple(datasets), tuple(demands))


def alike(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: the share of the shorter one's pairs of letters."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _dataset(title: str, dataset: Dataset) -> float:
    return alike(title, dataset.descriptor.title)


def _pairs(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = [letter for letter in plain if letter.isalnum()]
    return {a + b for a, b in itertools.pairwise(letters)} or set(letters)
