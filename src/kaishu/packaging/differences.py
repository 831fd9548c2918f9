"""What differs between two versions of a dataset: rows, columns, keys, and what its entry says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from kaishu.base import strict_yaml
from kaishu.base.i18n import N_, gettext, ngettext
from kaishu.base.vocabulary import Word
from kaishu.catalog.model import Descriptor
from kaishu.packaging.resources import format_of, is_table, paths_of
from kaishu.packaging.row_differences import RowDifferences
from kaishu.packaging.row_differences import compare as compare_rows
from kaishu.packaging.rows import table_of
from kaishu.packaging.stored import is_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.catalog.dataset import Dataset

_LONGEST = 80
# What is told apart as columns, keys and rows, or says where a file lies.
_NOT_METADATA = ("fields", "primaryKey", "data", "hash", "bytes")


class ColumnChange(Word):
    """What became of a column."""

    ADDED = "added", N_("Column added: {name}")
    REMOVED = "removed", N_("Column removed: {name}")
    RENAMED = "renamed", N_("Column renamed: {name}, now {now}")
    RETYPED = "retyped", N_("Type of column {name}: {was}, now {now}")


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """One column; `was` and `now` are its types, or of a renamed one `now` its new name."""

    change: ColumnChange
    resource: str
    name: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """One value of the descriptor: its place as `catalogue.openness.type`, before and after."""

    path: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs. `rows` are by resource; `keys` are resources whose primary key changed;
    `tables`: resources that were added (True) or removed (False).
    """

    rows: tuple[tuple[str, RowDifferences], ...] = ()
    columns: tuple[ColumnDifference, ...] = ()
    keys: tuple[str, ...] = ()
    tables: tuple[tuple[str, bool], ...] = ()
    metadata: tuple[ValueDifference, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.rows or self.columns or self.keys or self.tables or self.metadata)

    @property
    def breaking(self) -> tuple[str, ...]:
        """What breaks the programs that read the data, in words: a column or table gone, renamed
        or retyped, a key changed.
        """
        broken = [_of_column(one) for one in self.columns if one.change is not ColumnChange.ADDED]
        gone = [_of_table(name, added=False) for name, added in self.tables if not added]
        return (*gone, *broken, *map(_of_key, self.keys))

    def sentences(self) -> list[str]:
        """The differences in words of the language in use, the most telling first."""
        said = [_of_table(name, added=added) for name, added in self.tables]
        several = len({name for name, _rows in self.rows}) > 1
        for name, rows in self.rows:
            words = _of_rows(rows)
            said.append(f"{name}{gettext(': ')}{words}" if several else words)
        said += [_of_column(one) for one in self.columns]
        said += [_of_key(name) for name in self.keys]
        said += [
            gettext("{path}: “{was}”, now “{now}”").format(
                path=_in_words(one.path), was=one.was or "—", now=one.now or "—"
            )
            for one in self.metadata
        ]
        return said

    def as_dict(self) -> dict[str, Any]:
        """The differences as JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Differences:
        """What `as_dict` gave. Raises KeyError or TypeError for anything else."""
        return cls(
            rows=tuple((name, RowDifferences(**one)) for name, one in value["rows"]),
            columns=tuple(
                ColumnDifference(**{**one, "change": ColumnChange(one["change"])})
                for one in value["columns"]
            ),
            keys=tuple(value["keys"]),
            tables=tuple((name, added) for name, added in value["tables"]),
            metadata=tuple(ValueDifference(**one) for one in value["metadata"]),
        )


def compare(old: Dataset, new: Dataset, *, rows: bool = True) -> Differences:
    """What differs from `old` to `new`; rows only where the data of both are open, and here.

    Both datasets' files have to be right: they were checked before they were published.
    """
    before, after = _tables(old), _tables(new)
    rows = rows and old.is_open and new.is_open and is_here(old) and is_here(new)
    columns: list[ColumnDifference] = []
    keys: list[str] = []
    counted: list[tuple[str, RowDifferences]] = []
    for name in (one for one in after if one in before):
        (was, was_schema), (now, now_schema) = before[name], after[name]
        found = list(_columns(name, was_schema, now_schema))
        columns += found
        renamed = {one.name: one.now for one in found if one.change is ColumnChange.RENAMED}
        key = _key(now_schema)
        if [renamed.get(one, one) for one in _key(was_schema)] != key:
            keys.append(name)
        if rows and _is_readable(was) and _is_readable(now):
            tables = [
                table_of(one.folder, resource, schema, one.entry.crs)
                for one, resource, schema in ((old, was, was_schema), (new, now, now_schema))
            ]
            difference = compare_rows(tables[0], tables[1], key, renamed)
            if difference.any:
                counted.append((name, difference))
    tables_ = [(name, True) for name in after if name not in before]
    tables_ += [(name, False) for name in before if name not in after]
    # What a table that came or went says of itself came or went with it.
    whole = tuple(f"resources.{name}." for name, _added in tables_)
    metadata = tuple(one for one in _metadata(old.raw, new.raw) if not one.path.startswith(whole))
    return Differences(tuple(counted), tuple(columns), tuple(keys), tuple(tables_), metadata)


def _tables(dataset: Dataset) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each resource and its schema, by name."""
    found = {}
    for resource in dataset.raw.get("resources", []):
        schema = resource.get("schema")
        if isinstance(schema, str):
            schema = strict_yaml.read(dataset.folder / schema, file=schema).value
        found[resource["name"]] = resource, schema if isinstance(schema, dict) else {}
    return found


