"""Copies of a release that lie ready for the next ones to begin from: a folder, and what it holds.

A copy without its manifest was not finished, or is somebody's already.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kaishu.base.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NEXT, SPARE = ".next", ".spare"
MANIFEST, ABOUT = "manifest.json", "release.json"


def taken(place: Path) -> Mapping[str, str] | None:
    """The manifest of the copy in `place`; it is nothing's copy from here on."""
    try:
        before: dict[str, str] = json.loads((place / MANIFEST).read_bytes())["files"]
        (place / ABOUT).unlink()
        (place / MANIFEST).unlink()
    except (OSError, ValueError, KeyError):
        return None
    return before


def lay_down(id_: str, manifest: Mapping[str, str], place: Path) -> None:
    """Say of the copy in `place` which release it is one of."""
    write_atomically(place / MANIFEST, document({"files": manifest}))
    write_atomically(place / ABOUT, document({"release": id_}))


def document(value: object) -> bytes:
    """A JSON value as the bytes of a file."""
    # Not indented: the encoder that indents takes ten times as long.
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
