"""JSON as it is stored, sealed and hashed: bytes of UTF-8 without a blank (RFC 8259).

Keys are text; integers have at most 64 bits.
"""

from __future__ import annotations

from typing import Any

import orjson


def packed(value: Any) -> bytes:
    """A value as JSON. Raises TypeError where it is none, or holds half a character (a surrogate)."""
    return orjson.dumps(value)


def canonical(value: Any) -> bytes:
    """A value as JSON with sorted keys: equal values, equal bytes. Raises TypeError as `packed`."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def unpacked(data: bytes | str) -> Any:
    """The value in JSON. Raises ValueError where it is none."""
    return orjson.loads(data)
