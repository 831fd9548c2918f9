"""What a review approves: one hash of a dataset's content, and one of its openness and schema.

Both are SHA-256 of canonical JSON: how a descriptor is spelled (YAML or JSON, comments, the order
of keys) does not count, what it says does.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base import strict_yaml
from kaishu.base.files import canonical_json, inside, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kaishu.catalog.dataset import Dataset

# What a reader sees of a field and no machine follows.
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")
_WORDS = ("title", "description", "example")


@dataclass(frozen=True, slots=True)
class Content:
    """What a review asks of one version of a dataset; `whole` and `structure` are its hashes."""

    whole: str
    structure: str
    withdrawn: bool

    @classmethod
    def of(cls, dataset: Dataset) -> Content:
        """The content of a dataset as it lies in its folder."""
        withdrawn = dataset.entry.withdrawn is not None
        return cls(content_hash(dataset), structure_hash(dataset), withdrawn)


def content_hash(dataset: Dataset) -> str:
    """The hash of exactly this content, in hexadecimal.

    It covers the whole descriptor and the bytes of every file that its resources name (`path`,
    and `schema` where that is a file), fetched or not where it lies in a store.
    """
    stated = {one.path: one.digest for one in stored(dataset.raw)}
    files = {
        path: _hash(dataset.folder, path) or stated.get(path)
        for path in sorted(set(_files(dataset.raw)))
    }
    return _hash_of({"descriptor": dataset.raw, "files": files})


@dataclass(frozen=True, slots=True)
class Stored:
    """A data file whose content is named by its SHA-256 (`digest`, hexadecimal).

    `number` is its resource's place in the descriptor, from 0; `name` the resource's name.
    """

    number: int
    name: str
    path: str
    digest: str


def stored(raw: dict[str, Any]) -> Iterator[Stored]:
    """The resources of a descriptor that give one path and a `hash` of the form sha256:…."""
    for number, one in enumerate(_resources(raw)):
        path, digest = one.get("path"), _SHA256.fullmatch(str(one.get("hash")))
        if isinstance(path, str) and digest:
            yield Stored(number, str(one.get("name")), path, digest[1])


def structure_hash(dataset: Dataset) -> str:
    """The hash of what the policy `changes` has reviewed: openness, and each table's schema.

    Titles and descriptions of fields are left out.
    """
    schemas = {
        str(resource.get("name")): _structure(dataset.folder, resource.get("schema"))
        for resource in _resources(dataset.raw)
    }
    return _hash_of({"openness": dataset.raw["catalogue"].get("openness"), "schemas": schemas})


def _structure(folder: Path, schema: object) -> object:
    if isinstance(schema, str):
        path = inside(folder, schema)
        schema = strict_yaml.read(path, file=schema).value if path and path.is_file() else None
    if not isinstance(schema, dict):
        return schema
    fields = schema.get("fields")
    named = [
        {key: value for key, value in one.items() if key not in _WORDS}
        for one in (fields if isinstance(fields, list) else [])
        if isinstance(one, dict)
    ]
    rest = {key: value for key, value in schema.items() if key not in ("fields", *_WORDS)}
    return {**rest, "fields": named}


def _files(raw: dict[str, Any]) -> Iterator[str]:
    for resource in _resources(raw):
        for named in (resource.get("path"), resource.get("schema")):
            for path in named if isinstance(named, list) else [named]:
                if isinstance(path, str):
                    yield path


def _resources(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in raw.get("resources") or [] if isinstance(one, dict)]


def _hash(folder: Path, path: str) -> str | None:
    found = inside(folder, path)
    return sha256(found) if found is not None and found.is_file() else None


def _hash_of(value: object) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()
