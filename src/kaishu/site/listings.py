"""Lists of entries in pages that link each other: all of them are reached without a script."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kaishu.base.formats import sort_key
from kaishu.base.i18n import gettext as _
from kaishu.site import words
from kaishu.site.search.facets import formats_of
from kaishu.site.shell import Link, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.site.edition import Edition

ON_A_PAGE = 50
LETTERS = "lists/letters/"
# Titles that begin with a number or a sign.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a dataset: `path` is its page's, `formats` are the names people know."""

    dataset: Dataset
    path: str
    sentence: str
    updated: date | None
    formats: list[str]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one page stands among those of a list; `path` is the first one's."""

    path: str
    number: int
    last: int

    def link(self, number: int) -> str | None:
        """The path of another of these pages, None where there is none."""
        if not 1 <= number <= self.last:
            return None
        return self.path if number == 1 else f"{self.path}{number}/"


def listed(datasets: Iterable[Dataset]) -> list[Dataset]:
    """The datasets that lists show, in the order of their titles; withdrawn ones are not shown."""
    current = (one for one in datasets if one.entry.withdrawn is None)
    return sorted(current, key=lambda one: (sort_key(one.descriptor.title), one.key))


def by_date(edition: Edition, datasets: Sequence[Dataset]) -> list[Dataset]:
    """`datasets`, those whose data changed last first; where that is the same, as they were."""
    return sorted(datasets, key=lambda one: edition.updated.get(one.key, date.min), reverse=True)


def summary(edition: Edition, dataset: Dataset) -> Summary:
    """What a list shows of a dataset."""
    package = edition.packages[dataset.key]
    return Summary(
        dataset=dataset,
        path=f"datasets/{dataset.key}/",
        sentence=words.first_sentence(dataset.descriptor.description or ""),
        updated=edition.updated.get(dataset.key),
        formats=[words.file_format(name) for name in formats_of(dataset, package)],
    )


def summaries(edition: Edition, datasets: Iterable[Dataset]) -> list[Summary]:
    """What a list shows of each of `datasets`."""
    return [summary(edition, one) for one in datasets]


def paged(first: Page, name: str, entries: Sequence[Any]) -> Iterator[Page]:
    """`first` with the first of `entries` as its value `name`, and as many pages as the rest needs.

    Every page has a `pager`; those after the first one are `further`, and named by their number.
    """
    last = max(1, -(-len(entries) // ON_A_PAGE))
    for number in range(1, last + 1):
        pager = Pager(first.path, number, last)
        some = entries[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        values = {**first.values, name: some, "pager": pager, "further": number > 1}
        title = first.title
        if number > 1:
            title = _("{title} (page {number})").format(title=title, number=number)
        yield replace(first, path=pager.link(number) or "", title=title, values=values)


def letter_of(title: str) -> str:
    """The letter under which a title stands: that of its first syllable in pinyin."""
    first = sort_key(title)[0][:1]
    return first if first.isascii() and first.isalpha() else OTHER


def by_letter(datasets: Iterable[Dataset]) -> dict[str, list[Dataset]]:
    """`datasets` by their titles' letters, the letters in their order, other titles last."""
    found: defaultdict[str, list[Dataset]] = defaultdict(list)
    for one in datasets:
        found[letter_of(one.descriptor.title)].append(one)
    return {letter: found[letter] for letter in sorted(found, key=lambda one: (one == OTHER, one))}


def letter_links(letters: Iterable[str]) -> list[Link]:
    """The ways to the lists of these letters."""
    return [
        Link(f"{LETTERS}{letter}/", _("0–9 and others") if letter == OTHER else letter.upper())
        for letter in letters
    ]
