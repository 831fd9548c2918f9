"""Bad input: each problem names its file and line, and nothing stops the others from being found."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.portals import OPEN, small_portal, write

from kaishu.base.errors import InvalidFiles
from kaishu.base.i18n import use
from kaishu.base.problems import Problem
from kaishu.catalog.load import load

PARKS = "datasets/mzj/parks/datapackage.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def line_of(root: Path, path: str, words: str) -> int:
    lines = (root / path).read_text().splitlines()
    return next(n for n, line in enumerate(lines, start=1) if words in line)


def only(root: Path, code: str) -> Problem:
    found = [problem for problem in load(root).problems if problem.code == code]
    assert len(found) == 1, load(root).problems
    return found[0]


def change(root: Path, old: str, new: str, path: str = PARKS) -> None:
    text = (root / path).read_text()
    assert old in text
    write(root, path, text.replace(old, new))


def test_a_right_portal_has_no_problem(root: Path) -> None:
    catalog = load(root)
    assert catalog.problems == ()
    assert set(catalog.by_key) == {"mzj/parks", "mzj/visits", "jtj/permits"}


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("theme: society", "theme: nowhere", "unknown-theme", "theme: nowhere"),
        ("update_cycle: yearly", "update_cycle: annual", "not-in-vocabulary", "annual"),
        ("update_cycle: yearly", "updatecycle: yearly", "unknown-key", "updatecycle"),
        ("keywords: [公园]", "keywrods: [公园]", "unknown-key", "keywrods"),
        ("keywords: [公园]", "keywords: 公园", "wrong-type", "keywords"),
        ("title: 城市公园名单", "title: ''", "bad-value", "title: ''"),
        ("name: parks\ntitle", "name: parks2\ntitle", "name-is-not-folder", "name: parks2"),
        ("path: data/parks.csv", "path: data/none.csv", "missing-file", "data/none.csv"),
        ("path: data/parks.csv", "path: ../visits/x.csv", "path-outside", "../visits"),
        ("path: data/parks.csv", "path: /etc/passwd", "path-outside", "/etc/passwd"),
        ("path: data/parks.csv", "path: https://example.org/a.csv", "path-remote", "https://"),
        ("id: 6f", "id: &a 6f", "yaml-alias", "&a"),
        ("id: 6f", "id: !!python/name:os.system 6f", "yaml-tag", "!!python"),
        ("id: 6f", "id: 1\nid: 6f", "yaml-duplicate-key", "id: 6f"),
        ("keywords: [公园]", "keywords: [公园", "yaml-syntax", "created"),
    ],
)  # fmt: skip
def test_a_wrong_descriptor_is_a_problem_at_its_line(
    root: Path, old: str, new: str, code: str, words: str
) -> None:
    change(root, old, new)
    problem = only(root, code)
    assert problem.file == PARKS
    assert problem.line == line_of(root, PARKS, words)
    assert problem.dataset == "mzj/parks"
    assert problem.hint


@pytest.mark.parametrize("attribute", ["openness", "sharing"])
def test_a_class_that_the_texts_do_not_know_is_a_problem(root: Path, attribute: str) -> None:
    change(root, f"{attribute}: {{type: unconditional}}", f"{attribute}: {{type: internal}}")
    assert "internal" in only(root, "not-in-vocabulary").message


def test_a_missing_key_is_named_with_what_it_means(root: Path) -> None:
    change(root, "  update_cycle: yearly\n", "")
    problem = only(root, "missing-key")
    assert "update_cycle" in problem.message
    assert "更新周期" in problem.hint


def test_messages_follow_the_language(root: Path) -> None:
    change(root, "theme: society", "theme: nowhere")
    with use("en"):
        assert "is not one of catalog.yaml" in only(root, "unknown-theme").message
    assert "没有主题" in only(root, "unknown-theme").message


def test_an_id_used_twice_is_named_with_the_other_dataset(root: Path) -> None:
    change(root, "0c4b9d7e-5d0b-4b59-9c57-1a2b3c4d5e6f", "6f1f7a52-98a5-4a1e-8f43-6a3f2d1c0b11",
           "datasets/mzj/visits/datapackage.yaml")  # fmt: skip
    problem = only(root, "duplicate-id")
    assert problem.dataset == "mzj/visits"
    assert "mzj/parks" in problem.message


def test_a_symbolic_link_is_refused_wherever_it_leads(root: Path) -> None:
    (root / "datasets/mzj/parks/data/parks.csv").unlink()
    (root / "datasets/mzj/parks/data/parks.csv").symlink_to("/etc/hostname")
    codes = {problem.code for problem in load(root).problems}
    assert {"symbolic-link", "path-outside"} <= codes


def test_a_descriptor_in_gb18030_is_named_with_the_line(root: Path) -> None:
    (root / PARKS).write_bytes(OPEN.encode("gb18030"))
    problem = only(root, "not-utf-8")
    assert (problem.file, problem.line) == (PARKS, line_of_bytes(OPEN))


def line_of_bytes(text: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if not line.isascii())


def test_a_byte_order_mark_is_a_problem_of_the_first_line(root: Path) -> None:
    (root / PARKS).write_bytes(b"\xef\xbb\xbf" + OPEN.encode())
    assert only(root, "byte-order-mark").line == 1


def test_a_folder_of_no_department_and_one_without_descriptor_are_named(root: Path) -> None:
    write(root, "datasets/nobody/x/datapackage.yaml", OPEN)
    write(root, "datasets/mzj/empty/data/a.csv", "a\n1\n")
    assert only(root, "unknown-department").file == "datasets/nobody"
    assert only(root, "missing-descriptor").file == "datasets/mzj/empty"


def test_several_wrong_files_are_all_found_at_once(root: Path) -> None:
    change(root, "theme: society", "theme: nowhere")
    change(root, "theme: transport", "theme: elsewhere", "datasets/jtj/permits/datapackage.yaml")
    write(root, "datasets/mzj/visits/datapackage.yaml", "name: [")
    files = {problem.file for problem in load(root).problems}
    assert len(files) == 3


def test_an_unusable_catalog_yaml_is_refused_with_all_its_problems(root: Path) -> None:
    text = (root / "catalog.yaml").read_text().replace("mode: example", "mode: demo\nfoo: 1")
    write(root, "catalog.yaml", text)
    with pytest.raises(InvalidFiles) as refused:
        load(root)
    assert {problem.code for problem in refused.value.problems} == {
        "not-in-vocabulary",
        "unknown-key",
    }
    assert all(problem.line for problem in refused.value.problems)


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"- a\n", b"\xff\xfe", b"[" * 5000])
def test_any_catalog_yaml_is_read_without_a_crash(root: Path, content: bytes) -> None:
    (root / "catalog.yaml").write_bytes(content)
    with pytest.raises(InvalidFiles) as refused:
        load(root)
    assert refused.value.problems


def test_the_files_of_what_is_withdrawn_may_go_with_it(root: Path) -> None:
    (root / "datasets/mzj/parks/data/parks.csv").unlink()
    assert [one.code for one in load(root).problems] == ["missing-file"]
    path = root / "datasets/mzj/parks/datapackage.yaml"
    withdrawn = "  withdrawn: {date: 2026-03-02, reason: 停止采集}\n  update_cycle"
    path.write_text(path.read_text(encoding="utf-8").replace("  update_cycle", withdrawn))
    assert not load(root).problems
