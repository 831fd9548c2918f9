"""Text becomes the pieces by which it is found."""

from __future__ import annotations

import pytest

from kaishu.site.search.pieces import END, characters, pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公交线路", ["公交", "交线", "线路"]),
        ("公交", ["公交"]),
        ("水", ["水"]),
        ("2026年公交站", [f"2026{END}", "年公", "公交", "交站"]),
        ("Bus Stops", [f"bus{END}", f"stops{END}"]),
        ("GB/T 2312", [f"gb{END}", f"t{END}", f"2312{END}"]),
        ("《办法》，（试行）", ["办法", "试行"]),
        ("PM2.5", [f"pm2{END}", f"5{END}"]),
        ("bus_stop", [f"bus{END}", f"stop{END}"]),
        ("！？", []),
        ("", []),
    ],
)
def test_chinese_becomes_overlapping_pairs_and_other_words_stay_whole(
    text: str, expected: list[str]
) -> None:
    assert pieces(text) == expected


def test_what_looks_alike_is_found_alike() -> None:
    assert pieces("ＧＤＰ２０２６") == pieces("gdp2026")
    assert pieces("㎡") == pieces("m2")


def test_the_pieces_of_a_part_are_pieces_of_the_whole_in_a_row() -> None:
    whole, part = pieces("食品抽检结果公示"), pieces("抽检结果")
    start = whole.index(part[0])
    assert whole[start : start + len(part)] == part


def test_every_character_is_named_once() -> None:
    assert characters("水库水位 A1 水") == ["水", "库", "位"]
