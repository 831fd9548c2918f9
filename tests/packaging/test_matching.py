"""Lines are found regular by their bytes or by the pattern, whichever looks: the same ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.packaging import blocks, bytewise, engine, lines, matching, patterns
from kaishu.packaging.matching import Form, Found
from kaishu.packaging.plan import Plan, plan

FIELDS: list[dict[str, Any]] = [
    {"name": "a", "type": "integer"},
    {"name": "b", "type": "string"},
    {"name": "c", "type": "number"},
]
ROW = st.one_of(
    st.sampled_from([b"1,\xe7\x94\xb2,2.5", b"2,x,", b"3,,1", b"", b",,", b'4,"q",5', b'"5",x,1',
                     b'6,"a,b",1', b'7,"",2', b'8,"a""b",1', b"9,x", b"10,x,1,", b"x,y,1", b'11,a"b,1', b"-,-,-", b"-,x,-", b",-,", b"1,x,1", b"1,-,-", b"17,x,x",
                     b'12,"a,1', b'13,a",1', b'14,"",""', b'15,",",1', b",x,1", b"16, ,-0.5"]),
    st.lists(st.sampled_from([b",", b'"', b"1", b"x", b".", "甲".encode(), b" "]), max_size=9).map(b"".join),
)  # fmt: skip


def described(folder: Path, fields: list[dict[str, Any]] = FIELDS, **schema: Any) -> Plan:
    """The plan of the table in `folder`."""
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields, **schema}}
    found = plan(folder, table)
    assert found is not None
    return found


def form_of(one: Plan, *, is_keyed: bool = True) -> Form:
    """The form of its lines, the first column's cells not in quotes."""
    bare, places = 0 if is_keyed else None, {2: 6}
    pattern = patterns.line(one, places, bare=bare)
    assert pattern is not None
    return Form(one, pattern, places, bare)


def looked(form: Form, header: bytes = b"a,b,c\n") -> tuple[Found, list[tuple[int, int | None]]]:
    """What a look finds, and the keys."""
    kept = engine.Temporary()
    try:
        found = matching.look(form, header, kept)
        keys = (
            engine.connection().execute(f"{found.keys} ORDER BY row").fetchall()
            if found.keys
            else []
        )
        return found, keys
    finally:
        kept.drop()


@settings(deadline=None, max_examples=150)
@given(
    st.lists(ROW, min_size=1, max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.integers(24, 64),
    st.booleans(),
    st.sampled_from([1, 2**22]),
    st.sampled_from([[""], [""], ["", "-"], ["-"], [], ["", "1", "x"], ["", "q", "无"]]),
)
def test_bytes_tell_what_the_pattern_tells(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[bytes],
    end: bytes,
    is_ended: bool,
    size: int,
    is_keyed: bool,
    together: int,
    missing: list[str],
) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = b"a,b,c" + end + end.join(rows) + (end if is_ended else b"")
    (folder / "t.csv").write_bytes(content)
    form = form_of(described(folder, missingValues=missing), is_keyed=is_keyed)
    with pytest.MonkeyPatch.context() as patch:
        # Blocks so small that rows lie across two of them.
        patch.setattr(blocks, "SIZE", size)
        patch.setattr(matching, "_TOGETHER", together)
        found, keys = looked(form, b"a,b,c" + end)
        patch.setattr(bytewise, "checks", lambda *_parameters: None)
        expected, known = looked(form, b"a,b,c" + end)
    assert (found.rows, found.size, found.longest) == (
        expected.rows,
        expected.size,
        expected.longest,
    )
    assert found.others == expected.others
    # Where a number stands for none, bytes keep no keys.
    assert keys == known or (found.keys is None and "1" in missing)
    if found.is_rising:
        assert [key for _row, key in keys] == sorted({key or 0 for _row, key in keys})
        assert len(keys) == found.rows - len(found.others or {})


def told_by_bytes(form: Form, header: bytes = b"a,b,c\n") -> bool:
    """Whether bytes told of the table, and no pattern was matched with all lines."""
    with pytest.MonkeyPatch.context() as patch:
        asked: list[Form] = []
        patch.setattr(matching, "_by_pattern", lambda form, _kept: asked.append(form) or Found())
        matching.look(form, header, engine.Temporary())
    return not asked


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        (b"1,x,2\n2,y,3\n", True),
        (b"1,x\r,2\n", False),
        (b"1,x,2\r\n", False),
        (b"1,\0,2\n", False),
        (b"1,\x01,2\n", False),
        (b"1,\xff,2\n", False),
        (b"1,\xed\xa0\x80,2\n", False),
        (b"1," + b"x" * 3_000_000 + b",2\n", False),
        (b"x,y,z\n" * 5_000, False),
        (b"x,y,z\n" * 500, True),
    ],
    ids=["plain", "return", "unlike", "null", "one", "bytes", "surrogate", "long", "many", "few"],
)
def test_what_bytes_do_not_tell_is_left_to_the_pattern(
    tmp_path: Path, rows: bytes, is_told: bool
) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b,c\n" + rows)
    assert told_by_bytes(form_of(described(tmp_path))) is is_told


