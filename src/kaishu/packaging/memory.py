"""How much memory packaging may take: a setting, whatever the size of a file."""

from __future__ import annotations

import os
import re

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _

SETTING = "KAISHU_MEMORY"
DEFAULT = 512 * 1024**2
# DuckDB cannot write Parquet in less.
LEAST = 64 * 1024**2
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


def limit() -> int:
    """The bytes that tables being checked or written may take: `KAISHU_MEMORY`, else 512 MiB.

    The setting is a whole number, of bytes or with K, M, G or T (of 1024), as `512M`, `2G` or
    `2GiB`. Raises UsageError where it is anything else, or less than 64 MiB.
    """
    stated = os.environ.get(SETTING, "").strip()
    if not stated:
        return DEFAULT
    match = re.fullmatch(r"([0-9]{1,15})\s*([KMGT]?)(?:i?B)?", stated, re.IGNORECASE)
    size = int(match[1]) * _UNITS[match[2].upper()] if match else 0
    if size < LEAST:
        raise UsageError(
            _("{name} is “{stated}”: write a size of at least 64M, such as 512M or 2G.").format(
                name=SETTING, stated=stated
            )
        )
    return size
