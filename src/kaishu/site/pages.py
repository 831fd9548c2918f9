"""Every page that is made from data: which there are, and what each shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.site import (
    dataset_page,
    developers_page,
    figures,
    home_page,
    listings,
    lists_page,
    redirects,
    regulation_page,
    software_page,
    statistics_page,
)
from kaishu.site.listings import by_date, listed, summaries
from kaishu.site.shell import NOT_FOUND, Page

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.site.edition import Edition

ON_A_PAGE = 20
# A site map of more entries than these is no map: their lists are on it instead.
MAPPED = 200


def all_pages(edition: Edition, without: Container[str] = ()) -> Iterator[Page]:
    """Every page made from data, home first; not those of the datasets with the keys `without`."""
    yield home_page.page(edition)
    yield catalogue(edition)
    yield from departments(edition)
    yield from themes(edition)
    yield from letters(edition)
    for dataset in edition.catalog.datasets:
        if dataset.key not in without:
            yield dataset_page.page(edition, dataset)
    yield regulation_page.page(edition)
    yield from lists_page.pages(edition)
    yield statistics_page.page(edition)
    yield from redirects.pages(edition)
    yield software_page.page(edition)
    yield developers_page.page(edition)
    yield site_map(edition)
    yield not_found()


def catalogue(edition: Edition) -> Page:
    """`/datasets/`: the newest entries; the others are found by search and in lists."""
    shown = listed(edition.catalog.datasets)
    return Page(
        "datasets/",
        "datasets.html",
        _("Data catalogue"),
        _("All entries of the catalogue, whether open, open on request or not open."),
        {
            "total": len(shown),
            "datasets": summaries(edition, by_date(edition, shown)[:ON_A_PAGE]),
            "letters": listings.letter_links(listings.by_letter(shown)),
            "themes": edition.catalog.portal.themes,
        },
        sources={"worker-src": ("'self'",)},
    )


def departments(edition: Edition) -> Iterator[Page]:
    """`/departments/` and one list for each department."""
    groups = figures.by_department(edition)
    yield Page(
        "departments/",
        "departments.html",
        _("Departments"),
        _("The departments that provide data, and how to reach them."),
        {"groups": figures.counted(edition, groups)},
    )
    for department, own in groups:
        first = Page(
            f"departments/{department.id}/",
            "department.html",
            department.name,
            _("Data provided by {department}.").format(department=department.name),
            {"department": department, **_group(edition, own)},
        )
        yield from listings.paged(first, "datasets", summaries(edition, listed(own)))


def themes(edition: Edition) -> Iterator[Page]:
    """`/themes/` and one list for each theme."""
    groups = figures.by_theme(edition)
    yield Page(
        "themes/",
        "themes.html",
        _("Themes"),
        _("The catalogue by field of life."),
        {"groups": figures.counted(edition, groups)},
    )
    for theme, own in groups:
        first = Page(
            f"themes/{theme.id}/",
            "theme.html",
            theme.name,
            _("Data of the theme {theme}.").format(theme=theme.name),
            {"theme": theme, **_group(edition, own)},
        )
        yield from listings.paged(first, "datasets", summaries(edition, listed(own)))


def letters(edition: Edition) -> Iterator[Page]:
    """`/lists/letters/` and one list for each letter with which a title begins."""
    groups = listings.by_letter(listed(edition.catalog.datasets))
    links = listings.letter_links(groups)
    yield Page(
        listings.LETTERS,
        "letters.html",
        _("All entries by letter"),
        _("Every entry of the catalogue, by the first letter of its title in pinyin."),
        {"letters": [(link, len(own)) for link, own in zip(links, groups.values(), strict=True)]},
    )
    for link, own in zip(links, groups.values(), strict=True):
        first = Page(
            link.path,
            "letter.html",
            _("Entries under {letter}").format(letter=link.title),
            _("Entries whose title begins with {letter} in pinyin.").format(letter=link.title),
            {"letters": links, "total": len(own)},
        )
        yield from listings.paged(first, "datasets", summaries(edition, own))


def site_map(edition: Edition) -> Page:
    """`/sitemap/`."""
    every = listed(edition.catalog.datasets)
    few = len(every) <= MAPPED
    return Page(
        "sitemap/",
        "sitemap.html",
        _("Site map"),
        _("Every page of this site."),
        {
            "departments": [
                (one, listed(own) if few else []) for one, own in figures.by_department(edition)
            ],
            "themes": edition.catalog.portal.themes,
            "letters": listings.letter_links(listings.by_letter(every)),
            "lists": lists_page.links(),
        },
    )


def not_found() -> Page:
    """`/404.html`."""
    return Page(NOT_FOUND, "404.html", _("Page not found"))


def _group(edition: Edition, datasets: Sequence[Dataset]) -> dict[str, Any]:
    return {
        "figures": figures.count(edition, datasets),
        "measures": [
            (one, statistics_page.shown(one)) for one in figures.standing(edition, datasets)
        ],
        "withdrawn": [one for one in datasets if one.entry.withdrawn],
    }
