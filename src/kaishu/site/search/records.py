"""What a search holds of each entry: its words in pieces, its display texts, its facets."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from kaishu.base.formats import sort_key
from kaishu.site import words
from kaishu.site.search.facets import EPOCH, facets_of
from kaishu.site.search.pieces import characters, pieces
from kaishu.site.search.vocabulary import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import Package

# Pagefind compares a word's weight with the others of its page; ten is the most it takes.
TITLE, KEYWORDS, BELONGING, TEXT, COLUMNS = 10, 5, 3, 1, 0.5
# Pagefind takes no stemming and no segmentation of its own for a language it does not know.
LANGUAGE = "x"


@dataclass(frozen=True, slots=True)
class Record:
    """One entry, as plain values: the path of its page and a document that is only ever indexed.

    `place` is its place in the order of titles; `facets` are its values by facet; `updated` counts
    days since 1970, 0 being unknown; `names` are what it, its belongings and columns are called.
    """

    path: str
    document: str
    place: tuple[str, ...] = ()
    facets: dict[str, list[str]] = field(default_factory=dict)
    updated: int = 0
    names: tuple[str, ...] = ()

    def kept(self) -> tuple[Any, ...]:
        """As plain values, to be given back as arguments."""
        return astuple(self)


def records(
    datasets: Iterable[Dataset], packages: Mapping[str, Package], updated: Mapping[str, date]
) -> list[Record]:
    """A record for each of `datasets`, in their order."""
    return [record(one, packages[one.key], updated.get(one.key)) for one in datasets]


def record(dataset: Dataset, package: Package, updated: date | None) -> Record:
    """The record of `dataset`, whose data last changed on the day `updated`, where that is known."""
    return Record(
        path=f"datasets/{dataset.key}/",
        document=document(dataset, package),
        place=(*sort_key(dataset.descriptor.title), dataset.key),
        facets=facets_of(dataset, package),
        updated=(updated - EPOCH).days if updated else 0,
        names=tuple(sorted(texts_of(dataset, package))),
    )


def document(dataset: Dataset, package: Package) -> str:
    """The entry as Pagefind reads it: https://pagefind.app/docs/metadata/ and its neighbours.

    Elements are inline ones, because Pagefind ends the text of a block with a full stop.
    """
    descriptor = dataset.descriptor
    sentence = words.first_sentence(descriptor.description or "")
    shown = {"title": descriptor.title, "text": sentence}
    parts = (
        (TITLE, pieces(descriptor.title)),
        (TITLE, characters(descriptor.title)),
        (KEYWORDS, _pieces(descriptor.keywords)),
        (BELONGING, _pieces((dataset.department.name, dataset.theme.name))),
        (TEXT, _pieces((descriptor.description, descriptor.name, dataset.entry.code))),
        (COLUMNS, _pieces(_columns(package))),
    )
    return "".join((
        f'<html lang="{LANGUAGE}"><head>',
        *(f'<meta data-pagefind-meta="{name}[content]" content="{escape(text)}">'
          for name, text in shown.items()),
        *(f'<meta data-pagefind-filter="{name}[content]" content="{escape(value)}">'
          for name, values in facets_of(dataset, package).items() for value in values),
        "</head><body data-pagefind-body>",
        *(f'<span data-pagefind-weight="{weight}">{" ".join(found)}</span> '
          for weight, found in parts if found),
        "</body></html>",
    ))  # fmt: skip


def _columns(package: Package) -> Iterator[str | None]:
    for table in package.tables:
        yield table.title
        for one in table.fields:
            yield one.title
            yield one.name


def _pieces(texts: Iterable[str | None]) -> list[str]:
    """The pieces of several texts; a text that occurs again is not counted again."""
    return [piece for text in dict.fromkeys(texts) if text for piece in pieces(text)]
