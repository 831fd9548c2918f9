"""What a catalogue must satisfy beyond its form: bases, conditions, reviews, codes, contacts."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from stdnum.cn import uscc

from kaishu.base import clock, problems
from kaishu.base.i18n import N_
from kaishu.base.vocabulary import Openness, Sharing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.catalog.dataset import Catalog, Dataset

# No text sets how often a contact is to be confirmed (营口 第七条: when people change).
YEAR = timedelta(days=366)

MISSING_BASIS = problems.error(
    "missing-basis",
    N_("The dataset is “{openness}”, but no basis is stated."),
    N_("Add openness.basis with title, article and level; the basis is made public."),
)
MISSING_CONDITIONS = problems.error(
    "missing-conditions",
    N_("“{attribute}” is conditional, but the conditions are not spelled out."),
    N_("Add {key}: who may have the data, for what, and how."),
)
RESTRICTED_WITH_DATA = problems.error(
    "restricted-with-data",
    N_("The dataset is “{openness}”, but data lie beside its entry: {path}."),
    N_("Remove the file. Describe the table by its header alone: data: [[…]] and a schema."),
)
RESTRICTED_WITH_ROWS = problems.error(
    "restricted-with-rows",
    N_("The dataset is “{openness}”, but its entry carries rows."),
    N_("Keep the header alone: data: [[first column, second column]]."),
)
OPEN_WITHOUT_DATA = problems.error(
    "open-without-data",
    N_("The dataset is open to all, but “{resource}” has no file."),
    N_("Give the path of its file, below data/."),
)
MISSING_ID = problems.warning(
    "missing-id",
    N_("The dataset has no permanent id."),
    N_("Add an id, such as a random UUID; it stays when the dataset moves to another department."),
)
MISSING_REVIEW = problems.warning(
    "missing-review",
    N_("No secrecy and openness review before opening is recorded."),
    N_("Add review: {{date, by, reference}} to the catalogue entry."),
)
NOT_REVIEWED = problems.error(
    "not-reviewed",
    N_("The dataset is open to all, but no review before opening is recorded."),
    N_("Add review: {{date, by, reference}} to the catalogue entry."),
)
EMBARGOED = problems.note(
    "embargoed",
    N_("The entry is announced; its data stay out of the site until {date}."),
    N_("A build on that day publishes them; the data lie in the repository until then."),
)
MISSING_LICENCE = problems.warning(
    "missing-licence",
    N_("Neither the dataset nor catalog.yaml states a licence."),
    N_("Add licence to catalog.yaml, or licenses to the dataset."),
)
MISSING_CONTACT = problems.warning(
    "missing-contact",
    N_("Neither the entry nor its department states a contact."),
    N_("Add contact with a telephone or an e-mail address."),
)
BAD_CODE = problems.error(
    "bad-code",
    N_("The code “{code}” is not of the form {pattern}."),
    N_("Write classification code, slash, sequence number, as 310001/000012."),
)
DUPLICATE_CODE = problems.error(
    "duplicate-code",
    N_("The code “{code}” is also that of {other}."),
    N_("Give each entry a code of its own."),
)
DUPLICATE_TITLE = problems.warning(
    "duplicate-title",
    N_("The title “{title}” is also that of {other}."),
    N_("Say in the title what tells the two apart."),
)
SIMILAR_TITLE = problems.note(
    "similar-title",
    N_("The title “{title}” differs from that of {other} in punctuation, spaces or width alone."),
    N_("Say in the title what tells the two apart, or join the two entries."),
)
MISSING_OFFICER = problems.warning(
    "missing-officer",
    N_("No data officer is named for the department “{department}”."),
    N_("Add contact.name to the department in catalog.yaml."),
)
STALE_CONTACT = problems.note(
    "stale-contact",
    N_(
        "The contact of the department “{department}” was last confirmed on {date}, over a year ago."
    ),
    N_("Ask whether the contact is still right, then set contact.confirmed to today."),
)
UNKNOWN_DATASET = problems.error(
    "unknown-dataset",
    N_("“{key}” names {other}, which is not in the catalogue."),
    N_("Correct the address: <department>/<name>."),
)
TAKEN_ALIAS = problems.error(
    "taken-alias",
    N_("The former address “{alias}” is that of {other} now."),
    N_("Leave it out; an address in use cannot lead elsewhere."),
)
BAD_USCC = problems.error(
    "bad-uscc",
    N_("“{uscc}” is not a valid unified social credit code."),
    N_("Check its 18 characters; the last one is a check character."),
)
DUPLICATE_DEPARTMENT = problems.error(
    "duplicate-department",
    N_("The id “{id}” is used twice in {key}."),
    N_("Give each one an id of its own."),
)
MISSING_FOOTER = problems.error(
    "missing-footer",
    N_("The portal is in production, but footer.{key} is empty."),
    N_("A government site shows it at the foot of every page (国办发〔2017〕47号)."),
)
MISSING_PLACE = problems.warning(
    "missing-footer-place",
    N_("The portal is in production, but footer.{key} is empty."),
    N_(
        "Give the address that the site was assigned; its place at the foot stays empty until then."
    ),
)
MISSING_OPERATOR = problems.warning(
    "missing-operator-contact",
    N_("The portal is in production, but operator.{key} is empty."),
    N_(
        "A government site says at its foot who runs it and how to reach them (国办发〔2017〕47号)."
    ),
)
BAD_TILES = problems.error(
    "bad-tiles",
    N_("map.tiles is not an https address with {{z}}, {{x}} and {{y}} on one host."),
    N_("Write it as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png, without {{s}} in the host."),
)
BAD_PATTERN = problems.error(
    "bad-pattern",
    N_("code_pattern is not a regular expression."),
    N_("Correct it, or leave it out for the default."),
)


def check(catalog: Catalog) -> list[problems.Problem]:
    """Every problem of the catalogue's content; form and tables are checked elsewhere."""
    found = [*_portal(catalog), *_codes(catalog), *_aliases(catalog), *_titles(catalog)]
    for dataset in catalog.datasets:
        found.extend(_openness(dataset))
        found.extend(_conditions(dataset))
        found.extend(_upkeep(dataset, production=catalog.portal.mode == "production"))
        found.extend(_references(dataset, catalog))
    return found


