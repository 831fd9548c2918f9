"""What a person asks of the clock, read kindly: the words of `kaishu due` and its arguments."""

from __future__ import annotations

from datetime import datetime, time

from kaishu.base import clock
from kaishu.base.errors import UsageError
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _

HELP = N_(
    "Explain by when a regulation asks for an act: the date, every day counted or skipped, the "
    "article and its words. The exit status is 3 where the regulation sets no such term."
)
REGULATION_HELP = N_("An id of the library, or a folder of the portal (default: the portal's).")
RECEIVED_HELP = N_("The moment of receipt, such as 2026-09-30T16:00 (Shanghai time).")
EXTENDED_HELP = N_("Count in the most by which the rule lets its term be extended.")
FORMAT_HELP = N_("A text for people, or JSON.")


def moment(text: str) -> datetime:
    """`text` (ISO 8601) as Shanghai time. Raises UsageError where it is no date."""
    try:
        return clock.parse(text)
    except (ValueError, OverflowError):
        raise UsageError(
            _("“{text}” is no date; write it like 2026-09-30 or 2026-09-30T16:00.").format(
                text=text
            )
        ) from None


def reference(asked: str | None, of_the_portal: object) -> str:
    """The regulation to read: the one asked for, else the portal's. Raises UsageError."""
    if asked is not None:
        return asked
    if isinstance(of_the_portal, str):
        return of_the_portal
    raise UsageError(
        _("No regulation is named: give --regulation, or run this in a portal's folder.")
    )


def close_of_office(of_the_portal: object) -> time | None:
    """The close of office in a portal's `office_hours`, or None where it sets none.

    Raises UsageError where it is no time of day.
    """
    if of_the_portal is None:
        return None
    close = of_the_portal.get("close") if isinstance(of_the_portal, dict) else None
    try:
        return datetime.strptime(str(close), "%H:%M").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        raise UsageError(
            _("The portal's office_hours must name a time such as {example}.").format(
                example='close: "17:30"'
            )
        ) from None
