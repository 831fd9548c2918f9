"""Which lines of a large file are regular: told by their bytes, or else by the engine and a pattern."""

from __future__ import annotations

from dataclasses import dataclass, field
from string import digits
from typing import TYPE_CHECKING

import numpy as np

from kaishu.base import progress
from kaishu.base.i18n import gettext as _
from kaishu.packaging import blocks, bytewise, columns, engine, octets, patterns
from kaishu.packaging.plan import Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kaishu.packaging.octets import Numbers
    from kaishu.packaging.plan import Plan

# Beyond this many lines of another form a look at columns takes less time.
IRREGULAR = 50_000
# Wider lines are few in a block, and sooner matched by the pattern.
_COLUMNS = 60
# Where bytes tell of fewer than three lines in four, the pattern is sooner matched alone; known
# after so many lines.
_SOME = 10_000
# So many keys wait before they are handed to the engine.
_KEYS = 500_000
# To match one line takes about as long as a thousand, until the engine knows the pattern; so many
# characters wait for it.
_TOGETHER = 2**22


@dataclass(frozen=True)
class Form:
    """What a regular line is: the table's plan, and the pattern of a line.

    `places` and `bare` are those of which the pattern was made (see `patterns.line`). The keys of a
    bare column, which is the first, are kept.
    """

    plan: Plan
    pattern: str
    places: Mapping[int, int]
    bare: int | None

    @property
    def is_keyed(self) -> bool:
        """Whether the first column's keys are kept."""
        return self.bare is not None

    def right(self) -> str:
        """SQL that is true of a regular `line`."""
        found = f"regexp_full_match(line, {engine.literal(self.pattern)})"
        blank = patterns.blank(self.plan)
        if blank is not None:
            found += f" AND NOT regexp_full_match(line, {engine.literal(blank)})"
        if len(self.plan.fields) == 1:
            # A blank line is a row of no cells.
            found += " AND line <> ''"
        return found

    def key(self) -> str:
        """SQL of the first column's key in a regular `line`."""
        plan, cell = self.plan, "line"
        if len(plan.fields) > 1:
            cell = f"left(line, strpos(line, {engine.literal(plan.delimiter)}) - 1)"
        return columns.key_or_null(cell, str(plan.fields[0]["type"]), plan.missing)


@dataclass
class Found:
    """What a look at all lines found: their number, their bytes without ends, the longest one's.

    `others` are those that are not regular, by number (the header's is 1), or None where they are
    too many; `keys` is SQL of the regular ones' `row` and `k0`, or None where it was not kept, and
    `is_rising` whether every regular row is known to have one, greater than that before it.
    """

    rows: int = 0
    size: int = 0
    longest: int = 0
    others: dict[int, str] | None = field(default_factory=dict)
    keys: str | None = None
    is_rising: bool = False


def look(form: Form, header: bytes, kept: engine.Temporary) -> Found:
    """Look at every line below the `header`; keys are kept in `kept`."""
    plan = form.plan
    checks = None
    if 1 < len(plan.fields) <= _COLUMNS:
        checks = bytewise.checks(plan, form.places)
    if checks is not None:
        longest = max((len(text.encode()) for text in plan.missing), default=0)
        blank = None if patterns.blank(plan) is None else longest
        cutter = blocks.Cutter(plan.path, header, plan.delimiter, checks, form.bare, blank)
        try:
            return _by_bytes(form, cutter, kept)
        except (Doubt, UnicodeError):
            # The engine has its own word for these.
            pass
    return _by_pattern(form, kept)


def _words(plan: Plan) -> Callable[[], str]:
    return lambda: _("Checking {file} (MB)").format(file=plan.path.name)


def _by_pattern(form: Form, kept: engine.Temporary) -> Found:
    asked = {"size": "strlen(line)", "other": "CASE WHEN NOT is_right THEN line END"}
    if form.is_keyed:
        asked["k0"] = f"CASE WHEN is_right THEN {form.key()} END"
    table = engine.numbered(engine.line_table(form.plan.path))
    table = f"(SELECT *, {form.right()} AS is_right FROM {table})"
    with engine.through(_words(form.plan), form.plan.path):
        kept.make(f"SELECT row, {engine.named(asked)} FROM {table}")
    counted = {
        "rows": "count(*)",
        "size": "sum(size)",
        "longest": "max(size)",
        "others": "count(other)",
    }
    told = engine.one_row(counted, kept.name)
    found = Found(told["rows"], told["size"], told["longest"])
    if told["others"] > IRREGULAR:
        found.others = None
    elif told["others"]:
        query = f"SELECT row, other FROM {kept.name} WHERE other IS NOT NULL"
        found.others = dict(engine.connection().execute(query).fetchall())
    if form.is_keyed:
        found.keys = f"SELECT row, k0 FROM {kept.name} WHERE other IS NULL"
    return found


