"""The catalogue's page in a real browser, over a catalogue of true size."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, picture, problems_logged
from tests.servers import REPOSITORY, serving_files
from tests.site.search import catalogue

from kaishu.base.vocabulary import UpdateCycle
from kaishu.catalog.upkeep import next_update
from kaishu.site import listings
from kaishu.site.search.facets import EPOCH, facets_of
from kaishu.site.search.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

    from kaishu.catalog.dataset import Dataset
    from kaishu.site.edition import Edition

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("catalogue")]
PICTURES = REPOSITORY / "build" / "screenshots"
TODAY = catalogue.AS_OF.isoformat()
QUERIES = [
    "公交线路", "公交站点", "食品抽检", "幼儿园", "行政处罚", "住房公积金", "养老机构", "医疗机构", "大气", "旅行社",
    "农产品", "许可证", "法定代表人", "信息", "气象", "经度", "公示", "统一社会信用代码", "民政 养老", "没有这样的数据",
]  # fmt: skip
# Misspelt by sound, by form, by order; words near in meaning; pinyin; a word too many.
MEANT = {
    "公交线陆": "公交线路", "食品抽捡": "食品抽检", "幼儿圆": "幼儿园", "住房公机金": "住房公积金", "医疗机够": "医疗机构",
    "行政处发": "行政处罚", "养老机购": "养老机构", "旅形社": "旅行社", "农产平": "农产品", "大汽质量": "质量",
    "公交占点": "公交站点", "幼稚园": "幼儿园", "敬老院": "养老机构", "gongjijin": "公积金", "yiliaojigou": "医疗机构",
    "营口公交线路": "公交线路", "行证处罚": "行政处罚", "法定代表任": "法定代表人", "经伟度": "经度", "许克证号": "许可证",
}  # fmt: skip


@pytest.fixture(scope="module")
def edition() -> Edition:
    return catalogue.edition_of(catalogue.entries())


@pytest.fixture(scope="module")
def rows(edition: Edition) -> list[Dataset]:
    """The entries in the order of the index's rows."""
    return listings.listed(edition.catalog.datasets)


