"""Every page that is made from data: which there are, and what each shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kaishu.base.formats import sort_key
from kaishu.base.i18n import gettext as _
from kaishu.site import (
    dataset_page,
    figures,
    lists_page,
    redirects,
    regulation_page,
    replies,
    software_page,
    statistics_page,
    words,
)
from kaishu.site.shell import NOT_FOUND, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.site.edition import Edition

NEWEST = 6


def all_pages(edition: Edition) -> Iterator[Page]:
    """Every page made from data, home first."""
    yield home(edition)
    yield catalogue(edition)
    yield from departments(edition)
    yield from themes(edition)
    for dataset in edition.catalog.datasets:
        yield dataset_page.page(edition, dataset)
    yield regulation_page.page(edition)
    yield from lists_page.pages(edition)
    yield statistics_page.page(edition)
    yield from redirects.pages(edition)
    yield software_page.page(edition)
    yield site_map(edition)
    yield not_found()


def home(edition: Edition) -> Page:
    """`/`."""
    portal = edition.catalog.portal
    return Page(
        "",
        "home.html",
        portal.title,
        _("Public data of {operator}: search, download, apply.").format(
            operator=portal.operator.name
        ),
        {
            "figures": figures.count(edition, edition.catalog.datasets),
            "themes": figures.grouped(edition, portal.themes),
            "departments": [
                one for one in figures.grouped(edition, portal.departments) if one[1].datasets
            ],
            "newest": newest(edition),
            "replies": replies.replies(edition.regulation, edition.as_of),
            "edition": edition,
        },
    )


def catalogue(edition: Edition) -> Page:
    """`/datasets/`."""
    shown = listed(edition.catalog.datasets)
    return Page(
        "datasets/",
        "datasets.html",
        _("Data catalogue"),
        _("All entries of the catalogue, whether open, open on request or not open."),
        {
            "datasets": [summary(edition, dataset) for dataset in shown],
            "facets": [
                (
                    "openness",
                    _("Openness"),
                    _choices((d.openness.value, d.openness.label) for d in shown),
                ),
                ("theme", _("Theme"), _choices((d.theme.id, d.theme.name) for d in shown)),
                (
                    "department",
                    _("Department"),
                    _choices((d.department.id, d.department.name) for d in shown),
                ),
            ],
        },
    )


def departments(edition: Edition) -> Iterator[Page]:
    """`/departments/` and one page for each department."""
    every = edition.catalog.portal.departments
    yield Page(
        "departments/",
        "departments.html",
        _("Departments"),
        _("The departments that provide data, and how to reach them."),
        {"groups": figures.grouped(edition, every)},
    )
    for department in every:
        own = [one for one in edition.catalog.datasets if one.department.id == department.id]
        yield Page(
            f"departments/{department.id}/",
            "department.html",
            department.name,
            _("Data provided by {department}.").format(department=department.name),
            {"department": department, **_group(edition, own)},
        )


def themes(edition: Edition) -> Iterator[Page]:
    """`/themes/` and one page for each theme."""
    every = edition.catalog.portal.themes
    yield Page(
        "themes/",
        "themes.html",
        _("Themes"),
        _("The catalogue by field of life."),
        {"groups": figures.grouped(edition, every)},
    )
    for theme in every:
        own = [one for one in edition.catalog.datasets if one.theme.id == theme.id]
        yield Page(
            f"themes/{theme.id}/",
            "theme.html",
            theme.name,
            _("Data of the theme {theme}.").format(theme=theme.name),
            {"theme": theme, **_group(edition, own)},
        )


def site_map(edition: Edition) -> Page:
    """`/sitemap/`."""
    return Page(
        "sitemap/",
        "sitemap.html",
        _("Site map"),
        _("Every page of this site."),
        {
            "departments": [
                (one, listed(d for d in edition.catalog.datasets if d.department.id == one.id))
                for one in edition.catalog.portal.departments
            ],
            "themes": edition.catalog.portal.themes,
            "lists": lists_page.links(),
        },
    )


def not_found() -> Page:
    """`/404.html`."""
    return Page(NOT_FOUND, "404.html", _("Page not found"))


def listed(datasets: Iterable[Dataset]) -> list[Dataset]:
    """The datasets that lists show, in the order of their titles; withdrawn ones are not shown."""
    current = (one for one in datasets if one.entry.withdrawn is None)
    return sorted(current, key=lambda one: (sort_key(one.descriptor.title), one.key))


def newest(edition: Edition) -> list[dict[str, Any]]:
    """The datasets whose data changed last; none where the history cannot be believed."""
    known = [one for one in listed(edition.catalog.datasets) if one.key in edition.updated]
    known.sort(key=lambda one: edition.updated[one.key], reverse=True)
    return [summary(edition, one) for one in known[:NEWEST]]


def summary(edition: Edition, dataset: Dataset) -> dict[str, Any]:
    """What a list shows of a dataset, and the text that its search looks through."""
    package = edition.packages[dataset.key]
    formats = {
        file.kind: None
        for file in package.files
        if file.resource is not None and file.path != "datapackage.json"
    }
    return {
        "dataset": dataset,
        "path": f"datasets/{dataset.key}/",
        "sentence": words.first_sentence(dataset.descriptor.description or ""),
        "updated": edition.updated.get(dataset.key),
        "formats": [words.file_format(name) for name in formats] if dataset.is_open else [],
        "rows": sum(table.row_count for table in package.tables),
        "search": search_text(edition, dataset),
    }


def search_text(edition: Edition, dataset: Dataset) -> str:
    """Everything of a dataset that a search finds, in lower case, one space between words."""
    descriptor = dataset.descriptor
    parts: list[str | None] = [
        descriptor.title,
        descriptor.name,
        descriptor.description,
        dataset.department.name,
        dataset.theme.name,
        dataset.entry.code,
        *descriptor.keywords,
    ]
    for table in edition.packages[dataset.key].tables:
        parts.append(table.title)
        for field in table.fields:
            parts += [field.title, field.name]
    distinct = dict.fromkeys(part for part in parts if part)
    return " ".join(" ".join(distinct).split()).casefold()


def _choices(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The values of a facet with their labels, most frequent first."""
    return [choice for choice, _n in Counter(found).most_common()]


def _group(edition: Edition, datasets: Sequence[Dataset]) -> dict[str, Any]:
    return {
        "figures": figures.count(edition, datasets),
        "datasets": [summary(edition, one) for one in listed(datasets)],
        "withdrawn": [one for one in datasets if one.entry.withdrawn],
    }
