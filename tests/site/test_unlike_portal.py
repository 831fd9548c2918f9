"""A portal unlike the example: English, below a sub-path, in production, with names and data as they come.

Long names, markup and other scripts in texts and cells, two hundred columns, no rows; looked at in a
real browser, on a phone and on a desk.
"""

from __future__ import annotations

import csv
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, picture, problems_logged
from tests.servers import REPOSITORY, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.site.libraries import Brought

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
LONG = "Bureau of Human Resources, Social Security and Veterans Affairs of the Long Named County"
MARKUP = "<script>document.title='taken'</script><b>bold</b> & \"quoted\""
BASIS = {"title": "Law on the Protection of Personal Information", "article": "Article 28",
         "level": "law", "issuer": "National People's Congress"}  # fmt: skip
PAGES = ("", "datasets/", "departments/", "departments/long/", "themes/", "statistics/", "sitemap/",
         "lists/on-request/", "lists/letters/", "regulation/", "developers/", "software/", "404.html", "help/", "help/citizen/", "help/applicant/", "help/department/",
         "datasets/long/points/", "datasets/long/wide/", "datasets/long/empty/", "datasets/long/cells/",
         "datasets/short/trips/", "datasets/short/closed/", "datasets/short/gone/", "datasets/short/later/")  # fmt: skip


def add(root: Path, key: str, title: str, fields: Sequence[Any], rows: Any, **entry: Any) -> None:
    folder = root / "datasets" / key
    name = key.partition("/")[2]
    (folder / "data").mkdir(parents=True)
    resource: dict[str, Any] = {"name": name, "schema": {"fields": fields}}
    if rows is None:
        resource["data"] = [[one["name"] for one in fields]]
    else:
        resource["path"] = f"data/{name}.csv"
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[f["name"] for f in fields], *rows])
    description = entry.pop("description", f"All about it. {MARKUP}")
    catalogue = {"theme": "t", "openness": {"type": "unconditional"}, "sharing": {"type": "unconditional"},
                 "update_cycle": "monthly", "modified": "2026-01-02",
                 "review": {"date": "2026-01-01", "by": "Secrecy office"}, **entry}  # fmt: skip
    descriptor = {"id": f"id-{name}", "name": name, "title": title, "description": description,
                  "created": "2026-01-05T00:00:00+08:00", "resources": [resource], "catalogue": catalogue}  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def portal(root: Path) -> Path:
    department = {"contact": {"name": "Data officer", "email": "officer@example.org"}}
    stated = {
        "title": "Open Data Portal of the City of Example-upon-Very-Long-River",
        "url": "https://data.example.org/sub/path", "language": "en", "mode": "production",
        "operator": {"name": "Example Bureau of Big Data", "email": "data@example.org"},
        "regulation": "yingkou-2022", "review": {"policy": "none"},
        "licence": {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"},
        "footer": {"icp": "ICP-1", "police": "POLICE-2", "site_id": "2100000001",
                   "mark": "https://bszs.conac.cn/x", "errors": "https://zfwzgl.www.gov.cn/x"},
        "departments": [{"id": "long", "name": LONG, **department},
                        {"id": "short", "name": "Transport & <b>Roads</b>", **department}],
        "themes": [{"id": "t", "name": "Environment, Resources and a Long Name"}],
    }  # fmt: skip
    root.mkdir()
    # JSON is YAML, too.
    (root / "catalog.yaml").write_text(json.dumps(stated), encoding="utf-8")
    text, number = {"type": "string"}, {"type": "number"}
    add(root, "long/points", f"Points {MARKUP}",
        [{"name": "name", **text}, {"name": "lon", "title": "Longitude", **number}, {"name": "lat", "title": "Latitude", **number}],
        [[f"Point {n} {MARKUP}", 122 + n / 1000, 40 + n / 1000] for n in range(300)])  # fmt: skip
    add(root, "long/wide", "Two Hundred Columns", [{"name": f"c{n}", "title": f"A column called number {n}", **number} for n in range(200)],
        [[n * m for n in range(200)] for m in range(30)])  # fmt: skip
    add(root, "long/empty", "No Rows", [{"name": "a", **text}, {"name": "b", **number}], [])
    add(root, "long/cells", "Huge Cells", [{"name": "a", "title": "النص بالعربية", **text}],
        [[f"{MARKUP} {'word ' * 500}{'x' * 500}"], ["\u202eمرحبا بالعالم"]] * 10)  # fmt: skip
    title = "全市新能源汽车公共充电桩与换电站运营企业名称、位置及实时可用数量（二〇二六年修订版）"
    description = "本数据集收录全市" + "充电桩的名称位置与数量，" * 12 + "每月更新。"
    add(root, "short/stations", title,
        [{"name": "name", **text}, {"name": "lon", "title": "Longitude", **number}, {"name": "lat", "title": "Latitude", **number}],
        [[f"站{n}", 122 + n / 1000, 40 + n / 1000] for n in range(30)], description=description)  # fmt: skip
    add(
        root,
        "short/later",
        "To Be Opened",
        [{"name": "a", **text}],
        [["1"]],
        publish_on="2099-01-01",
    )
    add(
        root,
        "short/gone",
        "Withdrawn",
        [{"name": "a", **text}],
        [["1"]],
        withdrawn={"date": "2026-02-01", "reason": MARKUP},
    )
    add(root, "short/trips", "Single Trips", [{"name": "trip", **text}], None,
        openness={"type": "on-request", "conditions": "For research only.", "basis": [BASIS]})  # fmt: skip
    add(
        root,
        "short/closed",
        "Closed",
        [{"name": "person", **text}],
        None,
        openness={"type": "closed", "basis": [BASIS] * 3},
    )
    return root


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, brought: Brought) -> Iterator[str]:
    assert brought.missing == []
    root = portal(tmp_path_factory.mktemp("unlike") / "portal")
    run("build", root=root)
    with serving(root) as served:
        yield f"{served.url}/sub/path"


