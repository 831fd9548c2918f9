"""Reports that name what is personal without quoting it: no finding repeats such a value whole."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kaishu.packaging.privacy import (
    ADDRESS,
    CARD,
    EMAIL,
    HOME,
    IDENTITY,
    MOBILE,
    NARROW,
    PASSPORT,
    findings,
    masked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.base.problems import Problem

_PERSONAL = (IDENTITY, MOBILE, CARD, PASSPORT, EMAIL)
_SENSITIVE = {code.id for code in (*_PERSONAL, ADDRESS)}
_QUOTED = re.compile("“([^”]+)”", re.DOTALL)


def discreet(found: Sequence[Problem]) -> list[Problem]:
    """The problems of a dataset, none of which quotes a personal value whole."""
    columns = {(one.resource, one.field) for one in found if one.code in _SENSITIVE}
    return [one if one.code in _SENSITIVE else _discreet(one, columns) for one in found]


def _discreet(problem: Problem, columns: set[tuple[str | None, str | None]]) -> Problem:
    message = _without(problem.message)
    name = _without(problem.field) if problem.field else problem.field
    if (problem.resource, problem.field) in columns:
        message = _QUOTED.sub(
            lambda quoted: f"“{masked(quoted[1]) if quoted[1] != name else name}”", message
        )
    if (message, name) == (problem.message, problem.field):
        return problem
    return replace(problem, message=message, field=name)


def _without(text: str) -> str:
    """A text in which personal values are masked."""
    narrow = plain = text if text.isascii() else text.translate(NARROW)
    for code, value in list(findings(plain)):
        if value is not None and code in _PERSONAL:
            plain = plain.replace(value, masked(value))
    plain = HOME.sub(lambda home: masked(home[0]), plain)
    return text if plain == narrow else plain
