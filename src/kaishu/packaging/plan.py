"""How a table of plain CSV is described, where nothing about it is unusual."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from kaishu.packaging import plain, tables
from kaishu.packaging.resources import delimiter_of, quote_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.packaging.plain import Reader
    from kaishu.packaging.tables import CellReader

# As many lines as Frictionless shows the sniffer.
SAMPLE = 100
_DIALECT = {"delimiter", "quoteChar", "csv", "$schema"}
_WORDS = {"title", "description", "name", "$schema"}
_SCHEMA = {"fields", "primaryKey", "foreignKeys", "missingValues", *_WORDS}
_DESCRIBED = {"name", "path", "schema", "dialect", "format", "encoding", "mediatype", "type"}


class Doubt(Exception):
    """Something that Frictionless has to judge."""


@dataclass(frozen=True)
class Foreign:
    """A foreign key: its columns, and the fields of the resource that they refer to.

    `resource` is empty where the table refers to itself.
    """

    columns: tuple[int, ...]
    resource: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One table: its file and dialect, its fields and their plain readers, what occurs once.

    `stated` tells whether the description names the delimiter; `missing` are the texts that hold
    nothing by the schema, `missings` those of each column.
    """

    name: str
    path: Path
    encoding: str
    delimiter: str
    quote: str
    stated: bool
    schema: dict[str, Any]
    fields: tuple[dict[str, Any], ...]
    readers: tuple[Reader | None, ...]
    missing: frozenset[str]
    missings: tuple[frozenset[str], ...]
    unique: tuple[int, ...]
    key: tuple[int, ...]
    foreign: tuple[Foreign, ...]

    @property
    def names(self) -> list[str]:
        """The fields' names, which the header has to equal."""
        return [str(one["name"]) for one in self.fields]

    @property
    def keys(self) -> list[tuple[int, ...]]:
        """What may occur once, by columns: the unique ones, and the primary key."""
        unique: list[tuple[int, ...]] = [
            (column,) for column in self.unique if (column,) != self.key
        ]
        return [*unique, self.key] if self.key else unique

    def is_required(self, column: int) -> bool:
        """Whether no cell of a column may be missing."""
        return bool((self.fields[column].get("constraints") or {}).get("required"))

    def theirs(self) -> list[CellReader] | None:
        """Frictionless's own readers of the columns' cells, or None where it refuses the schema."""
        return tables.cell_readers(self.schema)


def plan(folder: Path, table: dict[str, Any]) -> Plan | None:
    """The plan of a resource as described; None where anything about it is unusual."""
    described = tables.described(table)
    schema, path = described.get("schema"), described.get("path")
    dialect = described.get("dialect") or {}
    if (
        set(described) - _DESCRIBED
        or not isinstance(path, str)
        or not path.lower().endswith(".csv")
        or str(described.get("format", "csv")) != "csv"
        or not isinstance(schema, dict)
        or set(schema) - _SCHEMA
        or not all(isinstance(schema.get(name, ""), str) for name in _WORDS)
        or not isinstance(dialect, dict)
        or set(dialect) - _DIALECT
    ):
        return None
    inner = dialect.get("csv") or {}
    fields = schema.get("fields")
    if (
        not isinstance(inner, dict)
        or not all(_is_character(text) for text in (*_marks(dialect), *_marks(inner)))
        or set(inner) - {"delimiter", "quoteChar"}
        or set(inner) & set(dialect)
        or not isinstance(fields, list)
        or not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in fields)
    ):
        return None
    names = [one["name"] for one in fields]
    key, missing = _listed(schema.get("primaryKey", [])), schema.get("missingValues", [""])
    missings = [one.get("missingValues", missing) for one in fields]
    foreign = _foreign(schema.get("foreignKeys", []), names)
    if (
        not names
        or not all(names)
        or len(set(names)) < len(names)
        or key is None
        or not set(key) <= set(names)
        or foreign is None
        or not all(_are_texts(texts) for texts in (missing, *missings))
        or not _is_text_encoding(described["encoding"])
    ):
        return None
    made = Plan(
        name=str(described.get("name", "")),
        path=folder / path,
        encoding=str(described["encoding"]),
        delimiter=delimiter_of(described),
        quote=quote_of(described),
        stated="delimiter" in dialect or "delimiter" in inner,
        schema={name: value for name, value in schema.items() if name != "foreignKeys"},
        fields=tuple(fields),
        readers=tuple(plain.reader(one) for one in fields),
        missing=frozenset(missing),
        missings=tuple(map(frozenset, missings)),
        unique=tuple(n for n, one in enumerate(fields) if _is_unique(one)),
        key=tuple(names.index(name) for name in key),
        foreign=tuple(foreign),
    )
    if None not in made.readers:
        return made
    # Whether the schema is one that Frictionless takes is asked where it says much. One that names
    # its version may be taken by itself, and not as a package's.
    return made if "$schema" not in schema and made.theirs() is not None else None


