"""Many pages at a time say what they say one by one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.portals import files, many, small_portal
from tests.site.made import edition_of

from kaishu.base.errors import BuildError
from kaishu.catalog.dataset import Dataset
from kaishu.site import build, dataset_page, rendering
from kaishu.site.edition import Edition
from kaishu.site.shell import Page


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    root = small_portal(tmp_path / "portal")
    many(root, 12)
    return edition_of(root, tmp_path / "packages")


def test_several_processes_write_the_same_bytes_as_one(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers, write = tmp_path / "writers", rendering.write

    def noted(target: Path, name: str, content: bytes) -> None:
        writers.mkdir(exist_ok=True)
        (writers / str(os.getpid())).touch()
        write(target, name, content)

    monkeypatch.setattr(rendering, "ENOUGH", 2)
    monkeypatch.setattr(rendering, "IN_TURN", 2)
    monkeypatch.setattr(rendering, "AT_A_TIME", 5)
    build.build(edition, tmp_path / "one")
    monkeypatch.setattr(rendering, "write", noted)
    build.build(edition, tmp_path / "two", jobs=2)
    assert files(tmp_path / "two") == files(tmp_path / "one")
    assert {path.name for path in writers.iterdir()} - {str(os.getpid())}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_cannot_be_made_is_named(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(rendering, "ENOUGH", 2)
    make = dataset_page.page

    def broken(edition: Edition, dataset: Dataset) -> Page:
        if dataset.key == "mzj/parks-7":
            raise ZeroDivisionError("nothing to divide by")
        return make(edition, dataset)

    monkeypatch.setattr(dataset_page, "page", broken)
    with pytest.raises(BuildError, match=r"mzj/parks-7 .*ZeroDivisionError: nothing"):
        build.build(edition, tmp_path / "site", jobs=jobs)
