"""The portal as it would be once a push is taken, looked at in what the push changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base import clock, problems
from kaishu.catalog import events, reviews
from kaishu.catalog.attestations import is_attestation
from kaishu.catalog.load import load_dataset
from kaishu.gate import facts
from kaishu.gate.authority import OTHERS_ADDRESS, department_of
from kaishu.gate.settings import FOLDER
from kaishu.history.push import NOTHING
from kaishu.packaging import against, stored
from kaishu.packaging.check import check_portal
from kaishu.packaging.part import ELSEWHERE
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.gate.authority import Authority
    from kaishu.history.push import Bare, Change, Entry, RefUpdate
    from kaishu.packaging.against import Changed

CATALOG = "catalog.yaml"
# What was fetched from the portal's stores, in the bare repository.
COPIES = f"{FOLDER}/store"
# What every dataset depends on: a change of one of these has the whole portal checked, save where
# it is a review, which speaks of one dataset alone.
_COMMON = (CATALOG, "governance/")
_REVIEWS = f"{reviews.FOLDER}/"


class Ahead:
    """What becomes of the portal by one update of its branch; files are written below `scratch`.

    `touched` are the paths that differ between the update's two commits.
    """

    def __init__(
        self,
        repository: Path,
        bare: Bare,
        update: RefUpdate,
        touched: Sequence[Change],
        scratch: Path,
    ) -> None:
        self.repository, self.bare, self.update, self.scratch = repository, bare, update, scratch
        self.datasets = set(datasets(touched))
        reviewed = {"/".join(one.path.split("/")[2:4]) for one in touched if _is_review(one.path)}
        self.things = set(_things(touched)) | reviewed
        self.whole = any(
            one.path.startswith(_COMMON) and not _is_review(one.path) for one in touched
        )

    def look(
        self, pusher: str, authority: Authority
    ) -> tuple[list[problems.Problem], list[Changed]]:
        """Every problem, and what changes in datasets; the latter only of what is right."""
        tree = self.bare.tree(self.update.new)
        root = self.scratch / "new"
        wanted = tree if self.whole else [one for one in tree if _is_wanted(one, self.things)]
        self.bare.write_files(wanted, root)
        catalog, found = check_portal(root, copies=self.repository / COPIES)
        if not self.whole:
            found = [one for one in found if one.code not in ELSEWHERE]
            known = facts.read(self.repository, self.bare, tree)
            present = {key for key in self.datasets if key in known}
            found += facts.check(present, self.datasets - present, known)
        if catalog is None or problems.has_errors(found):
            return found, []
        changed = self._changed(catalog)
        found += self._breaks(catalog, changed)
        if not authority.is_operator(pusher):
            found += _taken(changed, pusher, authority)
            aliases = (alias for one in catalog.datasets for alias in one.entry.aliases)
            found += against.removed(changed, aliases)
        return found, changed

    def _changed(self, catalog: Catalog) -> list[Changed]:
        new = {key: one for key, one in catalog.by_key.items() if key in self.datasets}
        old: dict[str, Dataset] = {}
        if self.update.old != NOTHING:
            root = self.scratch / "old"
            tree = self.bare.tree(self.update.old, "datasets")
            self.bare.write_files([one for one in tree if _is_wanted(one, self.datasets)], root)
            for key in self.datasets:
                if (root / "datasets" / key).is_dir():
                    was = load_dataset(root, key, catalog.portal)
                    old |= {key: was} if was is not None else {}
        # Rows of what cannot be had any more are not counted; columns and keys are.
        list(stored.fetch(list(old.values()), catalog.portal, self.repository / COPIES))
        return against.changed(old, new)

    def _breaks(self, catalog: Catalog, changed: Sequence[Changed]) -> Iterator[problems.Problem]:
        regulation = library.load(catalog.portal.regulation, catalog.root)
        calendar = WorkingCalendar.load(catalog.root)
        decided = events.read(catalog)[0]
        return against.check(changed, decided, regulation, calendar, clock.today())


def _taken(
    changed: Sequence[Changed], pusher: str, authority: Authority
) -> Iterator[problems.Problem]:
    """Former addresses newly stated that never were the pusher's: approvals would go with them."""
    for one in changed:
        known = one.old.entry.aliases if one.old and one.old.key == one.key else ()
        for alias in one.new.entry.aliases if one.new else ():
            if alias not in known and not authority.may_change(pusher, f"datasets/{alias}/-"):
                file = one.new.file if one.new else None
                yield OTHERS_ADDRESS.at(dataset=one.key, file=file, alias=alias, pusher=pusher)


def datasets(changes: Sequence[Change]) -> Iterator[str]:
    """Datasets that changed, as `<department>/<name>`."""
    return (name for name in _things(changes) if not is_attestation(name.rpartition("/")[2]))


def _things(changes: Sequence[Change]) -> Iterator[str]:
    """Datasets and attestations that changed, as `<department>/<name>`."""
    for change in changes:
        if department_of(change.path) is not None:
            yield "/".join(change.path.split("/")[1:3])


def _is_review(path: str) -> bool:
    return path.startswith(_REVIEWS)


def _is_wanted(entry: Entry, things: set[str]) -> bool:
    parts = entry.path.split("/")
    if _is_review(entry.path):
        return "/".join(parts[2:4]) in things
    if parts[0] == "datasets":
        return "/".join(parts[1:3]) in things
    return parts[0] == CATALOG or parts[0] == "governance"