def _by_bytes(form: Form, cutter: blocks.Cutter, kept: engine.Temporary) -> Found:
    """Raises Doubt or UnicodeError where bytes tell too little."""
    found, keys = Found(others={}), _Keys(form, kept)
    path, doubtful, waiting = form.plan.path, 0, list[tuple[int, str]]()
    with progress.watched(_words(form.plan), lambda: cutter.place, path.stat().st_size):
        for block in cutter:
            before = found.rows + 2
            doubtful += len(block.doubtful)
            found.rows += block.lines
            if doubtful > max(_SOME, found.rows) / 4:
                raise Doubt
            found.size += block.size
            found.longest = max(found.longest, block.longest)
            keys.add(block.numbers + before, block.keys)
            waiting += [(row + before, line) for row, line in block.doubtful]
            if sum(len(line) for _row, line in waiting) > _TOGETHER:
                _match(form, waiting, found, keys)
                waiting.clear()
            if found.others is None:
                return found
        _match(form, waiting, found, keys)
    found.keys, found.is_rising = keys.query(), keys.is_rising
    return found


def _match(form: Form, lines: Sequence[tuple[int, str]], found: Found, keys: _Keys) -> None:
    """Match lines with their numbers to the pattern; what it does not take is of another form."""
    if not lines or found.others is None:
        return
    key = form.key() if form.is_keyed else "NULL"
    numbers, texts = zip(*lines, strict=True)
    told = engine.connection().execute(
        f"SELECT row, line, CASE WHEN is_right THEN {key} END, is_right FROM (SELECT *, "
        f"{form.right()} AS is_right FROM (SELECT unnest(?) AS row, unnest(?) AS line))",
        [numbers, texts],
    )
    right = []
    for row, line, own, is_right in told.fetchall():
        if is_right:
            right.append((row, own))
        else:
            found.others[row] = line
    keys.add_some(right)
    if len(found.others) > IRREGULAR:
        found.others = None


class _Keys:
    """The keys of a first column of whole numbers; of any other they are not kept here."""

    def __init__(self, form: Form, kept: engine.Temporary) -> None:
        self._is_kept = (
            form.is_keyed
            and form.plan.fields[0]["type"] == "integer"
            # A number that stands for none would be one here.
            and not any(set(text) & set(digits) for text in form.plan.missing)
        )
        self._kept = kept
        self._waiting: list[tuple[Numbers, Numbers]] = []
        self._count = 0
        self.is_rising, self._last = self._is_kept, -(2**63)
        if self._is_kept:
            kept.create("row BIGINT, k0 BIGINT")

    def add(self, rows: Numbers, cells: octets.Cells) -> None:
        """The keys of some rows."""
        if not self._is_kept:
            return
        has = cells.sizes > 0
        if not has.all():
            self.add_some([(int(row), None) for row in rows[~has]])
            rows, cells = rows[has], cells.some(has)
        keys = octets.whole(cells)
        if len(keys):
            self.is_rising &= keys[0] > self._last and bool((keys[1:] > keys[:-1]).all())
            self._last = int(keys[-1])
        self._waiting.append((rows, keys))
        self._count += len(rows)
        if self._count > _KEYS:
            self._hand_over()

    def add_some(self, keys: Sequence[tuple[int, int | None]]) -> None:
        """The keys of some other rows, or that they have none."""
        if self._is_kept and keys:
            self.is_rising = False
            self._kept.insert("unnest(?), unnest(?)", *zip(*keys, strict=True))

    def query(self) -> str | None:
        """SQL of all of them."""
        if not self._is_kept:
            return None
        self._hand_over()
        return f"SELECT row, k0 FROM {self._kept.name}"

    def _hand_over(self) -> None:
        if self._waiting:
            rows, keys = (np.concatenate(one) for one in zip(*self._waiting, strict=True))
            self._kept.fill({"row": rows, "k0": keys})
        self._waiting, self._count = [], 0
