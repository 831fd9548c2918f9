"""JSON values kept as their text until they are looked at: a portal holds many, and looks at few.

Dictionaries and tuples take several times the room of their text. What was looked at last stays
at hand, for a page that asks again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

_AT_HAND = 64


class Packed(Mapping[str, Any]):
    """A JSON object. What it gives is shared: it is not to be changed."""

    __slots__ = ("_text",)

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._text: bytes = value._text if isinstance(value, Packed) else _written(value)

    def __getitem__(self, key: str) -> Any:
        return _read(self._text)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_read(self._text))

    def __len__(self) -> int:
        return len(_read(self._text))


class PackedRows(Sequence[tuple[str, ...]]):
    """Rows of texts."""

    __slots__ = ("_text",)

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._text: bytes = rows._text if isinstance(rows, PackedRows) else _written(rows)

    @overload
    def __getitem__(self, at: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, ...], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        found = _read(self._text)[at]
        return tuple(map(tuple, found)) if isinstance(at, slice) else tuple(found)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return map(tuple, _read(self._text))

    def __len__(self) -> int:
        return len(_read(self._text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(map(tuple, other))

    def __hash__(self) -> int:
        return hash(self._text)


def _written(value: object) -> bytes:
    value = dict(value) if isinstance(value, Mapping) else value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


@lru_cache(maxsize=_AT_HAND)
def _read(text: bytes) -> Any:
    return json.loads(text)
