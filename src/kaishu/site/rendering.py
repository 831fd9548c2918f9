"""Pages from data, by themselves: what their templates need, and single datasets' pages.

MkDocs is not needed for them, so they can be there before it is even loaded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from kaishu.site import dataset_page
from kaishu.site.environment import THEME, Precompiled, furnish, render
from kaishu.site.shell import Shell, asset_versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2 import Environment

    from kaishu.site.edition import Edition
    from kaishu.site.shell import Link

TABLE = "working-days.json"


def write_datasets(
    edition: Edition, narrative: Sequence[Link], keys: Sequence[str], target: Path, compiled: Path
) -> None:
    """Write the pages of these datasets alone; `narrative` are the pages that people wrote.

    `compiled` is a folder for compiled templates, of this engine and this language alone.
    """
    environment, shell = environment_for(compiled), shell_of(edition)
    shell = replace(shell, narrative=tuple(narrative))
    for key in keys:
        page = dataset_page.page(edition, edition.catalog.by_key[key])
        write(target, page.file, render(page, environment, shell).encode())


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
