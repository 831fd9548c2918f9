"""The portal as it stands: catalogue, regulation, calendar; read again after a new release."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from kaishu.catalog.load import load
from kaishu.catalog.public import public
from kaishu.history.git import History
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar

if TYPE_CHECKING:
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.regulation.due import Due
    from kaishu.regulation.model import Regulation, RuleId


@dataclass(frozen=True)
class Now:
    """What the forms and the desk speak of; `counted` keeps what `clock` has counted from it."""

    catalog: Catalog
    regulation: Regulation
    calendar: WorkingCalendar
    counted: dict[tuple[RuleId, date], Due | None] = field(default_factory=dict, compare=False)

    def dataset(self, key: str) -> Dataset | None:
        """The dataset at `<department>/<name>`."""
        return self.catalog.by_key.get(key)


_lock = threading.Lock()
_read: tuple[object, Now] | None = None


def now() -> Now:
    """The portal; read again when a release was switched or catalog.yaml was changed."""
    global _read
    place = str(settings.KAISHU_ROOT)
    state = (place, _link(f"{place}/build/site"), os.stat(f"{place}/catalog.yaml").st_mtime_ns)  # noqa: PTH116
    if (read := _read) is not None and read[0] == state:
        return read[1]
    with _lock:
        if _read is None or _read[0] != state:
            root = Path(place)
            # What waits for approval is no more shown in the forms than on the site.
            catalog = public(load(root), History.open(root), root / "build/cache/versions").catalog
            regulation = library.load(catalog.portal.regulation, root)
            _read = state, Now(catalog, regulation, WorkingCalendar.load(root))
        return _read[1]


def _link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - at every request
    except OSError:
        return ""
