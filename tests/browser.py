"""Headless Chromium for tests: at a given width, downloads kept, every other host out of reach."""

from __future__ import annotations

import base64
import contextlib
import tempfile
import time
from typing import TYPE_CHECKING, Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that asks for anything from another host fails, and its log says so.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
LONGEST_PICTURE = 4000


@contextlib.contextmanager
def chromium(
    width: int, height: int = 900, *, dark: bool = False, flags: tuple[str, ...] = ()
) -> Iterator[webdriver.Chrome]:
    """A browser whose pages are `width` CSS pixels wide; a phone below 500; with further `flags`."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS, *flags):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory() as downloads:
        options.add_experimental_option("prefs", {"download.default_directory": downloads})
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        driver.downloads = downloads  # type: ignore[attr-defined]
        try:
            _measure(driver, width, height)
            if dark:
                scheme = {"name": "prefers-color-scheme", "value": "dark"}
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
            yield driver
        finally:
            driver.quit()


def picture(driver: webdriver.Chrome, path: Path) -> None:
    """Keep a picture of the whole page."""
    width = driver.execute_script("return innerWidth")
    before = driver.execute_script("return innerHeight")
    height = driver.execute_script("return document.documentElement.scrollHeight")
    _measure(driver, width, min(height, LONGEST_PICTURE))
    taken: dict[str, Any] = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    _measure(driver, width, before)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(taken["data"]))


def unfold(driver: webdriver.Chrome) -> None:
    """Open all that can be opened, and have drawn what is drawn when it is seen."""
    driver.execute_script(
        "document.querySelectorAll('[data-part]').forEach((one) => one.scrollIntoView())"
    )
    if driver.execute_script("return document.querySelector('[data-part]') !== null"):
        time.sleep(1.5)
    driver.execute_script(
        "document.querySelectorAll('details:not([hidden])').forEach((one) => { one.open = true; });"
        "scrollTo(0, 0)"
    )


def problems_logged(driver: webdriver.Chrome) -> list[str]:
    """What the browser's console complained of: refused by policy, not found, failed."""
    logged = driver.get_log("browser")  # type: ignore[no-untyped-call]
    # An answer that a form has errors (422) is meant, and logged all the same.
    return [entry["message"] for entry in logged if "422" not in entry["message"]]


def _measure(driver: webdriver.Chrome, width: int, height: int) -> None:
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
    )
