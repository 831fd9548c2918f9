"""Packages kept by their content: in a folder of this machine, and in a place that machines share.

An entry is a folder called by its key, with the package's files and the package itself written
down; it is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.files import PART, canonical_json, sha256, write_atomically
from kaishu.packaging.model import Package
from kaishu.publishing.trees import share

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kaishu.base.places import Place
    from kaishu.packaging.model import PublishedFile

RECORD = "package.json"
# Each file as it was when it was kept: size, time of change (ns), inode.
_SEEN = "seen.json"
_USES = "uses"
KEPT_DAYS = 14


class Cache:
    """The packages in a folder; their files are read-only, as others are links to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entry(self, key: str) -> Path:
        """The folder of the package of this key."""
        return self.folder / key

    def find(self, key: str) -> Package | None:
        """The package of this key; None where there is none, or its files are no longer its own.

        A file that looks as it did when it was kept is believed, any other is hashed.
        """
        folder = self.entry(key)
        try:
            made = Package.from_dict(json.loads((folder / RECORD).read_bytes()))
            seen = json.loads((folder / _SEEN).read_bytes())
            whole = all(_is_own(f"{folder}/{file.path}", file, seen) for file in made.files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return made if whole else None

    def keep(self, key: str, made: Package, folder: Path) -> None:
        """Move the files of `made` from `folder` (on the same file system) into the cache."""
        for file in made.files:
            (folder / file.path).chmod(0o444)
        seen = {file.path: _look(f"{folder}/{file.path}") for file in made.files}
        (folder / _SEEN).write_text(json.dumps(seen), encoding="utf-8")
        (folder / RECORD).write_bytes(canonical_json(made.as_dict()))
        target = self.entry(key)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=PART) as scratch:
            if target.exists():
                target.rename(Path(scratch) / "old")
            folder.rename(target)

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        """A folder to make a package in, from which it can be moved into the cache."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self.folder, prefix=PART)

    def used(self, name: str, keys: Iterable[str]) -> None:
        """Remember that the release `name` was made from the packages of these keys."""
        write_atomically(self.folder / _USES / f"{name}.json", canonical_json(sorted(keys)))

    def prune(self, kept: Collection[str]) -> None:
        """Remove what nobody will come back to.

        An entry stays while it is younger than 14 days, or one of the `kept` releases, or of the
        releases built within 14 days, was made from it.
        """
        oldest = time.time() - KEPT_DAYS * 86_400
        stay = {_USES}
        for path in (self.folder / _USES).glob("*.json"):
            if path.stem in kept or path.stat().st_mtime >= oldest:
                stay |= set(json.loads(path.read_bytes()))
            else:
                path.unlink()
        for entry in self.folder.iterdir():
            if entry.name not in stay and entry.stat().st_mtime < oldest:
                shutil.rmtree(entry, ignore_errors=True)


class SharedCache:
    """The same packages in a place that several machines reach; a package's record comes last."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def keys(self) -> set[str]:
        """The keys of all packages that are here."""
        return {name[len("records/") : -len(".json")] for name in self.place.names("records")}

    def find(self, key: str) -> Package | None:
        """The package of this key as written down, or None."""
        content = self.place.read(f"records/{key}.json")
        return Package.from_dict(json.loads(content)) if content is not None else None

    def send(self, key: str, made: Package, folder: Path) -> None:
        """Copy a package from `folder`."""
        for file in made.files:
            self.place.put(folder / file.path, f"packages/{key}/{file.path}")
        self.place.write(f"records/{key}.json", canonical_json(made.as_dict()))

    def bring(self, key: str, cache: Cache) -> Package | None:
        """Copy a package into this machine's cache, every file verified.

        None where it is not here, or not whole any more; then it is forgotten.
        """
        made = self.find(key)
        if made is None:
            return None
        with cache.scratch() as scratch:
            folder = Path(scratch) / "made"
            for file in made.files:
                target = folder / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                there = self.place.get(f"packages/{key}/{file.path}", target)
                if not there or sha256(target) != file.sha256:
                    self.place.remove([f"records/{key}.json"])
                    return None
            cache.keep(key, made, folder)
        return made


def link(made: Package, source: Path, target: Path) -> None:
    """The package's files in the folder `target`, without a second copy where the disk allows."""
    for file in made.files:
        share(source / file.path, target / file.path)


def is_linked(made: Package, source: Path, target: Path) -> bool:
    """Whether `target` holds the package's files, as links to `source`, and nothing else."""
    try:
        same = all(
            _look(f"{source}/{file.path}") == _look(f"{target}/{file.path}") for file in made.files
        )
    except OSError:
        return False
    return same and sum(len(files) for _f, _d, files in os.walk(target)) == len(made.files)


# Paths as text: of ten thousand packages, making a Path of each file's takes longer than the rest.
def _look(path: str) -> list[int]:
    found = os.stat(path)  # noqa: PTH116
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _is_own(path: str, file: PublishedFile, seen: dict[str, list[int]]) -> bool:
    look = _look(path)
    return look == seen[file.path] or (look[0] == file.bytes and sha256(Path(path)) == file.sha256)
