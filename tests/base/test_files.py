"""Paths stay inside, files are written whole."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.base.files import canonical_json, inside, remove_abandoned, sha256, write_atomically


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "a\\b", "https://e.org/x", "", ".", "a\0b"]
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    assert inside(tmp_path, path) is None


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/out").symlink_to(tmp_path)
    assert inside(tmp_path / "root", "out/x") is None
    assert inside(tmp_path / "root", "data/x") == tmp_path / "root/data/x"


def test_json_is_written_one_way() -> None:
    assert canonical_json({"b": 1, "a": "数"}) == '{\n  "a": "数",\n  "b": 1\n}\n'.encode()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "sub/file"
    write_atomically(target, b"one")
    with pytest.raises(TypeError):
        write_atomically(target, "not bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"one"
    assert [path.name for path in target.parent.iterdir()] == ["file"]
    assert sha256(target) == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.tuples(inner)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            | st.dictionaries(st.integers(), inner, max_size=2)
        ),
    )
)
def test_canonical_json_is_that_of_the_standard_library(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2)
    assert canonical_json(value) == f"{text}\n".encode()


def test_parts_of_files_that_nobody_writes_any_more_go(tmp_path: Path) -> None:
    long_ago = (time.time() - 90_000,) * 2
    for name in (".part-old", ".part-new", ".part-alive", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "content").write_text("x")
        for path in (tmp_path / name / "content", tmp_path / name):
            if name != ".part-new":
                os.utime(path, long_ago)
    os.utime(tmp_path / ".part-alive" / "content")
    (tmp_path / ".part-file").write_text("x")
    os.utime(tmp_path / ".part-file", long_ago)
    remove_abandoned(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".part-alive", ".part-new", "kept"]
