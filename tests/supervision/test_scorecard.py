"""Scorecards: each figure's count, and no value where there is nothing to compute from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.portals import OPEN, small_portal, write
from tests.supervision.made import case, facts

from kaishu.base.problems import Problem, Severity
from kaishu.catalog.register import Kind, Outcome
from kaishu.supervision.measures import Facts, Figure
from kaishu.supervision.scorecard import scorecards


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def figure(given: Facts, id_: str, department: str | None = None) -> Figure | None:
    [card] = [
        one
        for one in scorecards(given)
        if (one.department.id if one.department else None) == department
    ]
    measure = card.measure(id_)
    assert measure is not None
    return measure.figure


def parts(given: Facts, id_: str, department: str | None = None) -> tuple[int | None, int | None]:
    found = figure(given, id_, department)
    assert found is not None
    return found.part, found.whole


def empty(tmp_path: Path) -> Facts:
    root = small_portal(tmp_path / "portal")
    for key in ("mzj/parks", "mzj/visits", "jtj/permits"):
        for path in sorted((root / "datasets" / key).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        (root / "datasets" / key).rmdir()
    return facts(root)


def problem(dataset: str, severity: Severity, code: str = "x") -> Problem:
    return Problem(code=code, severity=severity, message="", hint="", dataset=dataset)


def test_there_is_a_card_for_the_whole_and_one_for_each_department(root: Path) -> None:
    cards = scorecards(facts(root))
    assert [one.department.id if one.department else None for one in cards] == [None, "mzj", "jtj"]
    assert cards[1].measure("departments-with-entries") is None
    assert all(one.how for card in cards for one in card.measures)


def test_of_an_empty_catalogue_nothing_but_its_departments_has_a_value(tmp_path: Path) -> None:
    for card in scorecards(empty(tmp_path)):
        for measure in card.measures:
            if measure.id == "departments-with-entries":
                assert measure.figure is not None
                assert (measure.figure.part, measure.figure.whole) == (0, 2)
            else:
                assert measure.figure is None, measure.id


def test_entries_with_data_are_the_open_ones_that_are_not_empty(root: Path) -> None:
    assert parts(facts(root), "entries-with-data") == (1, 3)
    assert parts(facts(root), "entries-with-data", "jtj") == (0, 1)
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n")
    assert parts(facts(root), "entries-with-data") == (0, 3)


def test_a_department_without_entries_is_named(root: Path) -> None:
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", text.replace("themes:", "  - {id: wjw, name: 卫健委}\nthemes:"))
    found = figure(facts(root), "departments-with-entries")
    assert found is not None
    assert (found.part, found.whole, found.named) == (2, 3, (("卫健委", None),))


@pytest.mark.parametrize(
    ("updated", "current"), [("2025-11-20", 1), ("2025-11-19", 0), ("2026-11-01", 1)]
)
def test_a_dataset_is_late_from_the_day_after_its_cycle(
    root: Path, updated: str, current: int
) -> None:
    given = facts(root, updated={"mzj/parks": date.fromisoformat(updated)})
    assert parts(given, "in-cycle") == (current, 1)


def test_a_late_dataset_is_named_with_its_days(root: Path) -> None:
    found = figure(facts(root, updated={"mzj/parks": date(2025, 11, 10)}), "in-cycle")
    assert found is not None
    assert found.named == (("城市公园名单", 10),)


def test_timeliness_is_unknown_without_a_date_or_a_cycle(root: Path) -> None:
    assert figure(facts(root), "in-cycle") is None
    path = "datasets/mzj/parks/datapackage.yaml"
    write(root, path, OPEN.replace("update_cycle: yearly", "update_cycle: never"))
    assert figure(facts(root, updated={"mzj/parks": date(2020, 1, 1)}), "in-cycle") is None


def test_findings_are_counted_by_code_and_notes_are_none(root: Path) -> None:
    given = facts(
        root,
        problems=[
            problem("mzj/parks", Severity.WARNING, "missing-id"),
            problem("mzj/parks", Severity.ERROR, "type-error"),
            problem("mzj/parks", Severity.ERROR, "type-error"),
            problem("jtj/permits", Severity.NOTE),
        ],
    )
    found = figure(given, "without-findings")
    assert found is not None
    assert (found.part, found.whole) == (2, 3)
    assert found.named == (("type-error", 2), ("missing-id", 1))
    assert parts(given, "without-findings", "jtj") == (1, 1)


def test_restrictions_and_those_with_a_basis_are_counted(root: Path) -> None:
    assert parts(facts(root), "restricted") == (2, 3)
    assert parts(facts(root), "restricted-with-basis") == (2, 2)
    path = "datasets/jtj/permits/datapackage.yaml"
    lines = (root / path).read_text().splitlines(keepends=True)
    write(root, path, "".join(one for one in lines if not one.startswith("    basis:")))
    assert parts(facts(root), "restricted-with-basis") == (1, 2)


def test_a_withdrawn_entry_counts_for_nothing(root: Path) -> None:
    withdrawn = OPEN + "  withdrawn: {date: 2026-11-01, reason: 不再采集}\n"
    write(root, "datasets/mzj/parks/datapackage.yaml", withdrawn)
    assert parts(facts(root), "entries-with-data") == (0, 2)


def test_answers_are_in_time_up_to_their_last_day(root: Path) -> None:
    register = [
        case("2026-11-02", "2026-11-16", "2026-11-16"),
        case("2026-11-02", "2026-11-17", "2026-11-16"),
        case("2026-11-02", None, "2026-11-16"),
        case("2026-11-16", None, "2026-11-30"),
        case("2026-11-02", "2026-11-03", None),
        case("2026-11-02", "2026-11-17", "2026-11-16", outcome=Outcome.WITHDRAWN),
        case("2026-11-02", "2026-11-17", "2026-11-16", kind=Kind.CORRECTION),
        case("2026-11-21", "2026-11-21", "2026-12-07"),
    ]
    given = facts(root, register=register)
    assert parts(given, "applications-in-time") == (1, 3)
    assert parts(given, "applications-in-time", "mzj") == (1, 3)
    assert figure(given, "applications-in-time", "jtj") is None
    assert parts(given, "corrections-in-time") == (0, 1)


def test_the_median_is_of_working_days_after_receipt(root: Path) -> None:
    # 2026-09-30 is a Wednesday; 1 to 7 October are holidays, 10 October is worked.
    register = [
        case("2026-09-30", "2026-10-08"),
        case("2026-11-06", "2026-11-09"),
        case("2026-11-02", "2026-11-06"),
        case("2026-11-02"),
    ]
    found = figure(facts(root, register=register), "application-days")
    assert found is not None
    assert (found.value, found.whole) == (1, 3)
    assert figure(facts(root, register=register), "correction-days") is None


def test_an_answer_on_the_day_of_receipt_took_no_day(root: Path) -> None:
    register = [case("2026-11-02", "2026-11-02", kind=Kind.CORRECTION)]
    found = figure(facts(root, register=register), "correction-days")
    assert found is not None
    assert found.value == 0


def test_refusals_are_counted_by_reason_among_the_decided(root: Path) -> None:
    refused = {"answered": "2026-11-03", "outcome": Outcome.REFUSED}
    register = [
        case("2026-11-02", "2026-11-03"),
        case("2026-11-02", reason="涉及个人信息", **refused),
        case("2026-11-02", reason="涉及个人信息", **refused),
        case("2026-11-02", **refused),
        case("2026-11-02"),
    ]
    found = figure(facts(root, register=register), "refused")
    assert found is not None
    assert (found.part, found.whole) == (3, 4)
    assert found.named == (("涉及个人信息", 2), ("没有写明理由", 1))
