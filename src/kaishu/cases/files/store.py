"""Files by their content: `var/attachments/ab/abcd…`, named by SHA-256, so no upload names a path.

A file is written before the transaction that speaks of it and is whole or absent; one that no
transaction came to speak of is swept away when it is old.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from kaishu.base.files import PART

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_DIGEST = re.compile(r"[0-9a-f]{64}")
SETTLED_SECONDS = 24 * 60 * 60


def keep(content: bytes) -> str:
    """Write `content` durably where it is not kept yet; its SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    target = path(digest)
    if target.exists():
        # Its age says when it was last wanted.
        os.utime(target)
        return digest
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def path(digest: str) -> Path:
    """Where the file of `digest` lies. Raises ValueError where it is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return _folder() / digest[:2] / digest


def sweep(wanted: Collection[str]) -> Iterator[str]:
    """Remove files that are not `wanted` and were not touched for a day; what was removed."""
    old = time.time() - SETTLED_SECONDS
    for found in sorted(_folder().glob("??/*")):
        if found.name not in wanted and found.stat().st_mtime < old:
            found.unlink(missing_ok=True)
            yield found.name


def _folder() -> Path:
    return Path(settings.KAISHU_VAR) / "attachments"
