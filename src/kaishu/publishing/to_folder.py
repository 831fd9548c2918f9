"""A release sent to a folder: written beside the public one, then public in one step.

Below the folder lie `releases/<id>/` and the link `site` to the public one's files, as below the
build's own output; a web server serves `site`.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import StoreError, UsageError
from kaishu.base.files import PART, sha256, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.progress import track
from kaishu.publishing import release as releases
from kaishu.publishing.outgoing import (
    MANIFEST,
    Difference,
    difference,
    has_gone,
    kept_with,
    manifest,
)
from kaishu.publishing.trees import share

if TYPE_CHECKING:
    from kaishu.publishing.release import Release

_STAGING = ".sending-"


def send(release: Release, target: Path, *, dry_run: bool = False) -> Difference:
    """See `sending.send`."""
    if target.resolve() == release.folder.parent.parent.resolve():
        raise UsageError(
            _("{path} is where the portal is built; name another folder.").format(path=target)
        )
    try:
        if dry_run:
            return difference(release, _public(target))
        with releases.locked(target):
            return _send(release, target)
    except OSError as error:
        raise StoreError(
            _("{url} cannot be used: {reason}").format(url=target, reason=error)
        ) from error


def _public(target: Path) -> dict[str, str]:
    """The manifest of the release that is public there; empty where none is."""
    before = releases.current(target)
    return dict(before.manifest) if before is not None else {}


def _send(release: Release, target: Path) -> Difference:
    before = releases.current(target)
    there = dict(before.manifest) if before is not None else {}
    found = difference(release, there)
    folder = target / "releases" / release.id
    if not (folder / MANIFEST).is_file():
        staging = target / f"{_STAGING}{release.id}"
        # What another release left half sent is of no use to this one.
        for other in target.glob(f"{_STAGING}*"):
            if other != staging:
                shutil.rmtree(other)
        changed = set(found.changed)
        for path in track(_("Sending"), release.manifest, len(release.manifest)):
            own = before.site / path if before is not None and path not in changed else None
            _bring(release, path, own, staging / path)
        for path in found.lasting:
            if before is not None and not (staging / path).exists():
                share(before.site / path, staging / path)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        staging.rename(folder / "site")
        write_atomically(folder / MANIFEST, manifest(release))
    os.utime(folder)
    releases.switch(target, releases.load(folder))
    _prune(target, release)
    return found


def _bring(release: Release, path: str, own: Path | None, place: Path) -> None:
    """One file at its place: as an earlier sending left it, linked from the public release, or
    copied; whole or not at all.
    """
    wanted = release.manifest[path]
    if place.is_file() and sha256(place) == wanted:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    if own is not None and own.is_file():
        os.link(own, place)
        return
    part = place.with_name(f"{PART}{place.name}")
    try:
        shutil.copyfile(release.site / path, part)
    except FileNotFoundError:
        raise has_gone(release) from None
    if sha256(part) != wanted:
        raise StoreError(
            _("{path} differs from the release's manifest. Build again, then publish.").format(
                path=path
            )
        )
    part.replace(place)


def _prune(target: Path, public: Release) -> None:
    kept = kept_with(public)
    for folder in (target / "releases").iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)
