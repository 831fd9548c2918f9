"""Eight bytes at once tell what one after the other would."""

from __future__ import annotations

import numpy as np
import pytest
from tests.packaging.octet_cells import cells

from kaishu.packaging import octets


def words(*texts: bytes) -> octets.Words:
    return np.frombuffer(b"".join(texts), "<u8")


@pytest.mark.parametrize("place", range(8))
def test_each_byte_is_a_digit_or_none_whatever_stands_beside_it(place: int) -> None:
    for beside in (b"0", b"9", b"\xff", b"/"):
        texts = [beside * place + bytes([n]) + beside * (7 - place) for n in range(256)]
        found = octets.are_digits(words(*texts))
        assert [*found] == [text.isdigit() for text in texts]


def test_the_first_point_is_found_and_made_a_zero() -> None:
    texts = [b"1.250000", b"12345678", b".1234567", b"1234567.", b"1.2.3456", b"././././"]
    changed, places = octets.pointless(words(*texts))
    assert [*places] == [text.find(b".") if b"." in text else 8 for text in texts]
    assert changed.tobytes() == b"".join(text.replace(b".", b"0", 1) for text in texts)


def test_whole_numbers_are_read_as_they_are_written() -> None:
    texts = ["0", "7", "-7", "12345678", "-123456789", "1234567890123456", "000012", ""]
    assert [*octets.whole(cells(texts))] == [int(text or 0) for text in texts]


def test_a_cells_words_end_where_it_ends() -> None:
    some = cells(["12", "", "123456789"])
    first, second = some.two_words()
    assert some.own(first, 0).tobytes() == b"12\0\0\0\0\0\0" + b"\0" * 8 + b"12345678"
    assert some.digits(second, 1).tobytes() == b"00000000" * 2 + b"90000000"
    assert len(cells(["12345678"]).two_words()) == 1


def test_two_digits_and_marks_are_told_by_their_place() -> None:
    [word] = cells(["2026-01-"]).words(1)
    assert [*octets.two(word, 0)] == [20]
    assert [*octets.two(word, 5)] == [1]
    dash = (0xFF << 32, ord("-") << 32)
    assert octets.has(word, dash).all()
    assert octets.zeroed(word, dash[0]).tobytes() == b"2026001-"
