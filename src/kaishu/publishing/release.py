"""Releases: a folder of files with a manifest of path → hash, and one step to switch to it.

Below the output folder: `releases/<id>/site/` holds the files, `releases/<id>/manifest.json`
their SHA-256, and `site` is a link to the release that is public. A reader who resolves the
link once reads one release, whole.

Releases share what they have in common. A copy of the public one lies ready in `.next`, so that
the next release takes the time of what changed, not of what there is. Where no earlier release can
be taken for the one after that, another copy lies in `.spare`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import BuildError
from kaishu.base.files import sha256, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.publishing import copies
from kaishu.publishing.copies import ABOUT, MANIFEST, NEXT, SPARE
from kaishu.publishing.trees import bring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

RELEASES_KEPT = 3
_BASE = "base"


@dataclass(frozen=True)
class Release:
    """One release; `inputs` names what it was built from, so that an equal build can be left out.

    `datasets` is how many it holds; `base` is the release that it needs beside it, if any.
    """

    id: str
    folder: Path
    inputs: str
    datasets: int = 0
    base: str | None = None

    @property
    def site(self) -> Path:
        """The folder of public files."""
        return self.folder / "site"

    @cached_property
    def manifest(self) -> Mapping[str, str]:
        """Path relative to the site → SHA-256 (hexadecimal). Raises BuildError if unreadable."""
        try:
            document = json.loads((self.folder / MANIFEST).read_bytes())
            files: dict[str, str] = document["files"]
            if _BASE not in document:
                return files
            base = load(self.folder.parent / document[_BASE]).manifest
            gone = tuple(f"{folder}/" for folder in document["folders"])
        except (OSError, ValueError, KeyError) as error:
            raise _unreadable(self.folder) from error
        return {path: one for path, one in base.items() if not path.startswith(gone)} | files

    @property
    def is_whole(self) -> bool:
        """Whether it stands by itself: not an earlier one with a few folders replaced."""
        return bool(self.inputs)


@dataclass(frozen=True, slots=True)
class Linked:
    """A public file that lies elsewhere already: where, and its SHA-256."""

    source: Path
    sha256: str


def manifest_of(site: Path) -> dict[str, str]:
    """Path → SHA-256 of every file below `site`. Raises BuildError at a symbolic link."""
    manifest = {}
    for path in sorted(site.rglob("*")):
        if path.is_symlink():
            raise BuildError(_("A public file is a symbolic link: {path}").format(path=path.name))
        if path.is_file():
            manifest[path.relative_to(site).as_posix()] = sha256(path)
    return manifest


def make(
    staging: Path,
    output: Path,
    inputs: str,
    *,
    linked: Mapping[str, Linked] | None = None,
    datasets: int = 0,
) -> Release:
    """A release of the files in the folder `staging` and of those that are `linked`, by path.

    A release with the same files is reused. All lie on one file system; `staging` is used up.
    """
    linked = linked or {}
    manifest = {path: one.sha256 for path, one in linked.items()} | manifest_of(staging)
    release = _assemble(output, inputs, manifest, _source(staging, linked), datasets)
    shutil.rmtree(staging)
    return release


def succeed(
    release: Release,
    output: Path,
    inputs: str,
    name: str,
    staging: Path,
    linked: Mapping[str, Linked],
) -> Release:
    """A release with the files of `release`, but in its folder `name` those in `staging` and `linked`.

    Files are shared between the two, not copied.
    """
    own = {path: one.sha256 for path, one in linked.items()} | manifest_of(staging)
    manifest = {
        path: digest for path, digest in release.manifest.items() if not path.startswith(f"{name}/")
    } | own
    source = _source(staging, linked)
    return _assemble(
        output,
        inputs,
        manifest,
        lambda path: source(path) if path in own else release.site / path,
        release.datasets,
    )


def _assemble(
    output: Path,
    inputs: str,
    files: Mapping[str, str],
    source: Callable[[str], Path],
    datasets: int,
) -> Release:
    manifest = dict(sorted(files.items()))
    written = copies.document(manifest)
    id_ = _named(written)
    release = Release(id_, output / "releases" / id_, inputs, datasets)
    if not (release.folder / MANIFEST).is_file():
        shutil.rmtree(release.folder, ignore_errors=True)
        tree, before = _ready(output)
        bring(tree, before, manifest, source)
        release.folder.mkdir(parents=True)
        tree.rename(release.site)
    # Of a large release this text takes a while: it is made once.
    return _put_down(release, b'{"files": ' + written.rstrip() + b"}\n")


def replace(
    public: Release,
    output: Path,
    folders: Iterable[str],
    staging: Path,
    linked: Mapping[str, Linked],
) -> Release | None:
    """The release `public` with these folders replaced by what is in `staging` and `linked`.

    None where no copy of `public` lies ready. Its manifest is written as what differs, and
    `public` has to stay for as long as it does.
    """
    place = output / NEXT
    try:
        ready = json.loads((place / ABOUT).read_bytes())["release"]
    except (OSError, ValueError, KeyError):
        return None
    if ready != public.id:
        return None
    for name in (ABOUT, MANIFEST):
        (place / name).unlink()
    changed = {path: one.sha256 for path, one in linked.items()} | manifest_of(staging)
    changed = dict(sorted(changed.items()))
    difference = {_BASE: public.id, "folders": sorted(folders), "files": changed}
    written = copies.document(difference)
    folder = output / "releases" / _named(written)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in difference["folders"]:
        shutil.rmtree(place / "site" / name, ignore_errors=True)
    bring(place / "site", {}, changed, _source(staging, linked))
    (place / "site").rename(folder / "site")
    return _put_down(Release(folder.name, folder, "", public.datasets, public.id), written)


def load(folder: Path) -> Release:
    """The release in `folder`. Raises BuildError where it has no manifest, or cannot be read."""
    try:
        # Releases of an earlier version say in their manifest what they are.
        place = folder / ABOUT if (folder / ABOUT).is_file() else folder / MANIFEST
        about = json.loads(place.read_bytes())
        found = Release(
            about["release"],
            folder,
            about["inputs"],
            about.get("datasets", 0),
            about.get(_BASE),
        )
    except (OSError, ValueError, KeyError) as error:
        raise _unreadable(folder) from error
    if not (folder / MANIFEST).is_file():
        raise _unreadable(folder)
    return found


def current(output: Path) -> Release | None:
    """The public release of this output folder, or None where nothing was published yet."""
    try:
        target = (output / "site").readlink()
    except OSError:
        return None
    return load(output / target.parent)


def switch(output: Path, release: Release) -> None:
    """Make `release` the public one, in one step.

    Raises BuildError where `site` is a folder that was not made here.
    """
    link = output / "site"
    if link.exists() and not link.is_symlink():
        raise BuildError(
            _("{path} is not a link to a release. Move it away, then build again.").format(
                path=link.name
            )
        )
    with tempfile.TemporaryDirectory(dir=output, prefix=".switch-") as folder:
        new = Path(folder) / "site"
        new.symlink_to(Path("releases") / release.id / "site")
        new.replace(link)


def kept(output: Path) -> list[tuple[Release, datetime]]:
    """The releases of this output folder with the time of their making, the newest first."""
    found = []
    for folder in _newest_first(output):
        try:
            made = datetime.fromtimestamp(folder.stat().st_mtime, SHANGHAI)
            found.append((load(folder), made))
        except BuildError:
            continue
    return found


def prune(output: Path, keep: int = RELEASES_KEPT) -> None:
    """Remove all but the newest `keep` releases; the public one always stays.

    A release that does not stand by itself goes as soon as it is not public any more.
    """
    public = current(output)
    count = 0
    for folder in _newest_first(output):
        if public is not None and folder.name == public.id:
            count += public.is_whole
            continue
        whole = not _is_partial(folder)
        count += whole
        if count > keep or not whole:
            _remove(folder, output)


def prepare(output: Path) -> None:
    """Bring the copy in `.next` to the public release, so that the next one begins there."""
    public = current(output)
    if public is None:
        return
    tree, before = _ready(output)
    bring(tree, before, public.manifest, lambda path: public.site / path)
    copies.lay_down(public.id, public.manifest, output / NEXT)


def reserve(output: Path) -> None:
    """Have another copy in `.spare` where nothing else could be the beginning after the next.

    What changes goes public twice, at once and again with its search index: without it, all that
    there is would be linked in between.
    """
    public, place = current(output), output / SPARE
    if _spare(output) is not None:
        shutil.rmtree(place, ignore_errors=True)
        return
    if public is None or place.exists():
        return
    bring(place / "site", {}, public.manifest, lambda path: public.site / path)
    copies.lay_down(public.id, public.manifest, place)


@contextlib.contextmanager
def locked(output: Path) -> Iterator[None]:
    """Builds of one output folder wait for each other."""
    output.mkdir(parents=True, exist_ok=True)
    with (output / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _ready(output: Path) -> tuple[Path, Mapping[str, str]]:
    """A folder to make a release in, outside `releases`, and the manifest of what it holds."""
    place = output / NEXT
    before = copies.taken(place)
    if before is None:
        shutil.rmtree(place, ignore_errors=True)
        if (output / SPARE).exists():
            (output / SPARE).rename(place)
        elif (spare := _spare(output)) is not None:
            _remove(spare, output)
        before = copies.taken(place)
    if before is None:
        shutil.rmtree(place, ignore_errors=True)
    tree = place / "site"
    tree.mkdir(parents=True, exist_ok=True)
    return tree, before or {}


def _spare(output: Path) -> Path | None:
    """A release that will go when the next one is there: its folder can be that one's beginning."""
    folders = _newest_first(output)
    partial = {folder for folder in folders if _is_partial(folder)}
    try:
        public = current(output)
    except BuildError:
        return None
    needed = {public.id, public.base} if public else set()
    others = [folder for folder in folders if folder.name not in needed]
    for folder in others:
        if folder in partial:
            return folder
    if len(folders) - len(partial) < RELEASES_KEPT or not others:
        return None
    return others[-1]


