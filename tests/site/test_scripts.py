"""What the browser computes: reply dates as the clock has them; that pages ask nobody else."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, problems_logged

from kaishu.base.clock import SHANGHAI
from kaishu.base.formats import long_date
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("example")]
# The check values of the clock, and every day around the year's end.
DAYS = [
    date(2026, 9, 18), date(2026, 9, 20), date(2026, 9, 30), date(2026, 10, 3), date(2026, 12, 11),
    date(2026, 12, 17), date(2026, 12, 18), date(2026, 2, 12), date(2026, 2, 20), date(2026, 4, 30),
    *(date(2026, 12, 20) + timedelta(days=n) for n in range(25)),
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium(1280) as driver:
        yield driver


def test_the_browser_counts_as_the_clock_does(address: str, browser: Chrome) -> None:
    calendar, regulation = WorkingCalendar.load(None), library.load("yingkou-2022")
    page = f"{address}/datasets/wjw/outpatient-visits/"
    wrong = []
    for day in DAYS:
        # The day is put into the page before its own script reads it.
        source = f"document.documentElement.dataset.now = {json.dumps(day.isoformat())}"
        script = browser.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument",
            {"source": f"addEventListener('DOMContentLoaded', () => {{ {source} }}, {{capture: true}});"
                       f"new MutationObserver((_, o) => {{ if (document.documentElement) {{ {source}; o.disconnect(); }} }})"
                       ".observe(document, {childList: true});"},
        )  # fmt: skip
        browser.get(page)
        place = WebDriverWait(browser, 10).until(
            lambda d: d.find_element(By.CSS_SELECTOR, ".ks-reply__today strong")
        )
        received = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
        expected = due(regulation, "open-application", received, calendar)
        text = browser.find_element(By.CSS_SELECTOR, ".ks-reply__today").text
        if place.text != long_date(expected.due_date) or ("暂定" in text) != expected.provisional:
            wrong.append((day, text, expected.due_date, expected.provisional))
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "datasets/",
        "datasets/zrj/settlements/",
        "regulation/",
        "help/",
        "statistics/",
        "sitemap/",
    ],
)
def test_a_page_asks_nobody_else_and_logs_no_problem(
    address: str, browser: Chrome, path: str
) -> None:
    browser.get(f"{address}/{path}")
    hosts = browser.execute_script(
        "return performance.getEntriesByType('resource').map((e) => new URL(e.name).host)"
    )
    # What the browser still had in memory is not listed, so the list may be short.
    assert set(hosts) <= {address.removeprefix("http://")}
    assert browser.execute_script("return document.styleSheets.length") >= 2
    assert problems_logged(browser) == []


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_no_page_is_wider_than_a_phone(address: str, width: int, dark: bool) -> None:
    paths = ("", "datasets/", "datasets/rsj/calendar-days/", "datasets/sfj/reply-terms/", "regulation/",
             "departments/", "themes/", "statistics/", "help/", "help/operator/", "sitemap/", "404.html")  # fmt: skip
    with chromium(width, dark=dark) as driver:
        for path in paths:
            driver.get(f"{address}/{path}")
            wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, path


def test_the_table_in_the_browser_is_the_calendars(address: str, tmp_path: Path) -> None:
    import urllib.request

    with urllib.request.urlopen(f"{address}/assets/working-days.json") as answer:
        table = json.loads(answer.read())
    calendar = WorkingCalendar.load(None)
    start, end = (date.fromisoformat(table[name]) for name in ("start", "end"))
    assert table == json.loads(json.dumps(calendar.table(start, end)))
