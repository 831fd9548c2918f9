"""Axe-core finds nothing on pages as readers have them: with everything unfolded, filled in, drawn.

On a phone and on a desk, light and dark, and with large text; over two portals that differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests import axe
from tests.browser import chromium, unfold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from selenium.webdriver import Chrome


pytestmark = pytest.mark.slow
WAYS = [(1280, False, False), (390, True, False), (390, False, True)]
EXAMPLE = (
    "", "datasets/", "departments/", "departments/mzj/", "themes/", "lists/on-request/", "lists/letters/",
    "regulation/", "developers/", "statistics/", "help/", "accessibility/", "sitemap/", "software/", "404.html",
    "datasets/rsj/working-days-by-month/", "datasets/zrj/settlements/", "datasets/wjw/outpatient-visits/",
)  # fmt: skip
UNLIKE = (
    "", "datasets/", "departments/long/", "statistics/", "lists/closed/", "datasets/long/points/",
    "datasets/long/wide/", "datasets/long/empty/", "datasets/long/cells/", "datasets/short/trips/",
    "datasets/short/closed/", "datasets/short/gone/", "datasets/short/later/", "help/applicant/",
)  # fmt: skip


@pytest.fixture(params=WAYS, ids=["desk", "phone-dark", "phone-elder"])
def browser(request: pytest.FixtureRequest) -> Iterator[tuple[Chrome, bool]]:
    width, dark, elder = request.param
    with chromium(width, dark=dark) as driver:
        yield driver, elder


def opened(driver: Chrome, page: str, elder: bool) -> None:
    driver.get(page)
    if elder:
        driver.execute_script("localStorage.setItem('ks-elder', '1')")
        driver.get(page)
    unfold(driver)


def wrong(driver: Chrome, place: str) -> list[tuple[str, Any]]:
    return [(place, one) for one in axe.violations(driver)]


def wrong_on(
    address: str, paths: Sequence[str], driver: Chrome, elder: bool
) -> list[tuple[str, Any]]:
    found = []
    for path in paths:
        opened(driver, f"{address}/{path}", elder)
        found += wrong(driver, path)
    return found


def until(driver: Chrome, condition: Callable[[Chrome], Any]) -> None:
    WebDriverWait(driver, 60).until(condition)


@pytest.mark.xdist_group("example")
def test_every_kind_of_page_is_accessible_unfolded(
    address: str, browser: tuple[Chrome, bool]
) -> None:
    assert wrong_on(address, EXAMPLE, *browser) == []


@pytest.mark.xdist_group("unlike")
def test_every_kind_of_page_of_an_unlike_portal_is_accessible_unfolded(
    unlike: str, browser: tuple[Chrome, bool]
) -> None:
    assert wrong_on(unlike, UNLIKE, *browser) == []


@pytest.mark.xdist_group("example")
def test_a_search_is_accessible_whatever_it_finds(
    address: str, browser: tuple[Chrome, bool]
) -> None:
    driver, elder = browser
    found = []
    for query in ("q=工作日&openness=unconditional&sort=title", "q=工做日", "q=没有这样的东西"):
        opened(driver, f"{address}/datasets/?{query}", elder)
        until(
            driver,
            lambda d: (
                d.find_element(By.ID, "empty").is_displayed()
                or d.find_elements(By.CSS_SELECTOR, "#chosen li")
            ),
        )
        unfold(driver)
        found += wrong(driver, query)
    assert found == []


@pytest.mark.xdist_group("example")
def test_the_answer_to_a_question_in_sql_is_accessible(
    address: str, browser: tuple[Chrome, bool]
) -> None:
    driver, elder = browser
    opened(driver, f"{address}/datasets/rsj/working-days-by-month/", elder)
    driver.find_element(By.CSS_SELECTOR, ".ks-console button").click()
    until(driver, lambda d: "已就绪" in d.find_element(By.ID, "sql-status").text)
    driver.find_element(By.CSS_SELECTOR, ".ks-console .ks-actions .ks-button--primary").click()
    until(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".ks-console__result td"))
    unfold(driver)
    assert wrong(driver, "sql") == []


def test_what_keeps_somebody_out_is_found() -> None:
    with chromium(1280) as driver:
        driver.get(
            "data:text/html,<html lang=en><title>t</title><main><h1>h</h1><img src=x></main>"
        )
        assert [one["rule"] for one in axe.violations(driver)] == ["image-alt"]
