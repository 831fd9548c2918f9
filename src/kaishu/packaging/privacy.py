"""Personal data and secrets that must not be published: found cell by cell, never echoed whole.

Identity numbers by GB 11643, bank cards by the Luhn sum (ISO/IEC 7812), unified social credit codes
(GB 32100) are told apart from both. Markings of secrecy stop as they are written on documents; bare
words only warn, since regulations that name them are public.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from stdnum import luhn
from stdnum.cn import uscc

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.packaging.likely import likely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

LISTED = 5
_REMOVE = N_("Remove or mask the values; what is personal is not opened.")
_DECLARE = N_(
    "Remove the values, or declare the column with public: {{reason}} if they are public."
)
IDENTITY = problems.error(
    "personal-identity-number",
    N_("{where} holds resident identity numbers, {n} in all ({shown})."), _REMOVE,
)  # fmt: skip
MOBILE = problems.error(
    "personal-mobile-number",
    N_("{where} holds mobile telephone numbers, {n} in all ({shown})."), _DECLARE,
)  # fmt: skip
CARD = problems.error(
    "personal-bank-card", N_("{where} holds bank card numbers, {n} in all ({shown})."), _DECLARE
)
PASSPORT = problems.error(
    "personal-passport", N_("{where} holds passport numbers, {n} in all ({shown})."), _DECLARE
)
EMAIL = problems.error(
    "personal-email", N_("{where} holds e-mail addresses, {n} in all ({shown})."), _DECLARE
)
ADDRESS = problems.error(
    "personal-home-address", N_("{where} holds home addresses, {n} in all ({shown})."), _DECLARE
)
MARKING = problems.error(
    "secret-marking",
    N_("{where} carries markings of secrecy, {n} in all ({shown})."),
    N_("Stop, and have the file's secrecy reviewed. What is secret is never kept here."),
)
WORD = problems.warning(
    "secret-word",
    N_("{where} speaks of secrets or internal matters, {n} times ({shown})."),
    N_("Check that the text is public; declare the column with public: {{reason}} if it is."),
)
DECLARED = problems.note(
    "declared-public",
    N_(
        "{where} holds what looks personal or internal ({n} values); it is declared public: {reason}."
    ),
    N_("The reviewer confirms the reason before it is opened."),
)

_N = "[\\d一二三四五六七八九十]+"
# Directly after a letter too, and however it is divided.
_IDENTITY = re.compile(
    r"(?<!\d)(?<!\d[ -])[1-8](?:[ -]{0,2}\d){5}[ -]{0,2}(?:1[ -]{0,2}[89]|2[ -]{0,2}0)(?:[ -]{0,2}\d){6}"
    r"(?:[ -]{0,2}\d){3}[ -]{0,2}[0-9Xx](?![0-9A-Za-z])"
)
# Run together with a mobile number; with what a certificate of disability adds to it.
_WITH_MOBILE = re.compile(
    r"(?<!\d)(?:(1[3-9]\d{9})([1-8]\d{16}[0-9Xx])(?![0-9A-Za-z])|([1-8]\d{16}[0-9Xx])(1[3-9]\d{9})(?!\d))"
)
_DISABILITY = re.compile(r"(?<![0-9A-Za-z])([1-8]\d{16}[0-9Xx])[1-7][1-4](?:B\d)?(?![0-9A-Za-z])")
_IDENTITY_15 = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])"
)
# A program that took them for numbers writes 13812345678.0.
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:[ -]?\d{8}|([ .-])\d{4}\1\d{4})"
    r"(?![0-9A-Za-z]|\.(?!0(?!\d))\d)"
)
# Under a title that speaks of telephones, however it is divided.
_LOOSE_MOBILE = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[- (（]{0,2}|0)?1[3-9]\d(?:[ ./()（）-]{0,2}\d){8}(?!\d)"
)
_TWO_MOBILES = re.compile(r"(?<!\d)(1[3-9]\d{9})(1[3-9]\d{9})(?!\d)")
# Each digit apart: with blanks a row of figures may look so, unless telephones are spoken of.
_APART = re.compile(r"(?<!\d)(?<!\d[ -])1(?P<by>[ -])[3-9](?:(?P=by)\d){9}(?![ -]?\d)")
_CALLED = re.compile(
    r"(?<![a-z])(?:tel|phone|mobile|wechat|wx|vx)[.:]?\s?(1[3-9]\d{9})(?!\d)", re.I
)
_CARD = re.compile(
    r"(?<![0-9A-Za-z.])(?:62\d{14,17}|9558\d{15}|4\d{15}|5[1-5]\d{14})(?![0-9A-Za-z]|\.\d)"
)
_ANY_CARD = re.compile(r"(?<![0-9A-Za-z.])[1-9](?: ?\d){14,18}(?![0-9A-Za-z]|\.\d)")
_SPACED_CARD = re.compile(
    r"(?<!\d)(?:62\d\d|4\d{3}|5[1-5]\d\d)(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?(?!\d)"
    r"|(?<!\d)(?<!\d[ -])6[ -]2(?:[ -]\d){14,17}(?![ -]?\d)"
)
_PASSPORT = re.compile(r"(?<![0-9A-Z])(?:[A-Z]\d{8}|E[A-Z]\d{7})(?![0-9A-Z])", re.I)
_STATED_PASSPORT = re.compile(
    r"(?:护照(?:号码?)?(?:为|是)?|passport(?:\s*(?:no\.?|number))?)\s*[:：（(，,、]?\s*"
    r"([A-Z]{1,2}\d{7,8})(?![0-9A-Z])", re.I,
)  # fmt: skip
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
HOME = re.compile(
    rf"(?:{_N}|[A-Za-z]\d?)\s*(?:号楼|栋|幢|座|#楼?)\D{{0,6}}{_N}\s*单元\D{{0,6}}{_N}\s*(?:室|号|户|(?![\d年月日个层户间]))"
)
# A flat without its stairway: only where people live, and not where they are open to the public.
_FLAT = re.compile(
    r"(?:小区|花园|家园|公寓|新村|苑|佳园|雅居|华府|家属院|家属楼)\D{0,4}?"
    rf"(?:{_N}|[A-Za-z])\s*(?:号楼|栋|幢|座|#楼?)\s*{_N}\s*(?:室|户|(?![\d一二三四五六七八九十年月日个层户间单号-])(?<=\d{{3}}))"
)
_BUSINESS = re.compile("商务|商业|产业|科技|工业|写字楼|大厦|广场|酒店|宾馆")
_OPEN_TITLE = re.compile(
    r"单位|机构|办公|办理|经营|注册|营业|学校|医院|门店|网点|驻地|office", re.I
)
_HOUSE = re.compile(rf"{_N}\s*(?:号|室|栋|幢|单元|弄|组|-\d)")
_GRADES = r"绝\s*密|机\s*密|秘\s*密"
_GRADE = f"(?:{_GRADES})"
_MARKING = re.compile(
    rf"{_GRADE}\s*(?:[★☆▲]|\*\s*\d)|[【\[〔]{_GRADE}[】\]〕]|密\s*级\s*[:：]\s*{_GRADE}"
    # A rule about what is so classified is public.
    rf"|密级[为是]{_GRADE}(?![级的及和或、以])"
    rf"|\A\s*[（(]{_GRADE}[）)]\s*\Z"
)
# In a column of grades nothing else is said of one, but that there is none.
_LEVEL = re.compile(rf"\A(?!.*[无非不未解]).*?({_GRADES}|\bsecret\b|\bconfidential\b)", re.I)
_WORD = re.compile(r"绝密|机密|秘密|内部")
_BLANKS = re.compile(r"(?<=\d)\s+(?=[\dXx])")
_DISABILITY_TITLE = re.compile(r"残疾")
_IDENTITY_TITLE = re.compile(r"身份证|证件号|公民身份|id.?card", re.I)
_CARD_TITLE = re.compile(
    r"银行卡|借记卡|信用卡|银行账|开户账|收款账|卡号|bank.?card|card.?(?:no|number)", re.I
)
_PASSPORT_TITLE = re.compile(r"护照|passport", re.I)
_PHONE_TITLE = re.compile(r"电话|手机|联系|tel|phone|mobile|contact", re.I)
_NUMBERS = ("integer", "number")
# One in so many amounts may look like a telephone number by chance.
_SHARE = 10
# Of numbers with a place and a day in them, such as those of cases, one in eleven passes the sum.
_MANY, _CHANCE = 20, 5
_HOME_TITLE = re.compile(
    r"家庭(?:住|地)址|住址|居住(?:地|详址)|现住|户籍(?:地|所在|详)|户口(?:地|所在)|home.?address",
    re.I,
)
_LEVEL_TITLE = re.compile(r"密级|秘密等级|(?:保密|涉密)(?:等级|级别|程度)", re.I)
# Full-width forms of digits, letters and signs are typed as often as they are copied.
NARROW: dict[int, int | str] = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "：（），；！？"
} | {
    **dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000], " "),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-"),
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF], ""),
}
# The first two digits of every identity number: the provinces (GB/T 2260), and those of residents
# of 香港, 澳门 and 台湾.
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass
class _Found:
    """One kind of finding in one column."""

    code: problems.Code
    count: int = 0
    candidates: int = 0
    shown: str = ""
    rows: list[int] = field(default_factory=list)


class Scanner:
    """Looks through one table's rows; `fields` are described as in a Table Schema."""

    def __init__(self, fields: Sequence[Mapping[str, Any]]) -> None:
        self._fields = list(fields)
        self._titles = [f"{one.get('name') or ''} {one.get('title') or ''}" for one in self._fields]
        self._found: dict[tuple[int, str], _Found] = {}
        self._rows = 0
        # Columns whose title alone asks for a closer look.
        self._named = [
            n for n, title in enumerate(self._titles)
            if any(one.search(title) for one in
                   (_IDENTITY_TITLE, _PASSPORT_TITLE, _HOME_TITLE, _LEVEL_TITLE, _PHONE_TITLE))
        ]  # fmt: skip

    def row(self, number: int, cells: Sequence[str]) -> None:
        """Look at one row; `number` counts as Frictionless does, the header being row 1."""
        self.rows([(number, cells)])

    def rows(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Look at some rows with their numbers: closely at what is likely to hold something."""
        self._rows += len(rows)
        texts = [text for _number, cells in rows for text in cells]
        chosen, first = iter([*likely(texts), len(texts)]), 0
        place = next(chosen)
        for number, cells in rows:
            columns = {n for n in self._named if n < len(cells)}
            while place < first + len(cells):
                columns.add(place - first)
                place = next(chosen)
            first += len(cells)
            for column in sorted(columns):
                self._cell(number, column, cells[column])

    def problems(self, **place: Any) -> Iterator[problems.Problem]:
        """One problem for each column and kind, with the rows it was first seen in."""
        for (column, _code), found in sorted(self._found.items()):
            # Numbers of which few pass the sum pass it by chance: one in ten does.
            if found.code is CARD and found.count * 2 < found.candidates:
                continue
            if found.code is IDENTITY and self._by_chance(column, found):
                continue
            if not found.count:
                continue
            described = self._fields[column] if column < len(self._fields) else {}
            if found.code is MOBILE and self._is_amount(column, described, found.count):
                continue
            name = str(described.get("name") or column + 1)
            at = {**place, "row": found.rows[0], "field": name}
            declared = described.get("public")
            if isinstance(declared, dict) and found.code not in (IDENTITY, MARKING):
                reason = declared.get("reason") or ""
                yield DECLARED.at(**at, where=name, n=found.count, reason=reason)
                continue
            rows = ", ".join(map(str, found.rows)) + ("…" if found.count > len(found.rows) else "")
            yield found.code.at(**at, where=name, n=found.count, shown=f"{rows}: {found.shown}")

    def _by_chance(self, column: int, found: _Found) -> bool:
        """Whether a column of numbers with a place and a day in them has a few whose sum is right."""
        titled = column < len(self._titles) and _IDENTITY_TITLE.search(self._titles[column])
        many = found.candidates >= _MANY and found.count * _CHANCE < found.candidates
        return not titled and many

    def _is_amount(self, column: int, described: Mapping[str, Any], count: int) -> bool:
        """Whether a column of numbers has a few that are as long as telephone numbers."""
        titled = column < len(self._titles) and _PHONE_TITLE.search(self._titles[column])
        return not titled and described.get("type") in _NUMBERS and count * _SHARE < self._rows

    def _cell(self, row: int, column: int, text: str) -> None:
        title = self._titles[column] if column < len(self._titles) else ""
        for code, value in findings(text, title):
            found = self._found.setdefault((column, code.id), _Found(code))
            found.candidates += 1
            if value is None:
                continue
            found.count += 1
            if not found.shown:
                found.shown = masked(value) if code not in (MARKING, WORD) else value
            if len(found.rows) < LISTED and row not in found.rows:
                found.rows.append(row)


def findings(text: str, title: str = "") -> Iterator[tuple[problems.Code, str | None]]:
    """What a text holds, under a column's title; None stands for a card whose sum is wrong."""
    text = text if text.isascii() else text.translate(NARROW)
    identities: set[str] = set()
    of_identities = _IDENTITY_TITLE.search(title)
    for value, right in _identities(_BLANKS.sub("", text) if of_identities else text, title):
        identities.add(re.sub("[ -]", "", value))
        yield IDENTITY, value if right else None
    if of_identities:
        for value in _all(_IDENTITY_15, text):
            yield IDENTITY, value
    for value in _mobiles(text, title):
        yield MOBILE, value
    for pattern in (_ANY_CARD if _CARD_TITLE.search(title) else _CARD, _SPACED_CARD):
        for value in _all(pattern, text):
            digits = re.sub(r"\D", "", value)
            if digits not in identities and not uscc.is_valid(digits):
                yield CARD, value if luhn.is_valid(digits) else None
    if _PASSPORT_TITLE.search(title):
        for value in _all(_PASSPORT, text):
            yield PASSPORT, value
    else:
        for match in _STATED_PASSPORT.finditer(text):
            yield PASSPORT, match[1]
    for value in _all(_EMAIL, text):
        yield EMAIL, value
    if (
        (_HOME_TITLE.search(title) and _HOUSE.search(text))
        or HOME.search(text)
        or (_FLAT.search(text) and not _BUSINESS.search(text) and not _OPEN_TITLE.search(title))
    ):
        yield ADDRESS, text
    marked = list(_all(_MARKING, text))
    if not marked and _LEVEL_TITLE.search(title) and (level := _LEVEL.search(text)):
        marked.append(level[1])
    for value in marked:
        yield MARKING, value
    if not marked and (word := _WORD.search(text)):
        yield WORD, word[0]


def _identities(text: str, title: str) -> Iterator[tuple[str, bool]]:
    """What is of the form of an identity number, and whether its sum is right."""
    found = [match[0] for match in _IDENTITY.finditer(text)]
    found += [match[2] or match[3] for match in _WITH_MOBILE.finditer(text)]
    if _DISABILITY_TITLE.search(title):
        found += [match[1] for match in _DISABILITY.finditer(text)]
    for value in found:
        if _is_dated(value):
            yield value, is_identity(value)


def _mobiles(text: str, title: str) -> Iterator[str]:
    spoken_of = _PHONE_TITLE.search(title)
    yield from _all(_LOOSE_MOBILE if spoken_of else _MOBILE, text)
    for match in _WITH_MOBILE.finditer(text):
        if is_identity(match[2] or match[3]):
            yield match[1] or match[4]
    for match in _CALLED.finditer(text):
        if not spoken_of:
            yield match[1]
    for match in _APART.finditer(text):
        if not spoken_of and (match["by"] == "-" or _PHONE_TITLE.search(text)):
            yield match[0]
    for match in _TWO_MOBILES.finditer(text) if spoken_of else ():
        yield from match.groups()


def is_identity(text: str) -> bool:
    """Whether a text is a resident identity number: a province, a day of birth, the check (GB 11643)."""
    digits = re.sub("[ -]", "", text).upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _is_dated(text) and digits[17] == _CHECKS[total % 11]


def _is_dated(text: str) -> bool:
    """Whether a province and a day stand where an identity number has them."""
    digits = re.sub("[ -]", "", text)
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return _PROVINCES.match(digits) is not None


def scan_text(text: str, **place: Any) -> Iterator[problems.Problem]:
    """Problems of a text outside tables: a title, a description, a note beside the data."""
    seen: dict[str, _Found] = {}
    for code, value in findings(text):
        if value is None or code in (EMAIL, WORD):
            # An office's address and the law's own words are usual in descriptions.
            continue
        found = seen.setdefault(code.id, _Found(code))
        found.count += 1
        found.shown = found.shown or (value if code is MARKING else masked(value))
    for found in seen.values():
        where = str(place.get("field") or place.get("file") or "")
        yield found.code.at(**place, where=where, n=found.count, shown=found.shown)


def masked(value: str) -> str:
    """A value that can be recognised by who knows it, and by nobody else: 210********11."""
    if len(value) < 8:
        return value[0] + "*" * (len(value) - 1)
    return value[:3] + "*" * (len(value) - 5) + value[-2:]


def _all(
    pattern: re.Pattern[str], text: str, test: Callable[[str], bool] | None = None
) -> Iterator[str]:
    for match in pattern.finditer(text):
        if test is None or test(match[0]):
            yield match[0]