def _at(dataset: Dataset, *path: str | int) -> dict[str, Any]:
    return {"file": dataset.file, "dataset": dataset.key, "line": dataset.lines.line(path)}


def _portal(catalog: Catalog) -> Iterator[problems.Problem]:
    portal, file = catalog.portal, "catalog.yaml"
    for key, ids in (
        ("departments", [one.id for one in portal.departments]),
        ("themes", [one.id for one in portal.themes]),
    ):
        for id_ in sorted({one for one in ids if ids.count(one) > 1}):
            yield DUPLICATE_DEPARTMENT.at(file=file, id=id_, key=key)
    for department in portal.departments:
        if department.uscc and not uscc.is_valid(department.uscc):
            yield BAD_USCC.at(file=file, uscc=department.uscc)
        # 营口 第七条: each department has named people, and keeps their contacts current.
        owns = any(one.department.id == department.id for one in catalog.datasets)
        if owns and not department.contact.name:
            yield MISSING_OFFICER.at(file=file, department=department.name)
        confirmed = department.contact.confirmed
        if confirmed is not None and confirmed < clock.today() - YEAR:
            yield STALE_CONTACT.at(
                file=file, department=department.name, date=confirmed.isoformat()
            )
    if not all(_is_tile_address(one) for one in portal.map.layers):
        yield BAD_TILES.at(file=file)
    if portal.mode == "production":
        for key in ("icp", "police", "site_id"):
            if getattr(portal.footer, key) is None:
                yield MISSING_FOOTER.at(file=file, key=key)
        for key in ("mark", "errors"):
            if getattr(portal.footer, key) is None:
                yield MISSING_PLACE.at(file=file, key=key)
        for key in ("phone", "email", "address"):
            if getattr(portal.operator, key) is None:
                yield MISSING_OPERATOR.at(file=file, key=key)


def _is_tile_address(text: str) -> bool:
    """Whether map tiles can be asked for there, and a page's policy can name the host."""
    host, _slash, rest = text.removeprefix("https://").partition("/")
    return (
        text.startswith("https://")
        and re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", host) is not None
        and all(name in rest for name in ("{z}", "{x}", "{y}"))
        and not re.search(r"[\s;,'\"]", text)
    )


def _codes(catalog: Catalog) -> Iterator[problems.Problem]:
    try:
        pattern = re.compile(catalog.portal.code_pattern)
    except re.error:
        yield BAD_PATTERN.at(file="catalog.yaml")
        return
    first: dict[str, Dataset] = {}
    for dataset in catalog.datasets:
        code = dataset.entry.code
        if code is None:
            continue
        place = _at(dataset, "catalogue", "code")
        if not pattern.search(code):
            yield BAD_CODE.at(**place, code=code, pattern=pattern.pattern)
        other = first.setdefault(code, dataset)
        if other is not dataset:
            yield DUPLICATE_CODE.at(**place, code=code, other=other.key)


