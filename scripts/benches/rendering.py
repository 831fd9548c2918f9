"""Renders the pages of a portal that was built before, and its search index; prints the CPU time.

Run by itself, so that nothing else is counted: python rendering.py ROOT OUTPUT TARGET
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from kaishu.catalog.load import load
from kaishu.catalog.upkeep import last_updates
from kaishu.history.git import History
from kaishu.packaging.versions import pasts
from kaishu.publishing.work import package_all
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site import build, dataset_page, pages
from kaishu.site.edition import Edition
from kaishu.site.environment import render
from kaishu.site.search import engine
from kaishu.site.search.records import records


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
    begun = cpu()
    build.build(edition, target / "site")
    figures["site"] = cpu() - begun
    begun = cpu()
    (target / "pagefind").mkdir()
    engine.make(records(pages.listed(catalog.datasets), edition.packages), target / "pagefind")
    figures["search"] = cpu() - begun
    environment, shell = build._environment(), build._shell(edition)
    begun = cpu()
    for dataset in catalog.datasets:
        page = dataset_page.page(edition, dataset)
        path = target / "pages" / page.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(page, environment, shell).encode())
    figures["pages"] = cpu() - begun
    print(json.dumps(figures))


def cpu() -> float:
    """CPU seconds of this process and those it ended."""
    own, ended = (
        resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
