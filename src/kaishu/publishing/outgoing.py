"""What is to be sent of a release to a place that has an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.errors import BuildError
from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.publishing.media import OF_PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaishu.publishing.release import Release

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Difference:
    """What sending a release would change: paths to be sent, in their order, and paths to go.

    `size` is what is sent, in bytes; `lasting` are files of the release before that stay for the
    pages that were opened while it was public, until the next release.
    """

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    size: int
    lasting: tuple[str, ...] = ()


def difference(release: Release, before: Mapping[str, str]) -> Difference:
    """What differs from the manifest `before` to that of `release`.

    Data and assets come before the pages that speak of them, and the home page comes last.
    Raises BuildError where the release has gone meanwhile.
    """
    changed = [path for path, digest in release.manifest.items() if before.get(path) != digest]
    changed.sort(key=lambda path: (path.endswith(".html"), path == "index.html", path))
    left = sorted(before.keys() - release.manifest.keys())
    lasting = tuple(path for path in left if path.startswith(OF_PAGES))
    gone = tuple(path for path in left if path not in lasting)
    try:
        size = sum((release.site / path).stat().st_size for path in changed)
    except FileNotFoundError:
        raise has_gone(release) from None
    return Difference(tuple(changed), gone, size, lasting)


def kept_with(release: Release) -> set[str]:
    """The releases that this machine keeps. A target keeps no others, so that data which were
    purged here are gone there with the next sending.
    """
    return {path.name for path in release.folder.parent.iterdir()}


def has_gone(release: Release) -> BuildError:
    """The error of a release that was removed while it was sent."""
    return BuildError(
        _("Release {id} was removed while it was being sent. Publish again.").format(id=release.id)
    )


def manifest(release: Release) -> bytes:
    """The manifest that goes with a release, from which the next one is told apart."""
    return canonical_json(
        {"release": release.id, "inputs": release.inputs, "files": dict(release.manifest)}
    )
