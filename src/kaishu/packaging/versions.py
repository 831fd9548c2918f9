"""The published versions of each dataset, the newest first, and what each of them changed.

They come from git's history. What was found of a commit is kept, so that only what is new is
read and compared.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kaishu
from kaishu.base.files import canonical_json, write_atomically
from kaishu.base.problems import has_errors
from kaishu.catalog import reviews
from kaishu.catalog.content import Content
from kaishu.catalog.load import load_dataset
from kaishu.history import versions
from kaishu.packaging import stored
from kaishu.packaging.check import check_dataset
from kaishu.packaging.differences import Differences, compare
from kaishu.packaging.package import package
from kaishu.packaging.store import COPIES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.history.git import Change, History

LISTED = 10
# Commits that are looked at for them: not each one changes what is published.
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its commit, the day of it, and what it changed (None: it is the first known)."""

    commit: str
    date: date
    differences: Differences | None


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one dataset's past; `checksums` are those of the files that a withdrawn
    dataset had last, path → SHA-256.
    """

    versions: tuple[Version, ...] = ()
    checksums: tuple[tuple[str, str], ...] = ()


def pasts(
    catalog: Catalog,
    history: History,
    cache: Path,
    day: date,
    shown: Mapping[str, Change],
    *,
    only: Collection[str] | None = None,
) -> dict[str, Past]:
    """The past of every dataset, or of `only` these, by key; empty outside git and in a shallow
    clone.

    `day` decides whose day of publication has come; `shown` are the versions that are public in
    place of the newest. Raises HistoryError where git refuses.
    """
    folders = ["datasets"] if only is None else [f"datasets/{key}" for key in sorted(only)]
    changes = history.all_changes(*folders, owner=_owner)
    found = {}
    for dataset in catalog.datasets:
        if own := _own(dataset, changes):
            until = shown.get(dataset.key)
            first = own.index(until) if until in own else 0
            found[dataset.key] = _Reader(catalog, dataset, history, cache, day).past(own[first:])
    return found


def _own(dataset: Dataset, changes: Mapping[str, tuple[Change, ...]]) -> tuple[Change, ...]:
    """The changes of a dataset, before it had its address those of its former ones."""
    own = changes.get(dataset.key, ())
    known = {one.commit for one in own}
    earlier = {
        one.commit: one
        for alias in dataset.entry.aliases
        for one in changes.get(alias, ())
        if one.commit not in known and (not own or one.time <= own[-1].time)
    }
    return (*own, *sorted(earlier.values(), key=lambda one: one.time, reverse=True))


def _owner(path: str) -> str | None:
    parts = path.split("/")
    return "/".join(parts[1:3]) if len(parts) > 3 else None


class _Reader:
    """Reads the versions of one dataset, each at most once, and keeps what it found."""

    def __init__(
        self, catalog: Catalog, dataset: Dataset, history: History, cache: Path, day: date
    ) -> None:
        self.catalog, self.dataset, self.history, self.day = catalog, dataset, history, day
        self.policy = catalog.portal.review_policy
        self.records = [] if self.policy == "none" else reviews.of_dataset(catalog.root, dataset)[0]
        self.file = cache / f"{dataset.key}.json"
        self.kept: dict[str, Any] = {}

    def past(self, changes: tuple[Change, ...]) -> Past:
        """The past by the commits `changes`, the newest first."""
        withdrawn = self.dataset.entry.withdrawn is not None
        if len(changes) == 1 and not withdrawn:
            return Past((Version(changes[0].commit, changes[0].time.date(), None),))
        self.kept = self._read()
        before = json.dumps(self.kept, sort_keys=True)
        with tempfile.TemporaryDirectory(prefix="kaishu-versions-") as scratch:
            self.scratch = Path(scratch)
            public = list(self._public(changes[:_LOOKED_AT]))
            listed = tuple(self._listed(public))
            sums = self._checksums(public) if withdrawn else ()
        if json.dumps(self.kept, sort_keys=True) != before:
            write_atomically(self.file, canonical_json(self.kept))
        return Past(listed, sums)

    def _public(self, changes: tuple[Change, ...]) -> Iterator[tuple[Change, Content]]:
        """Versions that may be known to the public; of equal neighbours the older one."""
        waiting: tuple[Change, Content] | None = None
        for change in changes:
            content = self._content(change)
            if content is None or not reviews.is_approved(self.policy, content, self.records):
                continue
            if waiting is not None and waiting[1].whole != content.whole:
                yield waiting
            waiting = change, content
        if waiting is not None:
            yield waiting

    def _listed(self, public: list[tuple[Change, Content]]) -> Iterator[Version]:
        for number, (change, _content) in enumerate(public[:LISTED]):
            older = public[number + 1][0] if number + 1 < len(public) else None
            differences = self._differences(older, change) if older is not None else None
            yield Version(change.commit, change.time.date(), differences)

    def _content(self, change: Change) -> Content | None:
        known = self.kept.setdefault("contents", {})
        if change.commit not in known:
            dataset = self._dataset(change)
            # A commit between two that were published need not have been right.
            right = dataset is not None and not has_errors(check_dataset(dataset))
            known[change.commit] = asdict(Content.of(dataset)) if dataset and right else None
        said = known[change.commit]
        return Content(**said) if said else None

    def _differences(self, older: Change, newer: Change) -> Differences | None:
        known = self.kept.setdefault("differences", {})
        # A day of publication that has come shows rows that could not be counted before.
        place = f"{older.commit}..{newer.commit}"
        if place not in known:
            old, new = self._dataset(older), self._dataset(newer)
            if old is None or new is None:
                return None
            found = compare(old, new)
            here = stored.is_here(old) and stored.is_here(new)
            if old.embargoed or new.embargoed or not here:
                return found
            known[place] = found.as_dict()
        return Differences.from_dict(known[place])

    def _checksums(self, public: list[tuple[Change, Content]]) -> tuple[tuple[str, str], ...]:
        """The hashes of the files that the last version with data offered."""
        known = self.kept.setdefault("checksums", {})
        for change, content in public:
            if content.withdrawn:
                continue
            if change.commit not in known:
                dataset = self._dataset(change)
                if dataset is None or not dataset.is_open:
                    continue
                made = package(
                    dataset, self.scratch / "package", portal=self.catalog.portal,
                    updated=change.time.date(),
                )  # fmt: skip
                known[change.commit] = [
                    [one.path, one.sha256] for one in made.files if one.resource is not None
                ]
            return tuple((path, sha256) for path, sha256 in known[change.commit])
        return ()

    def _dataset(self, change: Change) -> Dataset | None:
        """The dataset as it was, read from where it is written out for as long as it is needed."""
        root = self.scratch / change.commit
        keys = (self.dataset.key, *self.dataset.entry.aliases)
        if not root.is_dir():
            root.mkdir()
            # The first of its addresses that it had then.
            any(
                versions.write_out(self.history, change.commit, f"datasets/{key}", root)
                for key in keys
            )
        key = next((one for one in keys if (root / "datasets" / one).is_dir()), None)
        if key is None:
            return None
        found = load_dataset(root, key, self.catalog.portal, self.day)
        if found is not None:
            # What the stores do not hold any more cannot be counted, and is no problem of today's.
            list(stored.fetch([found], self.catalog.portal, self.catalog.root / COPIES))
        return found

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.file.read_bytes())
        except (OSError, ValueError):
            kept = None
        fresh = {"version": kaishu.__version__}
        return (
            kept if isinstance(kept, dict) and kept.get("version") == kaishu.__version__ else fresh
        )
