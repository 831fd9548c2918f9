"""A dataset's page: `/datasets/<department>/<name>/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.vocabulary import Openness
from kaishu.catalog.upkeep import next_update
from kaishu.site import columns, dataset_quality, dictionary, explore, replies, using, words
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import Package, PublishedFile
    from kaishu.site.edition import Edition

DESCRIPTOR = "datapackage.json"
PREFERRED = ("csv", "xlsx", "geojson", "json", "xml", "parquet", "ndjson", "excel.csv")
# Characters of the summary: three lines on a phone.
SENTENCE = 66


def page(edition: Edition, dataset: Dataset) -> Page:
    """The page of `dataset`; of a withdrawn one, a page that says why."""
    descriptor = dataset.descriptor
    # What decides has to stand above the fold; a sentence that was cut is whole further down.
    sentence = words.brief(words.first_sentence(descriptor.description or ""), SENTENCE)
    values: dict[str, Any] = {"dataset": dataset, "entry": dataset.entry, "sentence": sentence}
    values["past"] = edition.pasts.get(dataset.key)
    path = f"datasets/{dataset.key}/"
    withdrawn = dataset.entry.withdrawn
    if withdrawn is not None:
        values["successor"] = edition.catalog.by_key.get(withdrawn.successor or "")
        return Page(path, "withdrawn.html", descriptor.title, sentence, values)
    package = edition.packages[dataset.key]
    updated = edition.updated.get(dataset.key)
    related = [edition.catalog.by_key.get(key) for key in dataset.entry.related]
    values |= {
        "edition": edition,
        "package": package,
        "dictionaries": dictionary.dictionaries(package),
        "updated": updated,
        "next_update": next_update(updated, dataset.entry.update_cycle),
        "rest": (descriptor.description or "").strip().removeprefix(sentence).strip(),
        "descriptor_file": next((one for one in package.files if one.path == DESCRIPTOR), None),
        "machine_files": package.files,
        "related": [one for one in related if one is not None],
        "register": edition.catalog.register,
        "replies": [],
        "article_number": replies.article_number,
        **_downloads(package, dataset),
    }
    main = next((one for one in package.files if one.format == "csv"), None)
    values["citation"] = using.citation(edition.catalog.portal, dataset, updated, main)
    if dataset.openness is Openness.ON_REQUEST:
        values["replies"] = replies.replies(edition.regulation, edition.as_of)
    explored = _explored(edition, dataset, package)
    sources = explore.sources(edition, explored["maps"], explored["console"])
    return Page(path, "dataset.html", descriptor.title, sentence, {**values, **explored}, sources)


def _explored(edition: Edition, dataset: Dataset, package: Package) -> dict[str, Any]:
    """What can be seen of and done with the tables; of a dataset that is not open, its columns."""
    opened = dataset.is_open
    portal = edition.catalog.portal
    previews = columns.previews(package.tables)
    return {
        "columns": {table.resource: columns.columns(table) for table in package.tables},
        "previews": previews,
        "charts": explore.charted(edition, package) if opened else [],
        "maps": explore.mapped(edition, package) if opened else [],
        "console": explore.queried(edition, package) if opened else None,
        "snippets": using.snippets(portal, dataset, package.files) if opened else [],
        "quality": dataset_quality.checks(dataset, package, edition.found.get(dataset.key, ()))
        if opened
        else [],
    }


def _downloads(package: Package, dataset: Dataset) -> dict[str, Any]:
    """The files to take: the one offered first, the whole, and every table's formats."""
    if not dataset.is_open:
        return {"primary": None, "archive": None, "others": [], "by_resource": []}
    data = [file for file in package.files if file.resource is not None]
    primary = min(data, key=_preference, default=None)
    archive = next((one for one in package.files if one.path.endswith(".zip")), None)
    names = list(dict.fromkeys(file.resource for file in data))
    titles = {table.resource: table.title for table in package.tables}
    files = {
        name: sorted((file for file in data if file.resource == name), key=_preference)
        for name in names
    }
    of_primary = primary.resource if primary is not None else None
    return {
        "primary": primary,
        "primary_name": titles.get(of_primary or "") or of_primary,
        "archive": archive,
        "others": [file for file in files.get(of_primary, ()) if file is not primary],
        "by_resource": [(titles.get(name or "") or name, files[name]) for name in names]
        if len(names) > 1
        else [],
    }


def _preference(file: PublishedFile) -> int:
    return PREFERRED.index(file.format) if file.format in PREFERRED else len(PREFERRED)
