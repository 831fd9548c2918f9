"""Scorecards and self-assessment as files to take: CSV for people, JSON for machines.

A value is a plain number in the measure's unit, empty (JSON: null) where it is not available.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.exports.listing import as_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kaishu.supervision.assessment import Assessed
    from kaishu.supervision.measures import Measure
    from kaishu.supervision.scorecard import Scorecard

PRECISION = 4


def scorecards_csv(cards: Sequence[Scorecard]) -> bytes:
    """One row a scorecard and measure."""
    header = [_("Department"), _("Department name"), *_columns(), _("How it is computed")]
    rows = [
        [
            card.department.id if card.department else "",
            card.department.name if card.department else _("Whole portal"),
            *_cells(measure),
            measure.how,
        ]
        for card in cards
        for measure in card.measures
    ]
    return as_csv([header, *rows])


def scorecards_json(cards: Sequence[Scorecard], as_of: date) -> bytes:
    """`scorecards`: each with its department's id (null: the whole portal) and its measures."""
    return canonical_json(
        {
            "as_of": as_of.isoformat(),
            "scorecards": [
                {
                    "department": card.department.id if card.department else None,
                    "name": card.department.name if card.department else _("Whole portal"),
                    "measures": [_object(measure) for measure in card.measures],
                }
                for card in cards
            ],
        }
    )


def assessment_csv(lines: Sequence[Assessed]) -> bytes:
    """One row a line; what is not measured has no value and the reason in the last column."""
    header = [_("Section"), *_columns(), _("How it is computed, or why it is not measured")]
    rows = []
    for line in lines:
        cells = _cells(line.measure) if line.measure else [line.id, line.title, "", "", "", ""]
        how = line.measure.how if line.measure else _("Not measured: {why}").format(why=line.why)
        rows.append([line.section.label, *cells, how])
    return as_csv([header, *rows])


def assessment_json(lines: Sequence[Assessed], as_of: date) -> bytes:
    """`lines` in order, each `measured` or with its `why`."""
    return canonical_json(
        {
            "as_of": as_of.isoformat(),
            "title": _("Self-assessment"),
            "lines": [
                {
                    "section": line.section.value,
                    "measured": line.measure is not None,
                    **(
                        _object(line.measure)
                        if line.measure
                        else {"id": line.id, "title": line.title, "why": line.why}
                    ),
                }
                for line in lines
            ],
        }
    )


def _columns() -> list[str]:
    return [
        _("Measure"), _("Title"), _("Value"), _("Unit of the value"), _("Numerator"), _("Denominator"),
    ]  # fmt: skip


def _cells(measure: Measure) -> list[str]:
    found = measure.figure
    numbers = (found.part, found.whole) if found else (None, None)
    return [
        measure.id,
        measure.title,
        str(_value(measure)) if found else "",
        measure.unit.value,
        *("" if n is None else str(n) for n in numbers),
    ]


def _object(measure: Measure) -> dict[str, Any]:
    found = measure.figure
    return {
        "id": measure.id,
        "title": measure.title,
        "value": _value(measure),
        "unit": measure.unit.value,
        "numerator": found.part if found else None,
        "denominator": found.whole if found else None,
        "details": [{"name": name, "number": n} for name, n in found.named] if found else [],
        "how": measure.how,
    }


def _value(measure: Measure) -> float | None:
    return round(measure.figure.value, PRECISION) if measure.figure else None
