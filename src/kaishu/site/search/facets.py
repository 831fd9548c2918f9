"""The facets of every entry in one small table, from which the browser filters, counts and sorts.

Pagefind has the same facets as its filters, but counts them in a time that grows with the square
of the catalogue, and its files for ten thousand entries are larger than all else a search fetches.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness, UpdateCycle
from kaishu.site import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import Package
    from kaishu.site.search.records import Record

# Numbers are written with these digits, each column with as many as its largest number needs.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
IDENTIFIER = 5
EPOCH = date(1970, 1, 1)
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Facet:
    """One facet: its values with their labels.

    With `several`, an entry may have more than one value; `ranked` values are shown the most
    frequent first.
    """

    name: str
    legend: str
    values: tuple[tuple[str, str], ...]
    several: bool = False
    ranked: bool = False


def facets_of(dataset: Dataset, package: Package) -> dict[str, list[str]]:
    """The values of one entry, by facet."""
    return {
        "openness": [dataset.openness.value],
        "theme": [dataset.theme.id],
        "department": [dataset.department.id],
        "format": formats_of(dataset, package),
        "cycle": [dataset.entry.update_cycle.value],
    }


def formats_of(dataset: Dataset, package: Package) -> list[str]:
    """The formats in which an entry's data can be taken, each once."""
    if not dataset.is_open:
        return []
    return list(
        dict.fromkeys(
            file.kind
            for file in package.files
            if file.resource is not None and file.path != DESCRIPTOR
        )
    )


def facets(portal: Portal, records: Sequence[Record]) -> list[Facet]:
    """The facets of a catalogue, in the order in which they are shown."""
    kinds = {kind: None for one in records for kind in one.facets["format"]}
    themes = tuple((one.id, one.name) for one in portal.themes)
    departments = tuple((one.id, one.name) for one in portal.departments)
    formats = tuple((kind, words.file_format(kind)) for kind in kinds)
    return [
        Facet("openness", _("Openness"), _labelled(Openness)),
        Facet("theme", _("Theme"), themes, ranked=True),
        Facet("department", _("Department"), departments, ranked=True),
        Facet("format", _("Format"), formats, several=True, ranked=True),
        Facet("cycle", _("Update cycle"), _labelled(UpdateCycle)),
    ]


def freshness() -> Facet:
    """How long ago data changed: what holds of an entry depends on today, so the browser says it."""
    values = {
        "month": _("Updated in the last 30 days"),
        "year": _("Updated in the last year"),
        "older": _("Updated more than a year ago"),
        "late": _("Late with its update"),
    }
    return Facet("freshness", _("Freshness"), tuple(values.items()), several=True)


def table(portal: Portal, records: Sequence[Record]) -> dict[str, Any]:
    """The table, JSON-ready: a row for each of `records`, in their order, which is that of titles.

    A column is one text of numbers of equal width; a row's number is the place of its value, or
    the sum of powers of two where a facet may have several. `updated` counts days since 1970, 0
    being unknown.
    """
    columns: list[dict[str, Any]] = []
    for facet in facets(portal, records):
        places = {value: place for place, (value, _label) in enumerate(facet.values)}
        numbers = []
        for one in records:
            own = one.facets[facet.name]
            number = sum(1 << places[value] for value in own) if facet.several else places[own[0]]
            numbers.append(number)
        columns.append({**asdict(facet), **_column(numbers)})
    columns.append(asdict(freshness()))
    days = [one.updated for one in records]
    return {"count": len(records), "facets": columns, "updated": _column(days)}


def identified(identifiers: Sequence[str]) -> dict[str, Any]:
    """The rows' identifiers in Pagefind's results, JSON-ready: the first digits of each, one text.

    `longer` has those, by row, whose first digits another one has too.
    """
    short = [one[:IDENTIFIER] for one in identifiers]
    shared = Counter(short)
    longer = {row: one for row, one in enumerate(identifiers) if shared[short[row]] > 1}
    return {"results": "".join(short), "longer": longer}


def _labelled(vocabulary: type[Openness] | type[UpdateCycle]) -> tuple[tuple[str, str], ...]:
    return tuple((one.value, one.label) for one in vocabulary)


def _column(numbers: Sequence[int]) -> dict[str, Any]:
    width = 1
    while max(numbers, default=0) >= len(DIGITS) ** width:
        width += 1
    return {"width": width, "rows": "".join(_digits(number, width) for number in numbers)}


def _digits(number: int, width: int) -> str:
    text = ""
    for _place in range(width):
        number, rest = divmod(number, len(DIGITS))
        text = DIGITS[rest] + text
    return text
