"""The operator's decision on a content: what it is, and the commit that records and merges it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import NotFound
from kaishu.base.i18n import gettext as _
from kaishu.catalog import reviews
from kaishu.catalog.content import content_hash
from kaishu.catalog.governance import read_file
from kaishu.catalog.load import load
from kaishu.catalog.reviews import Decision, ReviewFile
from kaishu.packaging import against
from kaishu.packaging.part import COMMON
from kaishu.supervision import review

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaishu.catalog.dataset import Catalog
    from kaishu.history.proposals import Person, Proposal, Proposals


_RETURNED = 10


@dataclass(frozen=True)
class Examined:
    """What a reviewer looks at: the entry's facts, and what it changes of the published version."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    proposal: Proposal | None


def key_of(proposal: Proposal) -> str:
    """The dataset that a proposal is about."""
    return "/".join(proposal.name.split("/")[:2])


def waiting(repository: Proposals) -> list[review.Waiting]:
    """What is on the portal's branch already and not approved."""
    with tempfile.TemporaryDirectory(prefix="kaishu-review-") as scratch:
        for folder in (*COMMON, "datasets"):
            repository.write_out(repository.tip, folder, Path(scratch))
        return review.waiting(load(Path(scratch)))


def examine(repository: Proposals, key: str, proposal: Proposal | None) -> Examined:
    """The dataset `key` as it would be, or as it is where there is no proposal.

    Raises NotFound where there is no such dataset, Conflict where the proposal cannot be merged.
    """
    tree = repository.merged(proposal) if proposal else repository.tip
    with tempfile.TemporaryDirectory(prefix="kaishu-review-") as scratch:
        new = _written(repository, tree, key, Path(scratch) / "new")
        old = _written(repository, repository.tip, key, Path(scratch) / "old")
        dataset = review.dataset_of(new, key)
        was = {key: old.by_key[key]} if key in old.by_key and proposal else {}
        said = [one.sentences() for one in against.changed(was, {key: dataset})]
        facts = tuple(review.facts(new, key))
    return Examined(key, dataset.descriptor.title, facts, tuple(said[0] if said else ()), proposal)


def decide(
    repository: Proposals,
    key: str,
    proposal: Proposal | None,
    by: Person,
    record: Callable[[Catalog], Path],
    *,
    approved: bool,
) -> str:
    """Commit what `record` writes and, where it approves a proposal, the proposal with it.

    What the gate said, in one push. Raises NotFound, Conflict, or Refused by the gate.
    """
    tip = repository.tip
    tree = repository.merged(proposal) if proposal else tip
    with tempfile.TemporaryDirectory(prefix="kaishu-review-") as scratch:
        catalog = _written(repository, tree, key, Path(scratch))
        dataset = review.dataset_of(catalog, key)
        path = record(catalog)
        file = reviews.path_of(key, content_hash(dataset))
        words = _("Approved: {title}") if approved else _("Returned: {title}")
        message = words.format(title=dataset.descriptor.title)
        if proposal and approved:
            parents: tuple[str, ...] = (tip, proposal.commit)
            commit = repository.commit(parents, {file: path}, message, by, tree=tree)
        else:
            commit = repository.commit((tip,), {file: path}, message, by)
    said = repository.publish(commit, by)
    if proposal:
        repository.drop(proposal.name, by)
    return said


def returned(repository: Proposals, department: str) -> list[tuple[str, ReviewFile]]:
    """What was returned to a department last: the dataset and the record, the newest first."""
    with tempfile.TemporaryDirectory(prefix="kaishu-review-") as scratch:
        root = Path(scratch)
        repository.write_out(repository.tip, f"{reviews.FOLDER}/{department}", root)
        found = []
        for path in sorted((root / reviews.FOLDER).glob("*/*/*.yaml")):
            said, _document = read_file(path, ReviewFile, file=path.name, found=[])
            if said is not None and said.decision is Decision.RETURNED:
                found.append((f"{department}/{path.parent.name}", said))
    return sorted(found, key=lambda one: one[1].decided, reverse=True)[:_RETURNED]


def find(repository: Proposals, name: str) -> Proposal:
    """The proposal of this name. Raises NotFound where it is merged or gone."""
    found = next((one for one in repository.waiting() if one.name == name), None)
    if found is None:
        raise NotFound(_("There is no proposal of this name any more."))
    return found


def _written(repository: Proposals, tree: str, key: str, target: Path) -> Catalog:
    for folder in (*COMMON, f"datasets/{key}"):
        repository.write_out(tree, folder, target)
    return load(target)
