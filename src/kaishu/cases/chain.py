"""The chain of a case's events: each hash covers the event and the hash before it.

Events hold no personal data: what an applicant or an officer wrote stands there as a salted
commitment, whose salt lies with the words themselves and is erased with them.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from kaishu.base.compact import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SALT_BYTES = 16


def start(number: str) -> str:
    """What stands before a case's first event."""
    return hashlib.sha256(f"kaishu case {number}".encode()).hexdigest()


def link(
    before: str,
    *,
    sequence: int,
    at: datetime,
    verb: str,
    actor: str,
    actor_name: str,
    data: Mapping[str, Any],
) -> str:
    """The hash of an event after the hash `before`; 64 hexadecimal digits.

    The moment counts in whole microseconds since 1970, so that no database's way of writing a
    time changes it.
    """
    body = [before, sequence, _microseconds(at), str(verb), str(actor), actor_name, data]
    return hashlib.sha256(canonical(body)).hexdigest()


def new_salt() -> str:
    """A salt that makes a commitment to a few words impossible to guess."""
    return secrets.token_hex(SALT_BYTES)


def commitment(salt: str, words: Any) -> str:
    """What stands in an event for words that are kept elsewhere."""
    return hashlib.sha256(canonical([salt, words])).hexdigest()


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