@pytest.mark.parametrize(("width", "elder"), [(1280, False), (360, False), (360, True)])
def test_no_page_is_too_wide_runs_what_a_text_holds_or_asks_another_host(
    address: str, width: int, elder: bool
) -> None:
    with chromium(width) as driver:
        driver.get(address)
        if elder:
            driver.execute_script("localStorage.setItem('ks-elder', '1')")
        for path in PAGES:
            driver.get(f"{address}/{path}")
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
            assert set(hosts) <= {address.split("/")[2]}, path
            assert problems_logged(driver) == [], path


def test_what_decides_stands_above_the_fold_whatever_the_names(address: str) -> None:
    with chromium(390, 844) as driver:
        for path in ("datasets/long/points/", "datasets/short/trips/", "datasets/long/empty/", "datasets/short/stations/"):  # fmt: skip
            driver.get(f"{address}/{path}")
            for selector in ("h1", ".ks-dataset__chip", ".ks-lead", ".ks-act .ks-button--primary", ".ks-keyfacts > div:last-child"):  # fmt: skip
                bottom = driver.execute_script(
                    "return document.querySelector(arguments[0]).getBoundingClientRect().bottom",
                    selector,
                )
                assert bottom <= 844 + 2, (path, selector, bottom)
            picture(driver, SCREENSHOTS / f"unlike-{path.split('/')[-2]}-390.png")


def test_a_map_of_many_places_finds_them_by_what_is_typed(address: str) -> None:
    with chromium(1280) as driver:
        driver.get(f"{address}/datasets/long/points/")
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


def test_the_foot_has_every_place_that_a_government_site_needs(address: str) -> None:
    with chromium(1280) as driver:
        driver.get(address)
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


def test_the_guides_are_in_the_readers_language_where_they_are_written_in_it(address: str) -> None:
    def page(path: str) -> str:
        with urllib.request.urlopen(f"{address}/{path}", timeout=60) as answer:
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
