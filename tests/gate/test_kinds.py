"""New files: their kind, their size, and that their content is what they say; by real pushes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gate.conftest import MZJ, OPERATOR, Clone
from tests.gate.test_push import refused

from kaishu.gate.kinds import check, check_content, kind_of
from kaishu.gate.settings import MEGABYTE, Settings
from kaishu.history.push import Entry

# Real pushes, each with a hook's start: seconds in all.
pytestmark = pytest.mark.slow
SETTINGS = Settings(operators=("ops",), push_megabytes=5)
DATA = "datasets/mzj/parks/data"


def entry(path: str, mode: str = "100644", blob: str = "b") -> Entry:
    return Entry(path, mode, blob)


def codes(path: str, size: int) -> list[str]:
    return [one.code for one in check([entry(path)], {"b": size}, SETTINGS)]


def test_kinds_are_suffixes_and_a_few_names() -> None:
    assert kind_of("a/b.CSV") == "csv"
    assert kind_of(".gitignore") == ".gitignore"
    assert kind_of("a/program") == ""


def test_each_kind_has_its_limit() -> None:
    assert codes("a.md", MEGABYTE) == []
    assert codes("a.md", MEGABYTE + 1) == ["file-too-large"]
    assert codes("a.csv", 4 * MEGABYTE) == []
    assert codes("a.exe", 1) == ["file-kind"]
    assert codes("program", 1) == ["file-kind"]


def test_a_push_has_a_limit_as_a_whole() -> None:
    entries = [entry(f"{n}.csv", blob=str(n)) for n in range(3)]
    sizes = {str(n): 2 * MEGABYTE for n in range(3)}
    assert [one.code for one in check(entries, sizes, SETTINGS)] == ["push-too-large"]


def test_content_that_is_not_what_its_name_says() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    assert [one.code for one in check_content(entry("a.csv"), pointer)] == ["lfs-pointer"]
    assert [one.code for one in check_content(entry("a.csv"), b"a\0b")] == ["not-text"]
    assert list(check_content(entry("a.xlsx"), b"PK\3\4\0")) == []
    assert list(check_content(entry("a.csv"), "\ufeff甲".encode("utf-16"))) == []


def test_links_and_submodules_are_refused_even_from_the_operator(
    bare: Path, clone: Callable[..., Clone]
) -> None:
    ops = clone(OPERATOR)
    (ops.folder / "datasets/mzj/parks/data/link.csv").symlink_to("/etc/passwd")
    ops.commit()
    assert "符号链接" in refused(bare, ops)
    ops.git("reset", "-q", "--hard", "origin/main")
    ops.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},datasets/mzj/sub")
    ops.git("commit", "-q", "-m", "子模块")
    assert "子模块" in refused(bare, ops)


def test_what_an_earlier_commit_of_the_push_held_is_looked_at_too(
    bare: Path, clone: Callable[..., Clone]
) -> None:
    mz = clone(MZJ)
    mz.write(f"{DATA}/tool.exe", b"MZ\0")
    mz.commit()
    mz.git("rm", "-q", f"{DATA}/tool.exe")
    mz.commit()
    assert "仓库不收" in refused(bare, mz)
