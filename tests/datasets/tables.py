"""The example portal's tables as its readers get them, and the real corpora where they are."""

from __future__ import annotations

import csv
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATASETS = ROOT / "datasets"


def rows(table: str) -> list[dict[str, str]]:
    """The rows of `<department>/<dataset>/<file>`, every cell as text."""
    department, dataset, file = table.split("/")
    path = DATASETS / department / dataset / "data" / file
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def corpus(path: str) -> Path | None:
    """A file of the real corpora, where `KAISHU_CORPORA` names their folder."""
    folder = os.environ.get("KAISHU_CORPORA")
    return Path(folder) / path if folder else None


def corpus_rows(path: str, encoding: str = "utf-8") -> list[dict[str, str]] | None:
    """The rows of a CSV file of the real corpora, or None without them."""
    file = corpus(path)
    if file is None:
        return None
    with file.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines))


def squeezed(text: str) -> str:
    """`text` without white space: line breaks in a law's text are the typesetter's."""
    return "".join(text.split())
