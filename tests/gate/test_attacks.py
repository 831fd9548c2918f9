"""What somebody may try with a push: each is refused at its place, in words, and nothing crashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.conftest import JTJ, MZJ, OPERATOR, Clone, git
from tests.gate.test_publish import public  # noqa: F401
from tests.gate.test_push import PARKS, refused, tip

from kaishu.base import clock
from kaishu.gate import log
from kaishu.gate.settings import MEGABYTE
from kaishu.history.proposals import PREFIX

pytestmark = pytest.mark.slow
Make = Callable[..., Clone]
FOLDER = "datasets/mzj/parks"
ENTRY = f"{FOLDER}/datapackage.yaml"
DEEP = "[" * 20_000 + "]" * 20_000
BOMB = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n"
NOTES = "datasets/jtj/permits/NOTES.md"


def add_row(one: Clone, row: str = "9,新公园") -> None:
    one.write(PARKS, (one.folder / PARKS).read_text(encoding="utf-8") + f"{row}\n")
    one.commit()


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        (ENTRY, f"name: {DEEP}", "yaml-too-large"),
        (ENTRY, f"name: parks\nid: {'9' * 6000}\n", "missing-key"),
        (ENTRY, "name: parks\nid: 1e999\n", "missing-key"),
        (ENTRY, "name: !!python/object/apply:os.system [id]\n", "yaml-tag"),
        (ENTRY, "a: &a {b: 1}\nc: {<<: *a}\n", "yaml-alias"),
        (ENTRY, "name: parks\nname: parks\n", "yaml-duplicate-key"),
        (ENTRY, f"name: {'x' * 3_000_000}\n", "bad-value"),
        (ENTRY, "a: 1\n---\nb: 2\n", "yaml-syntax"),
        (ENTRY, b"name: \xff\xfe\n", "not-utf-8"),
        (f"{FOLDER}/data/tool.png", b"MZ\x90\0" * 100, "not-its-kind"),
        (f"{FOLDER}/data/tool.xlsx", b"\x7fELF\0" * 100, "not-its-kind"),
        (f"{FOLDER}/notes.md", b"words\n" * 1000 + bytes(range(256)), "not-text"),
        (f"{FOLDER}/notes.md", b"\xff\xfe" + b"\x00\xd8" * 50, "not-text"),
        (f"{FOLDER}/data/all.zip", b"PK\3\4" + b"\0" * 50, "file-kind"),
        (f"{FOLDER}/Data/x.csv", "a\n1\n", "path-clash"),
        (f"{FOLDER}/a\nb.csv", "a\n1\n", "odd-path"),
        ("Datasets/mzj/parks/x.csv", "a\n1\n", "not-yours"),
        (f"{FOLDER}/data/tool.exe", b"MZ\0", "file-kind"),
        (PARKS, b"version https://git-lfs.github.com/spec/v1\n", "lfs-pointer"),
        (PARKS, b"code,name\n1,\0\n", "not-text"),
        (ENTRY, BOMB, "yaml-alias"),
        (f"{FOLDER}/notes.md", b"x" * (MEGABYTE + 1), "file-too-large"),
        (f"{FOLDER}/data/p\u0430rks.csv", "code,name\n", "odd-path"),
        (".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = ../x\n', "not-yours"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_words(
    bare: Path, clone: Make, path: str, content: str | bytes, code: str
) -> None:
    mz = clone(MZJ)
    mz.write(path, content)
    mz.commit()
    said = refused(bare, mz)
    assert code in said
    assert "自身出错" not in said
    assert "→" in said
    last = list(log.read(bare))[-1]
    assert (last["pusher"], last["accepted"], code in last["codes"]) == (MZJ, False, True)


def test_a_name_that_would_speak_to_the_terminal_is_shown_escaped(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.write("datasets/jtj/permits/a\x1b]0;x\x07.csv", "a\n1\n")
    mz.commit()
    said = refused(bare, mz)
    assert "\\x1b" in said
    assert "\x1b" not in said


def test_the_same_content_under_two_names_is_looked_at_under_each(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    for name in ("a.png", "z.md"):
        mz.write(f"{FOLDER}/{name}", b"\x89PNG\r\n\0\0")
    mz.commit()
    assert "z.md" in refused(bare, mz)


def test_many_problems_are_told_shortly_and_the_errors_among_them(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, "code,name\n" + "1,公园\n" * 500)
    mz.commit()
    said = refused(bare, mz)
    assert said.count("primary-key") < 100
    assert "另有" in said


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_a_merge_that_takes_back_anothers_change_is_refused(
    bare: Path, clone: Make, first: str
) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    jt.write(NOTES, "说明\n")
    jt.commit()
    add_row(mz)
    assert mz.push().returncode == 0
    jt.git("fetch", "-q")
    # The merge has the other's file as it was before: it differs from neither of its parents.
    if first == "ours":
        jt.git("merge", "-q", "-s", "ours", "-m", "合并", "origin/main")
    else:
        tree = jt.git("rev-parse", "HEAD^{tree}")
        made = jt.git("commit-tree", tree, "-p", "origin/main", "-p", "HEAD", "-m", "合并")
        jt.git("reset", "-q", "--hard", made)
    said = refused(bare, jt)
    assert "not-yours" in said
    assert PARKS in said


def test_an_octopus_that_brings_anothers_branch_is_refused(bare: Path, clone: Make) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    add_row(mz)
    assert mz.push("origin", "HEAD:parks").returncode == 0
    jt.git("checkout", "-q", "-b", "one")
    jt.write(NOTES, "说明\n")
    jt.commit()
    jt.git("checkout", "-q", "-b", "two", "origin/main")
    jt.write("datasets/jtj/permits/MORE.md", "更多\n")
    jt.commit()
    jt.git("fetch", "-q")
    jt.git("merge", "-q", "-m", "合并", "one", "origin/parks")
    assert PARKS in refused(bare, jt)


def test_all_references_of_a_push_are_judged_and_none_is_taken_alone(
    bare: Path, clone: Make
) -> None:
    mz = clone(MZJ)
    add_row(mz)
    own = mz.git("rev-parse", "HEAD")
    mz.write("catalog.yaml", "title: 改了\n")
    mz.commit()
    said = refused(bare, mz, "origin", f"{own}:refs/heads/aside", f"HEAD:{PREFIX}mzj/parks/x",
                   f"{own}:main")  # fmt: skip
    assert "catalog.yaml" in said


def test_notes_replacements_and_objects_that_are_no_commits_are_refused(
    bare: Path, clone: Make
) -> None:
    ops = clone(OPERATOR)
    blob = ops.git("rev-parse", f"HEAD:{PARKS}")
    for ref in (f"refs/replace/{blob}", "refs/notes/commits", "refs/meta/config"):
        assert ref in refused(bare, ops, "origin", f"HEAD:{ref}")
    said = refused(bare, ops, "origin", f"{blob}:refs/tags/blob")
    assert "refs/tags/blob" in said
    assert "自身出错" not in said


def test_a_shallow_clone_brings_no_new_root(bare: Path, clone: Make, tmp_path: Path) -> None:
    mz = clone(MZJ)
    add_row(mz)
    assert mz.push().returncode == 0
    shallow = tmp_path / "shallow"
    url = f"file://{bare}"
    assert git(tmp_path, "clone", "-q", "--depth=1", url, str(shallow)).returncode == 0
    one = Clone(shallow, MZJ)
    one.git("checkout", "-q", "--orphan", "alone")
    one.commit("无前史")
    refused(bare, one, "--force", "origin", "HEAD:main")
    add_row(clone(MZJ, "again"), "10,又一个")
    assert git(bare, "fsck", "--strict").returncode == 0


def test_a_push_of_nothing_is_no_failure(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    before = tip(bare)
    assert mz.push().returncode == 0
    mz.git("commit", "-q", "--allow-empty", "-m", "空提交")
    done = mz.push()
    assert done.returncode == 0, done.stderr
    assert tip(bare) != before


def test_a_proposal_is_its_departments_and_speaks_of_one_dataset(bare: Path, clone: Make) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    add_row(mz)
    ref = f"{PREFIX}mzj/parks/a"
    assert mz.push("origin", f"HEAD:{ref}").returncode == 0
    # Another department neither removes nor takes it over, nor hides behind its name.
    assert "not-your-proposal" in refused(bare, jt, "origin", f":{ref}")
    jt.write(NOTES, "说明\n")
    jt.commit()
    assert "not-your-proposal" in refused(bare, jt, "--force", "origin", f"HEAD:{ref}")
    mz.write("datasets/mzj/visits/NOTES.md", "说明\n")
    mz.commit()
    assert "not-proposed" in refused(bare, mz, "origin", f"HEAD:{ref}")
    # What was published since may be merged into it.
    assert jt.push().returncode == 0
    mz.git("reset", "-q", "--hard", "HEAD~1")
    mz.git("fetch", "-q")
    mz.git("merge", "-q", "-m", "合并", "origin/main")
    done = mz.push("origin", f"HEAD:{ref}")
    assert done.returncode == 0, done.stderr
    assert mz.push("origin", f":{ref}").returncode == 0


def test_attributes_of_a_push_do_not_change_what_was_judged(
    bare: Path, clone: Make, tmp_path: Path
) -> None:
    from kaishu.history.clone import refresh

    mz = clone(MZJ)
    mz.write(f"{FOLDER}/.gitattributes", "*.csv text eol=crlf working-tree-encoding=UTF-16\n")
    mz.git("add", f"{FOLDER}/.gitattributes")
    mz.git("commit", "-q", "-m", "属性")
    done = mz.push()
    assert done.returncode == 0, done.stderr
    refresh(tmp_path / "public", bare, "main")
    judged = git(bare, "show", f"main:{PARKS}").stdout
    assert (tmp_path / "public" / PARKS).read_bytes() == judged.encode()


def test_a_gate_that_fails_is_logged(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    add_row(mz)
    (bare / "kaishu" / "gate.yaml").write_text("operators: 1\n")
    assert "自身出错" in refused(bare, mz)
    last = list(log.read(bare))[-1]
    assert (last["pusher"], last["accepted"], "operators" in last["failed"]) == (MZJ, False, True)


def alias(one: Clone, path: str, name: str) -> None:
    text = (one.folder / path).read_text(encoding="utf-8").rstrip()
    one.write(path, f"{text}\n  aliases: [{name}]\n")
    one.commit()


def test_nobody_takes_anothers_address_and_its_approvals(bare: Path, clone: Make) -> None:
    jt, mz, ops = clone(JTJ), clone(MZJ), clone(OPERATOR)
    entry = "datasets/jtj/permits/datapackage.yaml"
    alias(jt, entry, "mzj/gone")
    assert "not-your-address" in refused(bare, jt)
    # One that is in use is nobody's former address, whoever says so.
    alias(ops, entry, "mzj/parks")
    assert "mzj/parks" in refused(bare, ops)
    ops.git("reset", "-q", "--hard", "HEAD~1")
    alias(ops, entry, "mzj/gone")
    assert ops.push().returncode == 0
    mz.git("pull", "-q", "--rebase")
    alias(mz, ENTRY, "mzj/gone")
    assert "jtj/permits" in refused(bare, mz)


def test_a_move_does_not_hide_a_breaking_change(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.git("mv", FOLDER, "datasets/mzj/gardens")
    entry = "datasets/mzj/gardens/datapackage.yaml"
    text = (
        (mz.folder / entry).read_text(encoding="utf-8").replace("name: parks", "name: gardens", 1)
    )
    mz.write(entry, text.rstrip() + "\n  aliases: [mzj/parks]\n")
    mz.commit()
    kept = mz.git("rev-parse", "HEAD")
    changed = text.replace("name: code, type: integer", "name: code, type: string")
    mz.write(entry, changed.rstrip() + "\n  aliases: [mzj/parks]\n")
    mz.git("commit", "-aq", "--amend", "-m", "改类型")
    assert "breaking-change" in refused(bare, mz)
    mz.git("reset", "-q", "--hard", kept)
    done = mz.push()
    assert done.returncode == 0, done.stderr


def test_no_commits_date_brings_a_day_of_publication_nearer(
    bare: Path,
    public: Path,  # noqa: F811
    clone: Make,
) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    text = (mz.folder / ENTRY).read_text(encoding="utf-8").rstrip()
    later = clock.today() + timedelta(days=30)
    mz.write(ENTRY, f"{text}\n  publish_on: {later}\n")
    add_row(mz)
    assert mz.push().returncode == 0
    jt.git("fetch", "-q")
    jt.git("reset", "-q", "--hard", "origin/main")
    jt.write(NOTES, "说明\n")
    jt.git("add", "-A")
    ahead = {"GIT_COMMITTER_DATE": f"{later + timedelta(days=1)}T12:00:00+08:00"}
    assert git(jt.folder, "commit", "-q", "-m", "改日期", **ahead).returncode == 0
    assert "dated-ahead" in refused(bare, jt)
    # What a commit dated back would hide again stays public, and what waits waits.
    back = {"GIT_COMMITTER_DATE": "2020-01-01T12:00:00+08:00"}
    assert git(jt.folder, "commit", "-q", "--amend", "-m", "旧日期", **back).returncode == 0
    done = jt.push()
    assert "已发布版本" in done.stderr, done.stderr
    assert not (public / "build/site" / PARKS).exists()
    feed = (public / "build/site/catalog.ttl").read_text(encoding="utf-8")
    assert str(clock.today()) in feed
