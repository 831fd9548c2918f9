"""The keys that seal applicants' words: a new one put first, and what is stored sealed anew with it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.fernet import Fernet

from kaishu.base import progress
from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cases import encryption
from kaishu.cases.models import INDEXED, Case, Note, OutgoingMail
from kaishu.cases.records import Attachment
from kaishu.cases.storage import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

# Every column that holds a sealed value; what is erased is empty.
SEALED: Final[dict[type[Model], tuple[str, ...]]] = {
    Case: ("sealed",),
    Note: ("sealed",),
    Attachment: ("sealed_name",),
    OutgoingMail: ("sealed",),
}
# So many rows are written in one transaction: few enough that nobody filing has to wait.
_AT_ONCE: Final = 100


@dataclass
class Resealed:
    """What a walk through the stored values found: rows in all, sealed anew, and unreadable.

    `unreadable` names rows that no key at hand opens.
    """

    rows: int = 0
    changed: int = 0
    unreadable: list[str] = field(default_factory=list)


def new_key() -> str:
    """A new key (Fernet: 32 random bytes in URL-safe base64)."""
    return Fernet.generate_key().decode()


def put_first(key: str, path: Path) -> None:
    """Write `key` before those in the file of keys: whole or not at all, its owner's alone."""
    earlier = path.read_text().split()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    with os.fdopen(handle, "w") as target:
        target.write("".join(f"{one}\n" for one in (key, *earlier)))
        target.flush()
        os.fsync(target.fileno())
    Path(name).replace(path)


def reseal() -> Resealed:
    """Seal every stored value with the newest key, in batches, while the portal goes on.

    What is sealed with it already is only looked at: broken off, the next run goes on from there,
    and run again it changes nothing. A row that changes meanwhile is left to who changed it.
    """
    found = Resealed()
    for model, columns in SEALED.items():
        name = model._meta.db_table
        rows = progress.track(name, _rows(model, columns), model._default_manager.count())
        batch: list[tuple[Any, dict[str, str], dict[str, str]]] = []
        for row in rows:
            found.rows += 1
            pk, stored = row["pk"], {column: row[column] for column in columns}
            try:
                changes = _changes(stored)
            except UsageError:
                found.unreadable.append(f"{name} {pk}")
                continue
            if changes:
                batch.append((pk, stored, changes))
            if len(batch) == _AT_ONCE:
                found.changed += _written(model, batch)
                batch = []
        found.changed += _written(model, batch)
    return found


def check_readable(found: Resealed) -> None:
    """Raises UsageError, naming the first of them, where something could not be opened."""
    if found.unreadable:
        raise UsageError(
            _(
                "{n} rows cannot be opened with the keys in KAISHU_KEYS, the first of them "
                "{first}. Add the key that sealed them, and run it again."
            ).format(n=len(found.unreadable), first=found.unreadable[0])
        )


def _rows(model: type[Model], columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every row in the order of its key, read in short queries."""
    last = 0
    while True:
        following = model._default_manager.filter(pk__gt=last).order_by("pk")
        rows = list(following.values("pk", *columns)[: 10 * _AT_ONCE])
        if not rows:
            return
        yield from rows
        last = rows[-1]["pk"]


def _changes(stored: dict[str, str]) -> dict[str, str]:
    """The values that are not under the newest key yet, as they are to be; a case's indexes too."""
    changes: dict[str, str] = {}
    for column, token in stored.items():
        if not token or encryption.is_newest(token):
            continue
        words = encryption.unseal(token)
        changes[column] = encryption.seal(words)
        if isinstance(words, dict) and "statement" in words:
            stated = words["statement"]
            changes |= {
                f"{name}_index": encryption.blind(name, str(stated.get(name, "")))
                for name in INDEXED
            }
    return changes


def _written(model: type[Model], batch: list[tuple[Any, dict[str, str], dict[str, str]]]) -> int:
    """Write a batch in one transaction, each row only where it still holds what was read."""
    if not batch:
        return 0
    with writing():
        return sum(
            model._default_manager.filter(pk=pk, **stored).update(**changes)
            for pk, stored, changes in batch
        )
