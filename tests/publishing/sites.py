"""Small releases for tests of what is done with them."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kaishu.publishing import release as releases

ONE = {
    "index.html": "home of one",
    "datasets/a/index.html": "page of one",
    "datasets/a/data.csv": "a,b\n1,2\n",
    "assets/site.css": "body {}",
    "old/index.html": "to go",
    "pagefind/1a2b.pf_index": "the index of one",
}
TWO = {
    "index.html": "home of two",
    "datasets/a/index.html": "page of two",
    "datasets/a/data.csv": "a,b\n1,2\n",
    "assets/site.css": "body {} /* 二 */",
    "datasets/新/index.html": "new page",
}
# A page of the first that is still open finds its own index.
AFTER = {**TWO, "pagefind/1a2b.pf_index": "the index of one"}
THREE = {**TWO, "index.html": "home of three"}


def released(output: Path, files: dict[str, str]) -> releases.Release:
    """A release of these files, public in `output`."""
    output.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=output))
    for path, text in files.items():
        place = staging / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    release = releases.make(staging, output, "inputs")
    releases.switch(output, release)
    return release


def public(target: Path) -> dict[str, str]:
    """The text of every file that is public in the folder `target`."""
    site = (target / "site").resolve()
    return {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def unpacked(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below `folder`, and what lies packed in it: zip (XLSX too) and gzip (the index)."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name, content = path.relative_to(folder).as_posix(), path.read_bytes()
            yield name, content
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as packed:
                    for one in packed.namelist():
                        yield f"{name}!{one}", packed.read(one)
            elif content.startswith(b"\x1f\x8b"):
                yield f"{name}!", gzip.decompress(content)
