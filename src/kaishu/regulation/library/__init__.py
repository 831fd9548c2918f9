"""The library of regulations: folders of this package, or a portal's own of the same form."""

from __future__ import annotations

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
    """The regulation that `reference` names: an id of the library, or a folder inside `root`.

    Raises UnknownRegulation where there is neither, InvalidFiles with every problem where the
    folder's files are not right.
    """
    if reference in ids():
        folder, shown = FOLDER / reference, reference
    else:
        own = inside(root, reference) if root is not None else None
        if own is None or not own.is_dir():
            raise UnknownRegulation(
                _(
                    "There is no regulation “{reference}”: the library holds {ids}, and the "
                    "portal has no folder of that path."
                ).format(reference=reference, ids=", ".join(ids()))
            )
        folder, shown = own, reference.removeprefix("./").rstrip("/")
    regulation, problems = assemble(folder, shown)
    if regulation is None:
        raise InvalidFiles(
            _("The files of the regulation “{reference}” are not right.").format(
                reference=reference
            ),
            problems,
        )
    return regulation
