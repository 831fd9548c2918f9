"""The home page: `/`, search first, then figures, the ways in, themes, and what is new."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.site import figures, replies, statistics_page
from kaishu.site.listings import Summary, listed, summaries
from kaishu.site.shell import Page
from kaishu.supervision.scorecard import APPLICATIONS_IN_TIME

if TYPE_CHECKING:
    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Theme
    from kaishu.site.edition import Edition

NEWEST = 6
EXAMPLES = 5
DEPARTMENTS = 12
THEMES = 20


def page(edition: Edition) -> Page:
    """The page."""
    portal = edition.catalog.portal
    current = listed(edition.catalog.datasets)
    departments = [
        (one, counted)
        for one, counted in figures.counted(edition, figures.by_department(edition))
        if counted.datasets
    ]
    return Page(
        "",
        "home.html",
        portal.title,
        _("Public data of {operator}: search, download, apply.").format(
            operator=portal.operator.name
        ),
        {
            "figures": figures.count(edition, current),
            "in_time": _in_time(edition),
            "examples": examples(current),
            "themes": themes(edition),
            "providers": len(departments),
            "departments": sorted(departments, key=lambda one: -one[1].datasets)[:DEPARTMENTS],
            "newest": newest(edition, current),
            "updated": updated(edition, current),
            "replies": replies.replies(edition.regulation, edition.as_of),
        },
    )


def _in_time(edition: Edition) -> tuple[str, str] | None:
    """The share of applications answered in time, in words; None before there is a register."""
    measure = edition.scorecards[0].measure(APPLICATIONS_IN_TIME.id)
    if measure is None or measure.figure is None:
        return None
    return measure.title, statistics_page.shown(measure)


def themes(edition: Edition) -> list[tuple[Theme, figures.Figures]]:
    """The themes with entries, in the catalogue's order; of very many, the largest."""
    counted = figures.counted(edition, figures.by_theme(edition))
    ranked = sorted(counted, key=lambda one: -one[1].datasets)
    largest = {theme.id for theme, one in ranked[:THEMES] if one.datasets}
    return [one for one in counted if one[0].id in largest]


def examples(datasets: list[Dataset]) -> list[str]:
    """Words to begin a search with: the keywords that most entries share."""
    counts = Counter(word for one in datasets for word in dict.fromkeys(one.descriptor.keywords))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in ranked if 2 <= len(word) <= 8][:EXAMPLES]


def newest(edition: Edition, datasets: list[Dataset]) -> list[Summary]:
    """The entries that came last into the catalogue, by the day they state."""
    known = [one for one in datasets if one.descriptor.created is not None]
    known.sort(key=lambda one: str(one.descriptor.created), reverse=True)
    return summaries(edition, known[:NEWEST])


def updated(edition: Edition, datasets: list[Dataset]) -> list[Summary]:
    """The entries whose data changed last; none where the history cannot be believed."""
    known = [one for one in datasets if one.key in edition.updated]
    known.sort(key=lambda one: edition.updated[one.key], reverse=True)
    return summaries(edition, known[:NEWEST])
