"""A purge takes a content out of every release, cache and commit; what is right now stays."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.gate.conftest import MZJ, OPERATOR, Clone, bare, clone, git  # noqa: F401
from tests.gate.test_publish import public  # noqa: F401
from tests.gate.test_push import PARKS
from tests.publishing.sites import unpacked

from kaishu.catalog import incidents
from kaishu.catalog.load import load
from kaishu.cli.main import main_group

pytestmark = pytest.mark.slow
SECRET = "张三的手机号"


def holds(folder: Path) -> list[str]:
    """Files below `folder` that hold the secret, packed ones looked into."""
    return [name for name, content in unpacked(folder) if SECRET.encode() in content]


def in_history(repository: Path) -> bool:
    everything = subprocess.run(
        ["git", "-C", str(repository), "cat-file", "--batch", "--batch-all-objects"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    return SECRET.encode() in everything


def purge(bare: Path, public: Path, *more: str):  # noqa: F811
    arguments = ["purge", "mzj/parks", "--repository", str(bare), "--root", str(public)]
    words = ["--by", "李四", "--reason", "误含个人信息", "--yes"]
    return CliRunner().invoke(main_group, [*arguments, *words, *more])


def test_what_was_published_by_mistake_is_nowhere_any_more(
    bare: Path,  # noqa: F811
    public: Path,  # noqa: F811
    clone: Callable[..., Clone],  # noqa: F811
) -> None:
    mz, ops = clone(MZJ), clone(OPERATOR)
    right = (mz.folder / PARKS).read_text(encoding="utf-8")
    mz.write(PARKS, f"{right}9,{SECRET}\n")
    mz.commit()
    assert mz.push().returncode == 0
    assert holds(public / "build")
    mz.write(PARKS, f"{right}10,新公园\n")
    mz.commit()
    assert mz.push().returncode == 0
    ops.git("pull", "-q", "--rebase")
    ops.write("site_src/about.md", "# 关于\n")
    ops.commit("说明")
    assert ops.push().returncode == 0
    assert in_history(bare)
    before = git(bare, "log", "--format=%an %s %cI", "main").stdout.splitlines()
    done = purge(bare, public)
    assert done.exit_code == 0, (done.output, done.exception)
    assert not in_history(bare)
    assert not in_history(public)
    assert not holds(public / "build")
    assert len(list((public / "build/releases").iterdir())) == 1
    page = (public / "build/site" / PARKS).read_text(encoding="utf-8")
    assert "新公园" in page
    assert git(bare, "show", f"main:{PARKS}").stdout == f"{right}10,新公园\n"
    after = git(bare, "log", "--format=%an %s %cI", "main").stdout.splitlines()
    assert after[1:] == before
    assert git(bare, "fsck", "--strict").returncode == 0
    ((incident,), wrong) = incidents.read(public)
    assert not wrong
    assert (incident.said.dataset, incident.said.by) == ("mzj/parks", "李四")
    assert PARKS in {one.path for one in incident.said.files}
    assert load(public).by_key["mzj/parks"].descriptor.title == "城市公园名单"
    fresh = clone(MZJ, "fresh")
    fresh.write(PARKS, f"{right}11,再新的公园\n")
    fresh.commit()
    assert fresh.push().returncode == 0


def test_while_data_are_purged_no_push_is_taken(
    bare: Path,  # noqa: F811
    clone: Callable[..., Clone],  # noqa: F811
) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text(encoding="utf-8") + "9,新公园\n")
    mz.commit()
    (bare / "kaishu/closed").touch()
    done = mz.push()
    assert done.returncode != 0
    assert "正在清除数据" in done.stderr
    (bare / "kaishu/closed").unlink()
    assert mz.push().returncode == 0


def test_nothing_to_purge_changes_nothing(
    bare: Path,  # noqa: F811
    public: Path,  # noqa: F811
    clone: Callable[..., Clone],  # noqa: F811
) -> None:
    ops = clone(OPERATOR)
    ops.write("site_src/about.md", "# 关于\n")
    ops.commit()
    assert ops.push().returncode == 0
    before = git(bare, "rev-parse", "main").stdout
    done = purge(bare, public)
    assert done.exit_code != 0
    assert "没有可以清除的内容" in str(done.exception)
    assert git(bare, "rev-parse", "main").stdout == before
    assert not (bare / "kaishu/closed").exists()


def test_an_incident_is_called_by_its_day(tmp_path: Path) -> None:
    path = tmp_path / "governance/incidents/note.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "date: 2026-11-21\ndataset: mzj/parks\nreason: 误\nby: 李四\n", encoding="utf-8"
    )
    assert [one.code for one in incidents.read(tmp_path)[1]] == ["incident-file-name"]


def test_the_past_at_a_former_address_goes_too(
    bare: Path,  # noqa: F811
    public: Path,  # noqa: F811
    clone: Callable[..., Clone],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KAISHU_VAR", str(public / "var"))
    mz = clone(MZJ)
    right = (mz.folder / PARKS).read_text(encoding="utf-8")
    mz.write(PARKS, f"{right}9,{SECRET}\n")
    mz.commit()
    assert mz.push().returncode == 0
    mz.git("mv", "datasets/mzj/parks", "datasets/mzj/gardens")
    entry = "datasets/mzj/gardens/datapackage.yaml"
    text = (
        (mz.folder / entry).read_text(encoding="utf-8").replace("name: parks", "name: gardens", 1)
    )
    mz.write(entry, f"{text.rstrip()}\n  aliases: [mzj/parks]\n")
    mz.write("datasets/mzj/gardens/data/parks.csv", right)
    mz.commit()
    done = mz.push()
    assert done.returncode == 0, done.stderr
    copies, drafts = bare / "kaishu/store/sha256", public / "var/drafts/1"
    for kept in (copies, drafts):
        kept.mkdir(parents=True)
        (kept / "x").write_text(SECRET, encoding="utf-8")
    arguments = ["purge", "mzj/gardens", "--repository", str(bare), "--root", str(public)]
    words = ["--by", "李四", "--reason", "误含个人信息", "--yes"]
    made = CliRunner().invoke(main_group, [*arguments, *words])
    assert made.exit_code == 0, (made.output, made.exception)
    assert not in_history(bare)
    assert not in_history(public)
    assert not holds(public)
    assert not holds(bare)
    assert "中心公园" in git(bare, "show", "main:datasets/mzj/gardens/data/parks.csv").stdout
