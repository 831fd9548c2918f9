"""自评: the measures of public indices of open-data portals, as far as they can be computed truly.

Each is computed by a function of `indicators`, or is listed as not measured, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import Word
from kaishu.catalog.register import Kind
from kaishu.supervision import indicators as by
from kaishu.supervision.measures import Definition, Measure, Unit
from kaishu.supervision.scorecard import APPLICATION_DAYS, APPLICATIONS_IN_TIME, IN_CYCLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.supervision.measures import Facts


class Section(Word):
    """What a group of measures is about."""

    FOUNDATION = "foundation", N_("Rules and organisation")
    PLATFORM = "platform", N_("Platform")
    EXCHANGE = "exchange", N_("Exchange with the public")
    DATA = "data", N_("Data")
    USE = "use", N_("Use of the data")


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A measure of public indices that is not computed here; `title` and `why` are message ids."""

    id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """One line of the self-assessment: a measure, or why there is none."""

    section: Section
    id: str
    title: str
    measure: Measure | None
    why: str = ""


def assess(facts: Facts) -> Iterator[Assessed]:
    """Every line of the self-assessment of the whole portal, section by section."""
    for section, lines in LINES.items():
        for line in lines:
            title = gettext(line.title)
            if isinstance(line, Unmeasured):
                yield Assessed(section, line.id, title, None, gettext(line.why))
            else:
                yield Assessed(section, line.id, title, line.measure(facts))


NO_RECORD = N_("The portal's repository holds no record of it.")
OUTSIDE = N_("It is found by tools that visit the running site, not while the pages are made.")
NOT_KEPT = N_("The site is made of files and keeps no record of what its visitors do.")

