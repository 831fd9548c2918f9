"""A release sent to S3: laid down beside the public one, then public by one object.

S3 has no step that changes many objects at once. So a bucket holds the site in three slots, `a/`,
`b/` and `c/`, and the object `current` names the slot that is public. A release goes into the slot
whose turn to be public lies farthest back: only what differs from what that slot holds is brought,
from the public slot where that has it, else from here. Then `current` is written. Whoever serves
the site asks `current` at each request and answers from that slot, so every answer belongs to one
release, and who is still reading the release before finds it untouched.

Beside each slot lies the record of what it holds, `a.json` and so on. Before the first object
changes, it names all that are about to; so an interrupted sending is taken up by the next, of
whatever release.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import BuildError
from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.base.parallel import each
from kaishu.base.places import place
from kaishu.base.progress import track
from kaishu.publishing import release as releases
from kaishu.publishing.media import media_type
from kaishu.publishing.outgoing import Difference, difference, has_gone, kept_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kaishu.base.places import Place
    from kaishu.publishing.release import Release

SLOTS = ("a", "b", "c")
CURRENT = "current"
# The header of `current` that names the public slot: a web server sees headers where it does not
# read contents.
HEADER = "slot"
# Readers ask each time whether there is something newer, by the object's ETag.
_CACHE = "no-cache"
# S3 copies no larger object in one request.
_COPIED_AT_MOST = 5 * 2**30


@dataclass(frozen=True)
class _Slot:
    """What a slot holds: a release (None where it is being changed), its files' hashes by path.

    `lasting` are those of the files that stay for pages of the release before, `uncertain` the
    paths of which an interrupted sending may have left anything.
    """

    name: str
    release: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    lasting: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()

    @property
    def record(self) -> str:
        return f"{self.name}.json"

    def at(self, path: str) -> str:
        return f"{self.name}/{path}"


def send(release: Release, target: str, scratch: Path, *, dry_run: bool = False) -> Difference:
    """See `sending.send`."""
    bucket = place(target)
    with releases.locked(scratch):
        order = _order(bucket)
        public = _read(bucket, order[0]) if order else _Slot("")
        before = {path: one for path, one in public.files.items() if path not in public.lasting}
        found = difference(release, before)
        if dry_run:
            return found
        rest = [_read(bucket, name) for name in order[1:] or SLOTS]
        if public.release != release.id:
            slot = next((one for one in rest if one.release == release.id), rest[-1])
            if slot.release != release.id:
                _fill(bucket, release, slot, public, found.lasting)
            rest = [one for one in (public, *rest) if one.name and one is not slot]
            _switch(bucket, release, [one.name for one in (slot, *rest)])
        for one in rest:
            _clear(bucket, release, one)
        return found


def _fill(
    bucket: Place, release: Release, slot: _Slot, public: _Slot, lasting: Sequence[str]
) -> None:
    """Bring a slot that is not public to `release`; `lasting` are files of the public one to stay."""
    wanted = {**{path: public.files[path] for path in lasting}, **release.manifest}
    changed = [path for path, content in wanted.items() if slot.files.get(path) != content]
    gone = sorted({*slot.files, *slot.uncertain} - wanted.keys())
    if slot.uncertain:
        there = bucket.names(slot.name)
        changed = [
            path for path in changed if not _is_there(release, path, there.get(slot.at(path)))
        ]
    touched = {*slot.uncertain, *changed, *gone}
    sure = {path: one for path, one in slot.files.items() if path not in touched}
    _write(bucket, _Slot(slot.name, None, sure, (), tuple(sorted(touched))))
    done = each(lambda path: _bring(bucket, release, path, slot, public), changed)
    for _path in track(_("Sending"), done, len(changed)):
        pass
    bucket.remove(slot.at(path) for path in gone)
    _write(bucket, _Slot(slot.name, release.id, wanted, tuple(lasting)))


def _bring(bucket: Place, release: Release, path: str, slot: _Slot, public: _Slot) -> None:
    """One file into a slot: within the bucket where the public slot has it, else from here."""
    wanted = release.manifest.get(path, public.files.get(path))
    own = release.site / path
    small = not own.is_file() or own.stat().st_size <= _COPIED_AT_MOST
    if public.files.get(path) == wanted and small and bucket.copy(public.at(path), slot.at(path)):
        return
    kind = media_type(path)
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    headers = {"ContentType": f"{kind}{charset}", "CacheControl": _CACHE}
    if not own.is_file():
        raise has_gone(release)
    bucket.put(own, slot.at(path), headers)


def _switch(bucket: Place, release: Release, order: Sequence[str]) -> None:
    """Make the first slot of `order` the public one, in one step."""
    content = canonical_json({"release": release.id, "slots": list(order)})
    headers = {
        "ContentType": "application/json",
        "CacheControl": _CACHE,
        "Metadata": {HEADER: order[0]},
    }
    bucket.write(CURRENT, content, headers)


def _clear(bucket: Place, public: Release, slot: _Slot) -> None:
    """Of a release that this machine does not keep, remove what the public one does not hold."""
    if slot.release in kept_with(public):
        return
    same = {path: one for path, one in slot.files.items() if public.manifest.get(path) == one}
    left = tuple(sorted({*slot.files, *slot.uncertain} - same.keys()))
    if left:
        _write(bucket, _Slot(slot.name, None, same, (), left))
        bucket.remove(slot.at(path) for path in left)
        _write(bucket, _Slot(slot.name, None, same))


def _order(bucket: Place) -> list[str]:
    """The slots, the public one first, then as they were public last; none where nothing is."""
    content = bucket.read(CURRENT)
    if content is None:
        return []
    found = _document(bucket, CURRENT, content)
    if sorted(found.get("slots", ())) != list(SLOTS):
        raise _unreadable(bucket, CURRENT)
    return list(found["slots"])


def _read(bucket: Place, name: str) -> _Slot:
    empty = _Slot(name)
    content = bucket.read(empty.record)
    if content is None:
        return empty
    found = _document(bucket, empty.record, content)
    try:
        return _Slot(
            name,
            found["release"],
            found["files"],
            tuple(found["lasting"]),
            tuple(found["uncertain"]),
        )
    except (KeyError, TypeError) as error:
        raise _unreadable(bucket, empty.record) from error


def _write(bucket: Place, slot: _Slot) -> None:
    document = {
        "release": slot.release,
        "files": dict(slot.files),
        "lasting": list(slot.lasting),
        "uncertain": list(slot.uncertain),
    }
    bucket.write(slot.record, canonical_json(document))


def _document(bucket: Place, name: str, content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise _unreadable(bucket, name) from error
    if not isinstance(found, dict):
        raise _unreadable(bucket, name)
    return found


def _unreadable(bucket: Place, name: str) -> BuildError:
    return BuildError(
        _("{url} holds a record of what was sent that cannot be read: {name}. Remove it to "
          "send everything anew.").format(url=bucket.url, name=name)
    )  # fmt: skip


def _is_there(release: Release, path: str, etag: str | None) -> bool:
    """Whether the object is the release's file already: small objects' ETags are their MD5."""
    if not etag or path not in release.manifest:
        return False
    try:
        with (release.site / path).open("rb") as file:
            return hashlib.file_digest(file, _md5).hexdigest() == etag
    except FileNotFoundError:
        raise has_gone(release) from None


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)
