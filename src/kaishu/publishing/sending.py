"""A release sent elsewhere: to a folder, to S3, or by rsync; what is there already is not sent.

A folder, and a server reached by rsync, hold releases as the build's own output does; a bucket on
S3 holds them in slots. All switch from one release to the next in one step.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.publishing import to_bucket, to_folder, to_server

if TYPE_CHECKING:
    from kaishu.publishing.outgoing import Difference
    from kaishu.publishing.release import Release

_SERVER = re.compile(r"rsync://\S+|[^/:]+:(?!//).*")


def send(release: Release, target: str, scratch: Path, *, dry_run: bool = False) -> Difference:
    """Send `release` to `target`; with `dry_run` only find out what would be sent.

    `target` is a folder, `s3://bucket/prefix`, or `user@host:path` or `rsync://…` for rsync.
    `scratch` is a folder of the build's for what is needed on the way. An interrupted sending is
    taken up again by the next. Raises UsageError for a target of no such form, StoreError where it
    cannot be used, BuildError where it holds something that was not sent there.
    """
    if target.startswith("s3://"):
        return to_bucket.send(release, target, scratch, dry_run=dry_run)
    if _SERVER.fullmatch(target):
        return to_server.send(release, target, scratch, dry_run=dry_run)
    if "://" in target:
        raise UsageError(
            _("“{target}” is no target: write a folder, s3://bucket/prefix or user@host:path.")
            .format(target=target)
        )  # fmt: skip
    return to_folder.send(release, Path(target).expanduser(), dry_run=dry_run)
