"""The desk out of a million cases: the list page, what of it the database takes, figures, days left."""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TIMES = 15


def measure(scratch: Path, count: int) -> list[dict[str, Any]]:
    """Rows of the report, from an embedded database of `count` cases."""
    os.environ["KAISHU_VAR"] = str(scratch / "var-desk")
    from kaishu.cli.database import prepare

    prepare(scratch / "portal")
    _fill(count)
    return [*_list(count), _figures(count), _days_left(count)]


def _fill(count: int) -> None:
    """Cases of two years, most of them answered, inserted as plain rows."""
    from django.db import connection

    from kaishu.cases.models import Case

    columns = [field.column for field in Case._meta.local_fields if not field.primary_key]
    statement = (
        f"INSERT INTO {Case._meta.db_table} ({', '.join(columns)}) "
        f"VALUES ({', '.join('?' * len(columns))})"
    )
    connection.ensure_connection()
    link = connection.connection
    link.execute("PRAGMA synchronous=OFF")
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.cursor.executemany(statement, _rows(count, columns))
        cursor.execute("COMMIT")
        cursor.execute("ANALYZE")
    link.execute("PRAGMA synchronous=FULL")


def _rows(count: int, columns: list[str]) -> Iterator[list[Any]]:
    from kaishu.cases.encryption import seal
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Term, TermUnit
    from kaishu.regulation.table import DueTable

    sealed = seal(
        {"salt": "x", "statement": {"applicant_name": "王小明", "email": "w@example.org"}}
    )
    today = datetime.now().astimezone().replace(microsecond=0)
    first = today.date() - timedelta(days=730)
    ten = DueTable.of(Term(10, TermUnit.WORKING_DAY), WorkingCalendar.load(), first, today.date())
    dues = ten.look_up(first + timedelta(days=n) for n in range(731))
    chance = np.random.default_rng(1)
    ages = chance.integers(0, 731, count)
    moments = [(today - timedelta(days=n)).isoformat(" ") for n in range(732)]
    empty = dict.fromkeys(columns, "")
    nulls = dict.fromkeys(
        ("about_id", "due_at", "open_due_on", "answered_at", "ended_at", "erased_at"), None
    )
    for n in range(count):
        age = int(ages[n])
        due = dues[730 - age]
        answered = age > 5 and n % 50 != 0
        values = {
            **empty, **nulls, "number": f"{n:015d}", "access": f"{n:064d}",
            "idempotency_key": f"{n:064x}", "proof": f"{n:032x}", "kind": "open-application",
            "state": "granted" if answered and n % 3 else "refused" if answered else "submitted",
            "version": 2 if answered else 1, "head": "0" * 64, "dataset_key": "mzj/visits",
            "dataset_title": "公园客流明细", "provider": "mzj",
            "department": "mzj" if n % 2 else "jtj", "sealed": sealed,
            "received_at": moments[age], "started_at": moments[age],
            "regulation": "yingkou-2022", "rule": "open-application", "article": "第二十九条",
            "clock": "answer", "promised": False, "extended_by": 0, "due_date": due.isoformat(),
            "due_at": f"{due + timedelta(days=1)} 00:00:00+08:00", "provisional": False,
        }  # fmt: skip
        if answered:
            values["answered_at"] = values["ended_at"] = moments[max(age - 4, 0)]
            if values["state"] == "granted":
                values["state"] = "delivered"
        else:
            values["open_due_on"] = due.isoformat()
        yield [values[name] for name in columns]


def _list(count: int) -> list[dict[str, Any]]:
    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    _sign_in(client)
    pages, database, statements = [], [], 0
    taken: list[float] = []

    def timed(execute: Any, *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            taken.append(time.perf_counter() - begun)

    for _time in range(TIMES):
        taken.clear()
        with connection.execute_wrapper(timed):
            begun = time.perf_counter()
            answer = client.get("/desk/")
            pages.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.status_code
        database.append(sum(taken))
        statements = len(taken)
    page, orm = median(pages) * 1000, median(database) * 1000
    return [
        {
            "work": f"desk list out of {count:,} cases",
            "measured": f"{page:.1f} ms",
            "target": "≤ 15 ms",
            "met": page <= 15,
        },
        {
            "work": "of which its statements",
            "measured": f"{orm:.1f} ms, {statements} statements",
            "target": "≤ 3 ms",
            "met": orm <= 3,
        },
    ]


def _sign_in(client: Any) -> None:
    from django.contrib.auth import get_user_model

    from kaishu.cases import staff

    staff.add("bench", "", "correct-horse-battery-staple")
    client.force_login(get_user_model().objects.get(username="bench"))


def _figures(count: int) -> dict[str, Any]:
    from kaishu.cases import tally
    from kaishu.cases.portal import now

    begun = time.perf_counter()
    tally.refresh(now())
    counting = time.perf_counter() - begun
    took = _median_ms(lambda: [one.median for one in tally.read()])
    return {
        "work": f"reply-time figures of {count:,} cases",
        "measured": f"{took:.1f} ms from rollups (counted anew in {counting:.1f} s)",
        "target": "≤ 5 ms",
        "met": took <= 5,
    }


def _days_left(count: int) -> dict[str, Any]:
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.table import WorkingDays

    span = WorkingDays.of(WorkingCalendar.load(), date(2015, 1, 1), date(2030, 12, 31))
    days = np.random.default_rng(1).integers(
        date(2024, 1, 1).toordinal(), date(2027, 12, 31).toordinal(), count
    )
    due, today = days.astype(np.int32), date(2026, 11, 20)
    took = _median_ms(lambda: span.left(today, due))
    return {
        "work": f"{count:,} remaining days computed anew",
        "measured": f"{took:.1f} ms",
        "target": "≤ 10 ms",
        "met": took <= 10,
    }


def _median_ms(work: Callable[[], Any]) -> float:
    taken = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken) * 1000
