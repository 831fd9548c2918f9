"""What of a catalogue may be public: under review, the version that was approved last.

The last approved version of a dataset comes from git's history; where there is none, the dataset
is left out.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.files import PART
from kaishu.catalog import reviews
from kaishu.catalog.content import Content
from kaishu.catalog.load import load_dataset
from kaishu.history import versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.history.git import Change, History


@dataclass(frozen=True, slots=True)
class Held:
    """A dataset whose present content waits for approval.

    `shown` is the commit of the version that is public instead, None where the dataset is absent;
    `returned`: the reason, where the operator returned this content.
    """

    dataset: Dataset
    content: str
    shown: Change | None
    returned: str | None


@dataclass(frozen=True)
class Public:
    """The catalogue as it may be published, and what is held back of the one committed."""

    catalog: Catalog
    held: tuple[Held, ...]

    def dates(self, updated: dict[str, date]) -> dict[str, date]:
        """`updated` with the dates of the versions that are public."""
        absent = {one.dataset.key for one in self.held if one.shown is None}
        earlier = {one.dataset.key: one.shown.time.date() for one in self.held if one.shown}
        return {key: day for key, day in {**updated, **earlier}.items() if key not in absent}


def public(catalog: Catalog, history: History, cache: Path, day: date | None = None) -> Public:
    """What the policy lets become public; earlier versions are written out below `cache`.

    `day` decides whose day of publication has come. Raises HistoryError where git refuses.
    """
    policy = catalog.portal.review_policy
    if policy == "none":
        return Public(catalog, ())
    shown: list[Dataset] = []
    held: list[Held] = []
    for dataset in catalog.datasets:
        records, _wrong = reviews.of_dataset(catalog.root, dataset)
        content = Content.of(dataset)
        if reviews.is_approved(policy, content, records):
            shown.append(dataset)
            continue
        earlier = None
        if any(one.approves for one in records):
            earlier = _approved_before(catalog, dataset, records, history, cache, day)
        returned = [one for one in records if one.content == content.whole and not one.approves]
        reason = returned[-1].said.reason if returned else None
        held.append(Held(dataset, content.whole, earlier[1] if earlier else None, reason))
        if earlier:
            shown.append(earlier[0])
    return Public(replace(catalog, datasets=tuple(shown)), tuple(held))


def _approved_before(
    catalog: Catalog,
    dataset: Dataset,
    records: list[reviews.Review],
    history: History,
    cache: Path,
    day: date | None,
) -> tuple[Dataset, Change] | None:
    """The newest version in the history that was approved."""
    for version, change in versions_of(catalog, dataset.key, history, cache, day):
        if reviews.is_approved(catalog.portal.review_policy, Content.of(version), records):
            return version, change
    return None


def versions_of(
    catalog: Catalog, key: str, history: History, cache: Path, day: date | None = None
) -> Iterator[tuple[Dataset, Change]]:
    """Every committed version of a dataset that can be read, the newest first.

    Each is written out below `cache` once, whole or not at all.
    """
    folder = f"datasets/{key}"
    for change in versions.changes(history, folder):
        place = cache / change.commit / key
        if not place.is_dir():
            _write_out(history, change.commit, folder, place)
        version = load_dataset(place, key, catalog.portal, day)
        if version is not None:
            yield version, change


def _write_out(history: History, commit: str, folder: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=PART) as scratch:
        made = Path(scratch) / "made"
        (made / folder).mkdir(parents=True)
        versions.write_out(history, commit, folder, made)
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
