"""A portal unlike the example (see `unlike`), looked at in a real browser, on a phone and on a desk."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, picture, problems_logged
from tests.servers import REPOSITORY

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("unlike")]
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
PAGES = ("", "datasets/", "departments/", "departments/long/", "themes/", "statistics/", "sitemap/",
         "lists/on-request/", "lists/letters/", "regulation/", "developers/", "software/", "404.html", "help/", "help/citizen/", "help/applicant/", "help/department/",
         "datasets/long/points/", "datasets/long/wide/", "datasets/long/empty/", "datasets/long/cells/",
         "datasets/short/trips/", "datasets/short/closed/", "datasets/short/gone/", "datasets/short/later/")  # fmt: skip


@pytest.mark.parametrize(("width", "elder"), [(1280, False), (360, False), (360, True)])
def test_no_page_is_too_wide_runs_what_a_text_holds_or_asks_another_host(
    unlike: str, width: int, elder: bool
) -> None:
    with chromium(width) as driver:
        driver.get(unlike)
        if elder:
            driver.execute_script("localStorage.setItem('ks-elder', '1')")
        for path in PAGES:
            driver.get(f"{unlike}/{path}")
            driver.execute_script(
                "document.querySelectorAll('[data-part]').forEach((one) => one.scrollIntoView())"
            )
            wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (path, wide)
            # What is read downwards on a phone is not to be pushed sideways as well.
            stacked = driver.execute_script(
                "return [...document.querySelectorAll('.ks-table--stacked')].filter("
                "(one) => one.offsetWidth > one.parentElement.clientWidth).length"
            )
            assert width > 500 or stacked == 0, path
            assert driver.title != "taken", path
            hosts = driver.execute_script(
                "return performance.getEntriesByType('resource').map((e) => new URL(e.name).host)"
            )
            assert set(hosts) <= {unlike.split("/")[2]}, path
            assert problems_logged(driver) == [], path


def test_what_decides_stands_above_the_fold_whatever_the_names(unlike: str) -> None:
    with chromium(390, 844) as driver:
        for path in ("datasets/long/points/", "datasets/short/trips/", "datasets/long/empty/", "datasets/short/stations/"):  # fmt: skip
            driver.get(f"{unlike}/{path}")
            for selector in ("h1", ".ks-dataset__chip", ".ks-lead", ".ks-act .ks-button--primary", ".ks-keyfacts > div:last-child"):  # fmt: skip
                bottom = driver.execute_script(
                    "return document.querySelector(arguments[0]).getBoundingClientRect().bottom",
                    selector,
                )
                assert bottom <= 844 + 2, (path, selector, bottom)
            picture(driver, SCREENSHOTS / f"unlike-{path.split('/')[-2]}-390.png")


def test_a_map_of_many_places_finds_them_by_what_is_typed(unlike: str) -> None:
    with chromium(1280) as driver:
        driver.get(f"{unlike}/datasets/long/points/")
        driver.execute_script("document.getElementById('map').scrollIntoView()")
        wait = WebDriverWait(driver, 30)
        wait.until(lambda d: d.find_elements(By.CSS_SELECTOR, ".ks-map-figure[data-drawn='300']"))
        driver.find_element(By.CSS_SELECTOR, ".ks-map-figure summary").click()
        assert len(driver.find_elements(By.CSS_SELECTOR, ".ks-places button")) == 200
        driver.find_element(By.CSS_SELECTOR, ".ks-places__find").send_keys("point 29")
        wait.until(lambda d: len(d.find_elements(By.CSS_SELECTOR, ".ks-places button")) == 11)
        assert (
            "11 of 300" in driver.find_element(By.CSS_SELECTOR, ".ks-map-figure [role=status]").text
        )


def test_the_foot_has_every_place_that_a_government_site_needs(unlike: str) -> None:
    with chromium(1280) as driver:
        driver.get(unlike)
        foot = driver.find_element(By.TAG_NAME, "footer")
        for words in (
            "Example Bureau of Big Data",
            "data@example.org",
            "ICP-1",
            "POLICE-2",
            "2100000001",
            "Site map",
        ):
            assert words in foot.text, words
        linked = {one.get_attribute("href") for one in foot.find_elements(By.TAG_NAME, "a")}
        assert {"https://bszs.conac.cn/x", "https://zfwzgl.www.gov.cn/x"} <= linked


def test_the_guides_are_in_the_readers_language_where_they_are_written_in_it(unlike: str) -> None:
    def page(path: str) -> str:
        with urllib.request.urlopen(f"{unlike}/{path}", timeout=60) as answer:
            return str(answer.read().decode())

    assert "Please choose what concerns you" in page("help/")
    assert "Finding and downloading data</h1>" in page("help/citizen/")
    assert "Applying for data</h1>" in page("help/applicant/")
    # The others are as they were written, and say so to whoever reads aloud.
    department = page("help/department/")
    assert 'lang="zh-CN"' in department.partition("</article>")[0]
    assert (
        'lang="zh-CN"'
        not in page("help/citizen/").partition("<article")[2].partition("</article>")[0]
    )
    with pytest.raises(urllib.error.HTTPError):
        page("help/en/citizen/")
