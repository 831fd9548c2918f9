"""How long a body an address of the forms or of the desk takes."""

from __future__ import annotations

from typing import Final

PUBLIC: Final = 110 * 1024 * 1024
DESK: Final = 220 * 1024 * 1024


def longest(path: str) -> int:
    """In bytes: applicants send five files of 20 MB, officers one of 200 MB."""
    return DESK if path.startswith("/desk/") else PUBLIC
