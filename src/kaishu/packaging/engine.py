"""The only door to the table engine (DuckDB): its connection, and text files as tables of text."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from typing import TYPE_CHECKING

import duckdb

from kaishu.packaging import memory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What DuckDB raises has no narrower base.
Refused = duckdb.Error
Connection = duckdb.DuckDBPyConnection


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
    return made


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """A list of texts as SQL writes it after IN: `('a', 'b')`."""
    return "(" + ", ".join(map(literal, values)) + ")"


def text_table(path: Path, width: int, delimiter: str = ",") -> str:
    """SQL of a UTF-8 file of CSV with a header, as a table of texts `c0`, `c1`, … without it.

    Nothing is guessed, no cell is NULL, and the reader raises Refused for rows of fewer cells. It
    passes over blank lines, an empty cell too many, and blanks around quotes: whoever uses it has
    to make sure that there are none.
    """
    columns = {f"c{n}": "VARCHAR" for n in range(width)}
    return (
        f"read_csv({literal(str(path))}, columns = {columns!r}, header = true, auto_detect = false, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"force_not_null = {list(columns)!r})"
    )
