"""The desk's list: by due date, filtered, searched, kept, exported without harm."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from scripts.benches import desk
from tests.cases.conftest import FIELDS, OFFICER, RECEIVED, file_kind, file_one, signed_in

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, views_list
from kaishu.cases.models import Case
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from django.test import Client

    from kaishu.cases.portal import Now


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/desk/?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_filters_leave_what_they_say(officer: Client, now: Now) -> None:
    case = file_one(now)
    other = file_one(now, key="1" * 32)
    actions.refuse(now, other, OFFICER, actions.Refusal("理由", "not-held"))
    with clock.moved_to(RECEIVED + timedelta(days=1)):
        assert other.number not in listed(officer)
        assert other.number in listed(officer, "show=closed")
        assert case.number not in listed(officer, "show=closed")
        assert case.number in listed(officer, "kind=open-application")
        assert case.number not in listed(officer, "kind=correction")
        assert case.number not in listed(officer, "due=3")
        assert case.number in listed(officer, "due=10")
        assert case.number not in listed(officer, "due=late")
    with clock.moved_to(datetime(2026, 10, 21, tzinfo=SHANGHAI)):
        assert case.number in listed(officer, "due=late")


def test_cases_without_a_term_come_last(now: Now) -> None:
    operator = signed_in("chief", "")
    demand = file_kind(now, Kind.OPEN_DEMAND)
    case = file_one(now, key="1" * 32)
    text = listed(operator)
    assert text.index(case.number) < text.index(demand.number)
    assert demand.number in listed(operator, "due=none")
    assert case.number not in listed(operator, "due=none")
    assert demand.number in listed(operator, "department=operator")


@pytest.mark.parametrize(
    "words", [FIELDS["applicant_name"], "0417 1234567", "WANG@example.org", "公园客流"]
)
def test_a_case_is_found_by_exact_words_or_its_dataset(
    officer: Client, case: Case, words: str
) -> None:
    assert case.number in listed(officer, f"q={words}")
    assert case.number in listed(officer, f"q={case.number}")
    assert case.number not in listed(officer, "q=李")


def test_the_list_goes_on_page_by_page(
    officer: Client, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_list, "PAGE", 2)
    numbers = [file_one(now, key=f"{n:032x}").number for n in range(5)]
    query, seen = "show=open", []
    for _page in range(3):
        text = listed(officer, query)
        seen += [number for number in numbers if number in text]
        after = text.split("after=")[-1].split('"')[0] if "after=" in text else ""
        query = f"show=open&after={after}"
    assert seen == numbers


@pytest.mark.parametrize("after", ["x", "_", "9999-99-99_1", "2026-10-20_99999999999999999999"])
def test_a_forged_place_in_the_list_does_no_harm(officer: Client, case: Case, after: str) -> None:
    listed(officer, f"show=open&after={after}")
    listed(officer, f"show=all&after={after}")


def test_a_list_is_kept_under_a_name_and_dropped(officer: Client, case: Case) -> None:
    form = {"name": "我的", "query": "show=closed&kind=correction&evil=<script>"}
    assert officer.post("/desk/views/", form)["Location"] == "/desk/?show=closed&kind=correction"
    assert 'href="?show=closed&amp;kind=correction">我的' in listed(officer)
    pk = views_list.SavedView.objects.get().pk
    other = signed_in("li", "mzj")
    assert other.post(f"/desk/views/{pk}/drop/").status_code == 404
    officer.post(f"/desk/views/{pk}/drop/")
    assert "我的" not in listed(officer)


def test_the_export_holds_no_formula_and_no_other_department(officer: Client, now: Now) -> None:
    file_one(now, applicant_name="=HYPERLINK(1)")
    file_one(now, key="1" * 32, applicant_name="＋1")
    answer = officer.get("/desk/export.csv?show=all")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[5] for row in rows[1:]] == ["'＋1", "'=HYPERLINK(1)"]
    other = signed_in("li", "jtj")
    rest = b"".join(other.get("/desk/export.csv?show=all").streaming_content).decode("utf-8-sig")
    assert len(rest.splitlines()) == 1


def test_from_november_on_a_banner_asks_for_next_years_calendar(officer: Client) -> None:
    words = "2027年的节假日安排尚未载入"
    with clock.moved_to(datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI)):
        assert words not in listed(officer)
    with clock.moved_to(datetime(2026, 11, 1, tzinfo=SHANGHAI)):
        assert words in listed(officer)


def test_the_cases_that_the_bench_makes_fit_the_table() -> None:
    columns = [field.attname for field in Case._meta.local_fields if not field.primary_key]
    rows = desk._rows(60, columns)
    Case.objects.bulk_create(Case(**dict(zip(columns, row, strict=True))) for row in rows)
    assert Case.objects.filter(open_due_on__isnull=False).exists()
    assert Case.objects.filter(state="delivered").exists()
