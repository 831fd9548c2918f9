"""Case numbers with a check digit, and query codes that cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from stdnum.iso7064 import mod_11_10

from kaishu.cases.encryption import mac

if TYPE_CHECKING:
    from datetime import date

CODE_BYTES = 13  # 104 bits, above the 80 that make guessing hopeless


def new_number(day: date) -> str:
    """A number: the day, six random digits, and an ISO 7064 MOD 11,10 check digit.

    Random, so that a number does not tell how many cases there are.
    """
    body = f"{day.isoformat().replace('-', '')}{secrets.randbelow(10**6):06d}"
    return f"{body}{mod_11_10.calc_check_digit(body)}"


def is_number(text: str) -> bool:
    """Whether `text` is well-formed and its check digit is right."""
    return len(text) == 15 and text.isascii() and text.isdigit() and mod_11_10.is_valid(text)


@lru_cache(maxsize=64)
def code_for(idempotency_key: str, secret: str) -> str:
    """The query code of the case filed with `idempotency_key`: the same one at every retry.

    In groups of letters and digits that are not mistaken for each other when read aloud. A filing
    asks for it twice.
    """
    digest = mac(secret.encode(), f"query-code:{idempotency_key}".encode())
    text = base64.b32encode(digest[:CODE_BYTES]).decode().rstrip("=")
    return "-".join(text[start : start + 7] for start in range(0, len(text), 7))


def normal_code(typed: str) -> str:
    """A code as typed, without blanks and hyphens, upper case."""
    return "".join(c for c in typed.upper() if c.isalnum())


def access_of(number: str, code: str) -> str:
    """What is stored of number and code together: one look-up that tells nothing of either.

    The code has the entropy of a key, so a plain hash keeps it.
    """
    return hashlib.sha256(f"{number}:{normal_code(code)}".encode()).hexdigest()
