"""What was hashed and sealed with the standard library's JSON is hashed and opened alike."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.base.compact import canonical, packed, unpacked

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
WHOLE = st.integers(-(2**63), 2**64 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_json_is_byte_for_byte_the_standard_librarys(value: object) -> None:
    plain = {"ensure_ascii": False, "separators": (",", ":")}
    assert packed(value) == json.dumps(value, **plain).encode()
    assert canonical(value) == json.dumps(value, sort_keys=True, **plain).encode()
    assert unpacked(packed(value)) == value


@pytest.mark.parametrize("value", [{1}, "\ud800", 2**64, {1: 2}])
def test_what_is_no_json_is_refused(value: object) -> None:
    for write in (packed, canonical):
        with pytest.raises(TypeError):
            write(value)


@pytest.mark.parametrize("data", ["", "{", "NaN", b'"\xff"', "[" * 5000])
def test_what_is_no_json_cannot_be_read(data: bytes | str) -> None:
    with pytest.raises(json.JSONDecodeError):
        unpacked(data)
