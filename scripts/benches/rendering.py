"""Renders the pages of a portal that was built before, and its search index; prints the CPU time,
and lays out the same pages for Hugo.

Run by itself, so that nothing else is counted: python -m benches.rendering ROOT OUTPUT TARGET
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benches import hugo
from benches.cpu import used
from kaishu.catalog.load import load
from kaishu.catalog.upkeep import last_updates
from kaishu.history.git import History
from kaishu.packaging.versions import pasts
from kaishu.publishing.work import package_all
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site import build, dataset_page, pages, rendering
from kaishu.site.edition import Edition
from kaishu.site.environment import render
from kaishu.site.search import engine
from kaishu.site.search.records import records
from kaishu.site.shell import Here


def main(root: Path, output: Path, target: Path) -> None:
    """Render everything into `target`."""
    history = History.open(root)
    assert history.committed is not None
    day = history.committed.date()
    catalog = load(root, day)
    updated = last_updates(catalog, history)
    edition = Edition(
        catalog=catalog,
        regulation=library.load(catalog.portal.regulation, root),
        calendar=WorkingCalendar.load(root),
        packages=package_all(catalog, output, updated, engine="local", jobs=1).packages,
        updated=updated,
        as_of=day,
        commit=history.commit,
        shallow=history.shallow,
        pasts=pasts(catalog, history, output / "cache" / "pasts", day, {}),
    )
    figures = {}
    begun = used()
    build.build(edition, target / "site")
    figures["site"] = used() - begun
    begun = used()
    (target / "pagefind").mkdir()
    engine.make(
        records(pages.listed(catalog.datasets), edition.packages, updated), target / "pagefind"
    )
    figures["search"] = used() - begun
    environment, shell = rendering.environment_for(), rendering.shell_of(edition)
    begun = used()
    for dataset in catalog.datasets:
        page = dataset_page.page(edition, dataset)
        rendering.write(target / "pages", page.file, render(page, environment, shell).encode())
    figures["pages"] = used() - begun
    hugo.lay_out(
        target / "hugo",
        (
            hugo.values(page, Here(page.path, page.title, page.description, shell, page.sources))
            for page in (dataset_page.page(edition, one) for one in catalog.datasets)
        ),
        (target / "pages" / page.file).read_text(encoding="utf-8"),
    )
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
