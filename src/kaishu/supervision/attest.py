"""Writes an attestation: a department looked at entries and found them right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from kaishu.base.errors import NotFound, UsageError
from kaishu.base.files import inside, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.catalog.attestations import file_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from kaishu.catalog.dataset import Catalog


def write(
    catalog: Catalog,
    department: str,
    names: Sequence[str],
    *,
    by: str,
    day: date,
    note: str | None = None,
) -> Path:
    """Write the attestation that `by` looked at the datasets `names` on `day`; its path.

    All that the department has, where `names` is empty. A day's earlier attestation is never
    changed: a further one gets a number. Raises NotFound for an unknown department or dataset,
    UsageError where the department has no datasets.
    """
    if catalog.portal.department(department) is None:
        raise NotFound(_("catalog.yaml has no department “{id}”.").format(id=department))
    own = [
        one.descriptor.name
        for one in catalog.datasets
        if one.department.id == department and one.entry.withdrawn is None
    ]
    if unknown := [name for name in names if name not in own]:
        raise NotFound(
            _("{department} has no dataset {names}; it has {own}.").format(
                department=department, names=_(", ").join(unknown), own=_(", ").join(own)
            )
        )
    if not own:
        raise UsageError(_("{department} has no datasets to attest.").format(department=department))
    said = {"date": day.isoformat(), "by": by, "datasets": sorted(names or own)}
    if note:
        said["note"] = note
    folder = inside(catalog.root, f"datasets/{department}") or catalog.root
    number = 1
    while (folder / file_name(day, number)).exists():
        number += 1
    path = folder / file_name(day, number)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    # The strict reader takes a date as text, and so does a person.
    write_atomically(path, text.replace(f"'{day}'", str(day)).encode())
    return path