def _is_readable(resource: dict[str, Any]) -> bool:
    return bool(paths_of(resource)) and (is_table(resource) or format_of(resource) == "geojson")


def _columns(
    resource: str, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[ColumnDifference]:
    was, now = _fields(before), _fields(after)
    gone = [name for name in was if name not in now]
    come = [name for name in now if name not in was]
    for name in gone:
        new = next((one for one in come if _is_same(name, one, was, now)), None)
        if new is None:
            yield ColumnDifference(ColumnChange.REMOVED, resource, name)
            continue
        come.remove(new)
        yield ColumnDifference(ColumnChange.RENAMED, resource, name, name, new)
        if _type(was[name]) != _type(now[new]):
            types = _type(was[name]), _type(now[new])
            yield ColumnDifference(ColumnChange.RETYPED, resource, new, *types)
    for name in come:
        yield ColumnDifference(ColumnChange.ADDED, resource, name)
    for name in (one for one in was if one in now):
        if _type(was[name]) != _type(now[name]):
            types = _type(was[name]), _type(now[name])
            yield ColumnDifference(ColumnChange.RETYPED, resource, name, *types)


def _is_same(
    gone: str, come: str, was: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]
) -> bool:
    """Whether a column that came is one that went: the same title, or the same place and type."""
    title = was[gone].get("title")
    if title is not None and title == now[come].get("title"):
        return True
    same_place = len(was) == len(now) and list(was).index(gone) == list(now).index(come)
    return same_place and _type(was[gone]) == _type(now[come]) and title is None


def _fields(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    fields = schema.get("fields")
    return {one["name"]: one for one in fields} if isinstance(fields, list) else {}


def _type(field: dict[str, Any]) -> str:
    type_, format_ = str(field.get("type", "any")), field.get("format", "default")
    return type_ if format_ == "default" else f"{type_} ({format_})"


def _key(schema: dict[str, Any]) -> list[str]:
    key = schema.get("primaryKey")
    return [key] if isinstance(key, str) else list(key or [])


def _metadata(old: dict[str, Any], new: dict[str, Any]) -> Iterator[ValueDifference]:
    before, after = dict(_flat(old)), dict(_flat(new))
    for path in {**before, **after}:
        was, now = before.get(path, ""), after.get(path, "")
        if was != now:
            yield ValueDifference(path, _short(was), _short(now))


def _flat(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in _NOT_METADATA:
                yield from _flat(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and all(isinstance(one, dict) and "name" in one for one in value):
        for one in value:
            yield from _flat(one, f"{path}.{one['name']}")
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            if isinstance(one, dict):
                yield from _flat(one, f"{path}.{number}")
        plain = [str(one) for one in value if not isinstance(one, dict)]
        if plain:
            yield path, ", ".join(plain)
    elif value is not None:
        yield path, str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _of_rows(rows: RowDifferences) -> str:
    words = []
    if rows.added:
        words.append(ngettext("{n} row added", "{n} rows added", rows.added).format(n=rows.added))
    if rows.removed:
        words.append(
            ngettext("{n} row removed", "{n} rows removed", rows.removed).format(n=rows.removed)
        )
    if rows.changed:
        words.append(
            ngettext("{n} row changed", "{n} rows changed", rows.changed).format(n=rows.changed)
        )
    return gettext(", ").join(words)


def _of_column(one: ColumnDifference) -> str:
    return one.change.label.format(name=one.name, was=one.was, now=one.now)


def _of_key(resource: str) -> str:
    return gettext("Primary key changed: {name}").format(name=resource)


def _in_words(path: str) -> str:
    """A place in the descriptor as its formats name it: 变更预告 · 生效日期."""
    model: type[BaseModel] | None = Descriptor
    words = []
    for part in path.split("."):
        fields = model.model_fields if model is not None else {}
        field = next((one for name, one in fields.items() if part in (name, one.alias)), None)
        if field is None:
            # The name of one of a list, such as a resource's; or a key of the standard's own.
            words.append(part)
            continue
        if part != "catalogue":
            words.append(gettext(field.title) if field.title else part)
        model = _inner(field.annotation)
    return " · ".join(words)


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation speaks of, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_inner(one) for one in get_args(annotation))
    return next((one for one in found if one is not None), None)


def _of_table(resource: str, *, added: bool) -> str:
    words = N_("Data file added: {name}") if added else N_("Data file removed: {name}")
    return gettext(words).format(name=resource)
