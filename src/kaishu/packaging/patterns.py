"""One pattern for the lines of a table: what it takes is a row whose every cell conforms.

It is a strict part of what Frictionless reads, as the readers of `plain` are, written for RE2.
"""

from __future__ import annotations

import re
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from kaishu.packaging import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kaishu.packaging.plan import Plan

# What means the same to Python's `re` and to RE2, or less to the latter.
_MARK = r"\\[!-/:-@\[-`{-~]"
_SET = rf"\[(?:\^(?:[^\\\[\]^]|{_MARK})+|(?:[^\\\[\]^]|{_MARK}|\\d)+)\]"
_ATOM = rf"[^\\^$.|?*+(){{}}\[\]]|{_MARK}|\\d|\.|{_SET}"
_REPEAT = r"(?:(?:[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})\??)?"
_PORTABLE = re.compile(
    rf"(?:\((?!\?)|\(\?:|\||(?:{_ATOM}|\)){_REPEAT}(?![*+?{{]))*", re.DOTALL
).fullmatch
_TIMES = r"(?:\{([0-9]{1,3})\})?"
_FIXED = re.compile(rf"(?:(?:{_ATOM}){_TIMES})+", re.DOTALL).fullmatch
_EACH = re.compile(rf"({_ATOM}){_TIMES}", re.DOTALL).finditer
_ATOMS = re.compile(rf"\((?:\?:)?|\||\){_REPEAT}|({_ATOM}){_REPEAT}", re.DOTALL).finditer
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")
_DAY = (
    "(?:[1-9][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    "|(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29)"
)
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# Digits before and after the point that are known to be read alike everywhere.
PLACES = 18
# Stands for the digits after the point.
_PLACES = "<places>"
_MOST = 10**PLACES - 1
# A longer one would take the engine more states than it keeps.
_LONGEST_TEXT, _LONGEST = 64, 20_000


def portable(wanted: str) -> str | None:
    """A pattern of Table Schema as RE2 takes it, or None where that might take more texts."""
    if "|" not in wanted:
        wanted = wanted.removeprefix("^")
        if wanted.endswith("$") and not wanted.endswith("\\$"):
            wanted = wanted[:-1]
    return wanted if wanted and _PORTABLE(wanted) else None


def fixed(wanted: str) -> list[str] | None:
    """The sets of characters that a pattern takes one of each, in order; None for any other pattern."""
    found = portable(wanted)
    if found is None or not _FIXED(found):
        return None
    return [one[1] for one in _EACH(found) for _time in range(int(one[2] or 1))]


def bounds(kind: str, constraints: Mapping[str, Any]) -> tuple[int, int]:
    """The least and the most whole number that a column's bounds allow, of 18 digits at most."""
    low, high = (
        plain.bound(constraints[name], kind) if name in constraints else None
        for name in ("minimum", "maximum")
    )
    least, most = (1000, 9999) if kind == "year" else (-_MOST, _MOST)
    return (
        least if low is None else max(ceil(low), least),
        most if high is None else min(floor(high), most),
    )


def line(
    plan: Plan,
    places: Mapping[int, int],
    bare: int | None = None,
    free: Collection[int] = (),
) -> str | None:
    """The pattern of a line, or None where a field asks for more than it can say.

    Numbers of the columns in `places` have that many digits after the point at most; the cell of
    the column `bare` is not taken in quotes. Before the point are 18 digits at most, but in the
    columns `free` any number: the engine takes a pattern that does not count in less time.
    """
    cells = []
    for column, field in enumerate(plan.fields):
        most = places.get(column, PLACES)
        cell = _cell(plan, column, field, most, bare=column == bare)
        if cell is None:
            return None
        if column in free:
            cell = cell.replace(_COUNTED, "-?[0-9]+")
        cells.append(cell)
    found = _literal(plan.delimiter).join(cells)
    return found if len(found) <= _LONGEST else None


def blank(plan: Plan) -> str | None:
    """The pattern of a line without a value, or None where one is required of every row."""
    if not plan.missing or any(plan.is_required(n) for n in range(len(plan.fields))):
        return None
    texts = "|".join(_literal(text) for text in sorted(plan.missing))
    return _literal(plan.delimiter).join([f'(?:{texts}|"(?:{texts})")'] * len(plan.fields))


def _cell(
    plan: Plan, column: int, field: Mapping[str, Any], places: int, *, bare: bool
) -> str | None:
    if plain.reader(field) is None:
        return None
    constraints, kind = field.get("constraints") or {}, str(field["type"])
    required, limited = plan.is_required(column), set(constraints) - {"required", "unique"}
    other = f'[^"\\r\\n{_literal(plan.delimiter)}]'
    if kind in ("string", "any") and not limited:
        if required and plan.missing - {""}:
            return None
        repeat = "+" if required and plan.missing else "*"
        return f"{other}{repeat}" if bare else f'(?:{other}{repeat}|"(?:[^"\\r\\n]|""){repeat}")'
    form = _form(kind, constraints, limited, other, plan.delimiter)
    if form and kind == "number":
        form = form.replace(_PLACES, f"[0-9]{{1,{places}}}" if places else "0{1,18}")
    if form is None or any(set(text) & {'"', "\r", "\n", plan.delimiter} for text in plan.missing):
        return None
    if required:
        # What is missing must not be of the form.
        if any(re.fullmatch(form, text) for text in plan.missing):
            return None
    else:
        form = "|".join([form, *map(_literal, sorted(plan.missing))])
    return f"(?:{form})" if bare else f'(?:{form}|"(?:{form})")'


