"""How the measures of the self-assessment are computed, each a function of the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import mean, median
from typing import TYPE_CHECKING

from kaishu.base.problems import Severity
from kaishu.catalog.register import Kind, Outcome
from kaishu.catalog.rules import YEAR
from kaishu.catalog.upkeep import next_update
from kaishu.packaging import law
from kaishu.supervision.measures import Facts, Figure, share
from kaishu.supervision.scorecard import holds_data

if TYPE_CHECKING:
    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import PublishedFile, PublishedTable

CATALOGUE_FORMS = ("catalog.jsonld", "catalog.ttl", "data.json", "catalog.csv", "catalog.xlsx")
TEXT_FORMATS = {"csv", "json", "geojson", "xml"}
MACHINE_READABLE = {*TEXT_FORMATS, "tsv", "ndjson", "xlsx", "parquet"}
FEW_ROWS = 10


def regulation_articles(facts: Facts) -> Figure | None:
    """Articles at hand; none of a text that is at hand without any."""
    articles = facts.regulation.articles
    return Figure(len(articles)) if articles else None


def contacts(facts: Facts) -> Figure | None:
    """Departments with entries that can be reached by name."""
    owners = {one.department.id for one in facts.entries}
    asked = [one for one in facts.departments if one.id in owners]
    reached = [
        one for one in asked if one.contact.name and (one.contact.phone or one.contact.email)
    ]
    return share(reached, asked, [one.name for one in asked if one not in reached])


def confirmed_contacts(facts: Facts) -> Figure | None:
    """Contacts confirmed within a year, of those for which a day is stated."""
    stated = [one for one in facts.departments if one.contact.confirmed is not None]
    current = [
        one
        for one in stated
        if one.contact.confirmed and facts.as_of - one.contact.confirmed <= YEAR
    ]
    return share(current, stated, [one.name for one in stated if one not in current])


def machine_catalogue(_facts: Facts) -> Figure | None:
    """The forms that every build writes."""
    return Figure(len(CATALOGUE_FORMS))


def whole_list(facts: Facts) -> Figure | None:
    """Entries of the list, withdrawn ones among them."""
    return Figure(len(facts.catalog.datasets))


def preview(facts: Facts) -> Figure | None:
    """Open datasets with first rows to show."""
    return _share_of_open(facts, [one for one in facts.opened if any(
        table.rows for table in facts.packages[one.key].tables)])  # fmt: skip


def files(facts: Facts) -> Figure | None:
    """Data files of open datasets."""
    return Figure(sum(len(_files(facts, one)) for one in facts.opened))


def feeds(facts: Facts) -> Figure | None:
    """The catalogue's feed and each dataset's."""
    return Figure(1 + len(facts.catalog.datasets))


def registered(facts: Facts, kind: Kind) -> Figure | None:
    """Cases of a kind in the public register; not available without a register."""
    return Figure(sum(one.kind is kind for one in facts.cases)) if facts.register else None


def refusals(facts: Facts) -> Figure | None:
    """Refusals that say why and on what basis."""
    refused = [
        one
        for one in facts.cases
        if one.kind is Kind.OPEN_APPLICATION and one.outcome is Outcome.REFUSED
    ]
    return share([one for one in refused if one.reason and one.basis], refused)


def priority(facts: Facts) -> Figure | None:
    """Priority themes with open data; those without are named."""
    texts = law.in_force(facts.regulation, facts.as_of)
    found = list(law.priority_themes(facts.catalog, texts))
    without = [theme.name for theme, opened, _article in found if not opened]
    return share([theme for theme, opened, _article in found if opened], found, without)


def themes(facts: Facts) -> Figure | None:
    """Themes with open data; those without are named."""
    known = {one.theme.id for one in facts.opened}
    every = facts.catalog.portal.themes
    return share(
        [one for one in every if one.id in known],
        every,
        [one.name for one in every if one.id not in known],
    )


def departments(facts: Facts) -> Figure | None:
    """Departments with open data; those without are named."""
    known = {one.department.id for one in facts.opened}
    every = facts.departments
    return share(
        [one for one in every if one.id in known],
        every,
        [one.name for one in every if one.id not in known],
    )


def valid(facts: Facts) -> Figure | None:
    """Open datasets that are worth a download."""
    doubled = _doubled(facts)
    wrong = {one.dataset for one in facts.problems if one.severity is Severity.ERROR}
    sound: list[Dataset] = []
    unsound: list[Dataset] = []
    for one in facts.opened:
        held = holds_data(facts.packages[one.key])
        good = held and one.key not in doubled and one.key not in wrong
        (sound if good else unsound).append(one)
    return _share_of_open(facts, sound, unsound)


def duplicates(facts: Facts) -> Figure | None:
    """Open datasets that share a file with another."""
    doubled = _doubled(facts)
    found = [one for one in facts.opened if one.key in doubled]
    return _share_of_open(facts, found, found)


def capacity(facts: Facts) -> Figure | None:
    """Cells of an open dataset, on average."""
    sizes = [
        sum(table.row_count * len(table.fields) for table in facts.packages[one.key].tables)
        for one in _tabular(facts)
    ]
    return Figure(round(mean(sizes)), whole=len(sizes)) if sizes else None


def small(facts: Facts) -> Figure | None:
    """Open datasets of a few rows only."""
    found = [
        one
        for one in _tabular(facts)
        if sum(table.row_count for table in facts.packages[one.key].tables) < FEW_ROWS
    ]
    return share(found, _tabular(facts), _titles(found))


def fragments(facts: Facts) -> Figure | None:
    """Open datasets of the same fields within a department."""
    alike: dict[tuple[str, tuple[tuple[str, ...], ...]], list[Dataset]] = defaultdict(list)
    for one in _tabular(facts):
        tables = facts.packages[one.key].tables
        names = tuple(sorted(tuple(field.name for field in table.fields) for table in tables))
        alike[one.department.id, names].append(one)
    found = [one for group in alike.values() if len(group) > 1 for one in group]
    return share(found, _tabular(facts), _titles(found))


def text_formats(facts: Facts) -> Figure | None:
    """Open datasets in an open text format."""
    return _share_of_open(
        facts, [one for one in facts.opened if TEXT_FORMATS & _formats(facts, one)]
    )


def machine_readable(facts: Facts) -> Figure | None:
    """Data files that a program can read; the formats of the others are named."""
    every = [file for one in facts.opened for file in _files(facts, one)]
    read = [file for file in every if file.kind in MACHINE_READABLE]
    others = Counter(file.kind for file in every if file.kind not in MACHINE_READABLE)
    return share(read, every, others)


def several_formats(facts: Facts) -> Figure | None:
    """Open datasets to choose a format of."""
    return _share_of_open(facts, [one for one in facts.opened if len(_formats(facts, one)) > 1])


def licences(facts: Facts) -> Figure | None:
    """Open datasets with terms of use."""
    without = [one for one in facts.opened if one.licence is None]
    return _share_of_open(facts, [one for one in facts.opened if one.licence], without)


def dictionary(facts: Facts) -> Figure | None:
    """Fields that are explained."""
    every = [field for table in _tables(facts) for field in table.fields]
    return share([one for one in every if one.title and one.description], every)


def mostly_empty(facts: Facts) -> Figure | None:
    """Fields more than half empty; each is named."""
    every: list[str] = []
    found: list[str] = []
    for table in _tables(facts):
        columns = table.profile.get("columns", ()) if table.row_count else ()
        titles = {field.name: field.title for field in table.fields}
        for column in columns:
            every.append(column["name"])
            if 2 * column["nulls"] > table.row_count:
                title = titles.get(column["name"]) or column["name"]
                found.append(f"{table.title or table.resource}: {title}")
    return share(found, every, found)


def age(facts: Facts) -> Figure | None:
    """How old the data are against their cycle."""
    ratios = []
    for one in facts.opened:
        updated = facts.updated.get(one.key)
        due = next_update(updated, one.entry.update_cycle)
        if updated is not None and due is not None:
            ratios.append((facts.as_of - updated).days / (due - updated).days)
    return Figure(round(median(ratios), 2), whole=len(ratios)) if ratios else None


def _share_of_open(
    facts: Facts, part: list[Dataset], named: list[Dataset] | None = None
) -> Figure | None:
    return share(part, facts.opened, _titles(named or []))


def _titles(datasets: list[Dataset]) -> list[str]:
    return [one.descriptor.title for one in datasets]


def _files(facts: Facts, dataset: Dataset) -> list[PublishedFile]:
    """The data files of a dataset, without its descriptor and the archive of the whole."""
    return [file for file in facts.packages[dataset.key].files if file.resource is not None]


def _formats(facts: Facts, dataset: Dataset) -> set[str]:
    return {file.kind for file in _files(facts, dataset)}


def _tabular(facts: Facts) -> list[Dataset]:
    return [one for one in facts.opened if facts.packages[one.key].tables]


def _tables(facts: Facts) -> list[PublishedTable]:
    return [table for one in facts.opened for table in facts.packages[one.key].tables]


def _doubled(facts: Facts) -> set[str]:
    """Keys of the open datasets that hold the same data file as another."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in facts.opened:
        for file in _files(facts, one):
            owners[file.sha256].add(one.key)
    return {key for keys in owners.values() if len(keys) > 1 for key in keys}
