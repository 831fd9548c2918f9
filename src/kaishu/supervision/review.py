"""The operator's review before publication: what waits for it, and its decisions as records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from kaishu.base import clock
from kaishu.base.errors import NotFound, UsageError
from kaishu.base.files import inside, write_atomically
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Word
from kaishu.catalog import reviews
from kaishu.catalog.content import Content
from kaishu.catalog.reviews import Decision, Examination, Review

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.catalog.dataset import Catalog, Dataset


class Why(Word):
    """Why a content waits."""

    FIRST = "first", N_("First opening")
    STRUCTURE = "structure", N_("Openness or schema changed")
    CONTENT = "content", N_("Content changed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dataset whose content is not approved; `returned`: the record that sent it back."""

    dataset: Dataset
    content: str
    why: Why
    returned: Review | None

    def as_dict(self) -> dict[str, str | None]:
        """The JSON form."""
        return {
            "dataset": self.dataset.key,
            "title": self.dataset.descriptor.title,
            "content": self.content,
            "why": self.why.value,
            "returned": self.returned.said.reason if self.returned else None,
        }


def waiting(catalog: Catalog) -> list[Waiting]:
    """What the portal's policy holds back, by dataset; nothing under the policy `none`."""
    found = []
    for dataset in catalog.datasets:
        known, _wrong = reviews.of_dataset(catalog.root, dataset)
        content = Content.of(dataset)
        if not reviews.is_approved(catalog.portal.review_policy, content, known):
            returned = next((one for one in known if one.content == content.whole), None)
            found.append(Waiting(dataset, content.whole, _why(content, known), returned))
    return found


def approve(
    catalog: Catalog, key: str, *, by: str, secrecy: Examination, openness: Examination
) -> Path:
    """Record that exactly the present content of `key` is approved; the record's path.

    Raises NotFound for an unknown dataset.
    """
    dataset = dataset_of(catalog, key)
    said = {
        "secrecy": secrecy.model_dump(mode="json", exclude_none=True),
        "openness": openness.model_dump(mode="json", exclude_none=True),
        "structure": Content.of(dataset).structure,
    }
    return _write(catalog, dataset, Decision.APPROVED, by, said)


def send_back(catalog: Catalog, key: str, *, by: str, reason: str) -> Path:
    """Record that the present content of `key` is returned for `reason`; the record's path.

    Raises NotFound for an unknown dataset, UsageError without a reason.
    """
    if not reason.strip():
        raise UsageError(_("Say why it is returned."))
    return _write(
        catalog, dataset_of(catalog, key), Decision.RETURNED, by, {"reason": reason.strip()}
    )


def dataset_of(catalog: Catalog, key: str) -> Dataset:
    """The dataset `key`. Raises NotFound where the catalogue has none."""
    dataset = catalog.by_key.get(key)
    if dataset is None:
        raise NotFound(_("The catalogue has no dataset {dataset_key}.").format(dataset_key=key))
    return dataset


def _state(policy: str, content: Content, known: list[Review], *, waits: bool) -> str:
    if waits:
        return _why(content, known).label
    approved = policy != "none" or reviews.is_approved("all", content, known)
    return _("Approved") if approved else _("Needs no approval")


def _why(content: Content, known: list[Review]) -> Why:
    approvals = [one for one in known if one.approves]
    if not approvals:
        return Why.FIRST
    latest = max(approvals, key=lambda one: one.said.decided)
    return Why.CONTENT if latest.said.structure == content.structure else Why.STRUCTURE


def _write(
    catalog: Catalog, dataset: Dataset, decision: Decision, by: str, said: dict[str, Any]
) -> Path:
    record = {
        "decision": decision.value,
        "decided": clock.now().isoformat(timespec="seconds"),
        "by": by,
        **said,
    }
    relative = reviews.path_of(dataset.key, Content.of(dataset).whole)
    path = inside(catalog.root, relative) or catalog.root / relative
    text = yaml.safe_dump(record, allow_unicode=True, sort_keys=False)
    write_atomically(path, text.encode())
    return path


def facts(catalog: Catalog, key: str) -> list[tuple[str, str]]:
    """What a reviewer looks at, as labels and values: the entry, its hash, its records.

    Raises NotFound for an unknown dataset.
    """
    dataset = dataset_of(catalog, key)
    entry, content = dataset.entry, Content.of(dataset)
    known, _wrong = reviews.of_dataset(catalog.root, dataset)
    policy = catalog.portal.review_policy
    waits = not reviews.is_approved(policy, content, known)
    own = entry.review
    columns = [
        one.name
        for resource in dataset.descriptor.resources
        for one in (resource.tableschema.fields if resource.tableschema else ())
    ]
    found = [
        (_("Dataset"), dataset.key),
        (_("Title"), dataset.descriptor.title),
        (_("Department"), dataset.department.name),
        (_("Openness"), entry.openness.type.label),
        (_("Basis"), _("; ").join(one.title for one in entry.openness.basis)),
        (_("Conditions of opening"), entry.openness.conditions or ""),
        (_("Columns"), _(", ").join(columns)),
        (
            _("Review by the department"),
            " ".join([str(own.date), own.by, own.reference or ""]).strip() if own else "",
        ),
        (_("Content hash"), content.whole),
        (_("Review policy"), policy),
        (_("State"), _state(policy, content, known, waits=waits)),
    ]
    for one in sorted(known, key=lambda record: record.said.decided):
        words = [
            f"{one.said.decided:%Y-%m-%d}",
            one.said.by,
            one.content[:12],
            one.said.reason or "",
        ]
        found.append((one.said.decision.label, " ".join(words).strip()))
    return [(label, value) for label, value in found if value]
