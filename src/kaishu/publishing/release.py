"""Releases: a folder of files with a manifest of path → hash, and one step to switch to it.

Below the output folder: `releases/<id>/site/` holds the files, `releases/<id>/manifest.json`
their SHA-256, and `site` is a link to the release that is public. A reader who resolves the
link once reads one release, whole.
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
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import BuildError
from kaishu.base.files import canonical_json, sha256, write_atomically
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

RELEASES_KEPT = 3


@dataclass(frozen=True)
class Release:
    """One release. `manifest` maps a path relative to the site to its SHA-256 (hexadecimal);
    `inputs` names what the release was built from, so that an equal build can be left out.
    """

    id: str
    folder: Path
    manifest: Mapping[str, str]
    inputs: str

    @property
    def site(self) -> Path:
        """The folder of public files."""
        return self.folder / "site"


def manifest_of(site: Path) -> dict[str, str]:
    """Path → SHA-256 of every file below `site`. Raises BuildError at a symbolic link."""
    manifest = {}
    for path in sorted(site.rglob("*")):
        if path.is_symlink():
            raise BuildError(_("A public file is a symbolic link: {path}").format(path=path.name))
        if path.is_file():
            manifest[path.relative_to(site).as_posix()] = sha256(path)
    return manifest


def make(staging: Path, output: Path, inputs: str) -> Release:
    """Turn the folder `staging` (on the same file system) into a release; it is moved, not copied.

    A release with the same files is reused.
    """
    return _keep(staging, output, inputs, manifest_of(staging))


def succeed(
    release: Release, output: Path, inputs: str, name: str, source: Callable[[], Path]
) -> Release:
    """A release with the files of `release`, but those of the folder `source()` in its folder `name`.

    Files are shared between the two, not copied; `source` is asked last, as it may take its time.
    """
    staging = Path(tempfile.mkdtemp(dir=output, prefix=".staging-"))
    try:
        staging.chmod(0o755)
        others = {
            path: digest
            for path, digest in release.manifest.items()
            if not path.startswith(f"{name}/")
        }
        for path in others:
            share(release.site / path, staging / path)
        share_folder(source(), staging / name)
        own = {f"{name}/{path}": digest for path, digest in manifest_of(staging / name).items()}
        return _keep(staging, output, inputs, others | own)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def share_folder(source: Path, target: Path) -> None:
    """All files below `source` below `target` too."""
    for path in source.rglob("*"):
        if path.is_file():
            share(path, target / path.relative_to(source))


def share(source: Path, target: Path) -> None:
    """One file at a second place, without a second copy where the disk allows."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        share(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _keep(staging: Path, output: Path, inputs: str, manifest: Mapping[str, str]) -> Release:
    id_ = hashlib.sha256(canonical_json(manifest)).hexdigest()[:16]
    folder = output / "releases" / id_
    if not (folder / "manifest.json").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        staging.rename(folder / "site")
    document = {"release": id_, "inputs": inputs, "files": manifest}
    write_atomically(folder / "manifest.json", canonical_json(document))
    os.utime(folder)
    return Release(id_, folder, manifest, inputs)


def load(folder: Path) -> Release:
    """The release in `folder`. Raises BuildError where its manifest cannot be read."""
    try:
        document = json.loads((folder / "manifest.json").read_bytes())
        return Release(document["release"], folder, document["files"], document["inputs"])
    except (OSError, ValueError, KeyError) as error:
        raise BuildError(
            _("The release {name} has no readable manifest.").format(name=folder.name)
        ) from error


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
    folders = sorted(
        (path for path in (output / "releases").glob("*") if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    found = []
    for folder in folders:
        try:
            made = datetime.fromtimestamp(folder.stat().st_mtime, SHANGHAI)
            found.append((load(folder), made))
        except BuildError:
            continue
    return found


def prune(output: Path, keep: int = RELEASES_KEPT) -> None:
    """Remove all but the newest `keep` releases; the public one always stays."""
    public = current(output)
    folders = sorted(
        (path for path in (output / "releases").iterdir() if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for folder in folders[keep:]:
        if public is None or folder.name != public.id:
            shutil.rmtree(folder)


@contextlib.contextmanager
def locked(output: Path) -> Iterator[None]:
    """Builds of one output folder wait for each other."""
    output.mkdir(parents=True, exist_ok=True)
    with (output / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
