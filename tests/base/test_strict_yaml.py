"""YAML read strictly: every line known, bombs and tags refused, nothing raised."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.base import strict_yaml
from kaishu.base.strict_yaml import parse


def codes(content: bytes) -> list[tuple[str, int | None]]:
    return [(one.code, one.line) for one in parse(content, file="f").problems]


def test_values_are_those_of_yaml_core_and_each_has_its_line() -> None:
    text = b"a: 1\nb:\n  - x: 0417\n    y: [true, null, 1.5]\n  - z: 2026-03-02\nc: 'no'\nd: no\n"
    document = parse(text, file="f")
    assert document.value == {
        "a": 1,
        "b": [{"x": "0417", "y": [True, None, 1.5]}, {"z": "2026-03-02"}],
        "c": "no",
        "d": "no",
    }
    assert document.line(("b", 1, "z")) == 5
    assert document.line(("b", 1, "missing")) == 5
    assert document.line(()) == 1


def test_json_is_read_too_and_a_repeated_key_is_found() -> None:
    assert parse(b'{"a": [1, "x"], "b": {"c": null}}', file="f").value == {
        "a": [1, "x"],
        "b": {"c": None},
    }
    assert codes(b'{"a": 1,\n "a": 2}') == [("yaml-duplicate-key", 2)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a: 1\nb: 2\na: 3\n", ("yaml-duplicate-key", 3)),
        (b"a: 1\nb: &x [1]\n", ("yaml-alias", 2)),
        (b"a: 1\nb: *x\n", ("yaml-alias", 2)),
        (b"a: !!python/object:os.system x\n", ("yaml-tag", 1)),
        (b"a: !custom x\n", ("yaml-tag", 1)),
        (b"a: [1\nb: 2\n", ("yaml-syntax", 2)),
        (b"a: b: c\n", ("yaml-syntax", 1)),
        (b"? [a]\n: b\n", ("yaml-syntax", 1)),
        (b"a: \x00\n", ("yaml-syntax", 1)),
        (b"a: 1\n---\nb: 2\n", ("yaml-syntax", 2)),
        (b"a: 1\nb: \xff\n", ("not-utf-8", 2)),
        (b"\xef\xbb\xbfa: 1\n", ("byte-order-mark", 1)),
        (b"[" * 60, ("yaml-too-large", 1)),
        (b"a: " + b"x" * strict_yaml.MAX_BYTES, ("yaml-too-large", None)),
    ],
)
def test_what_is_not_allowed_is_a_problem_at_its_line(
    content: bytes, expected: tuple[str, int | None]
) -> None:
    assert codes(content) == [expected]


def test_a_bomb_is_refused_at_once() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join('*' + chr(97 + n) for _ in range(9))}]"
        for n in range(8)
    ]
    assert codes("\n".join(lines).encode()) == [("yaml-alias", 1)]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    document = strict_yaml.read(tmp_path / "none.yaml", file="none.yaml")
    assert [one.code for one in document.problems] == ["unreadable-file"]


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    document = parse(content, file="f")
    assert document.value is None or not any(one.code == "yaml-syntax" for one in document.problems)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_what_json_writes_is_read_back(value: object) -> None:
    import json

    text = json.dumps(value, ensure_ascii=True)
    # JSON writes astral characters as pairs of surrogates, which YAML does not join.
    if "\\ud" not in text and "\\u007f" not in text:
        assert parse(text.encode(), file="f").value == value
