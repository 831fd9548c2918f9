"""A dataset being prepared in the browser: a folder of its own until it is submitted or dropped.

It holds the part of the portal that the dataset is checked with, so a check reads nothing else.
"""

from __future__ import annotations

import csv
import json
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kaishu.base import strict_yaml
from kaishu.base.errors import InvalidFiles, UsageError
from kaishu.base.files import canonical_json, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.base.vocabulary import Openness
from kaishu.catalog.load import DESCRIPTORS, load
from kaishu.packaging import against
from kaishu.packaging.adding import add
from kaishu.packaging.check import check_portal
from kaishu.packaging.part import COMMON, ELSEWHERE
from kaishu.packaging.sinks import csv_writer
from kaishu.packaging.sources import read as read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog
    from kaishu.history.proposals import Proposals

_FACTS, _DATA = "draft.json", "data"
_ID = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class Draft:
    """One draft in `folder`; `base` is the commit it was begun upon, `said` what was found out of
    the table, `guesses` title, field name, type and reason of each column.
    """

    folder: Path
    department: str
    name: str
    base: str
    is_new: bool
    said: tuple[str, ...]
    guesses: tuple[tuple[str, ...], ...]

    @property
    def id(self) -> str:
        """What tells it from others."""
        return self.folder.name

    @property
    def key(self) -> str:
        """The dataset's address: `<department>/<name>`."""
        return f"{self.department}/{self.name}"

    @property
    def root(self) -> Path:
        """The part of the portal that it is checked with."""
        return self.folder / "portal"

    @property
    def dataset(self) -> Path:
        """The dataset's folder."""
        return self.root / "datasets" / self.key

    @property
    def descriptor(self) -> Path:
        """The descriptor's file."""
        return next((self.dataset / one for one in DESCRIPTORS if (self.dataset / one).is_file()),
                    self.dataset / DESCRIPTORS[0])  # fmt: skip

    def raw(self) -> dict[str, Any]:
        """The descriptor as it stands."""
        value = strict_yaml.read(self.descriptor, file=self.descriptor.name).value
        return value if isinstance(value, dict) else {}

    def write(self, raw: dict[str, Any]) -> None:
        """Put a new descriptor in; data of what is not open to all are taken out of the dataset
        and kept beside it.
        """
        opened = raw["catalogue"]["openness"]["type"] == Openness.UNCONDITIONAL
        for resource in raw["resources"]:
            fields = (resource.get("schema") or {}).get("fields", [])
            if opened and "path" not in resource:
                kept = sorted((self.folder / _DATA).glob(f"{resource['name']}.*"))
                if kept:
                    resource.pop("data", None)
                    resource["path"] = f"data/{kept[0].name}"
            elif not opened and isinstance(resource.get("path"), str):
                resource.pop("path")
                resource["data"] = [[one["name"] for one in fields]]
        target = self.dataset / "data"
        shutil.rmtree(target, ignore_errors=True)
        if opened:
            shutil.copytree(self.folder / _DATA, target)
        text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=1000)
        for name in DESCRIPTORS:
            (self.dataset / name).unlink(missing_ok=True)
        write_atomically(self.dataset / DESCRIPTORS[0], text.encode())

    def check(self) -> tuple[Catalog | None, list[Problem]]:
        """The part of the portal, and the problems of the dataset in it."""
        catalog, found = check_portal(self.root, [self.dataset])
        return catalog, [one for one in found if one.code not in ELSEWHERE]

    def changed(self, repository: Proposals) -> list[str]:
        """What it changes of the version it was begun upon, in words; nothing while it has errors."""
        catalog, found = self.check()
        if catalog is None or has_errors(found) or self.key not in catalog.by_key:
            return []
        before = self.folder / "before"
        if not before.is_dir():
            for folder in (*COMMON, f"datasets/{self.key}"):
                repository.write_out(self.base, folder, before)
        old = load(before).by_key
        was = {self.key: old[self.key]} if self.key in old else {}
        return [
            words
            for one in against.changed(was, {self.key: catalog.by_key[self.key]})
            for words in one.sentences()
        ]

    def files(self, repository: Proposals) -> dict[str, Path | None]:
        """The dataset's files by their path in the repository; None: a file that goes."""
        there = {
            path.relative_to(self.root).as_posix(): path
            for path in sorted(self.dataset.rglob("*"))
            if path.is_file()
        }
        before = repository.objects.tree(self.base, f"datasets/{self.key}")
        gone: dict[str, Path | None] = {one.path: None for one in before if one.path not in there}
        return {**gone, **there}

    def drop(self) -> None:
        """Remove it and everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def begin(
    folder: Path, repository: Proposals, department: str, table: Path, key: str, name: str
) -> Draft:
    """A draft of the file `table`: of the dataset `key`, or of a new one called `name`.

    Raises UsageError where there is no table in the file, or its columns are not the dataset's.
    """
    base = repository.tip
    place = folder / secrets.token_hex(8)
    root = place / "portal"
    for common in COMMON:
        repository.write_out(base, common, root)
    try:
        if key:
            repository.write_out(base, f"datasets/{key}", root)
            said = _update(root / "datasets" / key, table)
            draft = Draft(place, department, key.partition("/")[2], base, False, said, ())
        else:
            added = add(root, load(root).portal, table, department, name or None, None)
            said = (*added.facts, *(f"{one.message} {one.hint}" for one in added.warnings))
            draft = Draft(place, department, added.folder.name, base, True, said, added.guesses)
    except (UsageError, InvalidFiles):
        shutil.rmtree(place, ignore_errors=True)
        raise
    if (draft.dataset / "data").is_dir():
        shutil.copytree(draft.dataset / "data", place / _DATA)
    (place / _DATA).mkdir(exist_ok=True)
    _keep(draft)
    return draft


def find(folder: Path, id_: str) -> Draft | None:
    """The draft of this id in `folder`, or None."""
    if not _ID.match(id_) or not (folder / id_ / _FACTS).is_file():
        return None
    value = json.loads((folder / id_ / _FACTS).read_bytes())
    guesses = tuple(tuple(one) for one in value.pop("guesses"))
    return Draft(folder / id_, **{**value, "said": tuple(value["said"]), "guesses": guesses})


def every(folder: Path) -> Iterator[Draft]:
    """The drafts in `folder`."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if (draft := find(folder, path.name)) is not None:
            yield draft


