"""A release sent to S3, object by object, in an order in which no page names what is not there.

Each object is whole at every moment. Data and assets are sent first, then pages, the home page
last; what is gone is removed after that, and the record of what is there comes at the end. S3 has
no step that changes many objects at once: while a release is being sent, a reader may find a page
of the new one beside a page of the old one. Where that must not be, send to a folder or a server.

Before the first object changes, the record names all that are about to; so an interrupted sending
is taken up by the next, of whatever release, and nothing of it is left by mistake.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import BuildError
from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.base.parallel import each
from kaishu.base.places import Place, place
from kaishu.base.progress import track
from kaishu.publishing import release as releases
from kaishu.publishing.media import media_type
from kaishu.publishing.outgoing import Difference, difference, has_gone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kaishu.publishing.release import Release

# What was sent: the release, its manifest, files of the one before that stay for pages opened then,
# and the paths that an interrupted sending may have changed.
RECORD = ".kaishu-release.json"
# Readers ask each time whether there is something newer, by the object's ETag.
_CACHE = "no-cache"


def send(release: Release, target: str, scratch: Path, *, dry_run: bool = False) -> Difference:
    """See `sending.send`."""
    bucket = place(target)
    with releases.locked(scratch):
        record = _record(bucket)
        files: dict[str, str] = record["files"]
        uncertain = set(record["uncertain"])
        if record["release"] == release.id and not uncertain:
            return Difference((), (), 0)
        found = difference(release, {k: v for k, v in files.items() if k not in uncertain})
        lasting = difference(release, files).lasting
        left = files.keys() | uncertain | set(record["lasting"])
        gone = tuple(sorted(left - release.manifest.keys() - set(lasting)))
        if uncertain:
            there = bucket.names()
            changed = {path for path in found.changed if not _is_there(release, path, there)}
            found = difference(
                release, {k: v for k, v in release.manifest.items() if k not in changed}
            )
        found = Difference(found.changed, gone, found.size, lasting)
        if not dry_run:
            _send(bucket, release, found, record)
        return found


def _send(bucket: Place, release: Release, found: Difference, record: Mapping[str, Any]) -> None:
    uncertain = sorted({*record["uncertain"], *found.changed, *found.gone})
    bucket.write(RECORD, canonical_json({**record, "uncertain": uncertain}))
    done = _steps(bucket, release, found)
    for _path in track(_("Sending"), done, len(found.changed)):
        pass
    bucket.remove(found.gone)
    bucket.write(
        RECORD,
        canonical_json(
            {
                "release": release.id,
                "files": dict(release.manifest),
                "lasting": found.lasting,
                "uncertain": [],
            }
        ),
    )


def _steps(bucket: Place, release: Release, found: Difference) -> Iterable[str]:
    """Every path once it was sent; data and assets, pages, the home page: each after all before."""
    pages = [path for path in found.changed if path.endswith(".html")]
    others = [path for path in found.changed if not path.endswith(".html")]
    home = [path for path in pages if path == "index.html"]
    for paths in (others, [path for path in pages if path != "index.html"], home):
        yield from each(lambda path: _put(bucket, release, path), paths)


def _put(bucket: Place, release: Release, path: str) -> str:
    kind = media_type(path)
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    headers = {"ContentType": f"{kind}{charset}", "CacheControl": _CACHE}
    if not (release.site / path).is_file():
        raise has_gone(release)
    bucket.put(release.site / path, path, headers)
    return path


def _record(bucket: Place) -> dict[str, Any]:
    content = bucket.read(RECORD)
    if content is None:
        return {"release": None, "files": {}, "lasting": [], "uncertain": []}
    try:
        found = json.loads(content)
        return {key: found[key] for key in ("release", "files", "lasting", "uncertain")}
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(
            _("{url} holds a record of what was sent that cannot be read: {name}. Remove it to "
              "send everything anew.").format(url=bucket.url, name=RECORD)
        ) from error  # fmt: skip


def _is_there(release: Release, path: str, there: Mapping[str, str]) -> bool:
    """Whether the object is the release's file already: small objects' ETags are their MD5."""
    etag = there.get(path)
    if not etag:
        return False
    try:
        with (release.site / path).open("rb") as file:
            return hashlib.file_digest(file, _md5).hexdigest() == etag
    except FileNotFoundError:
        raise has_gone(release) from None


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)
