"""Rows added, removed and changed between two versions of a table, by primary key.

Both versions are written down as plain text and joined by DuckDB on disk, so that tables of any
length are compared in bounded memory.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.packaging import engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kaishu.packaging.rows import Table

_CSV = (
    "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
    "nullstr = '\\0', new_line = '\\n', max_line_size = 134217728"
)


@dataclass(frozen=True, slots=True)
class RowDifferences:
    """How many rows were added, removed and changed; without a key nothing counts as changed."""

    added: int
    removed: int
    changed: int
    keyed: bool

    @property
    def any(self) -> bool:
        """Whether a row differs."""
        return bool(self.added or self.removed or self.changed)


def compare(
    old: Table, new: Table, key: Sequence[str], renamed: Mapping[str, str]
) -> RowDifferences:
    """Compare the rows of two versions; only columns that both have count.

    `key` names the columns of the primary key as `new` names them, empty where there is none;
    `renamed` maps a column's old name to its new one. Cells count as they are written.
    """
    before = [renamed.get(field.name, field.name) for field in old.fields]
    after = [field.name for field in new.fields]
    common = [name for name in after if name in before]
    keyed = bool(key) and set(key) <= set(common)
    with tempfile.TemporaryDirectory(prefix="kaishu-rows-") as scratch:
        folder = Path(scratch)
        names = [*key, *(one for one in common if one not in key)] if keyed else common
        _write(folder / "old.csv", _columns(old, before, names))
        _write(folder / "new.csv", _columns(new, after, names))
        # Its own cursor: what it makes is gone when it is closed.
        with engine.connection().cursor() as cursor:
            width = len(key) if keyed else len(names)
            for name in ("old", "new"):
                question = _digests(folder / f"{name}.csv", len(names), width, keyed=keyed)
                cursor.execute(f"CREATE TEMP TABLE {name} AS {question}")
            found = cursor.execute(_BY_KEY if keyed else _BY_ROW).fetchone() or (0, 0, 0)
    added, removed, changed = (int(count or 0) for count in found)
    return RowDifferences(added, removed, changed, keyed)


_BY_KEY = """
SELECT count(*) FILTER (o.k IS NULL), count(*) FILTER (n.k IS NULL),
       count(*) FILTER (o.k IS NOT NULL AND n.k IS NOT NULL AND o.d <> n.d)
FROM old AS o FULL OUTER JOIN new AS n ON o.k = n.k
"""
_BY_ROW = """
SELECT sum(greatest(coalesce(n.c, 0) - coalesce(o.c, 0), 0)),
       sum(greatest(coalesce(o.c, 0) - coalesce(n.c, 0), 0)), 0
FROM (SELECT k, count(*) AS c FROM old GROUP BY k) AS o
FULL OUTER JOIN (SELECT k, count(*) AS c FROM new GROUP BY k) AS n ON o.k = n.k
"""


def _digests(path: Path, total: int, width: int, *, keyed: bool) -> str:
    """SQL of digests: `k` of the first `width` cells of each row, `d` of the others."""
    # A length before each cell, so that no two different rows are the same text.
    cells = [f"length(c{n}) || ':' || c{n}" for n in range(max(total, 1))]
    key = " || ".join(cells[: max(width, 1)])
    rest = " || ".join(cells[width:]) if keyed and cells[width:] else "''"
    columns = {f"c{n}": "VARCHAR" for n in range(max(total, 1))}
    source = f"read_csv({engine.literal(str(path))}, columns = {columns!r}, {_CSV})"
    return f"SELECT md5_number({key}) AS k, md5_number({rest}) AS d FROM {source}"  # noqa: S608 - no foreign words


def _columns(table: Table, have: Sequence[str], wanted: Sequence[str]) -> Iterator[list[str]]:
    places = [have.index(name) for name in wanted]
    for row in table.texts():
        yield [row[place] if place < len(row) else "" for place in places]


def _write(path: Path, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        for row in rows:
            cells = ('"' + cell.replace("\0", "").replace('"', '""') + '"' for cell in row or [""])
            target.write(",".join(cells) + "\n")
