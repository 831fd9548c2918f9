"""The portal in figures: `/statistics/`, and the same figures as files beside it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kaishu.base.formats import number
from kaishu.base.i18n import gettext as _
from kaishu.base.i18n import ngettext
from kaishu.base.vocabulary import Openness
from kaishu.site import charts, figures, lists_page
from kaishu.site.shell import Page
from kaishu.supervision import tables
from kaishu.supervision.measures import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.model import Department, Theme
    from kaishu.site.edition import Edition
    from kaishu.supervision.measures import Figure, Measure

PATH = "statistics/"
# More details than these are in the files.
DETAILS = 8


def page(edition: Edition) -> Page:
    """The page: scorecards, counts with charts, self-assessment, improvement opinions."""
    departments = figures.counted(edition, figures.by_department(edition))
    themes = figures.counted(edition, figures.by_theme(edition))
    whole, *cards = edition.scorecards
    return Page(
        PATH,
        "statistics.html",
        _("Statistics"),
        _("The catalogue in figures, by department, theme and format."),
        {
            "edition": edition,
            "figures": figures.count(edition, edition.catalog.datasets),
            "whole": whole,
            "cards": cards,
            "columns": cards[0].measures if cards else (),
            "charts_of": [
                (
                    "departments",
                    _("By department"),
                    _("Datasets by department"),
                    _chart(departments, "departments"),
                    departments,
                ),
                ("themes", _("By theme"), _("Datasets by theme"), _chart(themes, "themes"), themes),
            ],
            "formats": figures.formats(edition),
            "sections": [
                (section, list(lines))
                for section, lines in groupby(edition.assessment, key=lambda one: one.section)
            ],
            "opinions": edition.opinions,
            "lists": lists_page.links(),
            "downloads": list(files(edition)),
            "shown": shown,
            "details": details,
            "share_bar": charts.share,
            "Unit": Unit,
        },
    )


def files(edition: Edition) -> dict[str, bytes]:
    """The figures as files, by path from the site's root."""
    return {
        f"{PATH}scorecards.csv": tables.scorecards_csv(edition.scorecards),
        f"{PATH}scorecards.json": tables.scorecards_json(edition.scorecards, edition.as_of),
        f"{PATH}assessment.csv": tables.assessment_csv(edition.assessment),
        f"{PATH}assessment.json": tables.assessment_json(edition.assessment, edition.as_of),
    }


def shown(measure: Measure) -> str:
    """A value as people read it; a share is never rounded up to all or down to nothing."""
    found = measure.figure
    if found is None:
        return _("Not available")
    if measure.unit is Unit.SHARE:
        return _percent(found)
    if measure.unit is Unit.WORKING_DAYS:
        days = f"{found.value:g}"
        return ngettext("{n} working day", "{n} working days", round(found.value)).format(n=days)
    return number(round(found.value, 2))


def details(figure: Figure | None) -> tuple[list[str], int]:
    """The first details in words, and how many there are beyond them."""
    named = figure.named if figure else ()
    words = [
        name if n is None else _("{name} ({n})").format(name=name, n=number(n))
        for name, n in named[:DETAILS]
    ]
    return words, len(named) - len(words)


def _percent(found: Figure) -> str:
    percent = round(100 * found.value, 1)
    if found.value < 1:
        percent = min(percent, 99.9)
    if found.value > 0:
        percent = max(percent, 0.1)
    return f"{percent:g}%"


def _chart(
    groups: Sequence[tuple[Department | Theme, figures.Figures]], folder: str
) -> list[charts.Bar]:
    return charts.bars(
        [
            (
                group.name,
                f"{folder}/{group.id}/",
                [
                    (Openness.UNCONDITIONAL.value, one.unconditional),
                    (Openness.ON_REQUEST.value, one.on_request),
                    (Openness.CLOSED.value, one.closed),
                ],
            )
            for group, one in groups
        ]
    )
