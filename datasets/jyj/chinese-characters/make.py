"""Make data/chinese-characters.csv: the 6,763 characters of GB/T 2312—1980, from Python's codec."""

from __future__ import annotations

import csv
from pathlib import Path

LEVELS = {"一级": range(16, 56), "二级": range(56, 88)}


def rows() -> list[tuple[object, ...]]:
    """(row and cell code, character, code point, level) in the order of the standard."""
    made: list[tuple[object, ...]] = []
    for level, areas in LEVELS.items():
        for area in areas:
            for cell in range(1, 95):
                code = bytes((0xA0 + area, 0xA0 + cell))
                character = code.decode("gb2312", errors="ignore")
                if character:
                    point = f"U+{ord(character):04X}"
                    made.append((f"{area:02}{cell:02}", character, point, level))
    return made


if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "chinese-characters.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "character", "code_point", "level"])
        writer.writerows(rows())
