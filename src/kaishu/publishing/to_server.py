"""A release sent by rsync: laid down beside the public one, then public in one step.

What the server holds, it holds as a folder does (`to_folder`). Nothing but rsync is needed there:
unchanged files become links to those of the public release, changed ones are sent, the manifest
comes after them, and last the link `site`, which rsync replaces in one step.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import StoreError, UsageError
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.progress import track
from kaishu.publishing import release as releases
from kaishu.publishing.outgoing import (
    MANIFEST,
    Difference,
    difference,
    kept_with,
    manifest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaishu.publishing.release import Release

# Links are sent as links, folders as they are met, modes as a web server needs them.
_AS_THEY_ARE = ("--recursive", "--links", "--perms", "--chmod=D755,F644", "--protect-args")
_NOTHING_THERE = 23  # rsync's status where a file that was asked for is missing


def send(release: Release, target: str, scratch: Path, *, dry_run: bool = False) -> Difference:
    """See `sending.send`. RSYNC_RSH names another way to reach the server than plain ssh."""
    scratch.mkdir(parents=True, exist_ok=True)
    with releases.locked(scratch), tempfile.TemporaryDirectory(dir=scratch) as folder:
        server = _Server(target.rstrip("/"), Path(folder))
        if not dry_run:
            server.prepare()
        public = server.public(missing_is_fine=dry_run)
        there = public.files if public else {}
        found = difference(release, there)
        if dry_run or (public and public.id == release.id):
            return found
        changed = list(found.changed)
        place = f"releases/{release.id}/site"
        if public:
            same = sorted(release.manifest.keys() - set(found.changed))
            # Their content is the same by the manifest: equal size is all that is looked at.
            before = f"--link-dest=../../{public.id}/site"
            server.put_all(release.site, same, place, "--size-only", before)
            earlier = release.folder.parent / public.id / "site"
            lasting = [path for path in found.lasting if (earlier / path).is_file()]
            server.put_all(earlier, lasting, place, "--size-only", before)
        sent = server.put(release.site, changed, place, "--checksum")
        for _path in track(_("Sending"), sent, len(found.changed)):
            pass
        server.publish(release)
        server.prune(release)
        return found


@dataclass(frozen=True)
class _Public:
    """The release that is public on a server, and its manifest."""

    id: str
    files: dict[str, str]


class _Server:
    def __init__(self, url: str, scratch: Path) -> None:
        if shutil.which("rsync") is None:
            raise UsageError(_("{url} needs rsync, which is not installed.").format(url=url))
        self.url, self.scratch = url, scratch
        self.empty = scratch / "empty"
        self.empty.mkdir()

    def prepare(self) -> None:
        """Make the folders that are needed there."""
        self._run("--dirs", "--mkpath", f"{self.empty}/", f"{self.url}/releases/")

    def public(self, *, missing_is_fine: bool) -> _Public | None:
        """What is public there; None where nothing is."""
        here = self.scratch / "public"
        here.mkdir()
        self._run(
            "--links", "--dirs", "--include=/site", "--exclude=*", f"{self.url}/", f"{here}/",
            missing_is_fine=missing_is_fine,
        )  # fmt: skip
        if not (here / "site").is_symlink():
            return None
        id_ = (here / "site").readlink().parent.name
        self._run(f"{self.url}/releases/{id_}/{MANIFEST}", f"{here}/")
        return _Public(id_, json.loads((here / MANIFEST).read_bytes())["files"])

    def put(self, site: Path, paths: Sequence[str], place: str, *options: str) -> Iterator[str]:
        """Send these files of `site`; each path as it is done."""
        listed = self.scratch / "paths"
        listed.write_bytes(b"".join(path.encode() + b"\0" for path in paths))
        if paths:
            yield from self._lines(
                *_AS_THEY_ARE, "--mkpath", "--from0", f"--files-from={listed}",
                "--out-format=%n", *options, f"{site}/", f"{self.url}/{place}/",
            )  # fmt: skip

    def put_all(self, site: Path, paths: Sequence[str], place: str, *options: str) -> None:
        """The same, without telling of each."""
        for _path in self.put(site, paths, place, *options):
            pass

    def publish(self, release: Release) -> None:
        """The manifest after all files; then the link, in one step."""
        own = self.scratch / "last"
        own.mkdir()
        write_atomically(own / MANIFEST, manifest(release))
        target = f"{self.url}/releases/{release.id}/"
        self._run("--perms", "--chmod=F644", str(own / MANIFEST), target)
        (own / "site").symlink_to(Path("releases") / release.id / "site")
        self._run("--links", str(own / "site"), f"{self.url}/")

    def prune(self, public: Release) -> None:
        """Remove the releases that this machine does not keep."""
        excluded = [f"--exclude=/{name}" for name in sorted(kept_with(public))]
        self._run("--recursive", "--delete", *excluded, f"{self.empty}/", f"{self.url}/releases/")

    def _run(self, *arguments: str, missing_is_fine: bool = False) -> None:
        for _line in self._lines(*arguments, missing_is_fine=missing_is_fine):
            pass

    def _lines(self, *arguments: str, missing_is_fine: bool = False) -> Iterator[str]:
        """What rsync prints, line by line. Raises StoreError with its words where it fails."""
        options = [one for one in arguments if one.startswith("--")]
        paths = [one for one in arguments if not one.startswith("--")]
        with tempfile.TemporaryFile(dir=self.scratch) as said:
            with subprocess.Popen(
                ["rsync", *options, "--", *paths],
                env={**os.environ, "LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=said, text=True, errors="replace",
            ) as running:  # fmt: skip
                yield from (line.rstrip("\n") for line in running.stdout or ())
            status = running.returncode
            if status and not (missing_is_fine and status == _NOTHING_THERE):
                said.seek(0)
                words = said.read().decode("utf-8", "replace").strip()
                raise StoreError(
                    _("{url} cannot be used: {reason}").format(
                        url=self.url, reason=words or f"rsync {status}"
                    )
                )
