"""What a build reads: the hash of every file, each read again only where it may have changed.

As git's index does, an index remembers size, times and inode of each file beside its hash. A file
changed so shortly before it was looked at that its times could not tell is read again.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import kaishu
from kaishu.base.files import sha256, write_atomically
from kaishu.packaging.store import COPIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SOURCES = ("catalog.yaml", "mkdocs.yml", "datasets", "governance", "site_src", "docs/guides")
ENGINE = "engine"
# Clocks of file systems tick at least this often (FAT: two seconds).
_TICK = 2_000_000_000

_Seen = tuple[int, int, int, int, str]


@dataclass(frozen=True)
class Inputs:
    """The SHA-256 of every file by its path: relative to the portal's root, or below `engine/`."""

    hashes: Mapping[str, str]

    @cached_property
    def datasets(self) -> dict[str, str]:
        """A hash of all files of each dataset's folder, by `<department>/<name>`."""
        found = {}
        for key, files in self.files_of_datasets.items():
            text = "".join(f"{path} {self.hashes[path]}\n" for path in files)
            found[key] = hashlib.sha256(text.encode()).hexdigest()
        return found

    @cached_property
    def files_of_datasets(self) -> dict[str, list[str]]:
        """The paths of each dataset's files, by `<department>/<name>`."""
        files: dict[str, list[str]] = {}
        for path in self.hashes:
            parts = path.split("/", 3)
            if len(parts) == 4 and parts[0] == "datasets":
                files.setdefault(f"{parts[1]}/{parts[2]}", []).append(path)
        return files

    @cached_property
    def common(self) -> str:
        """A hash of all that is no dataset's own: the portal's other files, and the engine."""
        return self._hash(
            path
            for path in self.hashes
            if not (path.startswith("datasets/") and path.count("/") > 2)
        )

    @cached_property
    def engine(self) -> str:
        """A hash of the engine's own files, its texts and regulations included."""
        return self._hash(path for path in self.hashes if path.startswith(f"{ENGINE}/"))

    @cached_property
    def all(self) -> str:
        """A hash of everything."""
        return self._hash(self.hashes)

    def _hash(self, paths: Iterable[str]) -> str:
        text = "".join(f"{path} {self.hashes[path]}\n" for path in paths)
        return hashlib.sha256(f"{kaishu.__version__}\n{text}".encode()).hexdigest()


def read(root: Path, index: Path) -> Inputs:
    """The inputs of the portal in `root`, helped by the file `index`, which is brought up to date."""
    seen, looked = _load(index), time.time_ns()
    fetched = _inodes(root / COPIES)
    now: dict[str, _Seen] = {}
    fresh = False
    for path, entry in _entries(root):
        stat = entry.stat()
        # What was fetched from a store is named by its hash in the descriptor, there or not.
        if stat.st_nlink > 1 and stat.st_ino in fetched:
            continue
        times = stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino
        known = seen.get(path)
        if known is None or known[:4] != times:
            known = (*times, sha256(Path(entry.path)))
            fresh = True
        now[path] = known
    if fresh or len(now) != len(seen):
        # What changed within the last tick may change again without showing it.
        certain = {path: one for path, one in now.items() if max(one[1], one[2]) < looked - _TICK}
        write_atomically(index, marshal.dumps(certain))
    return Inputs({path: now[path][4] for path in sorted(now)})


class Reading:
    """`read` in a process of its own, begun now: what else there is to do takes no longer by it."""

    def __init__(self, root: Path, index: Path) -> None:
        self._arguments = root, index
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(root), str(index)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def result(self) -> Inputs:
        """The inputs. Where the process could not read them, they are read here, with its errors."""
        found, _nothing = self._process.communicate()
        if self._process.returncode:
            return read(*self._arguments)
        return Inputs(marshal.loads(found))  # noqa: S302 - from a process of our own


def _inodes(copies: Path) -> set[int]:
    return {one.stat().st_ino for one in (copies / "sha256").glob("*/*")}


def _load(index: Path) -> dict[str, _Seen]:
    try:
        found = marshal.loads(index.read_bytes())  # noqa: S302 - our own cache
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _entries(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    places = [(root / name, name) for name in SOURCES]
    places.append((Path(kaishu.__file__).parent, ENGINE))
    for path, name in places:
        if path.is_dir():
            yield from _below(str(path), name)
        elif path.is_file():
            with os.scandir(path.parent) as entries:
                yield from ((name, one) for one in entries if one.name == path.name)


def _below(folder: str, name: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below `folder`; links are followed to files only."""
    waiting = [(folder, name)]
    while waiting:
        folder, name = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        waiting.append((entry.path, f"{name}/{entry.name}"))
                elif entry.is_file():
                    yield f"{name}/{entry.name}", entry


if __name__ == "__main__":
    sys.stdout.buffer.write(marshal.dumps(dict(read(*map(Path, sys.argv[1:])).hashes)))
