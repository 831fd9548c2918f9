"""Pages go public at once; the index of their search follows, and leads nowhere in vain."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.portals import OPEN, small_portal, write

from kaishu.base.errors import BuildError
from kaishu.publishing import release as releases
from kaishu.publishing import search
from kaishu.publishing.build import build
from kaishu.site.search import engine

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
DAY = date(2026, 3, 2)
# Only a build that failed lets anybody wait so many seconds.
PATIENCE = 300
INDEX = f"{search.FOLDER}/{search.TABLE}"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    build(root, tmp_path / "out", as_of=DAY)
    return root


def public(output: Path) -> tuple[bytes, bytes]:
    """The public release's list of datasets, and the table of its index."""
    site = (output / "site").resolve()
    return (site / "datasets/index.html").read_bytes(), (site / INDEX).read_bytes()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> dict[str, threading.Event]:
    """Pagefind begins only when it is let go, and says when somebody waits for it."""
    events = {"go": threading.Event(), "waited for": threading.Event()}
    make, lay_down = engine.make, search.Index.lay_down

    def slowly(*arguments: Any) -> dict[str, str]:
        events["go"].wait(PATIENCE)
        return make(*arguments)

    def asked(index: search.Index, staging: Path) -> dict[str, releases.Linked]:
        events["waited for"].set()
        return lay_down(index, staging)

    monkeypatch.setattr(engine, "make", slowly)
    monkeypatch.setattr(search.Index, "lay_down", asked)
    return events


def test_changed_pages_are_public_before_their_index(
    portal: Path, tmp_path: Path, slow: dict[str, threading.Event]
) -> None:
    before = public(tmp_path / "out")
    write(portal, "datasets/mzj/parks/datapackage.yaml", OPEN.replace("城市公园", "城乡公园"))
    # With this, too, nothing goes first.
    write(portal, "site_src/about.md", "# 关于\n\n新的一页。\n")
    built: list[releases.Release] = []
    work = threading.Thread(
        target=lambda: built.append(build(portal, tmp_path / "out", as_of=DAY).release)
    )
    work.start()
    assert slow["waited for"].wait(PATIENCE)
    between = public(tmp_path / "out")
    assert releases.current(tmp_path / "out").inputs == search.UNFINISHED  # type: ignore[union-attr]
    slow["go"].set()
    work.join()
    after = public(tmp_path / "out")
    assert "城乡公园".encode() in between[0]
    assert between[1] == before[1]
    assert after[0] == between[0]
    assert after[1] != before[1]
    # The release between the two is gone; the one before can be returned to.
    kept = {one.id for one, _when in releases.kept(tmp_path / "out")}
    assert len(kept) == 2
    assert built[0].id in kept
    assert built[0].manifest == releases.manifest_of(built[0].site)


def test_an_index_that_leads_to_a_removed_page_is_not_used_again(
    portal: Path, tmp_path: Path, slow: dict[str, threading.Event]
) -> None:
    before = public(tmp_path / "out")
    shutil.rmtree(portal / "datasets/mzj/parks")
    work = threading.Thread(target=lambda: build(portal, tmp_path / "out", as_of=DAY))
    work.start()
    assert slow["waited for"].wait(PATIENCE)
    assert public(tmp_path / "out") == before
    slow["go"].set()
    work.join()
    assert public(tmp_path / "out")[1] != before[1]


def test_an_equal_index_is_made_once(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: Any) -> None:
        raise AssertionError

    before = public(tmp_path / "out")
    monkeypatch.setattr(engine, "make", never)
    # What is there is not waited for, so pages do not go public without it before.
    monkeypatch.setattr(search, "follow", never)
    # Rows change, which no search looks through.
    write(portal, "datasets/mzj/parks/data/parks.csv", "code,name\n1,中心公园\n2,西公园\n")
    build(portal, tmp_path / "out", as_of=DAY)
    assert public(tmp_path / "out")[1] == before[1]


def test_pages_without_their_index_are_not_taken_for_finished(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: Any) -> None:
        raise BuildError("no memory")

    write(portal, "datasets/mzj/parks/datapackage.yaml", OPEN.replace("城市公园", "城乡公园"))
    with monkeypatch.context() as patch:
        patch.setattr(engine, "make", fails)
        with pytest.raises(BuildError):
            build(portal, tmp_path / "out", as_of=DAY)
    assert not build(portal, tmp_path / "out", as_of=DAY).unchanged
    assert build(portal, tmp_path / "out", as_of=DAY).unchanged


def test_only_the_last_indexes_are_kept(portal: Path, tmp_path: Path) -> None:
    for number in range(search.KEPT + 2):
        write(
            portal,
            "datasets/mzj/parks/datapackage.yaml",
            OPEN.replace("城市公园", f"第{number}区公园"),
        )
        build(portal, tmp_path / "out", as_of=DAY)
    kept = list((tmp_path / "out/cache/search").iterdir())
    assert len(kept) == search.KEPT
    table = json.loads((tmp_path / "out/site" / INDEX).read_bytes())
    assert table["version"] in {engine.version_of(one / "files") for one in kept}
