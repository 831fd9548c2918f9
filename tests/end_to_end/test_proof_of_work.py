"""A browser proves its work beside the visitor's writing; without scripts the form goes its way."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, problems_logged
from tests.cases.conftest import FIELDS
from tests.cases.files import made
from tests.portals import small_portal
from tests.servers import Served, run, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def filled_in(browser: Any, served: Served, attachment: Path) -> None:
    browser.get(f"{served.url}/cases/apply/?dataset=mzj/visits")
    for name, value in FIELDS.items():
        if name == "applicant_type" or not value:
            continue
        browser.find_element(By.NAME, name).send_keys(value)
    browser.find_element(By.NAME, "attachments").send_keys(str(attachment))
    browser.find_element(By.NAME, "undertaking").click()
    browser.find_element(By.CSS_SELECTOR, "form[data-draft] button[type=submit]").click()
    WebDriverWait(browser, 60).until(lambda one: "/receipt/" in one.current_url)


def counts(served: Served) -> dict[str, int]:
    stored = sqlite3.connect(os.fspath(served.var / "kaishu.sqlite3"))
    try:
        counted = {
            name: f"count(*) from cases_{name}" for name in ("case", "attachment", "confirmation")
        } | {"proof": "count(proof) from cases_case"}
        return {
            name: stored.execute(f"select {what}").fetchone()[0] for name, what in counted.items()
        }
    finally:
        stored.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_with_scripts_the_work_is_proven_and_without_the_case_is_taken_in(
    tmp_path: Path, width: int
) -> None:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    attachment = tmp_path / "说明.pdf"
    attachment.write_bytes(made.pdf())
    with serving(root) as served, chromium(width) as browser:
        filled_in(browser, served, attachment)
        assert problems_logged(browser) == []
        assert counts(served) == {"case": 1, "attachment": 1, "confirmation": 0, "proof": 1}
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        filled_in(browser, served, attachment)
        assert counts(served) == {"case": 2, "attachment": 2, "confirmation": 1, "proof": 1}
