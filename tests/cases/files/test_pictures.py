"""Pictures are taken by what their headers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cases.files import made

from kaishu.base.errors import UnsafeFile
from kaishu.cases.files import pictures

if TYPE_CHECKING:
    from collections.abc import Callable

MAKERS = {"png": made.png, "jpg": made.jpeg, "gif": made.gif, "webp": made.webp}


@pytest.mark.parametrize(("suffix", "make"), MAKERS.items())
def test_a_photograph_is_taken_and_a_pixel_bomb_is_not(
    suffix: str, make: Callable[[int, int], bytes]
) -> None:
    pictures.check(make(6000, 4000), suffix)
    with pytest.raises(UnsafeFile):
        pictures.check(make(16_000, 16_000), suffix)


@pytest.mark.parametrize(("suffix", "make"), MAKERS.items())
def test_a_picture_without_its_header_is_refused(
    suffix: str, make: Callable[[int, int], bytes]
) -> None:
    for content in (b"", make(2, 2)[:9], b"x" * 100):
        with pytest.raises(UnsafeFile):
            pictures.check(content, suffix)


def test_webp_without_extension_is_measured_too() -> None:
    lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + ((15_999) | (15_999 << 14)).to_bytes(
        4, "little"
    )
    with pytest.raises(UnsafeFile):
        pictures.check(lossless, "webp")
    lossy = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + (640).to_bytes(2, "little") * 2
    pictures.check(lossy, "webp")
