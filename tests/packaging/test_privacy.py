"""Personal data and secrets stop; look-alikes pass; no value is echoed whole.

The numbers are made here from the standards' own check sums; none is anybody's.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.cn import uscc
from tests.packaging.sensitive import NEGATIVE, POSITIVE, identity
from tests.portals import small_portal, write

from kaishu.base.errors import UsageError
from kaishu.packaging.check import check_portal
from kaishu.packaging.infer import infer
from kaishu.packaging.privacy import CARD, Scanner, findings, masked, scan_text
from kaishu.packaging.sources import KINDS, read


def card(body: str) -> str:
    return body + luhn.calc_check_digit(body)


ID = identity("21080219900101001")
CARD_NUMBER = card("621700123456789012")


def codes(text: str, title: str = "") -> list[str]:
    return [code.id for code, value in findings(text, title) if value is not None]


@pytest.mark.parametrize(
    ("text", "title", "code"),
    [
        (ID, "", "personal-identity-number"),
        (f"持证人{ID}，已登记", "", "personal-identity-number"),
        (ID.lower() if ID.endswith("X") else ID, "编号", "personal-identity-number"),
        ("210802900101001", "身份证号", "personal-identity-number"),
        ("13812345678", "电话", "personal-mobile-number"),
        ("+86 13812345678", "", "personal-mobile-number"),
        (CARD_NUMBER, "", "personal-bank-card"),
        ("6217 0012 3456 7890", "", ""),
        ("E12345678", "护照号", "personal-passport"),
        ("someone@example.org", "", "personal-email"),
        ("站前区三号楼一单元5室", "家庭住址", "personal-home-address"),
        ("幸福小区12号楼3单元501室", "", "personal-home-address"),
        ("机密★10年", "", "secret-marking"),
        ("秘密 ★ 1年", "", "secret-marking"),
        ("【机密】", "", "secret-marking"),
        ("秘密", "密级", "secret-marking"),
        ("不得泄露商业秘密", "", "secret-word"),
        (f"{ID[:6]} {ID[6:14]} {ID[14:]}", "", "personal-identity-number"),
        (identity("21089919900101001"), "", "personal-identity-number"),
        (identity("83000020011231001"), "", "personal-identity-number"),
        ("".join(chr(ord(one) + 0xFEE0) for one in ID), "", "personal-identity-number"),
        ("１３８１２３４５６７８", "", "personal-mobile-number"),
        ("138 1234 5678", "", "personal-mobile-number"),
        ("138-1234-5678", "联系", "personal-mobile-number"),
        ("008613812345678", "", "personal-mobile-number"),
        (card("955880123456789012"), "", "personal-bank-card"),
        (card("601382123456789012"), "银行卡号", "personal-bank-card"),
        (" ".join(CARD_NUMBER[n : n + 4] for n in range(0, 19, 4)), "", "personal-bank-card"),
        ("持护照：EA1234567入境", "备注", "personal-passport"),
        ("someone＠example.org", "", "personal-email"),
        ("幸福小区12号楼3单元501", "", "personal-home-address"),
        ("幸福里5栋二单元301", "", "personal-home-address"),
        ("辽宁省营口市站前区建设里三号", "户籍地址", "personal-home-address"),
        ("机密级", "密级", "secret-marking"),
        ("绝密", "涉密等级", "secret-marking"),
        # Blanks that are none of ASCII, and what nobody sees.
        (f"{ID[:6]}\u3000{ID[6:14]}\xa0{ID[14:]}", "", "personal-identity-number"),
        (f"{ID[:4]}\u200b{ID[4:]}", "", "personal-identity-number"),
        (" ".join(ID), "证件号码", "personal-identity-number"),
        ("138\u30001234\u30005678", "", "personal-mobile-number"),
        ("138\u20131234\u20135678", "", "personal-mobile-number"),
        ("138 12345678", "", "personal-mobile-number"),
        ("138.1234.5678", "", "personal-mobile-number"),
        ("13812345678.0", "", "personal-mobile-number"),
        ("tel13812345678", "联系电话", "personal-mobile-number"),
        ("138 123 45678", "手机", "personal-mobile-number"),
        ("013812345678", "手机", "personal-mobile-number"),
        ("Passport No. E12345678", "", "personal-passport"),
        ("护照（E12345678）", "", "personal-passport"),
        ("护照号为e12345678", "", "personal-passport"),
        ("someone @ example.org", "", "personal-email"),
        ("阳光花园A座2单元1203室", "", "personal-home-address"),
        ("秘　密★１年", "", "secret-marking"),
        ("密 级：机 密", "", "secret-marking"),
        ("秘密*1年", "", "secret-marking"),
        ("（机密）", "", "secret-marking"),
        ("秘密（1年）", "密级", "secret-marking"),
        ("Secret", "密级", "secret-marking"),
    ],
)
def test_what_is_personal_or_secret_is_found(text: str, title: str, code: str) -> None:
    found = codes(text, title)
    assert (code in found) if code else ("personal-bank-card" not in found)


@pytest.mark.parametrize("text", [
    f"{ID[:6]}\u3000{ID[6:14]}\xa0{ID[14:]}", f"{ID[:4]}\u200b{ID[4:]}", f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
    "138\u30001234\u30005678", "138\u201312345678", "138.1234.5678", "１３８１２３４５６７８", "someone＠example.org",
    "Passport No. E12345678", "机　密★10年", "幸福里5栋二单元301", CARD_NUMBER,
    " ".join(CARD_NUMBER[n : n + 4] for n in range(0, 19, 4)),
])  # fmt: skip
def test_it_is_found_in_whatever_column_of_a_row(text: str) -> None:
    scanner = Scanner([{"name": f"c{n}"} for n in range(40)])
    scanner.row(2, [*["甲", "12.5"] * 19, f"见{text}。", ""])
    [problem] = scanner.problems()
    assert (problem.severity.value, problem.row, problem.field) == ("error", 2, "c38")
    assert text not in problem.message or problem.code == "secret-marking"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (ID[:-1] + ("0" if ID[-1] != "0" else "1"), ""),
        ("210802900101001", "订单号"),
        ("310001/000012", "代码"),
        ("9787000000001", "ISBN"),
        ("2026-11-21T08:30:00", "时间"),
        ("122.2312345678901", "经度"),
        ("138123456789", ""),
        ("1767225600000", "时间戳"),
        ("E12345678", "设备编号"),
        ("建设大街12号", "地址"),
        ("公安局密码管理科", "部门"),
        ("12.13812345678", "率"),
        (identity("99080219900101001"), ""),
        (identity("21080219900231001"), ""),
        ("0417-2812345", "电话"),
        ("400-138-1234", "电话"),
        ("护照办理窗口12345678", ""),
        ("3栋1单元2层", "位置"),
        ("公开", "密级"),
        ("601382123456789013", "订单号"),
        ("13812345678.05", "金额"),
        ("122.13812345", "经度"),
        ("2026.1381.2345", "版本"),
        ("010-13812345", "电话"),
        ("28012345、28112345", "电话"),
        ("非密", "密级"),
        ("已解密", "密级"),
        ("@所有人 12.5", ""),
    ],
)
def test_what_only_looks_so_passes(text: str, title: str) -> None:
    assert codes(text, title) == []


def test_a_valid_credit_code_that_also_passes_the_card_sum_is_no_card() -> None:
    tried = (f"91210800{n:09d}" for n in range(100_000))
    both = next(
        code for body in tried
        if (code := body + uscc.calc_check_digit(body)).isdigit() and luhn.is_valid(code)
    )  # fmt: skip
    assert uscc.is_valid(both)
    assert codes(both) == []


def test_numbers_that_pass_the_sum_by_chance_are_no_cards() -> None:
    scanner = Scanner([{"name": "order"}])
    for n in range(1000):
        scanner.row(n + 2, [f"62{n:014d}"])
    assert list(scanner.problems()) == []
    scanner = Scanner([{"name": "account"}])
    for n in range(20):
        scanner.row(n + 2, [card(f"6217{n:011d}")])
    [problem] = scanner.problems()
    assert problem.code == CARD.id


def test_amounts_as_long_as_a_telephone_number_are_none() -> None:
    for described, expected in (
        ({"name": "gdp", "type": "integer"}, []),
        ({"name": "tel", "title": "联系电话", "type": "integer"}, ["personal-mobile-number"]),
        ({"name": "gdp", "type": "string"}, ["personal-mobile-number"]),
    ):
        scanner = Scanner([described])
        for n in range(40):
            scanner.row(n + 2, ["15234567890" if n == 3 else f"2{n}34567890"])
        assert [one.code for one in scanner.problems()] == expected


def test_rows_and_column_are_told_and_the_value_is_masked() -> None:
    scanner = Scanner([{"name": "name"}, {"name": "tel", "title": "联系方式"}])
    for row in (2, 3, 4, 5, 6, 7, 8):
        scanner.row(row, ["甲", "13812345678" if row > 2 else ""])
    [problem] = scanner.problems(file="t.csv")
    assert (problem.row, problem.field) == (3, "tel")
    assert "共 6 处" in problem.message
    assert "3, 4, 5, 6, 7…" in problem.message
    assert "13812345678" not in problem.message
    assert "138******78" in problem.message
    assert masked("a@b.cn") == "a*****"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path)


def problems_of(
    root: Path, rows: str, field: str = "{name: name, type: string, title: 名称}"
) -> list[tuple[str, str]]:
    write(root, "datasets/mzj/parks/data/parks.csv", f"code,name\n{rows}")
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    text = text.replace("{name: name, type: string, title: 名称}", field)
    write(root, "datasets/mzj/parks/datapackage.yaml", text)
    found = check_portal(root)[1]
    return [
        (one.code, one.severity.value) for one in found
        if one.dataset == "mzj/parks" and one.code.startswith(("personal", "secret", "declared"))
    ]  # fmt: skip


def test_the_check_stops_a_dataset_that_holds_a_number(root: Path) -> None:
    assert problems_of(root, "1,13812345678\n") == [("personal-mobile-number", "error")]


def test_a_declared_column_is_noted_with_its_reason(root: Path) -> None:
    field = "{name: name, type: string, title: 电话, public: {reason: 办公电话}}"
    assert problems_of(root, "1,13812345678\n", field) == [("declared-public", "note")]


def test_no_declaration_makes_an_identity_number_or_a_marking_public(root: Path) -> None:
    field = "{name: name, type: string, title: 号, public: {reason: 公开}}"
    assert problems_of(root, f"1,{ID}\n2,机密★5年\n", field) == [
        ("personal-identity-number", "error"), ("secret-marking", "error"),
    ]  # fmt: skip


def test_titles_descriptions_and_notes_are_looked_at_too(root: Path) -> None:
    write(root, "datasets/mzj/parks/NOTES.md", f"经办人 {ID}\n")
    text = (root / "datasets/mzj/visits/datapackage.yaml").read_text(encoding="utf-8")
    text = text.replace("description: 各公园逐小时客流。", "description: 联系 13812345678 办理。")
    write(root, "datasets/mzj/visits/datapackage.yaml", text)
    found = {(one.code, one.file) for one in check_portal(root)[1]}
    assert ("personal-identity-number", "datasets/mzj/parks/NOTES.md") in found
    assert ("personal-mobile-number", "datasets/mzj/visits/datapackage.yaml") in found
    assert list(scan_text("联系 office@example.org，保守国家秘密", file="x")) == []


def test_features_and_other_encodings_are_read_as_they_are(root: Path) -> None:
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    write(root, "datasets/mzj/parks/datapackage.yaml",
          text.replace("path: data/parks.csv", "path: data/parks.csv\n    encoding: gb18030"))  # fmt: skip
    (root / "datasets/mzj/parks/data/parks.csv").write_bytes(
        "code,name\n1,幸福小区12号楼3单元501室\n".encode("gb18030")
    )
    assert "personal-home-address" in {one.code for one in check_portal(root)[1]}


def test_a_long_clean_table_is_looked_through_in_little_time() -> None:
    scanner = Scanner([{"name": f"c{n}"} for n in range(20)])
    row = ["站前区建设大街", "2026-01-01", "12.5", "甲"] * 5
    begun = time.process_time()
    for number in range(20_000):
        scanner.row(number, row)
    # Ten times what it takes, so that only a change of kind can fail this.
    assert time.process_time() - begun < 3


def errors(title: str, cell: str) -> dict[str, str]:
    """The errors of a row in which `cell` stands under `title`: code and message."""
    scanner = Scanner([{"name": "name", "title": "名称"}, {"name": "c", "title": title}])
    scanner.row(2, ["甲", cell])
    return {one.code: one.message for one in scanner.problems() if one.severity == "error"}


# A letter before eleven digits is as often a product's number; 住所 is what companies call their
# registered address; a village is no house.
MISSED = {
    ("其他", "a13812345678"),
    ("住所", "鲅鱼圈区海星街道某里5号"),
    ("居住地址", "盖州市某镇某村"),
}


def test_of_many_kinds_of_cells_the_sensitive_ones_are_found_and_not_quoted() -> None:
    assert len(POSITIVE) >= 180
    found = {(title, cell): errors(title, cell) for title, cell, _code in POSITIVE}
    missed = {(title, cell) for title, cell, code in POSITIVE if code not in found[title, cell]}
    assert missed == MISSED
    for (_title, cell), messages in found.items():
        assert not any(cell in one for code, one in messages.items() if code != "secret-marking")


def test_of_many_kinds_of_cells_those_that_only_look_so_pass() -> None:
    assert len(NEGATIVE) >= 180
    assert [(title, cell) for title, cell in NEGATIVE if errors(title, cell)] == []


def test_numbers_of_cases_with_place_and_day_are_no_identities_by_chance() -> None:
    for title, expected in (("办件编号", []), ("身份证号", ["personal-identity-number"])):
        scanner = Scanner([{"name": "c", "title": title}])
        for n in range(200):
            scanner.row(n + 2, [f"21080220260105{n:04d}"])
        assert [one.code for one in scanner.problems()] == expected


def test_real_tables_have_no_false_errors() -> None:
    rows, wrong = 0, []
    named = os.environ.get("KAISHU_CORPORA")
    for path in sorted(Path(named or Path(__file__).parents[2] / "datasets").rglob("*")):
        if path.suffix[1:] not in KINDS or "expected" in path.parts or path.suffix == ".txt":
            continue
        try:
            source = read(path)
        except UsageError:
            continue
        rows += len(source.rows)
        scanner = Scanner(infer(source.titles, source.rows).schema["fields"])
        for number, cells in enumerate(source.rows, start=2):
            scanner.row(number, cells)
        wrong += [(path.name, one.message) for one in scanner.problems() if one.severity == "error"]
    assert (rows > (200_000 if named else 1000), wrong) == (True, [])