@pytest.mark.parametrize(
    ("fields", "schema"),
    [
        (FIELDS[1:2], {}),
        ([{"name": f"f{n}", "type": "string"} for n in range(61)], {}),
    ],
)
def test_tables_of_one_column_or_very_many_are_left_to_the_pattern(
    tmp_path: Path, fields: list[dict[str, Any]], schema: dict[str, Any]
) -> None:
    header = ",".join(field["name"] for field in fields).encode() + b"\n"
    (tmp_path / "t.csv").write_bytes(header + b"1,x,2\n")
    form = form_of(described(tmp_path, fields, **schema), is_keyed=False)
    assert not told_by_bytes(form, header)


def test_many_rows_keep_their_numbers_and_keys(tmp_path: Path) -> None:
    rows = [f"{n},第{n}行,0.5" for n in range(60_000)]
    rows[30_000], rows[45_000] = "x,y,z", ",y,1"
    (tmp_path / "t.csv").write_text("\n".join(["a,b,c", *rows, ""]))
    found, keys = looked(form_of(described(tmp_path)))
    assert (found.rows, found.others, found.is_rising) == (60_000, {30_002: "x,y,z"}, False)
    assert len(keys) == 59_999
    assert dict(keys)[45_002] is None
    assert all(key == row - 2 for row, key in keys if row != 45_002)


def test_keys_that_rise_are_known_to_be_unlike(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,x,1\n2,x,1\n3,x,1\n")
    form = form_of(described(tmp_path, primaryKey="a"))
    assert looked(form)[0].is_rising
    for last in ("2", "1", ""):
        (tmp_path / "t.csv").write_text(f"a,b,c\n1,x,1\n2,x,1\n{last},x,1\n")
        assert not looked(form)[0].is_rising
    assert lines.headed(form.plan) == (["a", "b", "c"], b"a,b,c\n")


@pytest.mark.parametrize("together", [1, 2**22])
def test_more_lines_of_another_form_than_are_kept_are_not_told_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(matching, "IRREGULAR", 3)
    monkeypatch.setattr(matching, "_TOGETHER", together)
    for wrong, is_told in ((3, True), (4, False)):
        rows = [*["x,y,1"] * wrong, *(f"{n},y,1" for n in range(40))]
        (tmp_path / "t.csv").write_text("\n".join(["a,b,c", *rows, ""]))
        form = form_of(described(tmp_path))
        found = matching.look(form, b"a,b,c\n", engine.Temporary())
        assert (found.others is not None) is is_told
        monkeypatch.setattr(bytewise, "checks", lambda *_parameters: None)
        found = matching.look(form, b"a,b,c\n", engine.Temporary())
        assert (found.others is not None) is is_told
        monkeypatch.undo()
        monkeypatch.setattr(matching, "IRREGULAR", 3)
        monkeypatch.setattr(matching, "_TOGETHER", together)
