"""Findings as values: a `Problem` says what is wrong, where, and what to do.

A `Code` is declared once, where its check lives; the registry of all codes makes the
documentation. Keys of the JSON form are those of `kaishu check --format json`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How much a problem matters: only an error keeps data from being published."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding.

    `file` is relative to the portal's root; `line` counts from 1 in `file`; `row` counts from 1
    with the header as row 1, as Frictionless numbers rows; what does not apply is None.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    dataset: str | None = None
    file: str | None = None
    line: int | None = None
    resource: str | None = None
    row: int | None = None
    field: str | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """The JSON form, every key present."""
        return {**asdict(self), "severity": self.severity.value}


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem: `message` and `hint` are message ids with `{named}` places."""

    id: str
    severity: Severity
    message: str
    hint: str

    def at(
        self,
        *,
        dataset: str | None = None,
        file: str | None = None,
        line: int | None = None,
        resource: str | None = None,
        row: int | None = None,
        field: str | None = None,
        **values: object,
    ) -> Problem:
        """The problem of this kind at one place, worded in the language in use."""
        words = {"dataset": dataset, "resource": resource, "row": row, "field": field, **values}
        return Problem(
            code=self.id,
            severity=self.severity,
            message=gettext(self.message).format(**words),
            hint=gettext(self.hint).format(**words),
            dataset=dataset,
            file=file,
            line=line,
            resource=resource,
            row=row,
            field=field,
        )


_registry: dict[str, Code] = {}


def _declare(id_: str, severity: Severity, message: str, hint: str) -> Code:
    if id_ in _registry:
        raise ValueError(f"problem code declared twice: {id_}")
    _registry[id_] = Code(id_, severity, message, hint)
    return _registry[id_]


def error(id_: str, message: str, hint: str) -> Code:
    """Declare a kind of problem that keeps a dataset from being published."""
    return _declare(id_, Severity.ERROR, message, hint)


def warning(id_: str, message: str, hint: str) -> Code:
    """Declare a kind of problem that is published with the data."""
    return _declare(id_, Severity.WARNING, message, hint)


def note(id_: str, message: str, hint: str) -> Code:
    """Declare a kind of remark."""
    return _declare(id_, Severity.NOTE, message, hint)


def all_codes() -> dict[str, Code]:
    """Every code declared by the modules imported so far, by id."""
    return dict(sorted(_registry.items()))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one of them is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sorted by file, line and row, so that a reader fixes one file at a time."""
    return sorted(
        problems, key=lambda p: (p.file or "", p.line or 0, p.row or 0, p.field or "", p.code)
    )
