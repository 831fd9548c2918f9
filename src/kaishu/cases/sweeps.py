"""What is due by itself: reminders, ends of terms, due dates counted anew, rollups, tidying.

Every sweep looks at what is, not at when it last ran: run twice it does nothing the second time,
and after an outage it catches up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.cases import reminders, tally, terms
from kaishu.cases.files import store
from kaishu.cases.records import Attachment
from kaishu.cases.recount import recount

if TYPE_CHECKING:
    from kaishu.cases.portal import Now


def sweep(portal: Now) -> dict[str, int]:
    """Do all of it; how much each part did."""
    return {
        "recounted": sum(1 for _case in recount(portal)),
        "reminded": reminders.remind(portal),
        "told": terms.tell_ahead(),
        "ended": terms.end(),
        "tallied": tally.refresh_if_changed(portal),
        "files": _forget_files(),
    }


def _forget_files() -> int:
    wanted = set(Attachment.objects.values_list("digest", flat=True).distinct())
    return sum(1 for _digest in store.sweep(wanted))
