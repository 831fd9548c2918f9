"""Pictures follow from the names of themes."""

from __future__ import annotations

import pytest

from kaishu.catalog.model import Theme
from kaishu.site.pictures import of_theme, picture


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("交通运输", "transport"),
        ("医疗卫生", "health"),
        ("城乡建设、环境保护", "environment"),
        ("气象、测绘、水文、地震", "weather"),
        ("科技创新", "science"),
        ("其他", "data"),
    ],
)
def test_a_theme_has_the_picture_of_its_words(name: str, expected: str) -> None:
    assert of_theme(Theme(id="t", name=name)) == expected


def test_a_picture_is_inline_and_silent() -> None:
    drawn = picture("transport")
    assert drawn.startswith("<svg")
    assert 'aria-hidden="true"' in drawn
    assert "style=" not in drawn
