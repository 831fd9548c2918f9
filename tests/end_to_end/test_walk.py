"""One walk in real Chromium: home, search, download, apply, answer, read the answer.

Pictures of every step are kept under build/screenshots/.
"""

from __future__ import annotations

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, picture, problems_logged
from tests.servers import REPOSITORY, Served, copy_of_the_example, run, serving

from kaishu.base import clock
from kaishu.base.formats import long_date
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
PICTURES = REPOSITORY / "build" / "screenshots"
DATASET = "wjw/outpatient-visits"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = copy_of_the_example(tmp_path_factory.mktemp("walk") / "portal")
    run("build", root=root)
    run("staff", "demo", root=root)
    with serving(root) as running:
        yield running


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def browser(request: pytest.FixtureRequest) -> Iterator[Chrome]:
    with chromium(request.param) as driver:
        yield driver


def waiting(driver: Chrome, seconds: float) -> WebDriverWait[Chrome]:
    # Between two pages the driver has no document to ask, and what it found is gone.
    return WebDriverWait(driver, seconds, ignored_exceptions=[WebDriverException])


def find(driver: Chrome, selector: str) -> Any:
    return waiting(driver, 10).until(lambda d: d.find_element(By.CSS_SELECTOR, selector))


def fill(driver: Chrome, **fields: str) -> None:
    for name, text in fields.items():
        field = find(driver, f"[name={name}]")
        field.clear()
        field.send_keys(text)


