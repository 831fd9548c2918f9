"""The undertaking that an applicant accepts; its version is stored with the case."""

from __future__ import annotations

from kaishu.base.i18n import N_

VERSION = "2026-1"
CLAUSES = (
    N_("What this application states is true."),
    N_(
        "The data will be used only for the purpose and the scene stated, within the period stated."
    ),
    N_("The data will not be passed on, and will not be used to identify a natural person."),
    N_(
        "The security measures stated will be taken; a leak will be reported to the provider at once."
    ),
    N_("At the end of the period the data will be destroyed, or a new application will be made."),
)
