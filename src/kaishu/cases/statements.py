"""What an applicant stated, as people read it: each field by the label of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kaishu.base.i18n import gettext as _
from kaishu.cases.forms import (
    PARTY,
    ApplicationForm,
    CorrectionForm,
    DemandForm,
    DisputeForm,
    columns,
)
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now

_FIELDS: Final = {
    Kind.OPEN_APPLICATION: ApplicationForm.base_fields,
    Kind.OPEN_DEMAND: DemandForm.base_fields,
    Kind.CORRECTION: CorrectionForm.base_fields,
    Kind.DISPUTE: DisputeForm.base_fields,
}


def stated(case: Case, portal: Now) -> list[tuple[str, str]]:
    """Label and text of everything stated but the applicant's own person; nothing once erased."""
    fields, statement = _FIELDS[Kind(case.kind)], case.statement
    dataset = portal.dataset(case.dataset_key)
    named = dict(columns(dataset)) if dataset else {}
    found = []
    for name, field in fields.items():
        value = statement.get(name)
        if name in PARTY or not value:
            continue
        if name in ("column", "columns"):
            chosen = [value] if isinstance(value, str) else value
            value = "、".join(named.get(one, one) for one in chosen)
        if name == "holder":
            holder = portal.catalog.portal.department(str(value))
            value = holder.name if holder else value
        found.append((str(field.label), str(value)))
    if former := statement.get("former"):
        found.append((_("Earlier case"), str(former)))
    return found
