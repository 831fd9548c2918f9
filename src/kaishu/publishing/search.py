"""The search index of a release: made beside its pages, kept by a hash of all that goes into it.

Pages do not wait for it. Where an earlier release has an index that leads to no missing page, the
new pages go public with that one at once, and again with their own as soon as it is there.
"""

from __future__ import annotations

import contextvars
import hashlib
import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.publishing import release as releases
from kaishu.publishing.trees import share_folder
from kaishu.site import listings
from kaishu.site.search import engine
from kaishu.site.search.facets import identified, table
from kaishu.site.search.records import records
from kaishu.site.search.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from kaishu.publishing.release import Linked
    from kaishu.site.edition import Edition
    from kaishu.site.search.records import Record

FOLDER = "pagefind"
TABLE = "facets.json"
WORDS = "words.json"
# Changes with what the table holds; the pages of one format cannot read another.
FORMAT = 2
# The inputs of a release whose own index is still to come: no build takes it for its own.
UNFINISHED = ""
KEPT = 3


class Index:
    """The index of one edition, perhaps still in the making."""

    def __init__(self, future: Future[Path]) -> None:
        self._future = future

    @property
    def is_there(self) -> bool:
        """Whether it is made, or has failed."""
        return self._future.done()

    def folder(self) -> Path:
        """Its folder, when it is made. Raises BuildError where it cannot be."""
        return self._future.result()


def begin(edition: Edition, output: Path) -> Index:
    """Begin to make the index of `edition`; an equal one made before is taken as it is."""
    portal = edition.catalog.portal
    datasets = listings.listed(edition.catalog.datasets)
    made = records(datasets, edition.packages)
    facets = table(portal, datasets, edition.packages, edition.updated)
    meant = vocabulary(datasets, edition.packages)
    parts = [FORMAT, engine.ENGINE, facets, meant, *((one.path, one.document) for one in made)]
    key = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
    pool = ThreadPoolExecutor(1)
    context = contextvars.copy_context()
    future = pool.submit(
        context.run, _made, output / "cache" / "search" / key, made, {TABLE: facets, WORDS: meant}
    )
    pool.shutdown(wait=False)
    return Index(future)


def go_public(
    staging: Path,
    output: Path,
    inputs: str,
    index: Index,
    *,
    linked: Mapping[str, Linked] | None = None,
    datasets: int = 0,
) -> releases.Release:
    """Make the pages in `staging`, and what is `linked`, a release with an index; switch to it."""
    linked = linked or {}
    before = releases.current(output)
    if before is None or index.is_there or not _leads_somewhere(before, staging, linked):
        share_folder(index.folder(), staging / FOLDER)
        release = releases.make(staging, output, inputs, linked=linked, datasets=datasets)
        releases.switch(output, release)
        return release
    share_folder(before.site / FOLDER, staging / FOLDER)
    # It is not whole, so it is removed as soon as it is not public any more.
    first = releases.make(staging, output, UNFINISHED, linked=linked, datasets=datasets)
    releases.switch(output, first)
    release = releases.succeed(first, output, inputs, FOLDER, index.folder)
    releases.switch(output, release)
    return release


def _leads_somewhere(before: releases.Release, staging: Path, linked: Mapping[str, Linked]) -> bool:
    """Whether the index of `before` can be read here and each of its results has a page."""
    try:
        document = json.loads((before.site / FOLDER / TABLE).read_bytes())
    except FileNotFoundError:
        return False
    return document["format"] == FORMAT and all(
        path in linked or (staging / path).is_file()
        for path in before.manifest
        if path.startswith("datasets/") and path.endswith("/index.html")
    )


def _made(target: Path, made: Sequence[Record], tables: dict[str, dict[str, Any]]) -> Path:
    cache = target.parent
    if not (target / TABLE).is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".part-") as scratch:
            folder = Path(scratch) / FOLDER
            folder.mkdir()
            results = identified(engine.make(made, folder))
            tables[TABLE] = {
                "format": FORMAT,
                "version": engine.version_of(folder),
                **tables[TABLE],
                **results,
            }
            for name, document in tables.items():
                text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
                (folder / name).write_text(text, encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            folder.rename(target)
    target.touch()
    for old in sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return target
