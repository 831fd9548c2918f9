"""A commit becomes a public site; whatever goes wrong, the public one stays whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.portals import SECRET, git_commit, small_portal
from tests.publishing.sites import unpacked

from kaishu.base.errors import InvalidFiles
from kaishu.base.problems import Severity
from kaishu.publishing import release as releases
from kaishu.publishing.build import build

DAY = date(2026, 3, 2)

pytestmark = pytest.mark.slow


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    git_commit(root, "2026-03-02T09:00:00+08:00")
    return root


def public_bytes(output: Path) -> dict[str, bytes]:
    """Every public file but the search index, whose bytes vary with each run of Pagefind."""
    site = (output / "site").resolve()
    found = {p.relative_to(site).as_posix(): p for p in site.rglob("*") if p.is_file()}
    return {name: p.read_bytes() for name, p in found.items() if not name.startswith("pagefind/")}


def test_a_dataset_is_published_with_its_files(portal: Path, tmp_path: Path) -> None:
    built = build(portal, tmp_path / "out")
    files = built.release.manifest
    for name in (
        "datapackage.json",
        "parks.zip",
        "data/parks.csv",
        "data/parks.json",
        "index.html",
    ):
        assert f"datasets/mzj/parks/{name}" in files
    assert {"index.html", "datasets/index.html", "catalog.jsonld", "404.html"} <= set(files)


def test_the_same_commit_gives_the_same_bytes_anywhere(portal: Path, tmp_path: Path) -> None:
    build(portal, tmp_path / "one", jobs=1)
    elsewhere = tmp_path / "elsewhere" / "clone"
    subprocess.run(["git", "clone", "-q", str(portal), str(elsewhere)], check=True)
    environment = {**os.environ, "TZ": "America/New_York", "LC_ALL": "C.UTF-8"}
    command = [shutil.which("kaishu") or ".venv/bin/kaishu", "build"]
    arguments = ["--root", str(elsewhere), "--output", str(tmp_path / "two"), "--jobs", "2"]
    subprocess.run([*command, *arguments], check=True, env=environment, capture_output=True)
    assert public_bytes(tmp_path / "one") == public_bytes(tmp_path / "two")


def test_rows_beside_a_restricted_entry_stop_the_build(portal: Path, tmp_path: Path) -> None:
    stray = portal / "datasets/mzj/visits/data"
    stray.mkdir()
    (stray / "visits.csv").write_text(SECRET)
    with pytest.raises(InvalidFiles) as failure:
        build(portal, tmp_path / "out")
    errors = [one for one in failure.value.problems if one.severity is Severity.ERROR]
    assert {problem.dataset for problem in errors} == {"mzj/visits"}


def test_no_byte_of_a_restricted_dataset_reaches_the_site(portal: Path, tmp_path: Path) -> None:
    # Rows where a department might leave them: in its notes, and in an older build's packages.
    notes = portal / "datasets/mzj/visits/notes"
    notes.mkdir()
    (notes / "visits.csv").write_text(SECRET)
    left = tmp_path / "out/packages/mzj/visits/data"
    left.mkdir(parents=True)
    (left / "visits.csv").write_text(SECRET)
    build(portal, tmp_path / "out")
    public = public_bytes(tmp_path / "out")
    assert "datasets/mzj/visits/index.html" in public
    assert not any(SECRET.encode() in content for content in public.values())
    assert not any(name.startswith("datasets/mzj/visits/data/") for name in public)


def test_a_dataset_that_is_closed_later_leaves_no_data_behind(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(portal, output)
    shutil.rmtree(portal / "datasets/mzj/parks/data")
    path = portal / "datasets/mzj/parks/datapackage.yaml"
    text = path.read_text().replace("path: data/parks.csv", "data: [[code, name]]")
    basis = "basis: [{title: 《数据安全法》, article: 第三十八条, level: law}]"
    path.write_text(
        text.replace("openness: {type: unconditional}", f"openness: {{type: closed, {basis}}}")
    )
    build(portal, output)
    found = [name for name in public_bytes(output) if name.startswith("datasets/mzj/parks/")]
    assert sorted(found) == [
        f"datasets/mzj/parks/{name}" for name in ("datapackage.json", "feed.xml", "index.html")
    ]
    assert not any("中心公园".encode() in content for content in public_bytes(output).values())


def test_a_failed_build_leaves_the_public_site_as_it_was(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(portal, output)
    before = public_bytes(output)
    (portal / "datasets/mzj/parks/data/parks.csv").write_text("code,name\nnot a number,x\n")
    with pytest.raises(InvalidFiles) as failure:
        build(portal, output)
    assert {problem.code for problem in failure.value.problems} >= {"type-error"}
    assert public_bytes(output) == before


def test_an_interrupted_build_leaves_the_public_site_as_it_was(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    build(portal, output)
    before = public_bytes(output)
    (portal / "datasets/mzj/parks/data/parks.csv").write_text("code,name\n1,新公园\n")

    def power_cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(releases, "switch", power_cut)
    with pytest.raises(KeyboardInterrupt):
        build(portal, output)
    assert public_bytes(output) == before
    assert not list(output.glob(".staging-*"))


def test_nothing_is_made_anew_when_nothing_changed(portal: Path, tmp_path: Path) -> None:
    first = build(portal, tmp_path / "out")
    again = build(portal, tmp_path / "out")
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.release.id == first.release.id


WHEN_LOADED = """
import sys
from pathlib import Path
from kaishu.publishing import build, inputs
result = inputs.Reading.result
inputs.Reading.result = lambda self: (print(build.CHANGE in sys.modules), result(self))[1]
build.build(*map(Path, sys.argv[1:]))
print(build.CHANGE in sys.modules)
"""


def test_what_a_change_needs_is_loaded_while_files_are_read_after_a_commit_only(
    portal: Path, tmp_path: Path
) -> None:
    def loaded() -> list[str]:
        command = [sys.executable, "-c", WHEN_LOADED, str(portal), str(tmp_path / "out")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.split()

    assert loaded() == ["True", "True"]
    assert loaded() == ["False", "False"]
    data = portal / "datasets/mzj/parks/data/parks.csv"
    data.write_text(data.read_text() + "3,西公园\n")
    assert loaded() == ["False", "True"]
    git_commit(portal, "2026-05-06T09:00:00+08:00")
    assert loaded() == ["True", "True"]


def test_a_removed_dataset_is_gone_from_the_site(portal: Path, tmp_path: Path) -> None:
    build(portal, tmp_path / "out")
    shutil.rmtree(portal / "datasets/mzj/parks")
    build(portal, tmp_path / "out")
    assert not any(
        name.startswith("datasets/mzj/parks/") for name in public_bytes(tmp_path / "out")
    )


def test_dates_come_from_git_and_a_shallow_clone_is_not_believed(
    portal: Path, tmp_path: Path
) -> None:
    data = portal / "datasets/mzj/parks/data/parks.csv"
    data.write_text(data.read_text() + "3,西公园\n")
    git_commit(portal, "2026-05-06T09:00:00+08:00")
    build(portal, tmp_path / "full")
    assert "2026-05-06" in (tmp_path / "full/site/feed.xml").read_text()
    shallow = tmp_path / "shallow-clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", portal.as_uri(), str(shallow)], check=True
    )
    build(shallow, tmp_path / "shallow")
    assert "<entry>" not in (tmp_path / "shallow/site/feed.xml").read_text()
    page = "site/datasets/mzj/parks/index.html"
    assert "浅克隆" in (tmp_path / "shallow" / page).read_text()
    assert "2026年5月6日" in (tmp_path / "full" / page).read_text()


def test_the_day_can_be_given(portal: Path, tmp_path: Path) -> None:
    build(portal, tmp_path / "out", as_of=DAY.replace(month=9))
    assert "2026-09-02" in (tmp_path / "out/site/catalog.ttl").read_text()


def test_cleaning_removes_what_was_made_before(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(portal, output)
    (output / "packages/mzj/parks/stale").write_text("old")
    build(portal, output, clean=True)
    assert not (output / "packages/mzj/parks/stale").exists()


def test_an_embargo_keeps_the_data_out_of_every_public_byte_until_its_day(
    portal: Path, tmp_path: Path
) -> None:
    path = portal / "datasets/mzj/parks/datapackage.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("  update_cycle: yearly", "  publish_on: 2026-06-01\n  update_cycle: yearly")
    )
    (portal / "datasets/mzj/parks/data/parks.csv").write_text(
        f"code,name\n1,{SECRET.replace(',', '')}\n"
    )
    build(portal, tmp_path / "out", as_of=date(2026, 5, 31))
    secret = SECRET.replace(",", "").encode()
    assert not [name for name, content in unpacked(tmp_path / "out/releases") if secret in content]
    public = public_bytes(tmp_path / "out")
    assert not [name for name in public if name.startswith("datasets/mzj/parks/data/")]
    page = public["datasets/mzj/parks/index.html"].decode()
    assert "定于2026年6月1日发布" in page
    build(portal, tmp_path / "out", as_of=date(2026, 6, 1))
    assert secret in public_bytes(tmp_path / "out")["datasets/mzj/parks/data/parks.csv"]
    packed = dict(unpacked(tmp_path / "out/releases"))
    assert [name for name, content in packed.items() if "parks.zip!" in name and secret in content]


def test_each_version_tells_on_the_page_and_in_the_feed_what_it_changed(
    portal: Path, tmp_path: Path
) -> None:
    data = portal / "datasets/mzj/parks/data/parks.csv"
    data.write_text("code,name\n1,中心公园\n2,南公园\n3,西公园\n", encoding="utf-8")
    path = portal / "datasets/mzj/parks/datapackage.yaml"
    notice = "  change_notice: {effective: 2026-07-01, description: 编号改为文字}\n  update_cycle"
    path.write_text(path.read_text(encoding="utf-8").replace("  update_cycle", notice))
    git_commit(portal, "2026-05-06T09:00:00+08:00")
    build(portal, tmp_path / "out")
    public = public_bytes(tmp_path / "out")
    words = "新增 1 行，修改 1 行"
    assert "将于2026年7月1日起变更" in public["datasets/mzj/parks/index.html"].decode()
    assert words in public["datasets/mzj/parks/index.html"].decode()
    feed = public["datasets/mzj/parks/feed.xml"].decode()
    assert feed.count("<entry>") == 2
    assert words in feed
    assert words in public["feed.xml"].decode()


def test_a_withdrawn_dataset_leaves_a_page_with_its_last_checksums(
    portal: Path, tmp_path: Path
) -> None:
    build(portal, tmp_path / "out")
    before = public_bytes(tmp_path / "out")
    path = portal / "datasets/mzj/parks/datapackage.yaml"
    withdrawn = (
        "  withdrawn: {date: 2026-03-03, reason: 停止采集, successor: mzj/visits, "
        "basis: [{title: 《某办法》, article: 第三条, level: rule}]}\n  update_cycle"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("  update_cycle", withdrawn))
    git_commit(portal, "2026-03-03T09:00:00+08:00")
    build(portal, tmp_path / "out")
    after = public_bytes(tmp_path / "out")
    page = after["datasets/mzj/parks/index.html"].decode()
    csv = hashlib.sha256(before["datasets/mzj/parks/data/parks.csv"]).hexdigest()
    for words in ("停止采集", "《某办法》", "2026年3月3日", "mzj/visits/", csv):
        assert words in page
    assert not [name for name in after if name.startswith("datasets/mzj/parks/data/")]
    assert "datasets/mzj/parks/parks.zip" not in after
    assert not [name for name, content in after.items() if "中心公园".encode() in content]
