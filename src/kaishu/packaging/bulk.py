"""Large tables that provably conform, found by the table engine.

Every column is read as text, so that nothing is taken for a value before its form is known. The
reader of the engine passes over some things that are not right (blank lines, an empty cell too
many); the bytes of the file show that it has not: none may be left that is in no cell.
"""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.files import READ_BLOCK
from kaishu.packaging import columns, engine
from kaishu.packaging.plan import Doubt, sniffed_as_expected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaishu.packaging.plan import Foreign, Plan

# Blanks beside quotes are read in as many ways as there are readers.
_ODD_QUOTES = (b'" ', b' "', b'"\t', b'\t"')
_LONE_RETURN = re.compile(rb"\r[^\n]").search


def conforms(plan: Plan, others: Mapping[str, Plan]) -> bool:
    """Whether Frictionless would find nothing wrong with the table; False where in doubt.

    `others` are the tables, by name, that its foreign keys may refer to.
    """
    try:
        _check(plan, others)
    except (Doubt, OSError, UnicodeError, csv.Error, engine.Refused):
        return False
    return True


def _check(plan: Plan, others: Mapping[str, Plan]) -> None:
    """Look at the whole table. Raises Doubt at the first thing that is not plain."""
    conditions = [_condition(plan, column) for column in range(len(plan.fields))]
    source = _source(plan)
    wanted = {
        "doubtful": _count(f"({' AND '.join(conditions)}) IS NOT TRUE"),
        "blank": _count(" AND ".join(_missing(plan, n) for n in range(len(plan.fields)))),
        **{f"unique {n}": f"count({_value(plan, n)})" for n in plan.unique},
        **{f"distinct {n}": f"count(DISTINCT {_value(plan, n)})" for n in plan.unique},
    }
    if plan.key:
        wanted["without key"] = _count(" OR ".join(_missing(plan, n) for n in plan.key))
        parts = [_value(plan, n) for n in plan.key]
        key = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
        wanted["keys"] = f"count(DISTINCT {key})"
    found = _structure(plan, source, wanted)
    if found["doubtful"] or found["blank"] or found.get("without key"):
        raise Doubt
    if any(found[f"unique {n}"] != found[f"distinct {n}"] for n in plan.unique):
        raise Doubt
    if plan.key and found["keys"] != found["rows"]:
        raise Doubt
    for foreign in plan.foreign:
        _refers(plan, foreign, others)


def _structure(plan: Plan, source: str, wanted: Mapping[str, str]) -> dict[str, int]:
    """The number of `rows` and what is `wanted`, in one pass. Raises Doubt for unaccounted bytes."""
    text = _Text.of(plan)
    names = [f"c{n}" for n in range(len(plan.fields))]
    length = " + ".join(f"strlen({name})" for name in names)
    asked = {"rows": "count(*)", "bytes": f"sum({length})", **wanted}
    if text.quotes:
        inner = " + ".join(f"strlen({name}) - strlen(replace({name}, '\"', ''))" for name in names)
        asked["inner"] = f"sum({inner})"
    if len(names) == 1:
        # A blank line is a row of one empty cell to the engine, and of none to others.
        asked["empty"] = _count("c0 = ''")
    select = ", ".join(asked.values())
    row = engine.connection().execute(f"SELECT {select} FROM {source}").fetchone()  # noqa: S608
    found = {name: int(value or 0) for name, value in zip(asked, row or (), strict=True)}
    ends = (found["rows"] - (not text.is_ended)) * len(text.end)
    delimiters = found["rows"] * (len(names) - 1)
    # Quotes aside, of which cells may hold some, every byte is in a cell or between two.
    if found["bytes"] - found.get("inner", 0) + delimiters + ends != text.size - text.quotes:
        raise Doubt
    if found.get("empty"):
        raise Doubt
    return found


