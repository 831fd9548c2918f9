"""Whether what is demanded is there already: in the catalogue, or demanded before.

Names are compared by their pairs of letters, which asks for no dictionary of Chinese. Of a demand
keyed hashes of the pairs are stored, so that all of them are searched and none is opened.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Count, FloatField, Max, Value
from django.db.models.functions import Cast, Least

from kaishu.cases import encryption
from kaishu.cases.models import Case
from kaishu.cases.records import DemandPiece
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from datetime import date

    from kaishu.cases.portal import Now
    from kaishu.catalog.dataset import Dataset

ALIKE: Final = 0.5
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier case: what the public register tells of it, and no more.

    `opened` is the dataset that was opened because of it.
    """

    number: str
    received: date
    state: str
    reason: str = ""
    opened: Dataset | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is already; `applications` are the newest answers on a dataset, by its key."""

    datasets: tuple[Dataset, ...] = ()
    demands: tuple[Earlier, ...] = ()
    applications: dict[str, tuple[Earlier, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.datasets or self.demands)


def look(portal: Now, title: str) -> Found:
    """Datasets and earlier demands whose name is like `title`, the likest first."""
    datasets = _datasets(portal, title)
    applications = {one.key: found for one in datasets if (found := _answered(portal, one.key))}
    return Found(datasets, _demands(portal, title), applications)


def pieces(case: Case) -> list[DemandPiece]:
    """The rows by which a demand is found later; none for another kind of case."""
    if case.kind != Kind.OPEN_DEMAND:
        return []
    found = sorted(hashes(str(case.statement.get("title", ""))))
    return [DemandPiece(case=case, piece=one, size=len(found)) for one in found]


def forget(case: Case) -> None:
    """Let a demand be found no more, in the transaction at hand."""
    if case.kind == Kind.OPEN_DEMAND:
        DemandPiece.objects.filter(case=case).delete()


def renew(case: Case) -> None:
    """Let a demand be found under the name it has now, in the transaction at hand."""
    forget(case)
    DemandPiece.objects.bulk_create(pieces(case))


def _demands(portal: Now, title: str) -> tuple[Earlier, ...]:
    """Demands that share at least half of the shorter name's pairs."""
    wanted = hashes(title)
    shorter = Least(Max("size"), Value(len(wanted)))
    alike = (
        DemandPiece.objects.filter(piece__in=wanted)
        .values("case_id")
        .annotate(share=Cast(Count("piece"), FloatField()) / Cast(shorter, FloatField()))
        .filter(share__gte=ALIKE)
        .order_by("-share", "-case_id")
    )
    keys = [row["case_id"] for row in alike[:SHOWN]]
    cases = Case.objects.select_related("answer").in_bulk(keys)
    return tuple(_earlier(portal, cases[key]) for key in keys)


def _answered(portal: Now, key: str) -> tuple[Earlier, ...]:
    """The newest applications for a dataset that were answered: why one more may be in vain."""
    before = Case.objects.filter(dataset_key=key, kind=Kind.OPEN_APPLICATION.value)
    newest = before.exclude(answered_at=None).select_related("answer").order_by("-pk")[:SHOWN]
    return tuple(_earlier(portal, case) for case in newest)


def _earlier(portal: Now, case: Case) -> Earlier:
    answer = getattr(case, "answer", None)
    return Earlier(
        case.number,
        case.received_at.date(),
        answer.outcome_label if answer else case.state_label,
        answer.reason_word.label if answer and answer.reason_word else "",
        portal.catalog.opened_for.get(case.number),
    )


def _datasets(portal: Now, title: str) -> tuple[Dataset, ...]:
    wanted, index = _pairs(title), _index(portal)
    shared = Counter(itertools.chain.from_iterable(index.places.get(p, ()) for p in wanted))
    ranked = sorted(
        (
            (-share, place)
            for place, count in shared.items()
            if (share := count / min(len(wanted), index.sizes[place])) >= ALIKE
        )
    )
    return tuple(portal.catalog.datasets[place] for _share, place in ranked[:SHOWN])


@dataclass(frozen=True, slots=True)
class _Index:
    """The catalogue's titles by their pairs: where each stands, and how many each title has."""

    portal: Now
    places: dict[str, list[int]]
    sizes: list[int]


_indexed: _Index | None = None


def _index(portal: Now) -> _Index:
    """The index of the catalogue as it stands, made once for each release."""
    global _indexed
    found = _indexed
    if found is None or found.portal is not portal:
        places: dict[str, list[int]] = defaultdict(list)
        titles = [_pairs(one.descriptor.title) for one in portal.catalog.datasets]
        for place, title in enumerate(titles):
            for pair in title:
                places[pair].append(place)
        found = _indexed = _Index(portal, dict(places), [len(title) for title in titles])
    return found


def hashes(title: str) -> set[int]:
    """Each pair of a name as a number that only this installation's secret key makes of it."""
    return {
        int.from_bytes(bytes.fromhex(encryption.keyed("demand", pair)[:16]), signed=True)
        for pair in _pairs(title)
    }


def _pairs(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = [letter for letter in plain if letter.isalnum()]
    return {a + b for a, b in itertools.pairwise(letters)} or set(letters)