def _titles(catalog: Catalog) -> Iterator[problems.Problem]:
    alike: dict[tuple[str, str], list[Dataset]] = defaultdict(list)
    for dataset in catalog.datasets:
        if dataset.entry.withdrawn is None:
            alike[dataset.department.id, _bare(dataset.descriptor.title)].append(dataset)
    for first, *others in alike.values():
        for dataset in others:
            title = dataset.descriptor.title
            same = title == first.descriptor.title
            code = DUPLICATE_TITLE if same else SIMILAR_TITLE
            yield code.at(**_at(dataset, "title"), title=title, other=first.key)


def _bare(title: str) -> str:
    """A title without what readers overlook: width, case, spaces, punctuation."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", title).casefold())


def _openness(dataset: Dataset) -> Iterator[problems.Problem]:
    openness = dataset.openness
    if openness is Openness.UNCONDITIONAL:
        for number, resource in enumerate(dataset.descriptor.resources):
            if not resource.path and dataset.entry.withdrawn is None:
                yield OPEN_WITHOUT_DATA.at(
                    **_at(dataset, "resources", number), resource=resource.name
                )
        return
    if not dataset.entry.openness.basis:
        place = _at(dataset, "catalogue", "openness")
        yield MISSING_BASIS.at(**place, openness=openness.label)
    # 营口 第二十九条 and 第三十条: what is not open to all is described, never laid open.
    for path in sorted((dataset.folder / "data").rglob("*")):
        if path.is_file() or path.is_symlink():
            name = path.relative_to(dataset.folder).as_posix()
            yield RESTRICTED_WITH_DATA.at(
                **_at(dataset, "catalogue", "openness"), openness=openness.label, path=name
            )
    for number, resource in enumerate(dataset.descriptor.resources):
        place = _at(dataset, "resources", number)
        if resource.path:
            yield RESTRICTED_WITH_DATA.at(**place, openness=openness.label, path=str(resource.path))
        if resource.data is not None and not _is_header(resource.data):
            yield RESTRICTED_WITH_ROWS.at(**place, openness=openness.label)


def _is_header(data: object) -> bool:
    if not isinstance(data, list) or len(data) > 1:
        return False
    return all(isinstance(row, list) and all(isinstance(c, str) for c in row) for row in data)


def _conditions(dataset: Dataset) -> Iterator[problems.Problem]:
    openness, sharing = dataset.entry.openness, dataset.entry.sharing
    if openness.type is Openness.ON_REQUEST and not openness.conditions:
        yield MISSING_CONDITIONS.at(
            **_at(dataset, "catalogue", "openness"),
            attribute=openness.type.label,
            key="openness.conditions",
        )
    if sharing.type is Sharing.CONDITIONAL and not sharing.conditions:
        yield MISSING_CONDITIONS.at(
            **_at(dataset, "catalogue", "sharing"),
            attribute=sharing.type.label,
            key="sharing.conditions",
        )


def _upkeep(dataset: Dataset, *, production: bool) -> Iterator[problems.Problem]:
    place = _at(dataset)
    day = dataset.entry.publish_on
    if dataset.embargoed and dataset.has_data and day is not None:
        yield EMBARGOED.at(**_at(dataset, "catalogue", "publish_on"), date=day.isoformat())
    if dataset.descriptor.id is None:
        yield MISSING_ID.at(**place)
    if dataset.openness is Openness.UNCONDITIONAL:
        # 朔州 第二十三条: secrecy review and openness review come before opening.
        if dataset.entry.review is None:
            yield (NOT_REVIEWED if production else MISSING_REVIEW).at(**place)
        if dataset.licence is None:
            yield MISSING_LICENCE.at(**place)
    contact = dataset.contact
    if not (contact.phone or contact.email):
        yield MISSING_CONTACT.at(**place)


def _aliases(catalog: Catalog) -> Iterator[problems.Problem]:
    """A former address that is in use, or that two datasets claim, leads nowhere for sure."""
    claimed: dict[str, str] = {}
    for dataset in catalog.datasets:
        for n, alias in enumerate(dataset.entry.aliases):
            other = alias if alias in catalog.by_key else claimed.setdefault(alias, dataset.key)
            if other != dataset.key:
                place = _at(dataset, "catalogue", "aliases", n)
                yield TAKEN_ALIAS.at(**place, alias=alias, other=other)


def _references(dataset: Dataset, catalog: Catalog) -> Iterator[problems.Problem]:
    named = [("related", key) for key in dataset.entry.related]
    if dataset.entry.withdrawn and dataset.entry.withdrawn.successor:
        named.append(("withdrawn", dataset.entry.withdrawn.successor))
    for key, other in named:
        if other not in catalog.by_key:
            yield UNKNOWN_DATASET.at(**_at(dataset, "catalogue", key), key=key, other=other)
