"""The library of regulations: folders of this package, or a portal's own of the same form."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import InvalidFiles, UnknownRegulation
from kaishu.base.files import inside
from kaishu.base.i18n import gettext as _
from kaishu.regulation.assembly import assemble

if TYPE_CHECKING:
    from kaishu.regulation.model import Regulation

FOLDER = Path(__file__).parent


def ids() -> tuple[str, ...]:
    """The regulations that the package holds, in order."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/regulation.yaml")))


def load(reference: str, root: Path | None = None) -> Regulation:
    """The regulation that `reference` names, with the texts above it that are at hand.

    `reference` is an id of the library, or a folder inside `root`. Raises UnknownRegulation
    where there is neither, InvalidFiles with every problem where the folder's files are not
    right.
    """
    regulation = _text(reference, root)
    superiors: list[Regulation] = []
    above = regulation.within
    seen = {regulation.id}
    # Only the library's texts are looked up: a text above a city's is never the city's own.
    while above is not None and above not in seen and above in ids():
        seen.add(above)
        superiors.append(_packaged(above))
        above = superiors[-1].within
    return replace(regulation, superiors=tuple(superiors))


def _text(reference: str, root: Path | None) -> Regulation:
    if reference in ids():
        return _packaged(reference)
    own = inside(root, reference) if root is not None else None
    if own is None or not own.is_dir():
        raise UnknownRegulation(
            _(
                "There is no regulation “{reference}”: the library holds {ids}, and the "
                "portal has no folder of that path."
            ).format(reference=reference, ids=", ".join(ids()))
        )
    return _read(own, reference.removeprefix("./").rstrip("/"))


@lru_cache(maxsize=16)
def _packaged(id_: str) -> Regulation:
    return _read(FOLDER / id_, id_)


def _read(folder: Path, shown: str) -> Regulation:
    regulation, problems = assemble(folder, shown)
    if regulation is None:
        raise InvalidFiles(
            _("The files of the regulation “{reference}” are not right.").format(reference=shown),
            problems,
        )
    return regulation
