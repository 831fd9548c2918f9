"""What the browser computes: reply dates as the clock has them, search and facets."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, problems_logged
from tests.servers import copy_of_the_example, run, serving

from kaishu.base.clock import SHANGHAI
from kaishu.base.formats import long_date
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
# The check values of the clock, and every day around the year's end.
DAYS = [
    date(2026, 9, 18), date(2026, 9, 20), date(2026, 9, 30), date(2026, 10, 3), date(2026, 12, 11),
    date(2026, 12, 17), date(2026, 12, 18), date(2026, 2, 12), date(2026, 2, 20), date(2026, 4, 30),
    *(date(2026, 12, 20) + timedelta(days=n) for n in range(25)),
]  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = copy_of_the_example(tmp_path_factory.mktemp("scripts") / "portal")
    run("build", root=root)
    with serving(root) as served:
        yield served.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium(1280) as driver:
        yield driver


def shown(driver: Chrome) -> list[str]:
    titles = driver.find_elements(By.CSS_SELECTOR, "#results > li:not([hidden]) .ks-result__title")
    return [title.text for title in titles]


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


def test_search_looks_through_titles_and_fields(address: str, browser: Chrome) -> None:
    for query, count in (("区号", 1), ("sunrise", 1), ("没有这样的数据", 0)):
        browser.get(f"{address}/datasets/?q={query}")
        # A busy machine may still be at work when the page is there.
        WebDriverWait(browser, 10).until(lambda driver, n=count: len(shown(driver)) == n)  # type: ignore[misc]
    assert browser.find_element(By.ID, "empty").is_displayed()


def test_facets_narrow_and_the_address_keeps_the_state(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/datasets/")
    everything = len(shown(browser))
    browser.execute_script("document.getElementById('facets').open = true")
    browser.find_element(By.CSS_SELECTOR, "input[name=openness][value=on-request]").click()
    assert len(shown(browser)) == 4
    assert "openness=on-request" in browser.current_url
    count = browser.find_element(By.CSS_SELECTOR, "input[value=closed] + span .ks-facet__count")
    assert count.get_attribute("textContent") == "2"
    browser.refresh()
    assert len(shown(browser)) == 4
    browser.find_element(By.CSS_SELECTOR, "#chosen button").click()
    assert len(shown(browser)) == everything
    browser.back()
    assert len(shown(browser)) == 4


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
