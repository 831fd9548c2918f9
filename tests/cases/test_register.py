"""The public register: what is closed or overdue, nothing personal, and true to the catalogue."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from tests.cases.conftest import FIELDS, file_kind, file_one
from tests.portals import write

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, filing, portal, register, tally
from kaishu.cases.models import Case
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind
from kaishu.catalog import register as catalogued
from kaishu.packaging.check import check_portal
from kaishu.publishing.build import build

OFFICER = By(Actor.OFFICER, "zhang")
NOON = datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)
LATER = datetime(2026, 10, 21, 9, tzinfo=SHANGHAI)
REFUSAL = actions.Refusal(
    "王小明要求的明细涉及李四的商业秘密", "trade-secret", "《数据安全法》", "第三十八条", "law"
)


def at(moment: datetime) -> object:
    return clock.moved_to(moment)


def refused(now: Now, key: str = "1" * 32, refusal: actions.Refusal = REFUSAL) -> Case:
    case = file_one(now, key=key)
    with clock.moved_to(NOON):
        actions.refuse(now, case, OFFICER, refusal)
    return Case.objects.get(pk=case.pk)


def table(root: Path, file: str = catalogued.FILE) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / file).read_text(encoding="utf-8"))))


def test_closed_and_overdue_cases_are_published_and_others_not(now: Now, small: Path) -> None:
    running = file_one(now, key="2" * 32, received=datetime(2026, 10, 20, 9, tzinfo=SHANGHAI))
    overdue = file_one(now, key="3" * 32)
    answered = refused(now)
    withdrawn = file_one(now, key="4" * 32)
    filing.withdraw(withdrawn)
    with clock.moved_to(LATER):
        assert register.export(now, small) == 3
    found = {row["number"]: row for row in table(small)}
    assert set(found) == {overdue.number, answered.number, withdrawn.number}
    assert running.number not in found
    assert found[overdue.number]["outcome"] == ""
    assert found[withdrawn.number]["outcome"] == "withdrawn"
    row = found[answered.number]
    assert row["dataset"] == "mzj/visits"
    assert row["due"] == "2026-10-20"
    assert row["answered"] == "2026-10-09T12:00:00+08:00"
    assert (row["outcome"], row["reason_code"]) == ("refused", "trade-secret")
    assert row["basis"] == "《数据安全法》 第三十八条"


def test_nothing_personal_is_published_and_free_text_after_release_only(
    now: Now, small: Path
) -> None:
    case = refused(now)
    file_kind(now, Kind.OPEN_DEMAND)
    with clock.moved_to(LATER):
        register.export(now, small)
    published = "".join(
        path.read_text() for path in (small / "governance/register").rglob("*") if path.is_file()
    )
    for words in (*FIELDS.values(), "李四", "zhang"):
        if len(words) > 1 and words not in ("person",):
            assert words not in published, words
    with clock.moved_to(LATER):
        actions.release(case, OFFICER)
        register.export(now, small)
    assert table(small)[0]["explanation"] == REFUSAL.reason


def exported_as_a_dataset(now: Now, small: Path) -> None:
    """The register, in a portal that publishes it under a department."""
    text = (small / "catalog.yaml").read_text()
    write(
        small,
        "catalog.yaml",
        text.replace("open@example.org}", "open@example.org, department: mzj}"),
    )
    with clock.moved_to(LATER):
        tally.refresh(now)
        register.export(now, small)


def test_what_is_exported_is_read_by_the_catalogue_without_a_problem(now: Now, small: Path) -> None:
    refused(now)
    exported_as_a_dataset(now, small)
    cases, wrong = catalogued.read(small)
    assert wrong == []
    assert [case.reason_code for case in cases] == ["trade-secret"]
    catalog, problems = check_portal(small)
    errors = [one for one in problems if one.severity == "error"]
    assert errors == []
    assert catalog is not None
    dataset = catalog.register
    assert dataset is not None
    assert dataset.key == "mzj/register"
    assert dataset.is_open


def test_the_same_record_gives_the_same_bytes(now: Now, small: Path) -> None:
    refused(now)
    files = [
        small / catalogued.FILE,
        small / register.REPLIES_FILE,
        small / "governance/register/datapackage.yaml",
    ]
    with clock.moved_to(LATER):
        register.export(now, small)
        before = [path.read_bytes() for path in files]
        register.export(now, small)
    assert [path.read_bytes() for path in files] == before


def test_the_day_of_the_first_export_stays(now: Now, small: Path) -> None:
    with clock.moved_to(NOON):
        register.export(now, small)
    with clock.moved_to(LATER):
        register.export(now, small)
    assert (
        "2026-10-09T00:00:00+08:00" in (small / "governance/register/datapackage.yaml").read_text()
    )


def test_opened_because_of_a_case_is_named_from_both_sides(now: Now, small: Path) -> None:
    case = refused(now)
    path = "datasets/mzj/parks/datapackage.yaml"
    text = (small / path).read_text()
    write(
        small,
        path,
        text.replace(
            "  theme: society\n", f"  theme: society\n  opened_for: ['{case.number}']\n", 1
        ),
    )
    portal._read = None
    again = portal.now()
    with clock.moved_to(LATER):
        register.export(again, small)
    assert table(small)[0]["opened"] == "mzj/parks"
    assert again.catalog.opened_for[case.number].key == "mzj/parks"


@pytest.mark.parametrize("typed", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "a\r\n=1"])
def test_no_cell_is_a_formula(now: Now, small: Path, typed: str) -> None:
    refused(now, refusal=actions.Refusal(typed, "trade-secret", released=True))
    with clock.moved_to(LATER):
        register.export(now, small)
    cell = table(small)[0]["explanation"]
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert "\n" not in cell


def test_reply_times_are_published_from_the_rollups(now: Now, small: Path) -> None:
    refused(now)
    with clock.moved_to(LATER):
        tally.refresh(now)
        register.export(now, small)
    assert table(small, register.REPLIES_FILE) == [
        {
            "year": "2026", "kind": "open-application", "department": "mzj", "received": "1",
            "answered": "1", "late": "0", "median_days": "2", "longest_days": "2",
        }
    ]  # fmt: skip


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7001*7001}}"


@pytest.mark.slow
def test_what_was_typed_is_text_on_every_page_and_in_every_file_of_the_site(
    now: Now, small: Path, tmp_path: Path
) -> None:
    """The one door from the cases to the site carries no markup through."""
    refused(now, refusal=actions.Refusal(EVIL, "trade-secret", EVIL, EVIL, "law", released=True))
    exported_as_a_dataset(now, small)
    build(small, tmp_path / "out", jobs=1)
    site, seen = tmp_path / "out/site", 0
    for file in site.rglob("*"):
        if file.suffix in (".html", ".xml", ".svg", ".ics", ".ttl", ".jsonld"):
            words = file.read_text(encoding="utf-8")
            assert "<script>alert" not in words, file
            assert "<img src=x" not in words, file
            assert "49014001" not in words, file
            seen += "alert(1)" in words
    # It is there as text: on the dataset's page and in the table as XML.
    assert seen >= 2
