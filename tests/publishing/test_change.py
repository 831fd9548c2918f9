"""What changed is public first; in the end every byte is that of a build from nothing."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.portals import git_commit, small_portal, write
from tests.publishing.test_build import public_bytes

from kaishu.base.errors import BuildError, InvalidFiles
from kaishu.catalog.load import load
from kaishu.catalog.reviews import Examination
from kaishu.publishing import release as releases
from kaishu.publishing import search, whole
from kaishu.publishing.build import Order, build
from kaishu.supervision import review

WHEN = "2026-03-02T09:00:00+08:00"
PARKS = "datasets/mzj/parks"
PAGE = f"site/{PARKS}/index.html"

pytestmark = pytest.mark.slow


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    for n in range(4):
        copy(root, n)
    git_commit(root, WHEN)
    return root


def copy(root: Path, n: int) -> None:
    text = (root / PARKS / "datapackage.yaml").read_text(encoding="utf-8")
    text = text.replace("name: parks\n", f"name: parks-{n}\n", 1).replace(
        "id: 6f1f", f"id: {n:04d}"
    )
    write(root, f"{PARKS}-{n}/datapackage.yaml", text.replace("城市公园名单", f"第{n}区公园名单"))
    write(root, f"{PARKS}-{n}/data/parks.csv", f"code,name\n1,公园{n}\n")


def retitle(root: Path, name: str, title: str) -> None:
    path = root / "datasets/mzj" / name / "datapackage.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [f"title: {title}" if line.startswith("title:") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, bytes]]:
    """What was public each time the whole was about to be looked at."""
    found: list[dict[str, bytes]] = []
    publish: Callable[..., object] = whole.publish

    def look(order: Order, followed: Callable[[], object] | None = None) -> object:
        found.append(public_bytes(order.output) if (order.output / "site").exists() else {})
        return publish(order, followed)

    monkeypatch.setattr(whole, "publish", look)
    return found


def test_what_changed_is_public_before_the_whole_is_looked_at(
    portal: Path, tmp_path: Path, seen: list[dict[str, bytes]]
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    retitle(portal, "parks", "新的名称")
    write(portal, f"{PARKS}/data/parks.csv", "code,name\n7,新公园\n")
    git_commit(portal, WHEN)
    built = build(portal, output)
    early, late = seen[1], public_bytes(output)
    folder = "datasets/mzj/parks"
    own = {path for path in late if path.startswith(f"{folder}/")}
    assert {path for path in early if path.startswith(f"{folder}/")} == own
    assert all(early[path] == late[path] for path in own)
    assert "新公园".encode() in early[f"{folder}/data/parks.csv"]
    assert "新的名称" not in early["datasets/index.html"].decode()
    assert "新的名称" in late["datasets/index.html"].decode()
    assert {release.id for release, _made in releases.kept(output)} >= {built.release.id}
    assert all(release.is_whole for release, _made in releases.kept(output))
    assert releases.manifest_of(built.release.site) == built.release.manifest


def test_what_changed_on_a_later_day_is_public_first_too(
    portal: Path, tmp_path: Path, seen: list[dict[str, bytes]]
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    retitle(portal, "parks", "新的名称")
    git_commit(portal, "2026-03-09T09:00:00+08:00")
    build(portal, output)
    build(portal, tmp_path / "clean")
    assert "新的名称" in seen[1][f"{PARKS}/index.html"].decode()
    own = {path: one for path, one in public_bytes(output).items() if path.startswith(PARKS)}
    assert own.items() <= seen[1].items()
    assert public_bytes(output) == public_bytes(tmp_path / "clean")


def titles_found(output: Path) -> set[str]:
    """The titles that the public search index shows."""
    fragments = (output / "site" / search.FOLDER / "fragment").glob("*")
    texts = (gzip.decompress(one.read_bytes()).removeprefix(b"pagefind_dcd") for one in fragments)
    return {json.loads(text)["meta"]["title"] for text in texts}


def test_the_search_index_is_public_before_the_whole_is(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    before = titles_found(output)
    retitle(portal, "parks", "新的名称")
    write(portal, f"{PARKS}/data/parks.csv", "code,name\n7,新公园\n")
    git_commit(portal, WHEN)
    publish, found = whole.publish, list[object]()

    def look(order: Order, followed: Callable[[], object] | None = None) -> object:
        assert followed is not None
        assert followed() is None
        public = releases.current(output)
        assert public is not None
        found.append(titles_found(output))
        found.append((output / PAGE).read_text(encoding="utf-8"))
        found.append((output / "site/datasets/index.html").read_text(encoding="utf-8"))
        assert not public.is_whole
        assert releases.manifest_of(public.site) == public.manifest
        found.append({p: h for p, h in public.manifest.items() if p.startswith(search.FOLDER)})
        return publish(order, followed)

    monkeypatch.setattr(whole, "publish", look)
    built = build(portal, output)
    titles, page, lists, index = found
    assert titles == before - {"城市公园名单"} | {"新的名称"}
    assert "新的名称" in str(page)
    assert "新的名称" not in str(lists)
    # The whole has the same index, which is not made twice.
    last = built.release.manifest
    assert {p: h for p, h in last.items() if p.startswith(search.FOLDER)} == index


def test_an_index_that_cannot_be_made_early_follows_with_the_whole(
    portal: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    for kept in (output / "cache").glob("records.*"):
        kept.unlink()
    retitle(portal, "parks", "新的名称")
    build(portal, output)
    assert "新的名称" in titles_found(output)


def test_the_manifest_is_true_of_the_changed_pages_too(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    retitle(portal, "parks", "新的名称")

    def cut(_order: Order, _followed: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(whole, "publish", cut)
    with pytest.raises(KeyboardInterrupt):
        build(portal, output)
    public = releases.current(output)
    assert public is not None
    assert not public.is_whole
    assert releases.manifest_of(public.site) == public.manifest
    monkeypatch.undo()
    assert build(portal, output).release.is_whole
    assert "新的名称" in (output / "site/datasets/index.html").read_text(encoding="utf-8")


def test_a_whole_that_cannot_be_made_takes_the_changed_pages_back(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    before, early = public_bytes(output), []

    def fail(order: Order, _followed: object) -> None:
        early.append(public_bytes(order.output))
        raise BuildError("no room left")

    retitle(portal, "parks", "新的名称")
    monkeypatch.setattr(whole, "publish", fail)
    with pytest.raises(BuildError):
        build(portal, output)
    assert early != [before]
    assert public_bytes(output) == before
    monkeypatch.undo()
    assert not build(portal, output).unchanged


@pytest.mark.parametrize(
    "change",
    [
        lambda root: copy(root, 9),
        lambda root: shutil.rmtree(root / f"{PARKS}-1"),
        lambda root: write(root, "site_src/about.md", "# 关于\n\n新的一页。\n"),
        lambda root: write(
            root,
            "catalog.yaml",
            (root / "catalog.yaml").read_text(encoding="utf-8").replace("信息科", "数据科"),
        ),
    ],
    ids=["new", "gone", "page", "settings"],
)
def test_what_touches_more_than_itself_waits_for_the_whole(
    portal: Path,
    tmp_path: Path,
    seen: list[dict[str, bytes]],
    change: Callable[[Path], object],
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    before = public_bytes(output)
    retitle(portal, "parks", "新的名称")
    change(portal)
    build(portal, output)
    assert seen[1] == before
    assert "新的名称" in (output / PAGE).read_text(encoding="utf-8")


def test_an_id_or_code_of_another_dataset_is_refused_before_anything_is_public(
    portal: Path, tmp_path: Path, seen: list[dict[str, bytes]]
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    before = public_bytes(output)
    path = portal / f"{PARKS}-1/datapackage.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: 0001", "id: 0002"))
    with pytest.raises(InvalidFiles):
        build(portal, output)
    assert seen[1] == before == public_bytes(output)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_every_byte_is_that_of_a_build_from_nothing(
    portal: Path, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    output = tmp_path / "out"
    build(portal, output)
    for step in range(6):
        names = [one.name for one in (portal / "datasets/mzj").glob("parks-*")]
        kind = draw.choice(["add", "rows", "title", "rename", "delete", "page", "several"])
        if kind == "add" or not names:
            copy(portal, 10 + step)
        elif kind == "rows":
            name = draw.choice(names)
            write(portal, f"datasets/mzj/{name}/data/parks.csv", f"code,name\n{step},新{step}\n")
        elif kind in ("title", "several"):
            for name in draw.sample(names, 1 if kind == "title" else len(names)):
                retitle(portal, name, f"第{step}次的{name}")
        elif kind == "rename":
            old, new = portal / "datasets/mzj" / draw.choice(names), f"parks-r{step}"
            text = (old / "datapackage.yaml").read_text(encoding="utf-8")
            (old / "datapackage.yaml").write_text(
                text.replace(f"name: {old.name}\n", f"name: {new}\n")
            )
            old.rename(old.with_name(new))
        elif kind == "delete":
            shutil.rmtree(portal / "datasets/mzj" / draw.choice(names))
        else:
            write(portal, f"site_src/page-{step}.md", f"# 第{step}页\n")
        if draw.random() < 0.7:
            git_commit(portal, WHEN)
        build(portal, output)
    build(portal, tmp_path / "clean")
    assert public_bytes(output) == public_bytes(tmp_path / "clean")
    last = releases.current(output)
    assert last is not None
    assert releases.manifest_of(last.site) == last.manifest


def approve(root: Path) -> None:
    one = Examination(by="张三", date=date(2026, 3, 1))
    catalog = load(root)
    for waiting in review.waiting(catalog):
        review.approve(catalog, waiting.dataset.key, by="李四", secrecy=one, openness=one)


def test_under_review_only_what_is_approved_is_public_first(
    portal: Path, tmp_path: Path, seen: list[dict[str, bytes]]
) -> None:
    catalogue = (portal / "catalog.yaml").read_text(encoding="utf-8")
    write(portal, "catalog.yaml", f"{catalogue}review: {{policy: all}}\n")
    approve(portal)
    data = f"{PARKS}-1/data/parks.csv"
    before = (portal / data).read_text(encoding="utf-8")
    # What comes next is approved before it is there.
    write(portal, data, "code,name\n1,已审核的公园\n")
    approve(portal)
    write(portal, data, before)
    git_commit(portal, WHEN)
    output = tmp_path / "out"
    build(portal, output)
    write(portal, f"{PARKS}-2/data/parks.csv", "code,name\n1,未审核的公园\n")
    git_commit(portal, WHEN)
    build(portal, output)
    write(portal, data, "code,name\n1,已审核的公园\n")
    git_commit(portal, WHEN)
    build(portal, output)
    public = [*seen, public_bytes(output)]
    assert not any("未审核的公园".encode() in one for files in public for one in files.values())
    assert "已审核的公园" in seen[-1][f"{PARKS}-1/data/parks.csv"].decode()
