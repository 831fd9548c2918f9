"""What a dataset's page does in a real browser that reaches no other host."""

from __future__ import annotations

import csv
import gzip
import io
import json
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait
from tests.browser import chromium, picture, problems_logged
from tests.servers import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("example")]
MONTHS = "datasets/rsj/working-days-by-month/"
PLACES = "datasets/zrj/settlements/"
DIVISIONS = "datasets/tjj/industry-divisions/"
CHARACTERS = "datasets/jyj/chinese-characters/"
ON_REQUEST = "datasets/wjw/outpatient-visits/"
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
# Texts that are seen, with less than 18 pt (24 px).
SMALL_TEXTS = """
const small = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !element.offsetParent) continue;
  if (element.closest('.ks-visually-hidden, script, noscript')) continue;
  if (parseFloat(getComputedStyle(element).fontSize) < 23.9) small.push(walker.currentNode.textContent);
}
return small;
"""
# The first visit's allowance: compressed bytes, and requests.
WIRE, REQUESTS = 150 * 1024, 10


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium(1280) as driver:
        yield driver


def until(driver: Chrome, condition: Callable[[Chrome], Any]) -> Any:
    return WebDriverWait(driver, 30).until(condition)


def one(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def column(driver: Chrome, n: int) -> list[str]:
    script = "return [...document.querySelectorAll('.ks-table--data tbody tr')].map((r) => r.cells[arguments[0]].textContent)"
    found: list[str] = driver.execute_script(script, n)
    return found


def console(driver: Chrome, url: str) -> None:
    driver.get(url)
    one(driver, ".ks-console button").click()
    until(driver, lambda d: "已就绪" in one(d, "#sql-status").text)


def ask(driver: Chrome, sql: str) -> None:
    typed = one(driver, "#sql-query")
    typed.clear()
    typed.send_keys(sql)
    typed.send_keys(Keys.CONTROL, Keys.ENTER)


def answer(driver: Chrome) -> list[list[str]]:
    until(driver, lambda d: "毫秒" in one(d, "#sql-status").text)
    script = "return [...document.querySelectorAll('.ks-console__result tr')].map((r) => [...r.cells].map((c) => c.textContent))"
    found: list[list[str]] = driver.execute_script(script)
    return found


def downloaded(driver: Chrome, name: str) -> Path:
    path = Path(driver.downloads, name)  # type: ignore[attr-defined]
    until(driver, lambda _d: path.exists())
    return path


def test_the_primary_download_is_the_published_file(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{MONTHS}")
    one(browser, ".ks-act .ks-button--primary").click()
    path = downloaded(browser, "working-days-by-month.csv")
    with urllib.request.urlopen(f"{address}/{MONTHS}data/working-days-by-month.csv") as published:
        assert path.read_bytes() == published.read()


def test_the_preview_sorts_numbers_by_value_both_ways_and_back(
    address: str, browser: Chrome
) -> None:
    browser.get(f"{address}/{MONTHS}")
    as_published = column(browser, 2)
    button = browser.find_elements(By.CSS_SELECTOR, ".ks-sort-button")[2]
    button.send_keys(Keys.ENTER)
    assert column(browser, 2) == sorted(as_published, key=int)
    head = button.find_element(By.XPATH, "..")
    assert head.get_attribute("aria-sort") == "ascending"
    assert "升序" in one(browser, "#preview ~ p [role=status]").text
    button.send_keys(Keys.SPACE)
    assert column(browser, 2) == sorted(as_published, key=int, reverse=True)
    button.send_keys(Keys.ENTER)
    assert column(browser, 2) == as_published
    assert head.get_attribute("aria-sort") == "none"


def test_every_column_of_the_preview_is_summed_up(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{MONTHS}")
    summaries = browser.find_elements(By.CSS_SELECTOR, "thead .ks-summary")
    assert len(summaries) == len(browser.find_elements(By.CSS_SELECTOR, ".ks-sort-button"))
    words = summaries[2].text
    for part in ("无空值", "种值", "至", "均值"):
        assert part in words
    assert summaries[2].find_elements(By.CSS_SELECTOR, ".ks-histogram rect")


def test_a_chart_is_loaded_when_it_is_seen_and_not_before(address: str, browser: Chrome) -> None:
    def fetched() -> list[str]:
        script = "return performance.getEntriesByType('resource').map((e) => e.name)"
        found: list[str] = browser.execute_script(script)
        return found

    browser.get(f"{address}/{MONTHS}")
    until(browser, lambda d: d.execute_script("return document.readyState") == "complete")
    assert not [name for name in fetched() if "echarts" in name]
    browser.execute_script("document.getElementById('chart').scrollIntoView()")
    until(browser, lambda d: one(d, ".ks-plot").get_attribute("data-drawn"))
    assert [name for name in fetched() if "echarts" in name]
    figure = one(browser, ".ks-plot")
    assert str(figure.get_attribute("data-drawn")).startswith("line 276×1")
    # Something other than the ground was painted.
    painted = browser.execute_script(
        "const c = document.querySelector('.ks-plot canvas');"
        "return new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
    )
    assert painted > 3
    assert "月份" in one(browser, ".ks-plot__area").get_attribute("aria-label")
    Select(one(browser, ".ks-plot__measure select")).select_by_visible_text("工作日天数")
    one(browser, ".ks-plot summary").click()
    first = browser.find_elements(By.CSS_SELECTOR, ".ks-plot tbody tr")[0]
    assert first.text.split() == ["2004-01", "18"]
    picture(browser, SCREENSHOTS / "dataset-chart-1280.png")
    assert problems_logged(browser) == []


def test_a_map_shows_every_place_without_a_tile_service(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{PLACES}")
    browser.execute_script("document.getElementById('map').scrollIntoView()")
    until(browser, lambda d: one(d, ".ks-map-figure").get_attribute("data-drawn"))
    with urllib.request.urlopen(f"{address}/{PLACES}data/settlements.geojson") as published:
        features = [one for one in json.load(published)["features"] if one["geometry"]]
    assert one(browser, ".ks-map-figure").get_attribute("data-drawn") == str(len(features))
    assert f"{len(features)} 个位置" in one(browser, ".ks-map-figure figcaption").text
    zoom = one(browser, ".leaflet-control-zoom-in")
    assert zoom.size["width"] >= 44
    scale = one(browser, ".leaflet-control-scale").text
    zoom.send_keys(Keys.ENTER)
    until(browser, lambda d: one(d, ".leaflet-control-scale").text != scale)
    assert problems_logged(browser) == []


def test_the_places_of_a_map_are_opened_by_keyboard_alone(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{PLACES}")
    browser.execute_script("document.getElementById('map').scrollIntoView()")
    until(browser, lambda d: one(d, ".ks-map-figure[data-drawn]"))
    summary = one(browser, ".ks-map-figure details > summary")
    browser.execute_script("arguments[0].focus()", summary)
    summary.send_keys(Keys.ENTER)
    buttons = browser.find_elements(By.CSS_SELECTOR, ".ks-places button")
    assert len(buttons) == int(one(browser, ".ks-map-figure").get_attribute("data-drawn") or 0)
    ActionChains(browser).send_keys(Keys.TAB, Keys.TAB, Keys.ENTER).perform()
    facts = until(browser, lambda d: one(d, ".leaflet-popup .ks-map__facts"))
    assert buttons[1].text in facts.text
    assert browser.switch_to.active_element == facts
    close = one(browser, ".leaflet-popup-close-button")
    assert close.get_attribute("aria-label") == "关闭"
    inside = "const box = (q) => document.querySelector(q).getBoundingClientRect(); return box('.leaflet-popup').top - box('.ks-map').top"
    until(browser, lambda d: d.execute_script(inside) >= 0)
    picture(browser, SCREENSHOTS / "dataset-map-1280.png")
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    until(browser, lambda d: not d.find_elements(By.CSS_SELECTOR, ".leaflet-popup"))
    assert browser.switch_to.active_element == buttons[1]


def test_sql_joins_the_tables_of_a_dataset(address: str, browser: Chrome) -> None:
    console(browser, f"{address}/{DIVISIONS}")
    ask(
        browser,
        "select s.name, count(*) as n from divisions d join sections s using (section) group by 1 order by 2 desc limit 2",
    )
    assert answer(browser) == [["name", "n"], ["制造业", "31"], ["交通运输、仓储和邮政业", "8"]]
    assert problems_logged(browser) == []


def test_sql_keeps_codes_as_text_and_numbers_as_numbers(address: str, browser: Chrome) -> None:
    console(browser, f"{address}/datasets/tjj/ethnic-groups/")
    ask(browser, 'select typeof(code), min(code) from "ethnic-groups"')
    assert answer(browser)[1] == ["text", "01"]
    console(browser, f"{address}/{MONTHS}")
    ask(
        browser,
        "select typeof(working_days), sum(working_days) / 1 from \"working-days-by-month\" where month like '2026-%'",
    )
    assert answer(browser)[1][0] == "integer"
    picture(browser, SCREENSHOTS / "dataset-sql-1280.png")


def test_a_wrong_statement_is_answered_with_what_is_wrong(address: str, browser: Chrome) -> None:
    console(browser, f"{address}/{DIVISIONS}")
    ask(browser, "select x from nowhere")
    until(browser, lambda d: one(d, ".ks-console [role=alert]").is_displayed())
    assert "no such table: nowhere" in one(browser, ".ks-console [role=alert]").text
    ask(browser, "select 1 as one")
    assert answer(browser) == [["one"], ["1"]]
    assert not one(browser, ".ks-console [role=alert]").is_displayed()


def test_a_result_is_downloaded_whole_as_csv(address: str, browser: Chrome) -> None:
    console(browser, f"{address}/{CHARACTERS}")
    ask(browser, 'select code, "character" from "chinese-characters" order by code')
    shown = answer(browser)
    assert "前 500 行" in one(browser, "#sql-status").text
    assert len(shown) == 501
    buttons = browser.find_elements(By.CSS_SELECTOR, ".ks-console .ks-actions button")
    next(one for one in buttons if "下载" in one.text).click()
    text = downloaded(browser, "query.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 6764
    assert rows[:2] == [["code", "character"], ["1601", "啊"]]


def test_an_endless_query_can_be_stopped(address: str, browser: Chrome) -> None:
    console(browser, f"{address}/{DIVISIONS}")
    ask(
        browser,
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    )
    buttons = browser.find_elements(By.CSS_SELECTOR, ".ks-console .ks-actions button")
    stop = next(one for one in buttons if one.text == "停止")
    stop.click()
    until(browser, lambda d: "已就绪" in one(d, "#sql-status").text)
    ask(browser, "select 2 as two")
    assert answer(browser) == [["two"], ["2"]]


def test_the_button_says_what_the_console_loads(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{DIVISIONS}")
    assert "KB" in one(browser, ".ks-console button").text


def test_the_elder_mode_enlarges_and_lasts_over_pages_without_a_flash(
    address: str, browser: Chrome
) -> None:
    browser.get(f"{address}/{MONTHS}")
    size = "return parseFloat(getComputedStyle(document.body).fontSize)"
    assert browser.execute_script(size) == 16
    one(browser, "[data-elder-switch]").send_keys(Keys.ENTER)
    try:
        # 18 pt are 24 px.
        assert browser.execute_script(size) >= 24
        assert one(browser, "[data-elder-switch]").get_attribute("aria-pressed") == "true"
        # The mode is there before the body is parsed, so nothing is painted without it.
        script = browser.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument",
            {
                "source": "new MutationObserver((_, o) => { if (document.body) { window.atFirst = 'elder' in document.documentElement.dataset; o.disconnect(); } }).observe(document, {childList: true, subtree: true});"
            },
        )
        browser.get(f"{address}/regulation/")
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
        assert browser.execute_script("return window.atFirst") is True
        assert browser.execute_script(size) >= 24
    finally:
        one(browser, "[data-elder-switch]").click()
    browser.get(f"{address}/{MONTHS}")
    assert browser.execute_script(size) == 16


def test_a_column_s_error_is_reported_on_a_form_that_knows_the_column(
    address: str, browser: Chrome
) -> None:
    browser.get(f"{address}/{DIVISIONS}")
    links = browser.find_elements(By.CSS_SELECTOR, ".ks-fault")
    titles = browser.find_elements(By.CSS_SELECTOR, "#dictionary ~ .ks-table-wrap tbody th")
    title = titles[1].text
    links[1].click()
    until(browser, lambda d: "/cases/correct/" in d.current_url)
    chosen = Select(one(browser, "select[name=column]")).first_selected_option
    assert chosen.text == title


def test_the_elder_mode_is_the_forms_mode_too(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{MONTHS}")
    one(browser, "[data-elder-switch]").click()
    try:
        browser.get(f"{address}/cases/track/")
        assert (
            browser.execute_script("return parseFloat(getComputedStyle(document.body).fontSize)")
            >= 24
        )
        assert problems_logged(browser) == []
    finally:
        browser.execute_script("localStorage.removeItem('ks-elder')")


@pytest.mark.parametrize("dark", [False, True])
def test_the_elder_mode_fits_a_phone_and_contrasts_strongly(address: str, dark: bool) -> None:
    with chromium(360, 800, dark=dark) as driver:
        driver.get(f"{address}/")
        driver.execute_script("localStorage.setItem('ks-elder', '1')")
        for path in (MONTHS, PLACES, ON_REQUEST, "", "datasets/", "software/", "cases/track/"):
            driver.get(f"{address}/{path}")
            wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, path
            assert driver.execute_script("return innerWidth") == 360, path
            assert driver.execute_script(SMALL_TEXTS) == [], path
        colours = driver.execute_script(
            "const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]"
        )
        assert sorted(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        driver.get(f"{address}/{MONTHS}")
        picture(driver, SCREENSHOTS / f"dataset-elder-360{'-dark' if dark else ''}.png")


def test_reading_aloud_speaks_the_title_first_and_stops(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{ON_REQUEST}")
    # The machine may have no voice; what is handed to the browser's speech is looked at instead.
    browser.execute_script(
        "window.said = []; speechSynthesis.speak = (u) => { window.said.push([u.text, u.lang]); if (window.said.length < 4) u.onend(); };"
    )
    button = one(browser, "[data-read-aloud]")
    assert button.is_displayed()
    button.click()
    said = browser.execute_script("return window.said")
    titles = [text for text, _lang in said]
    assert one(browser, "h1").text in titles
    assert {lang for _text, lang in said} == {"zh-CN"}
    assert button.get_attribute("aria-pressed") == "true"
    assert len(browser.find_elements(By.CSS_SELECTOR, ".ks-reading")) == 1
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert browser.find_elements(By.CSS_SELECTOR, ".ks-reading") == []


def test_where_the_browser_cannot_speak_the_button_is_not_shown(address: str) -> None:
    with chromium(1280) as driver:
        driver.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument",
            {"source": "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"},
        )
        driver.get(f"{address}/{MONTHS}")
        assert driver.execute_script("return 'speechSynthesis' in window") is False
        assert not one(driver, "[data-read-aloud]").is_displayed()
        assert one(driver, "[data-elder-switch]").is_displayed()


@pytest.mark.parametrize("path", [MONTHS, ON_REQUEST])
def test_on_a_phone_all_that_decides_stands_above_the_fold(address: str, path: str) -> None:
    with chromium(390, 844) as driver:
        driver.get(f"{address}/{path}")
        wanted = (
            "h1",
            ".ks-dataset__chip",
            ".ks-lead",
            ".ks-act .ks-button--primary",
            ".ks-keyfacts > div:last-child",
        )
        # The last line of the facts may be cut by a pixel or two, not more.
        for selector in wanted:
            box = driver.execute_script(
                "const b = document.querySelector(arguments[0]).getBoundingClientRect(); return [b.top, b.bottom]",
                selector,
            )
            assert box[0] >= 0, selector
            assert box[1] <= 844 + 2, (selector, box)
        picture(driver, SCREENSHOTS / f"{path.strip('/').replace('/', '-')}-390.png")


def test_everything_is_reached_by_keyboard_alone(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{DIVISIONS}")
    kinds = {
        "sort": ".ks-sort-button", "sql": ".ks-console button", "download": "[download]", "table": ".ks-table-wrap",
        "elder": "[data-elder-switch]", "fault": ".ks-fault", "code": ".ks-profile summary",
    }  # fmt: skip
    reached: set[str] = set()
    for _step in range(150):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        names, outline = browser.execute_script(
            "const e = document.activeElement; const kinds = arguments[0];"
            "return [e === document.body ? null : Object.keys(kinds).filter((k) => e.matches(kinds[k])), getComputedStyle(e).outlineStyle]",
            kinds,
        )
        if names is None:
            break
        reached |= set(names)
        assert outline == "solid", names
    assert reached == set(kinds)


def test_a_first_visit_is_light(address: str) -> None:
    with chromium(390, 844) as driver:
        driver.get(f"{address}/{MONTHS}")
        until(driver, lambda d: d.execute_script("return document.readyState") == "complete")
        names: list[str] = driver.execute_script(
            "return [location.href, ...performance.getEntriesByType('resource').map((e) => e.name)]"
        )
    assert {urlsplit(name).netloc for name in names} == {urlsplit(address).netloc}
    bodies = []
    for name in names:
        with urllib.request.urlopen(name) as answer:
            bodies.append(gzip.compress(answer.read(), 6))
    assert len(names) <= REQUESTS, names
    assert sum(map(len, bodies)) <= WIRE


def test_without_scripts_the_page_says_all_that_it_says(address: str) -> None:
    with urllib.request.urlopen(f"{address}/{MONTHS}") as answer:
        page = answer.read().decode()
    for words in ("每月工作日天数", "无条件开放", "下载 CSV", "下次应更新", "知识共享署名", "全部文件（ZIP）",
                  "工作日天数", "2004-01", "无空值", "最低 28", "SHA-256", "单元格填写", "pd.read_csv",
                  "Excel / WPS", "feed.xml", "逐日工作日日历"):  # fmt: skip
        assert words in page, words


def test_on_paper_what_only_works_on_a_screen_is_gone(address: str, browser: Chrome) -> None:
    browser.get(f"{address}/{PLACES}")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for selector in (".ks-tools", ".ks-nav", ".ks-anchors", ".ks-console", ".ks-map-figure"):
            assert not one(browser, selector).is_displayed(), selector
        assert one(browser, "h1").is_displayed()
        assert one(browser, ".ks-table--data").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
