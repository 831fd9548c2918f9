"""A table that is large for a phone is fetched when the reader asks, and is then there whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, problems_logged
from tests.portals import small_portal, write
from tests.servers import run, serving

from kaishu.site.explore import UNASKED

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.site.libraries import Brought

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
ROWS = 45_000
HOURS = """\
name: hours
title: 逐小时客流
resources:
  - name: hours
    path: data/hours.csv
    schema:
      fields:
        - {name: hour, type: datetime, title: 时间}
        - {name: station, type: string, title: 车站}
        - {name: people, type: integer, title: 人次}
      primaryKey: hour
catalogue:
  theme: transport
  openness: {type: unconditional}
  sharing: {type: unconditional}
  update_cycle: monthly
"""


def test_a_large_table_is_drawn_and_queried_once_the_reader_asks(
    tmp_path: Path, brought: Brought
) -> None:
    assert brought.missing == []
    root = small_portal(tmp_path / "portal")
    start = datetime(2020, 1, 1)  # noqa: DTZ001 - a row's text, no moment
    lines = [f"{(start + timedelta(hours=n)).isoformat()},中心站,{n % 977}\n" for n in range(ROWS)]
    write(root, "datasets/jtj/hours/datapackage.yaml", HOURS)
    write(root, "datasets/jtj/hours/data/hours.csv", "hour,station,people\n" + "".join(lines))
    assert sum(map(len, lines)) > UNASKED
    run("build", root=root)
    with serving(root) as served, chromium(390, 844) as driver:
        wait = WebDriverWait(driver, 60)
        driver.get(f"{served.url}/datasets/jtj/hours/")
        driver.execute_script("document.getElementById('chart').scrollIntoView()")
        figure = driver.find_element(By.CSS_SELECTOR, ".ks-plot")
        button = figure.find_element(By.TAG_NAME, "button")
        assert "MB" in button.text
        names = "return performance.getEntriesByType('resource').map((e) => e.name).join(' ')"
        assert "hours.csv" not in driver.execute_script(names)
        button.click()
        wait.until(lambda _d: figure.get_attribute("data-drawn"))
        assert str(figure.get_attribute("data-drawn")).startswith(f"line {ROWS}×1")
        console = driver.find_element(By.CSS_SELECTOR, ".ks-console button")
        assert "MB" in console.text
        console.click()
        wait.until(lambda d: "已就绪" in d.find_element(By.ID, "sql-status").text)
        typed = driver.find_element(By.ID, "sql-query")
        typed.clear()
        typed.send_keys("select count(*), max(people) from hours", Keys.CONTROL, Keys.ENTER)
        wait.until(lambda d: d.find_elements(By.CSS_SELECTOR, ".ks-console__result td"))
        cells = driver.find_elements(By.CSS_SELECTOR, ".ks-console__result td")
        assert [cell.text for cell in cells] == [str(ROWS), "976"]
        assert problems_logged(driver) == []