def _form(
    kind: str, constraints: Mapping[str, Any], limited: set[str], other: str, delimiter: str
) -> str | None:
    """The pattern of a column's values, or None."""
    if limited == {"enum"} and kind in ("string", "integer", "year"):
        texts = [str(one) for one in plain.enumeration(constraints["enum"], kind) or []]
        odd = any(set(text) & {'"', "\r", "\n", delimiter} for text in texts)
        return None if odd else "|".join(map(_literal, texts))
    if kind == "string" and limited == {"pattern"}:
        return _enclosed(constraints["pattern"], delimiter)
    if kind == "string" and limited <= {"minLength", "maxLength"}:
        least, most = constraints.get("minLength", 0), constraints.get("maxLength", _LONGEST_TEXT)
        if not 0 <= least <= most <= _LONGEST_TEXT:
            return None
        return f"{other}{{{least},{most}}}"
    if limited - {"minimum", "maximum"}:
        return None
    if kind in ("integer", "number"):
        if not limited:
            return _NUMBERS[kind]
        return _between(*bounds(kind, constraints), ended=kind == "integer")
    if kind == "year":
        return _range(*bounds(kind, constraints)) if limited else "[1-9][0-9]{3}"
    return None if limited else _OTHERS[kind]


_COUNTED = "-?[0-9]{1,18}"
_NUMBERS = {"integer": _COUNTED, "number": rf"{_COUNTED}(?:\.{_PLACES})?"}
_OTHERS = {
    "date": _DAY,
    "datetime": f"{_DAY}[T ]{_CLOCK}Z?",
    "boolean": "true|True|TRUE|1|false|False|FALSE|0",
}


def _enclosed(wanted: str, delimiter: str) -> str | None:
    """A pattern that takes neither a quote nor a delimiter nor a line's end, or None."""
    found = portable(wanted)
    if found is None:
        return None
    for match in _ATOMS(found):
        atom = match[1]
        if atom and any(re.fullmatch(atom, one, re.DOTALL) for one in ('"', "\r", "\n", delimiter)):
            return None
    return f"(?:{found})"


def _between(least: int, most: int, *, ended: bool) -> str | None:
    """Numbers between two bounds; of those whose whole part is the greater's, only whole ones."""
    found = [_magnitudes(max(least, 0), most, ended=ended)]
    found += [f"-(?:{one})" for one in [_magnitudes(max(-most, 0), -least, ended=ended)] if one]
    return "|".join(one for one in found if one) or None


def _magnitudes(least: int, most: int, *, ended: bool) -> str | None:
    if most < least:
        return None
    if ended:
        return _range(least, most)
    inner = _range(least, most - 1) if most > least else None
    found = [rf"(?:{inner})(?:\.{_PLACES})?"] if inner else []
    return "|".join([*found, rf"{most}(?:\.0{{1,18}})?"])


def _range(least: int, most: int) -> str | None:
    """Whole numbers between two, both not negative, without leading zeros."""
    if most < least:
        return None
    found: list[str] = []
    for digits in range(len(str(least)), len(str(most)) + 1):
        low = max(least, 10 ** (digits - 1) if digits > 1 else 0)
        found += _same_length(str(low), str(min(most, 10**digits - 1)))
    return "|".join(found)


def _same_length(low: str, high: str) -> Iterable[str]:
    """Patterns of the digits between two of the same length."""
    if set(low) <= {"0"} and set(high) <= {"9"}:
        return [f"[0-9]{{{len(low)}}}"]
    if len(low) == 1:
        return [f"[{low}-{high}]"]
    (first, rest), (last, others) = (low[0], low[1:]), (high[0], high[1:])
    zeros, nines = "0" * len(rest), "9" * len(rest)
    if first == last:
        return [first + one for one in _same_length(rest, others)]
    found, start, stop = [], int(first), int(last)
    if rest != zeros:
        found += [first + one for one in _same_length(rest, nines)]
        start += 1
    if others != nines:
        found += [last + one for one in _same_length(zeros, others)]
        stop -= 1
    if start <= stop:
        found.append(f"[{start}-{stop}][0-9]{{{len(rest)}}}")
    return found


def _literal(text: str) -> str:
    """A text as a pattern writes it."""
    return _SPECIAL.sub(r"\\\g<0>", text)