def _remove(folder: Path, output: Path) -> None:
    """Remove a release; what it leaves is where the next one begins."""
    try:
        release = load(folder)
        manifest = release.manifest
    except BuildError:
        manifest = None
    if manifest is not None and not (output / NEXT).exists():
        (output / NEXT).mkdir()
        (folder / MANIFEST).unlink()
        (folder / "site").rename(output / NEXT / "site")
        copies.lay_down(release.id, manifest, output / NEXT)
    shutil.rmtree(folder, ignore_errors=True)


def _is_partial(folder: Path) -> bool:
    try:
        return not load(folder).is_whole
    except BuildError:
        return False


def _source(staging: Path, linked: Mapping[str, Linked]) -> Callable[[str], Path]:
    return lambda path: linked[path].source if path in linked else staging / path


def _put_down(release: Release, manifest: bytes) -> Release:
    write_atomically(release.folder / MANIFEST, manifest)
    about = {
        "release": release.id,
        "inputs": release.inputs,
        "datasets": release.datasets,
        _BASE: release.base,
    }
    write_atomically(release.folder / ABOUT, copies.document(about))
    os.utime(release.folder)
    return release


def _named(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()[:16]


def _newest_first(output: Path) -> list[Path]:
    return sorted(
        (path for path in (output / "releases").glob("*") if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )


def _unreadable(folder: Path) -> BuildError:
    return BuildError(_("The release {name} has no readable manifest.").format(name=folder.name))
