"""The search index of a release: made beside its pages, kept by a hash of what is indexed.

Pages do not wait for it. Where an earlier release has an index that leads to no missing page, the
new pages go public with that one at once, and again with their own as soon as it is there.
"""

from __future__ import annotations

import contextvars
import hashlib
import json
import shutil
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.files import PART, write_atomically
from kaishu.publishing import release as releases
from kaishu.publishing.release import Linked
from kaishu.site.search import engine
from kaishu.site.search.facets import identified, table
from kaishu.site.search.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kaishu.catalog.model import Portal
    from kaishu.site.search.records import Record

FOLDER = "pagefind"
TABLE = "facets.json"
WORDS = "words.json"
# Changes with what the table holds; the pages of one format cannot read another.
FORMAT = 2
# The inputs of a release whose own index is still to come: no build takes it for its own.
UNFINISHED = ""
KEPT = 3
_FILES, _MANIFEST = "files", "manifest.json"


class Index:
    """An index, perhaps still in the making: Pagefind's files, and the tables of our own."""

    def __init__(self, portal: Portal, records: Sequence[Record], made: Future[Path]) -> None:
        self._portal, self._records, self._made = portal, records, made

    @property
    def is_there(self) -> bool:
        """Whether it is made, or has failed."""
        return self._made.done()

    def lay_down(self, staging: Path) -> dict[str, Linked]:
        """Write the tables below the site folder `staging`; the files that belong beside them.

        Waits for what is still in the making. Raises BuildError where it cannot be made.
        """
        facets, meant = table(self._portal, self._records), vocabulary(self._records)
        place = self._made.result()
        folder = place / _FILES
        results = identified(engine.identifiers(folder, self._records))
        about = {"format": FORMAT, "version": engine.version_of(folder)}
        (staging / FOLDER).mkdir()
        for name, document in ((TABLE, {**about, **facets, **results}), (WORDS, meant)):
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            (staging / FOLDER / name).write_text(text, encoding="utf-8")
        manifest: dict[str, str] = json.loads((place / _MANIFEST).read_bytes())
        return {
            f"{FOLDER}/{path}": Linked(folder / path, digest) for path, digest in manifest.items()
        }


def begin(portal: Portal, records: Iterable[Record], output: Path) -> Index:
    """Begin to make the index of `records`; an equal one made before is taken as it is."""
    given = sorted(records, key=lambda one: one.place)
    named = hashlib.sha256(engine.ENGINE.encode())
    for one in given:
        named.update(f"\0{one.path}\0{one.document}".encode())
    place = _cache(output) / named.hexdigest()
    if (place / _MANIFEST).is_file():
        there: Future[Path] = Future()
        # At once, so that nobody publishes pages without it.
        there.set_result(_made(place, given))
        return Index(portal, given, there)
    pool = ThreadPoolExecutor(1)
    context = contextvars.copy_context()
    made = pool.submit(context.run, _made, place, given)
    pool.shutdown(wait=False)
    return Index(portal, given, made)


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
        linked = {**linked, **index.lay_down(staging)}
        release = releases.make(staging, output, inputs, linked=linked, datasets=datasets)
        releases.switch(output, release)
        return release
    same = {
        path: Linked(before.site / path, digest)
        for path, digest in before.manifest.items()
        if path.startswith(f"{FOLDER}/")
    }
    # It is not whole, so it is removed as soon as it is not public any more.
    first = releases.make(staging, output, UNFINISHED, linked={**linked, **same}, datasets=datasets)
    releases.switch(output, first)
    return follow(first, output, inputs, index)


def follow(release: releases.Release, output: Path, inputs: str, index: Index) -> releases.Release:
    """Make `release` with `index` in place of its own another one, by `inputs`; switch to it."""
    # This takes a while, and so does the index.
    releases.prepare(output)
    with tempfile.TemporaryDirectory(dir=output, prefix=".staging-") as scratch:
        linked = index.lay_down(Path(scratch))
        made = releases.succeed(release, output, inputs, FOLDER, Path(scratch), linked)
    releases.switch(output, made)
    return made


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


def _made(target: Path, records: Sequence[Record]) -> Path:
    """The folder `target` with Pagefind's files and their manifest."""
    cache = target.parent
    if not (target / _MANIFEST).is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=PART) as scratch:
            folder = Path(scratch) / "made"
            (folder / _FILES).mkdir(parents=True)
            manifest = engine.make(records, folder / _FILES)
            write_atomically(folder / _MANIFEST, json.dumps(manifest).encode())
            shutil.rmtree(target, ignore_errors=True)
            folder.rename(target)
    target.touch()
    return target


def prune(output: Path) -> None:
    """Remove all but the last indexes; not while readers wait for one, as it takes a while."""
    cache = _cache(output)
    indexes = [path for path in cache.iterdir() if not path.name.startswith(".")]
    for old in sorted(indexes, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _cache(output: Path) -> Path:
    return output / "cache" / "search"
