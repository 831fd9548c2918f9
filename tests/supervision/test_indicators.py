"""The measures of the self-assessment: each with what raises it, what lowers it, and nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.portals import OPEN, small_portal, write
from tests.supervision.made import case, facts

from kaishu.base.problems import Problem, Severity
from kaishu.catalog.register import Kind, Outcome
from kaishu.exports.write import write as write_exports
from kaishu.supervision import indicators
from kaishu.supervision.measures import Facts, Figure

PARKS = "datasets/mzj/parks/datapackage.yaml"
DATA = "datasets/mzj/parks/data/parks.csv"
GREEN = "datasets/mzj/green/datapackage.yaml"
OF_THE_OPEN = (
    "preview", "valid", "duplicates", "capacity", "small", "fragments", "text_formats",
    "machine_readable", "several_formats", "licences", "dictionary", "mostly_empty", "age",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def second(root: Path, rows: str = "code,name\n3,西公园\n", text: str = OPEN) -> None:
    """Another open dataset of the same department."""
    text = text.replace("name: parks", "name: green").replace("id: 6f", "id: 7f")
    write(root, GREEN, text.replace("title: 城市公园名单", "title: 绿地名单"))
    write(root, "datasets/mzj/green/data/parks.csv", rows)


def found(given: Facts, name: str) -> Figure:
    figure = getattr(indicators, name)(given)
    assert figure is not None, name
    return figure


def parts(given: Facts, name: str) -> tuple[int | None, int | None]:
    figure = found(given, name)
    return figure.part, figure.whole


def closed(root: Path) -> Facts:
    """Facts of a portal in which nothing is open."""
    withdrawn = OPEN + "  withdrawn: {date: 2026-11-01, reason: 不再采集}\n"
    write(root, PARKS, withdrawn)
    return facts(root)


@pytest.mark.parametrize("name", OF_THE_OPEN)
def test_where_nothing_is_open_there_is_no_value(root: Path, name: str) -> None:
    assert getattr(indicators, name)(closed(root)) is None


def test_a_sound_dataset_has_every_mark(root: Path) -> None:
    given = facts(root)
    for name in ("preview", "valid", "text_formats", "several_formats", "licences"):
        assert parts(given, name) == (1, 1), name
    part, whole = parts(given, "machine_readable")
    assert part == whole == found(given, "files").value
    assert found(given, "files").value >= 3
    assert found(given, "capacity").value == 4
    assert found(given, "whole_list").value == 3
    assert found(given, "feeds").value == 4
    assert found(given, "regulation_articles").value == 40


def test_a_text_without_its_articles_gives_no_number(root: Path) -> None:
    given = facts(root)
    bare = replace(given, regulation=replace(given.regulation, articles=()))
    assert indicators.regulation_articles(bare) is None


def test_the_forms_of_the_catalogue_are_those_that_are_written(root: Path, tmp_path: Path) -> None:
    given = facts(root)
    write_exports(given.catalog, given.packages, {}, given.as_of, tmp_path / "site")
    for name in indicators.CATALOGUE_FORMS:
        assert (tmp_path / "site" / name).is_file()
    assert len(list((tmp_path / "site").glob("datasets/*/*/feed.xml"))) + 1 == (
        found(given, "feeds").value
    )


def test_a_department_without_a_named_contact_is_named(root: Path) -> None:
    assert parts(facts(root), "contacts") == (2, 2)
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", text.replace("{name: 信息科, phone", "{phone", 1))
    figure = found(facts(root), "contacts")
    assert (figure.part, figure.whole, figure.named) == (1, 2, (("民政局", None),))


def test_a_contact_is_current_for_a_year_where_a_day_is_stated(root: Path) -> None:
    assert indicators.confirmed_contacts(facts(root)) is None
    text = (root / "catalog.yaml").read_text()
    stated = 'phone: "12345", confirmed: {}}}}}'
    text = text.replace('phone: "12345"}}', stated.format("2025-11-19"), 1)
    write(root, "catalog.yaml", text)
    assert parts(facts(root), "confirmed_contacts") == (1, 1)
    write(root, "catalog.yaml", text.replace("2025-11-19", "2025-11-18"))
    figure = found(facts(root), "confirmed_contacts")
    assert (figure.part, figure.named) == (0, (("民政局", None),))


def test_an_empty_table_is_neither_valid_nor_previewed(root: Path) -> None:
    write(root, DATA, "code,name\n")
    given = facts(root)
    assert parts(given, "valid") == (0, 1)
    assert parts(given, "preview") == (0, 1)
    assert indicators.mostly_empty(given) is None


def test_a_dataset_with_an_error_is_not_valid_and_one_with_a_warning_is(root: Path) -> None:
    for severity, part in ((Severity.ERROR, 0), (Severity.WARNING, 1)):
        wrong = Problem(code="x", severity=severity, message="", hint="", dataset="mzj/parks")
        assert parts(facts(root, problems=[wrong]), "valid") == (part, 1)


def test_datasets_with_the_same_file_are_duplicates(root: Path) -> None:
    second(root)
    assert parts(facts(root), "duplicates") == (0, 2)
    second(root, (root / DATA).read_text())
    given = facts(root)
    assert parts(given, "duplicates") == (2, 2)
    assert parts(given, "valid") == (0, 2)


def test_datasets_with_the_same_fields_are_fragments(root: Path) -> None:
    second(root)
    assert parts(facts(root), "fragments") == (2, 2)
    second(root, "code,label\n3,西\n", OPEN.replace("name: name,", "name: label,"))
    assert parts(facts(root), "fragments") == (0, 2)


def test_fewer_than_ten_rows_are_few(root: Path) -> None:
    assert parts(facts(root), "small") == (1, 1)
    write(root, DATA, "code,name\n" + "".join(f"{n},公园\n" for n in range(10)))
    assert parts(facts(root), "small") == (0, 1)


def test_a_field_without_a_description_is_not_explained(root: Path) -> None:
    assert parts(facts(root), "dictionary") == (0, 2)
    described = OPEN.replace("title: 编号}", "title: 编号, description: 序号}")
    write(root, PARKS, described)
    assert parts(facts(root), "dictionary") == (1, 2)


def test_a_field_of_which_half_is_there_is_not_mostly_empty(root: Path) -> None:
    write(root, DATA, "code,name\n1,\n2,东公园\n")
    assert parts(facts(root), "mostly_empty") == (0, 2)
    write(root, DATA, "code,name\n1,\n2,\n3,东公园\n")
    figure = found(facts(root), "mostly_empty")
    assert (figure.part, figure.whole) == (1, 2)
    assert "名称" in figure.named[0][0]


def test_a_dataset_without_a_licence_is_named(root: Path) -> None:
    text = (root / "catalog.yaml").read_text().splitlines(keepends=True)
    write(root, "catalog.yaml", "".join(one for one in text if not one.startswith("licence")))
    figure = found(facts(root), "licences")
    assert (figure.part, figure.whole, figure.named) == (0, 1, (("城市公园名单", None),))


def test_themes_and_departments_without_open_data_are_named(root: Path) -> None:
    themes, departments = found(facts(root), "themes"), found(facts(root), "departments")
    assert (themes.part, themes.whole, themes.named) == (1, 2, (("道路运行", None),))
    assert (departments.part, departments.named) == (1, (("交通运输局", None),))


def test_priority_themes_are_the_laws(root: Path) -> None:
    assert indicators.priority(facts(root)) is None
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", text.replace("name: 道路运行", "name: 交通"))
    figure = found(facts(root), "priority")
    assert (figure.part, figure.whole, figure.named) == (0, 1, (("交通", None),))


def test_the_age_is_a_share_of_the_cycle(root: Path) -> None:
    assert indicators.age(facts(root)) is None
    half = facts(root, updated={"mzj/parks": date(2026, 5, 21)})
    assert found(half, "age").value == 0.5
    assert found(facts(root, updated={"mzj/parks": date(2025, 5, 21)}), "age").value == 1.5


def test_without_a_register_no_count_of_cases_is_claimed(root: Path) -> None:
    assert indicators.registered(facts(root), Kind.OPEN_DEMAND) is None
    given = facts(root, register=[case("2026-11-02"), case("2026-11-03", kind=Kind.CORRECTION)])
    assert indicators.registered(given, Kind.OPEN_APPLICATION) == Figure(1)
    assert indicators.registered(given, Kind.OPEN_DEMAND) == Figure(0)


def test_a_refusal_needs_reason_and_basis(root: Path) -> None:
    assert indicators.refusals(facts(root)) is None
    given = facts(
        root,
        register=[
            case("2026-11-02", "2026-11-03", outcome=Outcome.REFUSED, reason="涉密", basis="法"),
            case("2026-11-02", "2026-11-03", outcome=Outcome.REFUSED, reason="涉密"),
            case("2026-11-02", "2026-11-03"),
        ],
    )
    assert parts(given, "refusals") == (1, 2)
