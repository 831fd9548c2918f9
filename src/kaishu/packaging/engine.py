"""The only door to the table engine (DuckDB): its connection, and text files as tables of text."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

import duckdb

from kaishu.base import clock, progress
from kaishu.packaging import memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kaishu.packaging.plan import Plan

# What DuckDB raises has no narrower base.
Refused = duckdb.Error
Connection = duckdb.DuckDBPyConnection
_TEMPORARY = count(1)
_ZONED = "TIMESTAMP WITH TIME ZONE"
_EPOCH = datetime.fromtimestamp(0, clock.SHANGHAI)


@lru_cache(maxsize=1)
def connection() -> Connection:
    """This process's connection: one thread, so that rows keep their order."""
    made = opened(tempfile.gettempdir())
    made.execute("SET threads = 1")
    return made


def opened(scratch: Path | str) -> Connection:
    """A database of its own in memory; nothing is fetched for it.

    What needs more than `memory.limit` waits in the folder `scratch`.
    """
    made = duckdb.connect(":memory:")
    made.execute(f"SET memory_limit = '{memory.limit()}B'")
    made.execute(f"SET temp_directory = {literal(str(scratch))}")
    made.execute("SET autoinstall_known_extensions = false")
    made.execute("SET autoload_known_extensions = false")
    made.execute("SET TimeZone = 'Asia/Shanghai'")
    # How far a query has come is known, and shown by whoever is asked to: `through`.
    made.execute("SET enable_progress_bar = true")
    made.execute("SET enable_progress_bar_print = false")
    made.execute("SET progress_bar_time = 0")
    return made


def parquet(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns' names and the rows of a Parquet file, typed as it has them.

    Raises Refused where it is none.
    """
    described = connection().execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])
    columns = [(str(row[0]), str(row[1])) for row in described.fetchall()]
    zoned = {n for n, (_name, kind) in enumerate(columns) if kind == _ZONED}
    # DuckDB hands moments with a zone over through a library of zones that nothing else needs.
    asked = [
        f"epoch_us({identifier(name)})" if kind == _ZONED else identifier(name)
        for name, kind in columns
    ]
    query = f"SELECT {', '.join(asked)} FROM read_parquet(?)"
    rows = connection().execute(query, [str(path)]).fetchall()
    if zoned:
        rows = [tuple(_moment(c) if n in zoned else c for n, c in enumerate(row)) for row in rows]
    return [name for name, _kind in columns], rows


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else (_EPOCH + timedelta(microseconds=microseconds))


@contextlib.contextmanager
def through(words: Callable[[], str], path: Path) -> Iterator[None]:
    """Within, a query goes through a file; how far it has come is shown as the progress of work."""
    asked, size = connection().query_progress, path.stat().st_size
    with progress.watched(words, lambda: int(max(asked(), 0) / 100 * size), size):
        yield


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """A list of texts as SQL writes it after IN: `('a', 'b')`."""
    return "(" + ", ".join(map(literal, values)) + ")"


def text_table(
    path: Path,
    width: int,
    delimiter: str = ",",
    *,
    nulls: bool = False,
    types: Mapping[int, str] | None = None,
) -> str:
    """SQL of a UTF-8 file of CSV with a header, as a table of texts `c0`, `c1`, … without it.

    Nothing is guessed, empty cells are NULL with `nulls` alone, and the reader raises Refused for
    rows of fewer cells. It passes over blank lines, an empty cell too many, and blanks around
    quotes: whoever uses it has to make sure that there are none. Columns in `types` are read as
    values of these types, with `nulls`; Refused is raised for a text that is none.
    """
    columns = {f"c{n}": (types or {}).get(n, "VARCHAR") for n in range(width)}
    kept = "" if nulls else f", force_not_null = {list(columns)!r}"
    return (
        f"read_csv({literal(str(path))}, columns = {columns!r}, header = true, auto_detect = false, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true{kept})"
    )


def line_table(path: Path) -> str:
    """SQL of a UTF-8 file as a table of its lines below the first: `line`, without what ends it.

    A file whose lines end differently is refused. One character that no table holds divides lines
    still, and is not read: whoever uses it has to count the bytes.
    """
    return (
        f"read_csv({literal(str(path))}, columns = {{'line': 'VARCHAR'}}, header = true, "
        "auto_detect = false, delim = '\x01', quote = '', escape = '', strict_mode = true, "
        "force_not_null = ['line'])"
    )


def numbered(table: str) -> str:
    """SQL of a table of a text file with `row`: the rows' numbers, the header's being 1."""
    return f"(SELECT row_number() OVER () + 1 AS row, * FROM {table})"


def numbers(rows: Iterable[int]) -> str:
    """A list of numbers as SQL writes it after IN."""
    return f"({', '.join(map(str, sorted(rows))) or 'NULL'})"


def first(query: str, limit: int) -> list[tuple[int, ...]]:
    """The first rows of a query by their `row`."""
    return connection().execute(f"{query} ORDER BY row LIMIT {limit}").fetchall()


def one_row(asked: Mapping[str, str], table: str) -> dict[str, int]:
    """Aggregates of a table, in one pass; 0 for NULL."""
    query = f"SELECT {', '.join(asked.values())} FROM {table}"
    row = connection().execute(query).fetchone()
    return {name: int(value or 0) for name, value in zip(asked, row or (), strict=True)}


def named(expressions: Mapping[str, str]) -> str:
    """Expressions as SQL lists them, each with its name."""
    return ", ".join(f"{one} AS {name}" for name, one in expressions.items())


def counts(key: tuple[int, ...], parts: Sequence[str]) -> dict[str, str]:
    """SQL of how many rows have a key, and of how many different ones there are."""
    whole = f"({', '.join(parts)})" if len(parts) > 1 else parts[0]
    some = " OR ".join(f"{part} IS NOT NULL" for part in parts)
    return {
        f"known {key}": f"count(*) FILTER ({some})",
        f"distinct {key}": f"count(DISTINCT {whole}) FILTER ({some})",
    }


def repeated(plan: Plan, found: Mapping[str, int]) -> set[tuple[int, ...]]:
    """The keys, by what `counts` found of them, that occur twice, or that a row has to have."""
    return {
        key
        for key in plan.keys
        if found[f"distinct {key}"] != found[f"known {key}"]
        or (key == plan.key and found[f"known {key}"] != found["rows"])
    }


class Temporary:
    """A table of the engine that is there until it is dropped."""

    def __init__(self) -> None:
        self.name = f"temporary_{next(_TEMPORARY)}"

    def create(self, columns: str) -> None:
        """Make it anew, empty."""
        connection().execute(f"CREATE OR REPLACE TEMP TABLE {self.name} ({columns})")

    def make(self, select: str, *values: Sequence[Any]) -> None:
        """Make it anew of a SELECT whose parameters are `values`."""
        connection().execute(f"CREATE OR REPLACE TEMP TABLE {self.name} AS {select}", [*values])

    def insert(self, select: str, *values: Sequence[Any]) -> None:
        """Add the rows of a SELECT whose parameters are `values`."""
        connection().execute(f"INSERT INTO {self.name} SELECT {select}", [*values])

    def fill(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Add rows: the values of each of its columns, by name."""
        given = f"{self.name}_given"
        connection().register(given, dict(columns))
        try:
            self.insert(f"{', '.join(columns)} FROM {given}")
        finally:
            connection().unregister(given)

    def drop(self) -> None:
        """Remove it, if it was made."""
        connection().execute(f"DROP TABLE IF EXISTS {self.name}")
