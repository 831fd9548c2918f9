"""Make data/clause-ledger.csv: what this software does about each article, from its own library."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import i18n
from kaishu.regulation import library

if TYPE_CHECKING:
    from kaishu.regulation.model import Clause


def rows() -> list[tuple[object, ...]]:
    """One row an article, text by text, in the order of the articles."""
    made: list[tuple[object, ...]] = []
    for id_ in library.ids():
        regulation = library.load(id_)
        ledger = {clause.article: clause for clause in regulation.ledger}
        for article in regulation.articles:
            clause = ledger[article.label]
            made.append(
                (id_, regulation.title, article.number, article.label, clause.disposition.label,
                 clause.note, means(clause), "；".join(clause.where),
                 clause.apart.label if clause.apart else "")
            )  # fmt: skip
    return made


def means(clause: Clause) -> str:
    """Each means once: 规则 open-application；检查 missing-basis."""
    return "；".join(dict.fromkeys(f"{one.kind.label} {one.name}" for one in clause.means))


if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "clause-ledger.csv"
    target.parent.mkdir(exist_ok=True)
    with i18n.use("zh-CN"), target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["regulation", "title", "number", "article", "disposition", "note", "means", "where",
             "apart"]
        )  # fmt: skip
        writer.writerows(rows())
