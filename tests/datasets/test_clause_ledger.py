"""The published clause ledger against the library's files, read here without the library's code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml
from tests.datasets.tables import ROOT, rows

LIBRARY = ROOT / "src" / "kaishu" / "regulation" / "library"
WORDS = {"enforced": "落实", "recorded": "记载", "organisational": "组织事项"}
TABLE = rows("dsj/clause-ledger/clause-ledger.csv")


def files(name: str) -> dict[str, Path]:
    return {path.parent.name: path for path in sorted(LIBRARY.glob(f"*/{name}.yaml"))}


def test_every_article_of_the_six_texts_has_its_row() -> None:
    for id_, path in files("articles").items():
        chapters = yaml.safe_load(path.read_text(encoding="utf-8"))["chapters"]
        labels = [one["article"] for chapter in chapters for one in chapter["articles"]]
        assert [row["article"] for row in TABLE if row["regulation"] == id_] == labels
    assert Counter(row["regulation"] for row in TABLE) == {
        "liaoning-2020": 28, "national-2025": 12, "shaoyang-2022": 34, "shuozhou-2021": 36,
        "yichuan-2020": 46, "yingkou-2022": 40,
    }  # fmt: skip


def test_each_row_says_what_the_ledger_says() -> None:
    written = {}
    for id_, path in files("ledger").items():
        for clause in yaml.safe_load(path.read_text(encoding="utf-8"))["ledger"]:
            written[id_, clause["article"]] = clause
    assert len(written) == len(TABLE)
    for row in TABLE:
        clause = written[row["regulation"], row["article"]]
        assert row["disposition"] == WORDS[clause["disposition"]]
        assert row["note"] == clause["note"]
        assert row["where"] == "；".join(clause.get("where", []))
        names = dict.fromkeys(one["name"] for one in clause.get("means", []))
        assert [one.partition(" ")[2] for one in row["means"].split("；") if one] == list(names)
        assert bool(row["apart"]) == ("apart" in clause)
