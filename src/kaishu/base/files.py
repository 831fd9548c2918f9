"""Files and paths: inside their folder, hashed, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

READ_BLOCK = 1024 * 1024
# What is being written, until it is whole, has a name that begins so.
PART = ".part-"
# Nobody writes for so many seconds without a byte.
_ABANDONED = 86_400


def inside(root: Path, relative: str) -> Path | None:
    """`root`/`relative` if it stays inside `root`, symlinks followed; else None.

    Refuses absolute paths, back-slashes, `..`, empty parts, NUL and remote addresses.
    """
    if "\\" in relative or "\0" in relative or "://" in relative:
        return None
    pure = PurePosixPath(relative)
    if pure.is_absolute() or not pure.parts or ".." in pure.parts:
        return None
    path = root / pure
    try:
        real_root = root.resolve()
        return path if path.resolve().is_relative_to(real_root) else None
    except OSError:
        return None


def sha256(path: Path) -> str:
    """The file's SHA-256 in lower-case hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def canonical_json(value: Any) -> bytes:
    """`value` as UTF-8 JSON with sorted keys, indented by two, ending in a newline."""
    return _json(value, "\n").encode() + b"\n"


# The encoder of the standard library is slow where it indents.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any, line: str) -> str:
    """`value` as JSON within what is indented by `line`, a line's end and blanks."""
    inner = f"{line}  "
    if isinstance(value, dict) and value:
        items = [
            f"{_encode(key if isinstance(key, str) else _encode(key))}: {_json(one, inner)}"
            for key, one in sorted(value.items())
        ]
        return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
    if isinstance(value, (list, tuple)) and value:
        return f"[{inner}{f',{inner}'.join([_json(one, inner) for one in value])}{line}]"
    return _encode(value)


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` under a temporary name in the same folder, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_abandoned(folder: Path) -> None:
    """Remove from a folder what was being written when its process was killed, a day ago or more."""
    oldest = time.time() - _ABANDONED
    for part in folder.glob(f"{PART}*"):
        with suppress(FileNotFoundError):
            if max(one.lstat().st_mtime for one in (part, *part.rglob("*"))) < oldest:
                if part.is_dir() and not part.is_symlink():
                    shutil.rmtree(part)
                else:
                    part.unlink()
