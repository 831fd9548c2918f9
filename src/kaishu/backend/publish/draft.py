"""A dataset being prepared in the browser: a folder of its own until it is submitted or dropped.

It holds the part of the portal that the dataset is checked with, so a check reads nothing else.
"""

from __future__ import annotations

import dataclasses
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
from kaishu.base.files import canonical_json, inside, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.base.vocabulary import Openness
from kaishu.catalog.load import DESCRIPTORS, load
from kaishu.packaging import against
from kaishu.packaging.adding import add
from kaishu.packaging.check import check_portal
from kaishu.packaging.part import COMMON, ELSEWHERE
from kaishu.packaging.replacing import ANY, OF_FILE, add_table, fields_of, replace
from kaishu.packaging.resources import paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog
    from kaishu.history.proposals import Proposals

# A draft holds its facts, the portal's part, its data files, and what was said of them.
_FACTS, _FILES, _KEPT = "draft.json", "files", "kept.json"
_ID = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class Draft:
    """One draft in `folder`; `base` is the commit it was begun upon, `said` what was found out of
    the table, `guesses` resource, field name and reason of each column that was inferred.
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
        kept = self._kept()
        for resource in raw["resources"]:
            name = resource["name"]
            if paths_of(resource):
                kept[name] = {key: resource[key] for key in OF_FILE if key in resource}
            if opened and not paths_of(resource) and name in kept:
                resource.pop("data", None)
                resource.update(kept[name])
            elif not opened and paths_of(resource):
                for key in OF_FILE:
                    resource.pop(key, None)
                fields = fields_of(self.dataset, resource)
                resource["data"] = [[one["name"] for one in fields]]
        write_atomically(self.folder / _KEPT, canonical_json(kept))
        shutil.rmtree(self.dataset / "data", ignore_errors=True)
        for path in self._own_files():
            target = self.dataset / path
            target.unlink(missing_ok=True)
            if opened:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / _FILES / path, target)
        text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=1000)
        for name in DESCRIPTORS:
            (self.dataset / name).unlink(missing_ok=True)
        write_atomically(self.dataset / DESCRIPTORS[0], text.encode())

    def put(self, table: Path, resource: str, name: str, *, restructure: bool) -> Draft:
        """The draft with the file `table` in place of its resource `resource`, or as a further one.

        Raises UsageError where there is no table in the file, or it does not fit.
        """
        files, raw, kept = self.folder / _FILES, self.raw(), self._kept()
        for one in raw["resources"]:
            if not paths_of(one) and one["name"] in kept:
                one.pop("data", None)
                one.update(kept[one["name"]])
        before = self._own_files()
        if resource:
            made = replace(files, raw, resource, table, restructure=restructure)
        else:
            made = add_table(files, raw, name, table)
        for path in set(before) - set(self._own_files()):
            (self.dataset / path).unlink(missing_ok=True)
        guesses = [one for one in self.guesses if one[0] != resource]
        said = made.facts
        if made.raw["catalogue"]["openness"]["type"] != Openness.UNCONDITIONAL:
            said = (*said, _("The dataset is not open to all, so its rows are not published."))
        self.write(made.raw)
        draft = dataclasses.replace(self, said=said, guesses=(*guesses, *made.guesses))
        draft.keep()
        return draft

    def keep(self) -> None:
        """Write down what is to be known of it later."""
        said = {
            "department": self.department, "name": self.name, "base": self.base,
            "is_new": self.is_new, "said": self.said, "guesses": self.guesses,
        }  # fmt: skip
        write_atomically(self.folder / _FACTS, canonical_json(said))

    def adopt(self) -> None:
        """Take the dataset's data files in keeping, so that they can leave it and come back."""
        files = self.folder / _FILES
        files.mkdir(exist_ok=True)
        paths = {path for one in self.raw().get("resources", []) for path in paths_of(one)}
        below = (self.dataset / "data").rglob("*")
        paths |= {one.relative_to(self.dataset).as_posix() for one in below if one.is_file()}
        for path in sorted(paths):
            source = inside(self.dataset, path)
            if source is not None and source.is_file():
                (files / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, files / path)

    def _own_files(self) -> list[str]:
        files = self.folder / _FILES
        return sorted(
            one.relative_to(files).as_posix() for one in files.rglob("*") if one.is_file()
        )

    def _kept(self) -> dict[str, dict[str, Any]]:
        """What each resource said of its file, when it had one."""
        path = self.folder / _KEPT
        value = json.loads(path.read_bytes()) if path.is_file() else {}
        return value if isinstance(value, dict) else {}

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
    folder: Path, repository: Proposals, department: str, table: Path | None, key: str, name: str
) -> Draft:
    """A draft of the file `table`: of the dataset `key`, or of a new one called `name`; without a
    file, of the dataset as it is.

    Raises UsageError where there is no table in the file, or its columns are not the dataset's.
    """
    base = repository.tip
    place = folder / secrets.token_hex(8)
    root = place / "portal"
    for common in COMMON:
        repository.write_out(base, common, root)
    try:
        if key:
            draft = Draft(place, department, key.partition("/")[2], base, False, (), ())
            repository.write_out(base, f"datasets/{key}", root)
            draft.adopt()
            draft.keep()
            return draft.put(table, _only(draft), "", restructure=False) if table else draft
        if table is None:
            raise UsageError(_("A new dataset begins with a table."))
        added = add(root, load(root).portal, table, department, name or None, None)
        made = added.folder.name
        if repository.objects.tree(base, f"datasets/{department}/{made}"):
            raise UsageError(
                _("There is a dataset “{name}” already; choose it, or give another name.").format(
                    name=made
                )
            )
        said = (*added.facts, *(f"{one.message} {one.hint}" for one in added.warnings))
        guesses = tuple((made, field, why) for _title, field, _type, why in added.guesses)
        draft = Draft(place, department, made, base, True, said, guesses)
    except (UsageError, InvalidFiles):
        shutil.rmtree(place, ignore_errors=True)
        raise
    draft.adopt()
    draft.keep()
    return draft


def _only(draft: Draft) -> str:
    """The resource that a table is for where it was not said: the one whose columns it has."""
    resources = draft.raw().get("resources", [])
    return str(resources[0]["name"]) if len(resources) == 1 else ANY


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
