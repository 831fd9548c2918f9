"""Pages from data, by themselves: what their templates need, and single datasets' pages.

MkDocs is not needed for them, so they can be there before it is even loaded.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from kaishu.base.errors import BuildError
from kaishu.base.i18n import gettext as _
from kaishu.base.parallel import in_processes
from kaishu.site import dataset_page
from kaishu.site.environment import THEME, Precompiled, furnish, render
from kaishu.site.shell import Shell, asset_versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2 import Environment

    from kaishu.site.edition import Edition
    from kaishu.site.shell import Link, Page

TABLE = "working-days.json"
# Fewer pages are there sooner than processes to write them.
ENOUGH = 200
# Pages that the same processes write: what they touch of the model each has for itself until it ends.
AT_A_TIME = 2_000
# Pages that a process takes in its turn.
IN_TURN = 25


@dataclass(frozen=True)
class Pages:
    """Writes pages of `edition`, above all its datasets', into the site folder `target`."""

    edition: Edition
    environment: Environment
    shell: Shell
    target: Path

    def write(self, key: str) -> None:
        """Write one. Raises BuildError, which names the dataset, whatever goes wrong with it."""
        try:
            self.put(dataset_page.page(self.edition, self.edition.catalog.by_key[key]))
        # Among ten thousand datasets, what is wrong is of no use without whose it is.
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise BuildError(
                _("The page of the dataset {key} could not be made. {reason}").format(
                    key=key, reason=reason
                )
            ) from error

    def put(self, page: Page) -> None:
        """Write any page."""
        write(self.target, page.file, render(page, self.environment, self.shell).encode())

    def write_all(self, keys: Sequence[str], jobs: int) -> None:
        """Write the pages of these datasets, by `jobs` processes where there are enough."""
        if jobs == 1 or len(keys) < ENOUGH:
            for key in keys:
                self.write(key)
            return
        # Templates, and what pages have in common: each process would make them for itself.
        self.write(keys[0])
        for start in range(1, len(keys), AT_A_TIME):
            some = keys[start : start + AT_A_TIME]
            deque(in_processes(self.write, some, jobs, in_turn=IN_TURN), maxlen=0)


def write_datasets(
    edition: Edition, narrative: Sequence[Link], keys: Sequence[str], target: Path, compiled: Path
) -> None:
    """Write the pages of these datasets alone; `narrative` are the pages that people wrote.

    `compiled` is a folder for compiled templates, of this engine and this language alone.
    """
    shell = replace(shell_of(edition), narrative=tuple(narrative))
    pages = Pages(edition, environment_for(compiled), shell, target)
    for key in keys:
        pages.write(key)


def shell_of(edition: Edition) -> Shell:
    """What surrounds every page, but for the ways to the pages that people wrote."""
    versions = {**asset_versions(edition.libraries), TABLE: edition.calendar.edition}
    return Shell(edition.catalog.portal, versions)


def environment_for(compiled: Path | None = None) -> Environment:
    """The templates, kept compiled in the folder `compiled` where there is one."""
    kept = None
    if compiled is not None:
        compiled.mkdir(parents=True, exist_ok=True)
        kept = FileSystemBytecodeCache(str(compiled))
    return furnish(
        Precompiled(
            loader=FileSystemLoader(THEME),
            undefined=StrictUndefined,
            bytecode_cache=kept,
            auto_reload=False,
        )
    )


def write(target: Path, name: str, content: bytes) -> None:
    """Write the file `name` below the folder `target`."""
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