def sniffed_as_expected(one: Plan, source: Iterator[str]) -> list[str]:
    """The first lines of `source`, which Frictionless's sniffer takes for the plan's dialect.

    It guesses what the dialect does not state. Raises Doubt where it guesses otherwise.
    """
    sample = list(islice(source, SAMPLE))
    delimiters = one.delimiter if one.stated else ",\t;|"
    if is_plain(sample, one.delimiter, delimiters):
        return sample
    try:
        guess = csv.Sniffer().sniff("".join(sample), delimiters)
    except csv.Error:
        return sample
    if (
        (guess.delimiter != one.delimiter and not one.stated)
        or guess.quotechar not in ('"', "'", None)
        or guess.skipinitialspace
        or guess.escapechar is not None
    ):
        raise Doubt
    return sample


def is_plain(sample: Sequence[str], delimiter: str, delimiters: str) -> bool:
    """Whether the sniffer's guess is known without asking it, which takes long.

    It looks at quotes first; then, ten lines at a time, for the one delimiter that is as often in
    each of them, and gives up where none is in any.
    """
    text = "".join(sample)
    if '"' in text or "'" in text or not set(delimiters) <= set(map(chr, range(127))):
        return False
    if not any(one in text for one in delimiters):
        return True
    first = [line for line in text.split("\n") if line][:10]
    steady = [
        one
        for one in delimiters
        if len({line.count(one) for line in first}) == 1 and one in first[0]
    ]
    return steady == [delimiter] and f"{delimiter} " not in first[0]


def _marks(dialect: dict[str, Any]) -> list[Any]:
    return [dialect[name] for name in ("delimiter", "quoteChar") if name in dialect]


def _is_character(text: object) -> bool:
    return isinstance(text, str) and len(text) == 1


def _are_texts(listed: object) -> bool:
    return isinstance(listed, list) and all(isinstance(text, str) for text in listed)


def _is_text_encoding(name: object) -> bool:
    """Whether Python reads texts in an encoding."""
    try:
        b"\n".decode(str(name))
    except UnicodeError:
        return True
    except LookupError:
        return False
    return True


def _is_unique(field: dict[str, Any]) -> bool:
    constraints = field.get("constraints")
    return isinstance(constraints, dict) and bool(constraints.get("unique"))


def _listed(names: object) -> list[str] | None:
    """One name or several as a list; None where they are anything else."""
    found = [names] if isinstance(names, str) else names
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        return None
    return found


def _foreign(described: object, names: Sequence[str]) -> list[Foreign] | None:
    """The foreign keys as described; None where one is unusual."""
    if not isinstance(described, list):
        return None
    found = []
    for one in described:
        reference = one.get("reference") if isinstance(one, dict) else None
        if (
            not isinstance(reference, dict)
            or set(one) != {"fields", "reference"}
            or not {"fields"} <= set(reference) <= {"fields", "resource"}
            or not isinstance(reference.get("resource", ""), str)
        ):
            return None
        own, theirs = _listed(one["fields"]), _listed(reference["fields"])
        if not own or not theirs or len(own) != len(theirs) or not set(own) <= set(names):
            return None
        columns = tuple(names.index(name) for name in own)
        found.append(Foreign(columns, reference.get("resource", ""), tuple(theirs)))
    return found
