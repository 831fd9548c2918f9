"""Real pushes by several people: what is theirs and right is taken, all else refused and said."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gate.conftest import JTJ, MZJ, OPERATOR, Clone, git
from tests.packaging.sensitive import A as PERSON

from kaishu.base import clock
from kaishu.gate import log

# Real pushes, each with a hook's start: seconds in all.
pytestmark = pytest.mark.slow
Make = Callable[..., Clone]
PARKS = "datasets/mzj/parks/data/parks.csv"


def tip(bare: Path, ref: str = "refs/heads/main") -> str:
    return git(bare, "rev-parse", ref).stdout.strip()


def refused(bare: Path, clone: Clone, *arguments: str) -> str:
    """Push, see that nothing moved, and give what the pusher's terminal said."""
    before = git(bare, "for-each-ref").stdout
    done = clone.push(*arguments)
    assert done.returncode != 0, done.stderr
    assert git(bare, "for-each-ref").stdout == before
    return done.stderr


def test_a_maintainers_change_of_the_own_folder_is_taken(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    done = mz.push()
    assert done.returncode == 0, done.stderr
    assert "通过：1 个数据集有变动。" in done.stderr
    assert tip(bare) == mz.git("rev-parse", "HEAD")


def test_a_maintainers_attestation_is_taken_and_anothers_is_not(bare: Path, clone: Make) -> None:
    person = clone(MZJ)
    said = "date: 2025-10-20\nby: 张三\ndatasets: [{name}]\n"
    person.write("datasets/mzj/attestation-2025-10-20.yaml", said.format(name="parks"))
    person.commit("确认目录")
    done = person.push()
    assert done.returncode == 0, done.stderr
    assert "governance-unknown-dataset" not in done.stderr
    person.write("datasets/jtj/attestation-2025-10-20.yaml", said.format(name="permits"))
    person.commit("替他人确认")
    assert "not-yours" in person.push().stderr


def test_a_wrong_attestation_is_refused(bare: Path, clone: Make) -> None:
    person = clone(MZJ)
    person.write("datasets/mzj/attestation-2025-10-20.yaml", "date: 2025-10-20\nby: 张三\n")
    person.commit("确认目录")
    done = person.push()
    assert done.returncode != 0
    assert "missing-key" in done.stderr


def test_a_wrong_cell_is_refused_with_file_row_and_remedy(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "九,新公园\n")
    mz.commit()
    said = refused(bare, mz)
    assert "未通过。仓库没有变动。" in said
    assert PARKS in said
    assert "九" in said


def test_without_an_identity_nothing_is_taken(bare: Path, clone: Make) -> None:
    nobody = clone("", "nobody")
    nobody.write(PARKS, (nobody.folder / PARKS).read_text() + "9,新公园\n")
    nobody.commit()
    assert "无法确认推送者" in refused(bare, nobody)


@pytest.mark.parametrize(
    "path",
    ["datasets/jtj/permits/datapackage.yaml", "catalog.yaml", "governance/calendar/2027.yaml",
     "site_src/about.md", "datasets/mzj/README.md"],
)  # fmt: skip
def test_another_ones_path_is_refused_and_logged(bare: Path, clone: Make, path: str) -> None:
    mz = clone(MZJ)
    old = (mz.folder / path).read_text() if (mz.folder / path).exists() else ""
    mz.write(path, old + "\n# x\n")
    mz.commit()
    said = refused(bare, mz)
    assert path in said
    last = list(log.read(bare))[-1]
    assert (last["pusher"], last["accepted"], last["codes"]) == (MZJ, False, {"not-yours": 1})
    assert last["files"] == [path]


def test_the_author_line_gives_no_right(bare: Path, clone: Make) -> None:
    # Every commit of these tests names the operator as its author.
    jt = clone(JTJ)
    jt.write(PARKS, (jt.folder / PARKS).read_text() + "9,新公园\n")
    jt.commit()
    assert "not-yours" in refused(bare, jt) or "民政局" in refused(bare, jt)


def test_a_rename_out_of_anothers_folder_is_refused(bare: Path, clone: Make) -> None:
    jt = clone(JTJ)
    jt.git("mv", "datasets/mzj/parks", "datasets/jtj/parks")
    jt.commit()
    assert "datasets/mzj/parks/datapackage.yaml" in refused(bare, jt)


def test_a_change_that_a_later_commit_takes_back_is_refused(bare: Path, clone: Make) -> None:
    jt = clone(JTJ)
    before = (jt.folder / PARKS).read_bytes()
    jt.write(PARKS, before + b"9,x\n")
    jt.commit()
    jt.write(PARKS, before)
    jt.commit()
    assert PARKS in refused(bare, jt)


def test_a_merge_that_brings_its_own_change_is_refused(bare: Path, clone: Make) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    assert mz.push().returncode == 0
    jt.write("datasets/jtj/permits/NOTES.md", "说明\n")
    jt.commit()
    jt.git("fetch", "-q")
    jt.git("merge", "-q", "--no-commit", "origin/main")
    jt.write(PARKS, "code,name\n1,改了\n")
    jt.commit("合并")
    assert PARKS in refused(bare, jt)


def test_an_honest_merge_is_taken(bare: Path, clone: Make) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    assert mz.push().returncode == 0
    jt.write("datasets/jtj/permits/NOTES.md", "说明\n")
    jt.commit()
    jt.git("fetch", "-q")
    jt.git("merge", "-q", "-m", "合并", "origin/main")
    done = jt.push()
    assert done.returncode == 0, done.stderr


def test_published_history_is_never_rewritten(bare: Path, clone: Make) -> None:
    for person in (MZJ, OPERATOR):
        one = clone(person)
        one.git("commit", "-q", "--amend", "-m", "改写")
        assert "改写" in refused(bare, one, "--force", "origin", "HEAD:main")
    assert "删除" in refused(bare, clone(OPERATOR, "again"), "origin", ":main")


def test_tags_are_the_operators_and_stay(bare: Path, clone: Make) -> None:
    mz, ops = clone(MZJ), clone(OPERATOR)
    mz.git("tag", "v1")
    assert "refs/tags/v1" in refused(bare, mz, "origin", "v1")
    ops.git("tag", "v1")
    assert ops.push("origin", "v1").returncode == 0
    ops.git("tag", "-f", "v1", "HEAD~0")
    ops.write("site_src/x.md", "# x\n")
    ops.commit()
    ops.git("tag", "-f", "v1")
    assert "refs/tags/v1" in refused(bare, ops, "--force", "origin", "v1")
    assert "refs/notes/x" in refused(bare, ops, "origin", "HEAD:refs/notes/x")


def test_a_branch_for_review_is_anyones_but_publishes_nothing(bare: Path, clone: Make) -> None:
    jt = clone(JTJ)
    jt.write(PARKS, (jt.folder / PARKS).read_text() + "9,新公园\n")
    jt.commit()
    before = tip(bare)
    assert jt.push("origin", "HEAD:proposal").returncode == 0
    assert tip(bare) == before


def test_two_pushes_at_once_leave_one_history(bare: Path, clone: Make) -> None:
    mz, jt = clone(MZJ), clone(JTJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    jt.write("datasets/jtj/permits/NOTES.md", "说明\n")
    jt.commit()
    done: dict[str, int] = {}

    def push(one: Clone) -> None:
        done[one.person] = one.push().returncode

    threads = [threading.Thread(target=push, args=(one,)) for one in (mz, jt)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done.values()) in ([0, 1], [0, 128])
    winner = mz if done[MZJ] == 0 else jt
    assert tip(bare) == winner.git("rev-parse", "HEAD")
    assert git(bare, "fsck", "--strict").returncode == 0


def test_a_gate_that_fails_refuses_and_says_so(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    (bare / "kaishu" / "gate.yaml").write_text("operators: 1\nwhat: 2\n")
    assert "检查程序自身出错" in refused(bare, mz)


def test_a_dataset_that_others_name_does_not_go_silently(bare: Path, clone: Make) -> None:
    ops, mz = clone(OPERATOR), clone(MZJ)
    entry = ops.folder / "datasets/jtj/permits/datapackage.yaml"
    text = entry.read_text(encoding="utf-8")
    ops.write("datasets/jtj/permits/datapackage.yaml", text.rstrip() + "\n  related: [mzj/parks]\n")
    ops.commit()
    assert ops.push().returncode == 0
    mz.git("pull", "-q", "--rebase")
    mz.git("rm", "-rq", "datasets/mzj/parks")
    mz.commit()
    assert "jtj/permits" in refused(bare, mz)


def test_an_id_that_another_dataset_has_is_refused(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    text = (mz.folder / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    copied = text.replace("name: parks", "name: gardens", 1).replace("城市公园名单", "城市花园名单")
    mz.write("datasets/mzj/gardens/datapackage.yaml", copied)
    mz.write("datasets/mzj/gardens/data/parks.csv", "code,name\n1,甲\n")
    mz.commit()
    assert "mzj/parks" in refused(bare, mz)


def test_the_report_says_what_changed(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    rows = (mz.folder / PARKS).read_text(encoding="utf-8").replace("东公园", "南公园")
    mz.write(PARKS, rows + "9,新公园\n")
    mz.commit()
    assert "城市公园名单（mzj/parks）：新增 1 行，修改 1 行" in mz.push().stderr


def test_a_breaking_change_without_notice_is_refused(bare: Path, clone: Make) -> None:
    mz, ops = clone(MZJ), clone(OPERATOR)
    entry = "datasets/mzj/parks/datapackage.yaml"
    text = (mz.folder / entry).read_text(encoding="utf-8")
    mz.write(entry, text.replace("name: code, type: integer", "name: code, type: string"))
    mz.commit()
    assert "breaking-change" in refused(bare, mz)
    day = clock.today()
    ops.write(
        f"governance/events/{day}-correction.yaml",
        f"date: {day}\nkind: change\ntitle: 更正\ndatasets: [mzj/parks]\neffective: {day}\n",
    )
    ops.commit()
    assert ops.push().returncode == 0
    mz.git("pull", "-q", "--rebase")
    done = mz.push()
    assert done.returncode == 0, done.stderr
    assert "数据列 code 的类型：原为 integer，现为 string" in done.stderr


def test_a_dataset_leaves_by_its_entry_alone(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    mz.git("rm", "-rq", "datasets/mzj/visits")
    mz.commit()
    assert "dataset-removed" in refused(bare, mz)


def test_a_personal_number_is_refused_and_stands_in_no_message_and_no_log(
    bare: Path, clone: Make
) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, f"code,{PERSON}\n{PERSON},甲\n1,13812345678\n")
    mz.commit()
    said = refused(bare, mz)
    kept = "".join(path.read_text() for path in (bare / "kaishu").rglob("*") if path.is_file())
    assert "210" in said
    assert "personal-mobile-number" in said + kept
    for value in (PERSON, "13812345678"):
        assert value not in said
        assert value not in kept