def press(driver: Chrome, selector: str) -> None:
    element = find(driver, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def submit(driver: Chrome) -> None:
    driver.execute_script("window.beforeSubmit = true")
    press(driver, "main form button[type=submit].ks-button--primary")
    arrived = "return !window.beforeSubmit && document.readyState === 'complete'"
    waiting(driver, 20).until(lambda d: d.execute_script(arrived))


def test_from_the_home_page_to_an_answer(served: Served, browser: Chrome) -> None:
    def keep(name: str) -> None:
        width = browser.execute_script("return innerWidth")
        picture(browser, PICTURES / f"{name}-{width}.png")
        wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is wider than the window"

    # The citizen looks for data and takes it.
    browser.get(f"{served.url}/")
    keep("1-home")
    fill(browser, q="日出")
    find(browser, "[name=q]").submit()
    waiting(browser, 10).until(lambda d: "q=" in d.current_url)
    waiting(browser, 20).until(lambda d: d.find_element(By.ID, "count").text == "1 个数据集")
    assert "日出日落时刻" in find(browser, "#results > li").text
    keep("2-search")
    press(browser, "#results > li a")
    keep("3-dataset")
    download = find(browser, "a.ks-button--primary[download]").get_attribute("href")
    with urllib.request.urlopen(download) as answer:
        lines = answer.read().decode("utf-8").splitlines()
    assert len(lines) == 731
    assert lines[0].startswith("date,sunrise")

    # The applicant finds out by when there will be an answer, and applies.
    browser.get(f"{served.url}/datasets/{DATASET}/")
    expected = due(
        library.load("yingkou-2022"), "open-application", clock.now(), WorkingCalendar.load(None)
    )
    promise = find(browser, ".ks-reply__today strong")
    assert promise.text == long_date(expected.due_date)
    keep("4-on-request")
    press(browser, "a[href*='cases/apply']")
    submit(browser)
    assert "有几项需要更正" in find(browser, "[role=alert]").text
    keep("5-form-with-errors")
    fill(
        browser,
        applicant_name="营口示例研究所",
        phone="0417-1234567",
        wanted="2026年全市各科室门诊人次",
        purpose="研究就诊的季节变化",
        scene="学术论文",
        period="至2027年12月31日",
        security="加密保存，专人使用",
    )
    press(browser, "[name=undertaking]")
    submit(browser)
    number, code = (one.text for one in browser.find_elements(By.CSS_SELECTOR, ".cases-code"))
    assert re.fullmatch(r"\d{15}", number)
    assert long_date(expected.due_date) in find(browser, "main").text
    keep("6-receipt")

    # The officer answers on the spot, with the data.
    accounts = json.loads((served.var / "demo-accounts.json").read_text())
    browser.get(f"{served.url}/desk/")
    fill(browser, username="officer-wjw", password=accounts["officer-wjw"])
    submit(browser)
    assert number in find(browser, "main").text
    keep("7-desk")
    browser.get(f"{served.url}/desk/cases/{number}/")
    file = served.root / "门诊人次.csv"
    file.write_text("institution,visits\n示例,1\n", encoding="utf-8")
    fill(browser, message="同意开放，请按申请用途使用。")
    find(browser, "[name=file]").send_keys(str(file))
    keep("8-case")
    submit(browser)
    assert "已交付" in find(browser, "main").text
    press(browser, ".cases-account button")
    find(browser, "[name=password]")

    # The applicant reads the answer and fetches the data.
    browser.get(f"{served.url}/cases/track/")
    fill(browser, number=number, code=code.lower())
    submit(browser)
    text = find(browser, "main").text
    assert "同意开放，请按申请用途使用。" in text
    assert "期限已停止计算" in text
    keep("9-answer")
    folder = Path(browser.downloads)  # type: ignore[attr-defined]
    press(browser, "a[href*='deliveries']")
    assert "使用约定" in find(browser, "h1").text
    keep("10-agreement")
    press(browser, "main form button[type=submit]")
    assert _downloaded(folder, "门诊人次.csv").startswith("institution,visits")
    assert problems_logged(browser) == []


def test_a_correction_is_passed_on_asked_about_and_answered(
    served: Served, browser: Chrome
) -> None:
    def narrow() -> None:
        wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, browser.current_url

    # The citizen reports an error in a column.
    browser.get(f"{served.url}/cases/correct/?dataset=mzj/provinces")
    narrow()
    fill(browser, wrong="第二行的名称写错了", right="天津市")
    submit(browser)
    number, code = (one.text for one in browser.find_elements(By.CSS_SELECTOR, ".cases-code"))
    assert "自其收到主管部门转交之日起计算" in find(browser, "main").text
    narrow()

    # The operator passes it on; the department, whose term starts now, asks.
    accounts = json.loads((served.var / "demo-accounts.json").read_text())
    browser.get(f"{served.url}/desk/")
    fill(browser, username="operator", password=accounts["operator"])
    submit(browser)
    narrow()
    browser.get(f"{served.url}/desk/cases/{number}/")
    submit(browser)
    assert "不得以与共享的政务数据不一致为由拒绝办理" in find(browser, "main").text
    press(browser, "details:has([name=words]) summary")
    fill(browser, words="请说明依据")
    narrow()
    press(browser, "form:has(input[value=ask]) button")
    waiting(browser, 10).until(lambda d: "待补充" in find(d, "main").text)
    press(browser, ".cases-account button")
    find(browser, "[name=password]")

    # The citizen answers on the status page.
    browser.get(f"{served.url}/cases/track/")
    fill(browser, number=number, code=code)
    submit(browser)
    assert "请说明依据" in find(browser, "main").text
    fill(browser, words="国家统计局公布的区划")
    narrow()
    submit(browser)
    assert "办理中" in find(browser, "main").text
    assert problems_logged(browser) == []


def _downloaded(folder: Path, name: str) -> str:
    for _attempt in range(100):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError(f"{name} was not downloaded: {list(folder.iterdir())}")


def test_what_was_typed_survives_a_reload(served: Served, browser: Chrome) -> None:
    browser.get(f"{served.url}/cases/apply/?dataset={DATASET}")
    fill(browser, purpose="研究就诊的季节变化")
    browser.refresh()
    assert find(browser, "[name=purpose]").get_attribute("value") == "研究就诊的季节变化"


def test_a_lost_connection_loses_nothing_that_was_typed(served: Served, browser: Chrome) -> None:
    form = f"{served.url}/cases/apply/?dataset={DATASET}"
    browser.get(form)
    stated = {
        "applicant_name": "营口示例研究所", "phone": "0417-1234567", "wanted": "2026年各科室人次",
        "purpose": "研究就诊的季节变化", "scene": "学术论文", "period": "至2027年12月31日",
        "security": "加密保存，专人使用",
    }  # fmt: skip
    fill(browser, **stated)
    press(browser, "[name=undertaking]")
    key = find(browser, "[name=idempotency_key]").get_attribute("value")
    connection = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {**connection, "offline": True})
    press(browser, "main form button[type=submit].ks-button--primary")
    waiting(browser, 20).until(lambda d: not d.find_elements(By.NAME, "purpose"))
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {**connection, "offline": False})
    browser.get(form)
    for name, text in {**stated, "idempotency_key": key}.items():
        assert find(browser, f"[name={name}]").get_attribute("value") == text, name
    assert find(browser, "[name=undertaking]").is_selected()
    submit(browser)
    assert find(browser, ".cases-receipt")