def _refers(plan: Plan, foreign: Foreign, others: Mapping[str, Plan]) -> None:
    """Raises Doubt where a row refers to none of the other table, or values differ in type."""
    other = plan if foreign.resource in ("", plan.name) else others.get(foreign.resource)
    if other is None or not set(foreign.fields) <= set(other.names):
        raise Doubt
    theirs = [other.names.index(name) for name in foreign.fields]
    if other is not plan:
        conditions = [_condition(other, n) for n in theirs]
        doubtful = _count(f"({' AND '.join(conditions)}) IS NOT TRUE")
        if _structure(other, _source(other), {"doubtful": doubtful})["doubtful"]:
            raise Doubt
    kinds = [(plan.fields[n].get("type"), other.fields[m].get("type"))
             for n, m in zip(foreign.columns, theirs, strict=True)]  # fmt: skip
    if any(own != their for own, their in kinds):
        raise Doubt
    own = ", ".join(f"{_value(plan, n)} AS k{n}" for n in foreign.columns)
    known = ", ".join(f"{_value(other, m)} AS v{m}" for m in theirs)
    same = " AND ".join(
        f"k{n} IS NOT DISTINCT FROM v{m}" for n, m in zip(foreign.columns, theirs, strict=True)
    )
    empty = " AND ".join(f"k{n} IS NULL" for n in foreign.columns)
    query = (
        f"SELECT count(*) FROM (SELECT {own} FROM {_source(plan)}) "  # noqa: S608
        f"ANTI JOIN (SELECT DISTINCT {known} FROM {_source(other)}) ON {same} WHERE NOT ({empty})"
    )
    row = engine.connection().execute(query).fetchone()
    if row is None or row[0]:
        raise Doubt


def _source(plan: Plan) -> str:
    return engine.text_table(plan.path, len(plan.fields), plan.delimiter)


def _count(condition: str) -> str:
    return f"count(*) FILTER ({condition})"


def _condition(plan: Plan, column: int) -> str:
    """SQL that is true of cells that certainly conform. Raises Doubt where none is known."""
    field, name = plan.fields[column], f"c{column}"
    found = columns.condition(name, field)
    if found is None:
        raise Doubt
    missing = _missing(plan, column)
    if plan.is_required(column):
        return f"(NOT {missing} AND {found})"
    return f"({missing} OR ({found}))" if found != "true" else "true"


def _missing(plan: Plan, column: int) -> str:
    """SQL that is true of cells that hold nothing."""
    if not plan.missing:
        return "false"
    return f"(c{column} IN {engine.texts(sorted(plan.missing))})"


def _value(plan: Plan, column: int) -> str:
    """SQL of a column's value, NULL where it is missing."""
    kind = str(plan.fields[column].get("type"))
    return (
        f"CASE WHEN {_missing(plan, column)} THEN NULL ELSE {columns.value(f'c{column}', kind)} END"
    )


@dataclass(frozen=True)
class _Text:
    """What the bytes of a text file say of its rows: how many below the header, how many quotes.

    `end` is how the header's line ends; `is_ended` tells whether the last line ends, too.
    """

    size: int
    quotes: int
    end: bytes
    is_ended: bool

    @classmethod
    def of(cls, plan: Plan) -> _Text:
        """Count. Raises Doubt where the file is none that every reader reads alike."""
        if (
            codecs.lookup(plan.encoding).name != "utf-8"
            or plan.quote != '"'
            or len(plan.delimiter.encode()) != 1
            or plan.delimiter in '"\r\n\0 '
        ):
            raise Doubt
        header = _header(plan)
        size = quotes = 0
        last = b""
        with plan.path.open("rb") as source:
            source.seek(len(header))
            while block := source.read(READ_BLOCK):
                size += len(block)
                # A pair may lie across two blocks.
                joined = last[-1:] + block
                if b"\0" in block or (b"\r" in block and _LONE_RETURN(joined)):
                    raise Doubt
                if b'"' in block or last.endswith(b'"'):
                    quotes += block.count(b'"')
                    if any(odd in joined for odd in _ODD_QUOTES):
                        raise Doubt
                last = block
        if last.endswith(b"\r"):
            raise Doubt
        end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
        return cls(size, quotes, end, not last or last.endswith(b"\n"))


def _header(plan: Plan) -> bytes:
    """The bytes of the header's line. Raises Doubt where it is not the names alone."""
    with plan.path.open(encoding=plan.encoding, newline="") as source:
        sample = sniffed_as_expected(plan, source)
    with plan.path.open("rb") as binary:
        line = binary.readline()
    if not sample or line != sample[0].encode(plan.encoding) or line.startswith(codecs.BOM_UTF8):
        raise Doubt
    if next(csv.reader(sample[:1], delimiter=plan.delimiter), None) != plan.names:
        raise Doubt
    if not line.endswith(b"\n") or b"\r" in line[:-2]:
        raise Doubt
    return line