LINES: dict[Section, tuple[Definition | Unmeasured, ...]] = {
    Section.FOUNDATION: (
        Definition(
            "regulation-articles",
            N_("Articles of the regulation published"),
            N_("The articles of the regulation in force whose text this site shows in full."),
            Unit.COUNT,
            by.regulation_articles,
        ),
        Unmeasured("standards", N_("Standards adopted"), NO_RECORD),
        Definition(
            "contacts",
            N_("Departments with a named contact"),
            N_(
                "Departments with entries whose contact has a name and a telephone number or e-mail "
                "address, among all departments with entries."
            ),
            Unit.SHARE,
            by.contacts,
        ),
        Definition(
            "current-contacts",
            N_("Contacts confirmed within a year"),
            N_(
                "Departments whose contact was confirmed within the last 366 days, among those for "
                "which the day of confirmation is stated."
            ),
            Unit.SHARE,
            by.confirmed_contacts,
        ),
        Unmeasured(
            "plan",
            N_("Yearly plan carried out"),
            N_("The yearly plan is followed among the obligations, not as a figure."),
        ),
    ),
    Section.PLATFORM: (
        Unmeasured("links", N_("Links to portals above and below"), NO_RECORD),
        Definition(
            "machine-catalogue",
            N_("Forms of the catalogue for machines"),
            N_("DCAT as JSON-LD and as Turtle, data.json, CSV and XLSX, each with the whole list."),
            Unit.COUNT,
            by.machine_catalogue,
        ),
        Definition(
            "whole-list",
            N_("Entries in the downloadable list"),
            N_("Entries in the list of the whole catalogue, which anyone can download."),
            Unit.COUNT,
            by.whole_list,
        ),
        Unmeasured(
            "search",
            N_("Full-text search and facets"),
            N_("They are functions of the catalogue page, not a number."),
        ),
        Unmeasured("zero-hits", N_("Searches without a hit"), NOT_KEPT),
        Definition(
            "preview",
            N_("Datasets with a preview"),
            N_("Open datasets with a table whose first rows their page shows, among those open."),
            Unit.SHARE,
            by.preview,
        ),
        Definition(
            "files",
            N_("Files without login"),
            N_("Data files that anyone can download without login or application."),
            Unit.COUNT,
            by.files,
        ),
        Unmeasured("link-check", N_("Dead links"), OUTSIDE),
        Unmeasured(
            "bulk",
            N_("Download of all of a department's data"),
            N_("Datasets are downloaded one by one, each as a whole; there is nothing to measure."),
        ),
        Definition(
            "feeds",
            N_("Feeds to subscribe to"),
            N_("One feed for the whole catalogue, and one for each dataset."),
            Unit.COUNT,
            by.feeds,
        ),
        Unmeasured(
            "api",
            N_("API answers"),
            N_("An API can only be probed where it runs, not while the pages are made."),
        ),
        Unmeasured("experience", N_("Accessibility, page weight and phones"), OUTSIDE),
    ),
    Section.EXCHANGE: (
        Definition(
            "public-cases",
            N_("Applications with a public status"),
            N_("Applications to open that the public register lists with number and status."),
            Unit.COUNT,
            lambda facts: by.registered(facts, Kind.OPEN_APPLICATION),
        ),
        APPLICATIONS_IN_TIME,
        APPLICATION_DAYS,
        Definition(
            "demands",
            N_("Demands for data not in the catalogue"),
            N_("Demands for data that the public register lists."),
            Unit.COUNT,
            lambda facts: by.registered(facts, Kind.OPEN_DEMAND),
        ),
        Definition(
            "corrections",
            N_("Corrections asked for"),
            N_("Corrections of data that the public register lists."),
            Unit.COUNT,
            lambda facts: by.registered(facts, Kind.CORRECTION),
        ),
        Definition(
            "refusals",
            N_("Refusals with reason and basis"),
            N_(
                "Refused applications for which the public register states both reason and basis, "
                "among all refused."
            ),
            Unit.SHARE,
            by.refusals,
        ),
        Unmeasured("ratings", N_("Ratings"), N_("The portal collects no ratings.")),
        Unmeasured("complaints", N_("Complaints"), NO_RECORD),
        Unmeasured(
            "privacy",
            N_("Personal data found in open data"),
            N_("What a scan for personal data finds is not published, so it is no figure here."),
        ),
    ),
    Section.DATA: (
        Definition(
            "priority",
            N_("Priority themes with open data"),
            N_(
                "Themes that the regulation has opened first and that hold an open dataset, among all "
                "such themes."
            ),
            Unit.SHARE,
            by.priority,
        ),
        Definition(
            "theme-coverage",
            N_("Themes with open data"),
            N_("Themes with at least one open dataset, among all themes."),
            Unit.SHARE,
            by.themes,
        ),
        Definition(
            "department-coverage",
            N_("Departments with open data"),
            N_("Departments with at least one open dataset, among all departments."),
            Unit.SHARE,
            by.departments,
        ),
        Definition(
            "valid",
            N_("Valid datasets"),
            N_(
                "Open datasets that are not empty, have no error, and share no data file with another, "
                "among those open."
            ),
            Unit.SHARE,
            by.valid,
        ),
        Definition(
            "duplicates",
            N_("Duplicate datasets"),
            N_("Open datasets with a data file identical to one of another, among those open."),
            Unit.SHARE,
            by.duplicates,
        ),
        Definition(
            "capacity",
            N_("Average capacity"),
            N_("Rows times fields of all tables of an open dataset, on average."),
            Unit.COUNT,
            by.capacity,
        ),
        Definition(
            "small",
            N_("Datasets of low capacity"),
            N_("Open datasets with fewer than 10 rows in all, among those with tables."),
            Unit.SHARE,
            by.small,
        ),
        Definition(
            "fragments",
            N_("Fragmented datasets"),
            N_(
                "Open datasets with the same fields as another of the same department, as arise when "
                "one table is split by month or county, among those with tables."
            ),
            Unit.SHARE,
            by.fragments,
        ),
        Definition(
            "text-formats",
            N_("Datasets in CSV, JSON or XML"),
            N_("Open datasets with a data file in CSV, JSON, GeoJSON or XML, among those open."),
            Unit.SHARE,
            by.text_formats,
        ),
        Definition(
            "machine-readable",
            N_("Machine-readable files"),
            N_("Data files in CSV, TSV, JSON, NDJSON, GeoJSON, XML, XLSX or Parquet, among all data files."),
            Unit.SHARE,
            by.machine_readable,
        ),
        Definition(
            "several-formats",
            N_("Datasets in several formats"),
            N_("Open datasets with data files in at least two formats, among those open."),
            Unit.SHARE,
            by.several_formats,
        ),
        Definition(
            "licences",
            N_("Datasets with a licence"),
            N_("Open datasets with a licence of their own or the portal's, among those open."),
            Unit.SHARE,
            by.licences,
        ),
        Definition(
            "dictionary",
            N_("Fields explained"),
            N_("Fields of open tables with a title and a description, among all their fields."),
            Unit.SHARE,
            by.dictionary,
        ),
        Definition(
            "mostly-empty",
            N_("Fields mostly empty"),
            N_(
                "Fields more than half of whose cells are empty, among all fields of open tables with "
                "rows."
            ),
            Unit.SHARE,
            by.mostly_empty,
        ),
        Unmeasured(
            "crude",
            N_("Crude conversions"),
            N_("Whether a table was made from a page layout needs a person's judgement."),
        ),
        IN_CYCLE,
        Definition(
            "age",
            N_("Age by cycle"),
            N_(
                "The days since the last update divided by the days of the cycle, the median over the "
                "open datasets for which both are known; above 1 is late."
            ),
            Unit.RATIO,
            by.age,
        ),
        Unmeasured(
            "continuity",
            N_("Continuity"),
            N_("It needs earlier releases to compare with; the pages are made from one edition."),
        ),
        Unmeasured(
            "consistency",
            N_("Consistent counts"),
            N_("Every count is made from the same catalogue, so there is nothing to compare."),
        ),
    ),
    Section.USE: (
        Unmeasured("showcase", N_("Showcase of reuse"), NO_RECORD),
        Unmeasured("reuse-links", N_("Links of reuse alive"), NO_RECORD),
        Unmeasured("events", N_("Events and contests"), NO_RECORD),
        Unmeasured("downloads", N_("Downloads"), NOT_KEPT),
    ),
}  # fmt: skip
