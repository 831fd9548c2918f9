"""A schema proposed from a table's texts: types, formats, keys, units, coded values.

What only looks like a number stays text: codes, telephone numbers, anything with a leading zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kaishu.packaging.naming import field_names, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MISSING = (
    "",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "无",
    "空",
    "null",
    "NULL",
    "N/A",
    "NA",
    "nan",
    "NaN",
    "#N/A",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "暂无",
    "暂缺",
    "缺失",
    "无数据",
    "暂无数据",
)
# At most this many values, each used this often on average, are a code list.
CODES, USED = 12, 5
# A list of codes whose labels stand beside them may be longer.
LABELLED = 50
_CODE_TITLE = re.compile(
    r"代码|编码|编号|号码|区号|证号|文号|电话|手机|传真|邮编|邮政编码|身份证|信用代码|区划|票号|账号|工号|学号|车牌|许可证|"
    r"(?<![尺页数])码\s*(?:[（(].*)?\Z|(?<![序期])号\s*(?:[（(].*)?\Z|\b(code|id|phone|tel|fax|zip|uscc|no)\b", re.I,
)  # fmt: skip
_KEY_TITLE = re.compile(
    r"(?:代码|编码|编号|识别码|标识码|文号|证号|证书号|单号|站号|单元号|信用代码)\s*\Z|\b(?:code|id|uscc)\Z",
    re.I,
)
_NAME_TITLE = re.compile(r"(?:名称|姓名|题名|标题|名|name|title)\s*\Z", re.I)
_CODE_OF = re.compile(r"(?:代码|编码|代号|码)\Z")
# 5.2%, 2人, 500g/袋: an amount with its unit, and no 2级 or 3号.
_AMOUNT = re.compile(r"[-+<>≥≤约]?\d[\d.,:~-]*\s*(?![级类型期号档等星\d])\D*\Z")
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,14})\Z")
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?\Z")
_LONG_INTEGER = re.compile(r"[-+]?[1-9]\d{15,}\Z")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?\Z")
_PERCENT = re.compile(r"[-+]?\d+(\.\d+)?[%％]\Z")
_NONE_OF_IT = re.compile(r"0(\.0+)?\Z")
_MONEY = re.compile(r"[¥￥$]\s*[-+]?(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?\Z")
_YEAR = re.compile(r"(18|19|20)\d\d\Z")
_YEAR_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")
_COMPACT_MONTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d\Z")
_MINUTES = "%H:%M"
_DATES = ("default", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
_COMPACT = "%Y%m%d"
_DATETIMES = (
    "default", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H时%M分", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日%H时", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M",
)  # fmt: skip
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_ISO_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}|\.\d{6})?(?:Z|[+-]\d\d:\d\d)?\Z"
)
_BOOLEANS = (
    ("是", "否"),
    ("有", "无"),
    ("true", "false"),
    ("TRUE", "FALSE"),
    ("Y", "N"),
    ("Yes", "No"),
    ("√", "×"),
    ("对", "错"),
)


@dataclass
class Guess:
    """What was inferred of a table: the schema, and each guess in words for people to confirm."""

    schema: dict[str, Any]
    notes: list[tuple[str, str]] = field(default_factory=list)


def infer(titles: list[str], rows: Sequence[Sequence[str]]) -> Guess:
    """A Table Schema for columns called `titles` with these rows of text."""
    names = field_names(titles)
    columns = [[row[n] if n < len(row) else "" for row in rows] for n in range(len(titles))]
    tokens = sorted({cell.strip() for column in columns for cell in column} & set(MISSING[1:]))
    # A word that a yes-or-no column means is no missing value.
    used = [token for token in tokens if not _is_an_answer(token, columns)]
    guess = Guess({"fields": []})
    for name, title, column in zip(names, titles, columns, strict=True):
        values = [cell for cell in column if cell.strip() not in ("", *used)]
        described, note = _field(title, values)
        clean, unit = unit_of(title)
        one: dict[str, Any] = {"name": name, **described, "title": clean or title}
        if unit:
            one["unit"] = unit
        guess.schema["fields"].append(one)
        guess.notes.append((name, note))
    if used:
        guess.schema["missingValues"] = ["", *used]
    for place, labels in _labelled(titles, columns, used):
        guess.schema["fields"][place]["categories"] = labels
        guess.notes[place] = (names[place], "labelled")
    key = _key(names, titles, columns, used)
    if key is not None:
        guess.schema["primaryKey"] = [key]
    return guess


def _field(title: str, values: list[str]) -> tuple[dict[str, Any], str]:
    """The type, format and so on of one column, and the kind of guess it is."""
    if not values:
        return {"type": "string"}, "empty"
    for yes, no in _BOOLEANS:
        if set(values) <= {yes, no} and len(set(values)) > 1:
            plain = (yes, no) == ("true", "false")
            words = {} if plain else {"trueValues": [yes], "falseValues": [no]}
            return {"type": "boolean", **words}, "boolean"
    if _CODE_TITLE.search(title):
        return {"type": "string"}, "code"
    found = _number(title, values) or _date(title, values)
    if found is not None:
        return found
    distinct = sorted(set(values))
    if (
        1 < len(distinct) <= CODES
        and 2 * sum(_AMOUNT.match(one) is not None for one in distinct) < len(distinct)
        and len(values) >= len(distinct) * USED
        and max(map(len, distinct)) <= 20
    ):
        return {"type": "string", "categories": distinct}, "categories"
    return {"type": "string"}, "text"


def _number(title: str, values: list[str]) -> tuple[dict[str, Any], str] | None:
    stripped = values
    dated = "年" in title or re.search(r"year", title, re.I) is not None
    if dated and _all(_YEAR.match, stripped):
        return {"type": "year"}, "year"
    if "日期" in title and _all(_parses(_COMPACT), stripped):
        return {"type": "date", "format": _COMPACT}, "date"
    if re.search("月|期", title) and _all(_COMPACT_MONTH.match, stripped):
        # The standard's type for it is written with a hyphen.
        return {"type": "string"}, "month"
    if _all(_INTEGER.match, stripped):
        long = len({len(value) for value in stripped}) == 1 and len(stripped[0]) >= 11
        return ({"type": "string"}, "code") if long else ({"type": "integer"}, "integer")
    if any(_LONG_INTEGER.match(one) for one in stripped):
        # No program that people have keeps so many digits of a number.
        return {"type": "string"}, "code"
    if _all(_NUMBER.match, stripped):
        return {"type": "number"}, "number"
    if _all(lambda one: _NUMBER.match(one) or _GROUPED.match(one), stripped):
        # The standard's integers may be grouped, too; Frictionless knows it of numbers alone.
        return {"type": "number", "groupChar": ","}, "grouped"
    if any(map(_PERCENT.match, stripped)) and _all(
        lambda one: _PERCENT.match(one) or _NONE_OF_IT.match(one), stripped
    ):
        return {"type": "number", "bareNumber": False, "unit": "%"}, "percent"
    if any(map(_MONEY.match, stripped)) and _all(
        lambda one: _MONEY.match(one) or _NUMBER.match(one) or _GROUPED.match(one), stripped
    ):
        grouped = {"groupChar": ","} if any("," in one for one in stripped) else {}
        return {"type": "number", **grouped, "bareNumber": False}, "money"
    return None


def _date(title: str, values: list[str]) -> tuple[dict[str, Any], str] | None:
    del title
    if _all(_YEAR_MONTH.match, values):
        return {"type": "yearmonth"}, "month"
    if _all(_TIME.match, values):
        return {"type": "time"}, "time"
    if _all(_parses_time, values):
        return {"type": "time", "format": _MINUTES}, "time"
    for kind, formats, plain in (
        ("date", _DATES, _ISO_DATE),
        ("datetime", _DATETIMES, _ISO_DATETIME),
    ):
        for one in formats:
            if one == "default":
                if _all(plain.match, values) and _all(_iso, values):
                    return {"type": kind}, kind
            elif _all(_parses(one), values):
                return {"type": kind, "format": one}, kind
    return None


def _labelled(
    titles: list[str], columns: list[list[str]], missing: list[str]
) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """Columns of codes (类别代码) with what each means, where a column beside them (类别) says it."""
    for place, title in enumerate(titles):
        base = _CODE_OF.sub("", title.strip())
        beside = [n for n, one in enumerate(titles) if one.strip() in (base, f"{base}名称")]
        if base == title.strip() or len(beside) != 1:
            continue
        pairs = {
            (code.strip(), label.strip())
            for code, label in zip(columns[place], columns[beside[0]], strict=True)
            if not {code.strip(), label.strip()} & {"", *missing}
        }
        codes, labels = ({pair[side] for pair in pairs} for side in (0, 1))
        known = all(cell.strip() in {"", *missing, *codes} for cell in columns[place])
        if (
            1 < len(pairs) <= LABELLED
            and len(pairs) == len(codes) == len(labels)
            and known
            and len(columns[place]) >= len(pairs) * USED
        ):
            yield place, [{"value": code, "label": label} for code, label in sorted(pairs)]


def _key(
    names: list[str], titles: list[str], columns: list[list[str]], missing: list[str]
) -> str | None:
    """The first column whose every value is there and occurs once, if a code, or the first and no name."""
    found = []
    for place, (name, title, column) in enumerate(zip(names, titles, columns, strict=True)):
        whole = all(cell.strip() not in ("", *missing) for cell in column)
        is_code = _KEY_TITLE.search(unit_of(title)[0]) is not None
        first = place == 0 and not _NAME_TITLE.search(unit_of(title)[0])
        if len(column) > 1 and whole and (is_code or first) and len(set(column)) == len(column):
            found.append((not is_code and place > 0, place, name))
    return min(found)[2] if found else None


def _is_an_answer(token: str, columns: list[list[str]]) -> bool:
    pairs = [pair for pair in _BOOLEANS if token in pair]
    return any(set(column) - {""} == set(pair) for column in columns for pair in pairs)


def _all(test: Callable[[str], object], values: list[str]) -> bool:
    return all(test(value) for value in values)


def _parses(format_: str) -> Callable[[str], bool]:
    def parses(text: str) -> bool:
        try:
            return datetime.strptime(text, format_).year >= 1000  # noqa: DTZ007 - a wall clock
        except ValueError:
            return False

    return parses


def _parses_time(text: str) -> bool:
    try:
        datetime.strptime(text, _MINUTES)  # noqa: DTZ007 - a wall clock
    except ValueError:
        return False
    return True


def _iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