def _keep(draft: Draft) -> None:
    said = {
        "department": draft.department, "name": draft.name, "base": draft.base,
        "is_new": draft.is_new, "said": draft.said, "guesses": draft.guesses,
    }  # fmt: skip
    write_atomically(draft.folder / _FACTS, canonical_json(said))


def _update(folder: Path, table: Path) -> tuple[str, ...]:
    """Put the rows of `table` in place of those of the dataset's one table."""
    descriptor = next(folder / one for one in DESCRIPTORS if (folder / one).is_file())
    raw = strict_yaml.read(descriptor, file=descriptor.name).value
    resources = raw["resources"] if isinstance(raw, dict) else []
    if len(resources) != 1 or not str(resources[0].get("path", "")).endswith(".csv"):
        raise UsageError(
            _("Only a dataset of one CSV file can be updated here; use git for this one.")
        )
    source = read_table(table)
    fields = (resources[0].get("schema") or {}).get("fields", [])
    places = []
    for one in fields:
        words = [word for word in (one["name"], one.get("title")) if word in source.titles]
        places.append(source.titles.index(words[0]) if words else None)
    missing = [one["name"] for one, place in zip(fields, places, strict=True) if place is None]
    further = [t for n, t in enumerate(source.titles) if n not in places]
    if missing or further:
        raise UsageError(
            _(
                "The table's columns are not the dataset's. Missing: {missing}. Not known: {further}. "
                "Correct its header, or begin a new dataset."
            ).format(missing=_(", ").join(missing) or "—", further=_(", ").join(further) or "—")
        )
    path = folder / resources[0]["path"]
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv_writer(target)
        writer.writerow([one["name"] for one in fields])
        for row in source.rows:
            writer.writerow([row[place] for place in places if place is not None])
    if "encoding" in resources[0] or "dialect" in resources[0]:
        resources[0].pop("encoding", None)
        resources[0].pop("dialect", None)
        text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=1000)
        write_atomically(descriptor, text.encode())
    return tuple(source.facts)


def csv_rows(source: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV file, header included."""
    yield from csv.reader(source)
