"""Which duty stands: a text's own, or that of the nearest text above it that speaks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kaishu.regulation.model import Duty, DutyId, Regulation


@dataclass(frozen=True, slots=True)
class StandingDuty:
    """The duty that stands, and the text it stands in."""

    duty: Duty
    regulation: Regulation


def standing_duty(regulation: Regulation, duty_id: DutyId, on: date) -> StandingDuty | None:
    """The duty on `duty_id` that stands on the day `on`, or None where no text lays it down.

    A text that sets how often, until when or how long ahead goes before one that only mentions
    the duty. The text asked for is usable when it has lapsed; one above it counts while in force,
    and only where no text between the two is missing: its silence is never inferred.
    """
    spoken = []
    for text in regulation.chain:
        if duty_id in text.duties and (text is regulation or text.in_force_on(on)):
            spoken.append(StandingDuty(text.duties[duty_id], text))
        if text.not_at_hand is not None:
            break
    return next((one for one in spoken if _is_definite(one.duty)), spoken[0] if spoken else None)


def _is_definite(duty: Duty) -> bool:
    return duty.every is not None or duty.until is not None or duty.ahead is not None
