"""Parquet of a large table, column by column: the same file as row by row, in much less time."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.packaging import columns, engine, lines, parquet, plain
from kaishu.packaging.plan import Doubt, plan
from kaishu.packaging.regular import Regular
from kaishu.packaging.resources import paths_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaishu.packaging.model import PublishedField
    from kaishu.packaging.plan import Plan

# Smaller tables are written row by row, for their other formats, anyway.
WORTHWHILE = 250_000
_TYPES = {"integer": "BIGINT", "year": "BIGINT", "boolean": "BOOLEAN", "date": "DATE",
          "string": "VARCHAR", "any": "VARCHAR"}  # fmt: skip

# From here on a double does not tell how many digits a number has.
_NEAR = 10**15
# What the reader makes of plain texts as a cast does, in less time.
_READ_AS_VALUES = ("BIGINT", "BOOLEAN", "DATE", "DECIMAL")


def write(
    folder: Path, resource: dict[str, Any], fields: Sequence[PublishedField], target: Path
) -> dict[str, str] | None:
    """Write the table of a resource as `target`; each column's type, by name.

    None, and no file, where the table is small, or some text of no plain form: its value is known
    row by row.
    """
    if sum((folder / path).stat().st_size for path in paths_of(resource)) < WORTHWHILE:
        return None
    made = plan(folder, resource)
    if made is None or [field.name for field in fields] != made.names:
        return None
    free = _without_constraints(made)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            places = Regular.known(made)
            if places is None:
                looked = Regular(free, Path(scratch), places={})
                if looked.is_irregular or looked.header != made.names:
                    return None
        types = _sampled(free, fields)
        if types is None or not _copied(free, types, target, places or {}):
            types = _types(free, fields)
            if types is not None:
                _copy(free, types, target)
    except (Doubt, OSError, UnicodeError, engine.Refused):
        target.unlink(missing_ok=True)
        return None
    return types


def _without_constraints(one: Plan) -> Plan:
    """The plan of the values alone."""
    fields = tuple({k: v for k, v in field.items() if k != "constraints"} for field in one.fields)
    return replace(one, fields=fields, readers=tuple(map(plain.reader, fields)), unique=(), key=(),
                   foreign=())  # fmt: skip


def _sampled(one: Plan, fields: Sequence[PublishedField]) -> dict[str, str] | None:
    """The types that the first and last rows need; None where they do not tell of every column."""
    seen = [parquet.Column(field) for field in fields]
    for cells in lines.ends(one):
        for column, read, cell in zip(seen, one.readers, cells, strict=False):
            if cell not in one.missing:
                value = read(cell) if read else NotImplemented
                if value is NotImplemented:
                    return None
                column.see(value)
    if not all(column.kinds for column in seen):
        return None
    types = [column.type for column in seen]
    return dict(zip(parquet.column_names(fields), types, strict=True))


def _copied(one: Plan, types: Mapping[str, str], target: Path, places: Mapping[int, int]) -> bool:
    """Whether the table could be written with these types, every value whole.

    `places` are the digits after the point that numbers are known to have at most, by column.
    """
    try:
        _copy(one, types, target, places)
    except engine.Refused:
        return False
    return True


def _types(one: Plan, fields: Sequence[PublishedField]) -> dict[str, str] | None:
    """The type that each column's values need; None where that is known row by row alone."""
    kinds = [str(field["type"]) for field in one.fields]
    asked: dict[str, str] = {}
    for n, kind in enumerate(kinds):
        asked[f"values {n}"] = f"count(c{n})"
        if kind == "number":
            point = f"nullif(strpos(c{n}, '.'), 0)"
            asked[f"points {n}"] = f"count({point})"
            asked[f"places {n}"] = f"max(strlen(c{n}) - {point})"
            # A double is as near as the number of digits asks.
            asked[f"most {n}"] = f"max(abs(TRY_CAST(c{n} AS DOUBLE)))"
        elif kind == "datetime":
            asked[f"zoned {n}"] = f"count(c{n}) FILTER (suffix(c{n}, 'Z'))"
    query = f"SELECT {', '.join(asked.values())} FROM {_source(one)}"
    row = engine.connection().execute(query).fetchone() or ()
    found = dict(zip(asked, row, strict=True))
    types = []
    for n, (kind, field) in enumerate(zip(kinds, fields, strict=True)):
        type_ = _type(kind, {name.split()[0]: value for name, value in found.items()
                             if name.endswith(f" {n}")})  # fmt: skip
        if type_ is None:
            return None
        types.append(type_ if found[f"values {n}"] else parquet.without_values(field))
    return dict(zip(parquet.column_names(fields), types, strict=True))


def _type(kind: str, found: Mapping[str, Any]) -> str | None:
    if kind == "number" and found["values"]:
        if found["most"] >= _NEAR:
            return None
        # A whole number has a digit before the point, be it 0.
        whole = len(str(int(found["most"]))) if found["most"] >= 1 else 0
        return parquet.decimal(
            whole or int(found["points"] < found["values"]), found["places"] or 0
        )
    if kind == "datetime":
        if found["zoned"] in (0, found["values"]):
            return "TIMESTAMPTZ" if found["zoned"] else "TIMESTAMP"
        return None
    return _TYPES.get(kind, "VARCHAR")


def _copy(
    one: Plan, types: Mapping[str, str], target: Path, places: Mapping[int, int] | None = None
) -> None:
    """Write the table; where `places` are given, Refused is raised if a cast takes from a text."""
    cells, read = [], dict[int, str]()
    for n, (name, type_) in enumerate(types.items()):
        cell, wrong = f"CAST(c{n} AS {type_})", None
        if places is not None and type_.startswith("DECIMAL"):
            held = int(type_.rpartition(",")[2].strip(" )"))
            if places.get(n, held + 1) > held:
                wrong = f"strpos(c{n}, '.') BETWEEN 1 AND strlen(c{n}) - {held + 1}"
        elif places is not None and type_ == "TIMESTAMP":
            wrong = f"suffix(c{n}, 'Z')"
        if wrong:
            cell = f"CASE WHEN {wrong} THEN error('another type') ELSE {cell} END"
        elif type_.partition("(")[0] in _READ_AS_VALUES:
            read[n] = type_
        cells.append(f"{cell} AS {engine.identifier(name)}")
    with engine.through(lambda: _("Writing {name} (MB)").format(name=target.name), one.path):
        parquet.copy(f"SELECT {', '.join(cells)} FROM {_source(one, read)}", target)


def _source(one: Plan, read: Mapping[int, str] | None = None) -> str:
    """SQL of the texts, NULL where they are missing; values of the types in `read` where these can be read at once."""
    width = len(one.fields)
    table = engine.text_table(one.path, width, one.delimiter)
    if one.missing == {""}:
        return engine.text_table(one.path, width, one.delimiter, nulls=True, types=read)
    cells = ", ".join(
        f"CASE WHEN {columns.missing(f'c{n}', one.missing)} THEN NULL ELSE c{n} END AS c{n}"
        for n in range(width)
    )
    return f"(SELECT {cells} FROM {table})"
