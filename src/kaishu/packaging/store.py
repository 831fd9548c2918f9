"""Files by their SHA-256: content that is put in once, never changed, and verified when taken out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import StoreError
from kaishu.base.files import PART, remove_abandoned, sha256
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection

    from kaishu.base.places import Place


# Below a portal's root: this machine's own copies of what was fetched.
COPIES = "build/cache/store"


class Store:
    """The contents below `sha256/` of a place, each called by its own hash."""

    def __init__(self, place: Place) -> None:
        self.place = place

    @staticmethod
    def name(digest: str) -> str:
        """The path of a content in the store."""
        return f"sha256/{digest[:2]}/{digest}"

    def has(self, digest: str) -> bool:
        """Whether the content of this SHA-256 (hexadecimal) is here."""
        return self.place.has(self.name(digest))

    def digests(self) -> set[str]:
        """The SHA-256 of all that is here."""
        return {name.rpartition("/")[2] for name in self.place.names("sha256")}

    def put(self, path: Path, digest: str, known: Collection[str] | None = None) -> bool:
        """Put a file in by its SHA-256; False where it was there already.

        `known`, where given, holds all that is here, so that the place need not be asked.
        """
        if digest in known if known is not None else self.has(digest):
            return False
        self.place.put(path, self.name(digest))
        return True

    def get(self, digest: str, target: Path) -> bool:
        """Copy the content to `target`, whole or not at all; False where it is not here.

        Raises StoreError where what is here has another hash.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(target.parent)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=PART) as scratch:
            part = Path(scratch) / "content"
            if not self.place.get(self.name(digest), part):
                return False
            found = sha256(part)
            if found != digest:
                raise StoreError(
                    _(
                        "{url} holds other content under {digest}: its hash is {found}. "
                        "Put the file in again, and find out what changed it."
                    ).format(url=self.place.url, digest=digest, found=found)
                )
            part.chmod(0o644)
            part.replace(target)
        return True