@pytest.fixture(scope="module")
def address(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = catalogue.publish(edition, tmp_path_factory.mktemp("catalogue"))
    with serving_files(site) as url:
        yield f"{url}/datasets/"


def prepared(driver: Chrome) -> Chrome:
    """A browser in which today is always the same day."""
    source = f"document.documentElement.dataset.now = {json.dumps(TODAY)}"
    script = f"new MutationObserver((_, o) => {{ if (document.documentElement) {{ {source}; o.disconnect(); }} }}).observe(document, {{childList: true}})"
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    driver.set_script_timeout(60)
    return driver


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium(1280) as driver:
        yield prepared(driver)


def until(driver: Chrome, condition: Callable[[Chrome], Any]) -> Any:
    return WebDriverWait(driver, 30).until(condition)


def count(driver: Chrome, n: int) -> None:
    """Wait until the page says that it found `n` entries."""
    expected = f"{n:,} 个数据集"
    until(driver, lambda d: d.find_element(By.ID, "count").text == expected)


def titles(driver: Chrome) -> list[str]:
    """The titles shown, read in one go, as the list may change between two questions."""
    script = "return [...document.querySelectorAll('#results h2')].map((one) => one.textContent.trim().replace(/\\s+/g, ' '))"
    found: list[str] = driver.execute_script(script)
    return found


def choices(driver: Chrome, facet: str) -> dict[str, int]:
    """The values of a facet that can be chosen, with their counts, folded away or not."""
    found: list[tuple[str, int]] = driver.execute_script(
        "return [...document.querySelectorAll(`input[name=${arguments[0]}]`)]"
        ".map((box) => [box.value, Number(box.closest('label').querySelector('.ks-facet__count')"
        ".textContent.replace(',', ''))]).filter(([, n]) => n)",
        facet,
    )
    return dict(found)


def choose(driver: Chrome, facet: str, value: str) -> None:
    driver.execute_script(
        f"document.querySelector('input[name={facet}][value=\"{value}\"]').click()"
    )


def open_page(driver: Chrome, address: str) -> None:
    driver.get("about:blank")
    driver.get(address)
    until(driver, lambda d: d.find_element(By.ID, "facets").is_displayed())


def found(driver: Chrome, address: str, query: str) -> list[int]:
    """The rows that the page's own search finds for `query`, in its order."""
    script = """
        const [address, query, done] = arguments;
        const made = async () => {
          const { Search, Table } = await import(new URL("../assets/search.js", address).href);
          const index = new URL("../pagefind/", address).href;
          return new Search(index, new Table(await (await fetch(`${index}facets.json`)).json()));
        };
        window.own ||= made();
        window.own.then((search) => search.find(query)).then(done);
    """
    rows: list[int] = driver.execute_async_script(script, address, query)
    return rows


def test_each_query_finds_what_has_its_words(
    browser: Chrome, address: str, edition: Edition, rows: list[Dataset]
) -> None:
    texts = [catalogue.searched(edition, one) for one in rows]
    open_page(browser, address)
    answered = wanted = shown = 0
    for query in QUERIES:
        expected = {
            n for n, text in enumerate(texts) if all(word in text for word in query.split())
        }
        answer = found(browser, address, query)
        assert expected <= set(answer), query
        wanted, shown = wanted + len(expected), shown + len(answer)
        answered += bool(expected)
        # Titles with the words come before entries that only mention them.
        titled = [n for n in expected if query in rows[n].descriptor.title.casefold()]
        assert set(answer[: len(titled)]) == set(titled), query
    assert answered >= 18
    assert shown <= 1.01 * wanted


def test_a_single_character_is_looked_for_in_titles(
    browser: Chrome, address: str, rows: list[Dataset]
) -> None:
    open_page(browser, address)
    expected = {n for n, one in enumerate(rows) if "养" in one.descriptor.title}
    assert expected
    assert expected <= set(found(browser, address, "养"))


def test_a_word_of_letters_may_be_typed_in_part_and_a_number_is_meant_whole(
    browser: Chrome, address: str, rows: list[Dataset]
) -> None:
    open_page(browser, address)
    named = rows[0].descriptor.name
    assert found(browser, address, "e") != []
    assert found(browser, address, named) == [0]
    assert found(browser, address, f"{named}x") == []


def test_the_browser_makes_the_same_pieces(
    browser: Chrome, address: str, rows: list[Dataset]
) -> None:
    open_page(browser, address)
    texts = [one.descriptor.title for one in rows[::7]] + [
        "ＧＤＰ㎡ Ⅳ PM2.5",
        "々〇年",
        "é Ünïcode",
    ]
    made = browser.execute_async_script(
        "const [module, texts, done] = arguments;"
        "import(module).then(({ pieces }) => done(texts.map((text) => pieces(text))))",
        address.replace("datasets/", "assets/search.js"),
        texts,
    )
    assert made == [pieces(text) for text in texts]


def test_the_browser_knows_when_an_update_is_due(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    days = [EPOCH.toordinal() + n for n in range(19000, 20500, 13)]
    given = [(date.fromordinal(day), cycle) for day in days for cycle in UpdateCycle]
    made = browser.execute_async_script(
        "const [module, given, done] = arguments;"
        "import(module).then(({ nextUpdate }) => done(given.map((one) => nextUpdate(...one))))",
        address.replace("datasets/", "assets/search.js"),
        [[(day - EPOCH).days, cycle.value] for day, cycle in given],
    )
    expected = [next_update(day, cycle) for day, cycle in given]
    assert made == [(due - EPOCH).days if due else 0 for due in expected]


def test_facets_narrow_and_their_counts_leave_their_own_choice_out(
    browser: Chrome, address: str, edition: Edition, rows: list[Dataset]
) -> None:
    values = [facets_of(one, edition.packages[one.key]) for one in rows]
    theme, second = [value for value, _n in Counter(v["theme"][0] for v in values).most_common(2)]
    cycle = Counter(v["cycle"][0] for v in values if v["theme"] == [theme]).most_common(1)[0][0]
    open_page(browser, address)
    count(browser, len(rows))
    assert choices(browser, "theme") == Counter(v["theme"][0] for v in values)
    choose(browser, "theme", theme)
    count(browser, sum(v["theme"] == [theme] for v in values))
    # Another theme would add its entries: the counts of themes are as before.
    assert choices(browser, "theme") == Counter(v["theme"][0] for v in values)
    of_theme = [v for v in values if v["theme"] == [theme]]
    assert choices(browser, "cycle") == Counter(v["cycle"][0] for v in of_theme)
    choose(browser, "theme", second)
    of_both = [v for v in values if v["theme"][0] in (theme, second)]
    count(browser, len(of_both))
    choose(browser, "cycle", cycle)
    count(browser, sum(v["cycle"] == [cycle] for v in of_both))
    assert choices(browser, "format") == Counter(
        kind for v in of_both if v["cycle"] == [cycle] for kind in v["format"]
    )
    state = parse_qs(urlsplit(browser.current_url).query)
    assert state == {"theme": sorted([theme, second], key=state["theme"].index), "cycle": [cycle]}


def test_the_most_frequent_values_among_what_is_found_come_first(
    browser: Chrome, address: str
) -> None:
    open_page(browser, f"{address}?q={quote('信息')}")
    until(browser, lambda d: titles(d) and "信息" in titles(d)[0])
    for facet in ("theme", "department", "format"):
        counts = list(choices(browser, facet).values())
        assert counts == sorted(counts, reverse=True), facet


def test_lateness_is_todays(
    browser: Chrome, address: str, edition: Edition, rows: list[Dataset]
) -> None:
    late = [
        one
        for one in rows
        if facets_of(one, edition.packages[one.key])["format"]
        and (due := next_update(edition.updated.get(one.key), one.entry.update_cycle)) is not None
        and due < catalogue.AS_OF
    ]
    open_page(browser, f"{address}?freshness=late")
    count(browser, len(late))
    assert len(browser.find_elements(By.CSS_SELECTOR, "#results .ks-late")) == min(20, len(late))


def test_the_address_keeps_the_whole_state(browser: Chrome, address: str) -> None:
    open_page(browser, f"{address}?q={quote('信息')}&openness=unconditional&sort=title&page=2")
    until(browser, lambda d: d.find_elements(By.CSS_SELECTOR, "#chosen button"))
    shown = titles(browser)
    assert browser.find_element(By.NAME, "q").get_attribute("value") == "信息"
    assert browser.find_element(By.ID, "sort-by").get_attribute("value") == "title"
    assert browser.find_element(By.CSS_SELECTOR, ".ks-pages__place").text.startswith("第 2 页")
    assert browser.find_element(By.CSS_SELECTOR, "input[value=unconditional]").is_selected()
    picture(browser, PICTURES / "catalogue-facets-1280.png")
    browser.find_element(By.CSS_SELECTOR, "#chosen button").click()
    until(browser, lambda d: not d.find_elements(By.CSS_SELECTOR, "#chosen button"))
    assert parse_qs(urlsplit(browser.current_url).query) == {"q": ["信息"], "sort": ["title"]}
    browser.back()
    until(browser, lambda d: titles(d) == shown)
    browser.forward()
    until(browser, lambda d: "openness" not in d.current_url and titles(d) != shown)
    browser.refresh()
    until(browser, lambda d: d.find_element(By.NAME, "q").get_attribute("value") == "信息")


def test_the_first_page_is_the_same_with_and_without_scripts(browser: Chrome, address: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(address)
    without = [
        one.get_attribute("textContent")
        for one in browser.find_elements(By.CSS_SELECTOR, "#results h2")
    ]
    assert browser.find_element(By.CSS_SELECTOR, "noscript p").is_displayed()
    assert not browser.find_element(By.ID, "facets").is_displayed()
    picture(browser, PICTURES / "catalogue-no-scripts-1280.png")
    ways = browser.find_elements(By.CSS_SELECTOR, ".ks-browse a")
    assert {"lists/letters/", "themes/", "departments/"} <= {
        "/".join((one.get_attribute("href") or "").split("/")[3:]) for one in ways
    }
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    open_page(browser, f"{address}?page=2")
    until(browser, lambda d: d.find_element(By.CSS_SELECTOR, ".ks-pages__previous").is_displayed())
    browser.find_element(By.CSS_SELECTOR, ".ks-pages__previous").click()
    until(browser, lambda d: titles(d) == without)


def test_pages_of_results_lead_on(browser: Chrome, address: str, rows: list[Dataset]) -> None:
    open_page(browser, f"{address}?sort=title")
    expected = [" ".join(one.descriptor.title.split()) for one in rows]
    until(browser, lambda d: titles(d) == expected[:20])
    browser.find_element(By.CSS_SELECTOR, ".ks-pages__next").click()
    until(browser, lambda d: titles(d) == expected[20:40])
    assert browser.current_url.endswith("page=2")
    # Who listens or uses the keyboard goes on from the top of the new results.
    assert browser.switch_to.active_element.get_attribute("id") == "count"


def test_it_works_by_keyboard_and_says_what_it_found(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    field = browser.find_element(By.NAME, "q")
    field.send_keys("幼儿园", Keys.ENTER)
    until(browser, lambda d: "q=" in d.current_url and titles(d) and "幼儿园" in titles(d)[0])
    status = browser.find_element(By.ID, "count")
    assert status.get_attribute("aria-live") == "polite"
    box = browser.find_element(By.CSS_SELECTOR, ".ks-facet input:not(:checked)")
    box.send_keys(Keys.SPACE)
    chip = until(browser, lambda d: d.find_element(By.CSS_SELECTOR, "#chosen button"))
    assert (chip.get_attribute("aria-label") or "").startswith("取消条件")
    chip.send_keys(Keys.ENTER)
    until(browser, lambda d: not d.find_elements(By.CSS_SELECTOR, "#chosen button"))
    assert browser.switch_to.active_element.get_attribute("id") == "count"


def test_nothing_found_leads_to_asking_for_it(browser: Chrome, address: str) -> None:
    open_page(browser, f"{address}?q={quote('没有这样的数据')}")
    count(browser, 0)
    ask = browser.find_element(By.ID, "ask")
    assert ask.is_displayed()
    assert (ask.get_attribute("href") or "").endswith(f"/cases/demand/?q={quote('没有这样的数据')}")


def test_what_was_meant_is_offered(browser: Chrome, address: str, edition: Edition) -> None:
    open_page(browser, address)
    script = """
        const [address, query, done] = arguments;
        const made = async () => {
          const module = (name) => import(new URL(`../assets/${name}`, address).href);
          const index = new URL("../pagefind/", address).href;
          const json = async (name) => (await fetch(`${index}${name}`)).json();
          const { Search, Table } = await module("search.js");
          const { Corrections } = await module("corrections.js");
          return {
            search: new Search(index, new Table(await json("facets.json"))),
            corrections: new Corrections(await json("words.json")),
          };
        };
        window.correcting ||= made();
        window.correcting.then(({ search, corrections }) => corrections.offered(query, search))
          .then((offered) => done(offered.map(({ text }) => text)));
    """
    recovered = [
        typed
        for typed, meant in MEANT.items()
        if any(meant in text for text in browser.execute_async_script(script, address, typed))
    ]
    assert len(recovered) >= 15, sorted(set(MEANT) - set(recovered))


def test_a_correction_can_be_followed(browser: Chrome, address: str) -> None:
    open_page(browser, f"{address}?q={quote('公交线陆')}")
    offered = until(browser, lambda d: d.find_elements(By.CSS_SELECTOR, "#meant a"))[0]
    assert offered.text == "公交线路"
    picture(browser, PICTURES / "catalogue-corrections-1280.png")
    offered.click()
    until(browser, lambda d: titles(d) and "公交" in titles(d)[0])
    assert parse_qs(urlsplit(browser.current_url).query) == {"q": ["公交线路"]}


def test_conditions_that_exclude_everything_can_be_removed(browser: Chrome, address: str) -> None:
    open_page(browser, f"{address}?q={quote('公交线路')}&openness=closed")
    count(browser, 0)
    assert "不符合所选的条件" in browser.find_element(By.ID, "excluded").text
    assert not browser.find_element(By.ID, "ask").is_displayed()
    browser.find_element(By.ID, "unfiltered").click()
    until(browser, lambda d: titles(d))


def test_a_first_search_fetches_little(edition: Edition, tmp_path: Path) -> None:
    asked: list[str] = []
    site = catalogue.publish(edition, tmp_path)
    with serving_files(site, asked) as url, chromium(1280) as driver:
        prepared(driver)
        open_page(driver, f"{url}/datasets/?q={quote('公交线路')}")
        until(driver, lambda d: titles(d) and "公交" in titles(d)[0])
        assert problems_logged(driver) == []
    paths = dict.fromkeys(urlsplit(path).path.lstrip("/") for path in asked)
    files = [site / (path + "index.html" if path.endswith("/") else path) for path in paths]
    fetched = {
        file.relative_to(site).as_posix(): len(gzip.compress(file.read_bytes(), 6))
        for file in files
        if file.is_file()
    }
    assert not [path for path in fetched if "/filter/" in path or "words.json" in path]
    assert sum(fetched.values()) <= 300 * 1024


def test_a_page_of_an_earlier_release_begins_anew_with_the_index_that_is_there(
    tmp_path: Path,
) -> None:
    before, after = (catalogue.edition_of(catalogue.entries()[:n]) for n in (60, 90))
    site = catalogue.publish(before, tmp_path / "before")
    new = catalogue.publish(after, tmp_path / "after")
    with serving_files(site) as url, chromium(1280) as driver:
        prepared(driver)
        open_page(driver, f"{url}/datasets/")
        shutil.rmtree(site / "pagefind")
        shutil.copytree(new / "pagefind", site / "pagefind")
        driver.find_element(By.NAME, "q").send_keys(after.catalog.datasets[0].descriptor.title)
        until(driver, lambda d: after.catalog.datasets[0].descriptor.title in titles(d))


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_phone(address: str, width: int, dark: bool) -> None:
    with chromium(width, dark=dark) as driver:
        prepared(driver)
        open_page(driver, f"{address}?q={quote('医疗机构')}&openness=unconditional")
        until(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#chosen button"))
        assert not driver.find_element(By.CSS_SELECTOR, ".ks-facet").is_displayed()
        picture(driver, PICTURES / f"catalogue-{width}{'-dark' if dark else ''}.png")
        driver.find_element(By.CSS_SELECTOR, "#facets summary").click()
        until(driver, lambda d: d.find_element(By.CSS_SELECTOR, ".ks-facet").is_displayed())
        wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
