"""What packaging makes of one dataset: files to take, tables to look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kaishu.packaging.packed import Packed, PackedRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file to take. `path` is relative to the dataset's address; `sha256` is hexadecimal.

    `format` may name a variant before its kind: `excel.csv`.
    """

    path: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    resource: str | None = None

    @property
    def kind(self) -> str:
        """The format without its variant: csv."""
        return self.format.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class PublishedField:
    """数据项 as the data dictionary shows it; `type` is the Table Schema type."""

    name: str
    type: str
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table: its fields, the first rows as text, and how many rows there are (header not counted).

    `profile` is that of `Profile.as_dict`, empty for a table without rows; `notes` tell, by format,
    what was left out or split, and why.
    """

    resource: str
    title: str | None
    fields: tuple[PublishedField, ...]
    rows: Sequence[tuple[str, ...]]
    row_count: int
    profile: Mapping[str, Any]
    notes: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", PackedRows(self.rows))
        object.__setattr__(self, "profile", Packed(self.profile))


@dataclass(frozen=True, slots=True)
class Package:
    """A packaged dataset: every published file, every table, and the published descriptor.

    A dataset that is on request or closed has tables without rows and no files but its
    descriptor, `datapackage.json`.
    """

    key: str
    files: tuple[PublishedFile, ...]
    tables: tuple[PublishedTable, ...]
    descriptor: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "descriptor", Packed(self.descriptor))

    def as_dict(self) -> dict[str, Any]:
        """The package as JSON-ready values."""
        tables = [
            {**asdict(one), "rows": list(one.rows), "profile": dict(one.profile)}
            for one in self.tables
        ]
        return {
            "key": self.key,
            "files": [asdict(one) for one in self.files],
            "tables": tables,
            "descriptor": dict(self.descriptor),
        }

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Package:
        """The package that `as_dict` gave. Raises KeyError or TypeError for anything else."""
        tables = tuple(
            PublishedTable(
                **{
                    **table,
                    "fields": tuple(PublishedField(**field) for field in table["fields"]),
                    "notes": tuple((kind, note) for kind, note in table["notes"]),
                }
            )
            for table in value["tables"]
        )
        files = tuple(PublishedFile(**file) for file in value["files"])
        return cls(value["key"], files, tables, value["descriptor"])
