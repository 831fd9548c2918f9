"""The words of a catalogue, for a search that found nothing: what could have been meant.

Chinese has no spaces, so words are runs of two to four characters that occur again and again, and
do not only occur within one longer run.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from kaishu.site.search.confusions import alike, near_words, syllables
from kaishu.site.search.pieces import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import Package
    from kaishu.site.search.records import Record

LENGTHS = (2, 3, 4)
MOST = 8000
_CHINESE = re.compile(f"[{HAN}]+")
_LETTERS = re.compile(r"[a-z][a-z]{2,}")


def vocabulary(records: Iterable[Record]) -> dict[str, Any]:
    """The file that corrections are made from, JSON-ready."""
    return {
        "words": words(one.names for one in records),
        "near": near_words(),
        "alike": alike(),
        "syllables": syllables(),
    }


def texts_of(dataset: Dataset, package: Package) -> set[str]:
    """The names in an entry: what it, its belongings and its columns are called."""
    columns = {field.title for table in package.tables for field in table.fields}
    named = {dataset.descriptor.title, dataset.department.name, dataset.theme.name}
    return {text.casefold() for text in named | columns | {*dataset.descriptor.keywords} if text}


def words(texts: Iterable[Iterable[str]]) -> list[str]:
    """The words of some entries' texts, the most frequent first, at most MOST.

    A pair that always goes on in the same way is a part of a word, not a word. Words of letters
    are few, and come first.
    """
    counts: Counter[str] = Counter()
    for own in texts:
        found: set[str] = set()
        for text in own:
            found.update(_LETTERS.findall(text))
            for run in _CHINESE.findall(text):
                found.update(
                    run[i : i + length]
                    for length in (*LENGTHS, LENGTHS[-1] + 1)
                    for i in range(len(run) - length + 1)
                )
        counts.update(found)
    within: Counter[str] = Counter()
    for run, count in counts.items():
        for part in (run[1:], run[:-1]):
            within[part] = max(within[part], count)
    kept = [
        (count, word)
        for word, count in counts.items()
        if len(word) <= LENGTHS[-1] or word.isascii()
        if within[word] < count or len(word) == LENGTHS[-1]
    ]
    kept.sort(key=lambda one: (not one[1].isascii(), -one[0] * len(one[1]), one[1]))
    return [word for _count, word in kept[:MOST]]
