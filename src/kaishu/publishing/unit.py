"""A unit of work: one dataset to be packaged, called by all that decides its bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kaishu
from kaishu.base import i18n
from kaishu.base.files import inside, sha256
from kaishu.packaging.package import package

if TYPE_CHECKING:
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import Package
    from kaishu.publishing.cache import Cache

# The code that decides a package's bytes.
_CODE = ("base", "catalog", "packaging")


@dataclass(frozen=True)
class Unit:
    """One dataset to be packaged. `inputs` are the files that decide its bytes, relative path →
    SHA-256, of `size` bytes together; `key` is a hash of all that does.
    """

    dataset: Dataset
    portal: Portal
    updated: date | None
    inputs: dict[str, str]
    size: int
    key: str

    def do(self, cache: Cache) -> Package:
        """Package it into the cache; it is there whole or not at all."""
        with cache.scratch() as scratch:
            folder = Path(scratch) / "made"
            made = package(self.dataset, folder, portal=self.portal, updated=self.updated)
            cache.keep(self.key, made, folder)
        return made


def unit_of(dataset: Dataset, catalog: Catalog, updated: dict[str, date]) -> Unit:
    """The dataset's unit of work."""
    inputs = {path: sha256(dataset.folder / path) for path in _inputs(dataset)}
    size = sum((dataset.folder / path).stat().st_size for path in inputs)
    day = updated.get(dataset.key)
    parts: dict[str, Any] = {
        "files": inputs,
        "open": dataset.is_open,
        "descriptor": dataset.raw,
        "key": dataset.key,
        "department": dataset.department.name,
        "url": catalog.portal.url,
        "title": catalog.portal.title,
        "licence": dataset.licence.model_dump() if dataset.licence else None,
        "updated": day.isoformat() if day else None,
        "language": i18n.current(),
        "code": code(),
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    key = hashlib.sha256(text.encode()).hexdigest()
    return Unit(dataset, catalog.portal, day, inputs, size, key)


def _inputs(dataset: Dataset) -> list[str]:
    """The files that packaging may read: all of an open dataset's, of another its schemas alone."""
    if dataset.is_open:
        return [
            path.relative_to(dataset.folder).as_posix()
            for path in sorted(dataset.folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        ]
    schemas = [resource.get("schema") for resource in dataset.raw["resources"]]
    found = []
    for name in sorted({one for one in schemas if isinstance(one, str)}):
        path = inside(dataset.folder, name)
        if path is not None and path.is_file():
            found.append(name)
    return found


@lru_cache(maxsize=1)
def code() -> str:
    """A hash of the code that packages, so that an upgrade packages anew."""
    root = Path(kaishu.__file__).parent
    files = sorted(path for name in _CODE for path in (root / name).rglob("*.py"))
    text = "".join(f"{path.relative_to(root)} {sha256(path)}\n" for path in files)
    return hashlib.sha256(f"{kaishu.__version__}\n{text}".encode()).hexdigest()
