"""The lists of restricted entries with the basis of each (营口 第三十条; national 第十五条).

Three lists: opened on request, not open, and not shared unconditionally.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.formats import sort_key
from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness, Sharing
from kaishu.exports import addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Basis, Portal

SHARING = "sharing"
LISTS = (Openness.ON_REQUEST.value, Openness.CLOSED.value, SHARING)


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restricted entry: in what, under which conditions, on which basis."""

    dataset: Dataset
    attribute: Openness | Sharing
    conditions: str | None
    basis: tuple[Basis, ...]


def restrictions(catalog: Catalog, name: str) -> list[Restriction]:
    """The entries of the list `name`, one of LISTS, by department and title."""
    order = {one.id: number for number, one in enumerate(catalog.portal.departments)}
    found = []
    for dataset in catalog.datasets:
        openness, sharing = dataset.entry.openness, dataset.entry.sharing
        if dataset.entry.withdrawn is not None:
            continue
        if name == SHARING and sharing.type is not Sharing.UNCONDITIONAL:
            found.append(Restriction(dataset, sharing.type, sharing.conditions, sharing.basis))
        elif name == openness.type.value and openness.type is not Openness.UNCONDITIONAL:
            found.append(Restriction(dataset, openness.type, openness.conditions, openness.basis))
    return sorted(
        found,
        key=lambda one: (
            order[one.dataset.department.id],
            sort_key(one.dataset.descriptor.title),
            one.dataset.key,
        ),
    )


def rows(portal: Portal, found: Sequence[Restriction]) -> list[list[str]]:
    """One row a basis below a header row; an entry without a basis has a row of its own."""
    header = [
        _("Catalogue code"), _("Name"), _("Provider"), _("Restriction"), _("Conditions"), _("Basis"),
        _("Article"), _("Level"), _("Issuer"), _("Address of the basis"), _("Address"),
    ]  # fmt: skip
    listed = [header]
    for one in found:
        entry = [
            one.dataset.entry.code or "", one.dataset.descriptor.title, one.dataset.department.name,
            one.attribute.label, one.conditions or "",
        ]  # fmt: skip
        address = addresses.of_dataset(portal, one.dataset)
        bases = [
            [
                basis.title,
                basis.article or "",
                basis.level.label,
                basis.issuer or "",
                basis.url or "",
            ]
            for basis in one.basis
        ]
        listed.extend([*entry, *basis, address] for basis in bases or [[""] * 5])
    return listed
