"""Pictures for the README and the guides, taken of the example portal while it runs.

The committed state is cloned, built and served in a temporary folder with a database of its own;
an application is filed and answered there, and Chromium photographs each page on the way.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.servers import run, serving  # noqa: E402 - found through the line above

from kaishu.site import libraries  # noqa: E402

GUIDES = ROOT / "docs" / "guides" / "images"
PORTAL = ROOT / "docs" / "images" / "portal.png"
WIDE, FORM, PHONE = 1280, 960, 390
LARGEST = 200 * 1024

DATASET = "mzj/yingkou-divisions"
CHARTED = "qxj/sun-times"
APPLIED_FOR = "jtj/bus-card-trips"
OFFICER = "officer-jtj"
APPLICANTS = ("王芳（示例）", "张伟（示例）", "李明（示例）")
APPLICATION = {
    "email": "someone@example.org",
    "wanted": "2025年全年各线路逐日刷卡次数，不需要卡号。",
    "purpose": "分析早晚高峰的客流，撰写毕业论文。",
    "scene": "学校课程研究，结果以论文形式发表。",
    "period": "至2027年6月30日",
    "delivery_way": "一次性，以文件方式",
    "security": "存放在本人加密的电脑中，不与他人共享，论文完成后删除。",
}
MESSAGE = "数据已按日、按线路汇总，不含卡号。请在使用期限内使用。"


class Camera:
    """A browser that shows the portal at `url` and saves what it sees."""

    def __init__(self, url: str) -> None:
        self.url = url
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
            options.add_argument(switch)
        # What the browser itself writes, such as a file button's label, is Chinese too.
        words = {**os.environ, "LANGUAGE": "zh_CN"}
        self.browser = Chrome(options, Service(shutil.which("chromedriver"), env=words))

    def open(self, path: str, *, width: int = WIDE) -> None:
        """Show one page of the portal, in a window of this width."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.browser.get(f"{self.url}/{path}")

    def take(self, target: Path, *, height: int = 900, top: str = "body") -> None:
        """Save the page from the element `top` on, `height` pixels of it or as much as there is."""
        box = self.browser.execute_script(
            "const y = Math.max(0, document.querySelector(arguments[0]).getBoundingClientRect().top"
            " + scrollY - 8 * (arguments[0] !== 'body'));"
            "return [y, innerWidth, document.documentElement.scrollHeight]",
            top,
        )
        clip = {"x": 0, "y": box[0], "width": box[1], "height": min(height, box[2] - box[0])}
        shot = self.browser.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"clip": {**clip, "scale": 1}, "captureBeyondViewport": True, "format": "png"},
        )
        content = base64.b64decode(shot["data"])
        if len(content) > LARGEST:
            raise SystemExit(f"{target.name} has {len(content)} bytes; show less of the page.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        print(target.relative_to(ROOT), len(content))

    def fill(self, fields: dict[str, str]) -> None:
        """Type into the form's fields."""
        for name, text in fields.items():
            self.browser.find_element(By.NAME, name).send_keys(text)

    def check(self, name: str) -> None:
        """Tick a box, out of sight of anything that lies over it."""
        box = self.browser.find_element(By.NAME, name)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
        box.click()

    def send(self, form: str = "main form") -> None:
        """Press the form's button and wait for the next page."""
        page = self.browser.find_element(By.TAG_NAME, "html")
        button = self.browser.find_element(By.CSS_SELECTOR, f"{form} button[type=submit]")
        self.browser.execute_script("arguments[0].click()", button)
        WebDriverWait(self.browser, 20).until(staleness_of(page))


def main() -> None:
    """Clone, build, serve, walk through, photograph."""
    os.environ.setdefault(libraries.VARIABLE, str(ROOT / "build" / libraries.FOLDER))
    with tempfile.TemporaryDirectory(prefix="kaishu-pictures-") as folder:
        root = Path(folder) / "portal"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(root)], check=True)
        run("build", root=root)
        run("staff", "demo", root=root)
        with serving(root) as portal:
            camera = Camera(portal.url)
            try:
                photograph_site(camera)
                photograph_case(camera, root)
            finally:
                camera.browser.quit()


def photograph_site(camera: Camera) -> None:
    """The pages that everybody reads."""
    camera.open("")
    camera.take(PORTAL)
    camera.take(GUIDES / "home.png")
    camera.open(f"datasets/{DATASET}/")
    camera.take(GUIDES / "dataset.png", height=1100)
    photograph_tables(camera)
    camera.open(f"datasets/{APPLIED_FOR}/")
    camera.take(GUIDES / "on-request.png")
    camera.open(f"datasets/{DATASET}/", width=PHONE)
    camera.take(GUIDES / "dataset-phone.png", height=844)


def photograph_tables(camera: Camera) -> None:
    """A chart as it is drawn, and the answer to a query."""
    camera.open(f"datasets/{CHARTED}/")
    wait = WebDriverWait(camera.browser, 20)
    camera.browser.execute_script("document.getElementById('chart').scrollIntoView()")
    wait.until(lambda b: b.find_element(By.CSS_SELECTOR, ".ks-plot[data-drawn]"))
    camera.browser.find_element(By.CSS_SELECTOR, ".ks-console button").click()
    wait.until(
        lambda b: b.find_element(By.CSS_SELECTOR, ".ks-console .ks-button--primary").is_enabled()
    )
    camera.browser.find_elements(By.CSS_SELECTOR, ".ks-console__examples button")[-1].click()
    wait.until(lambda b: b.find_element(By.CSS_SELECTOR, ".ks-console__result td"))
    camera.take(GUIDES / "explore.png", height=1300, top="section:has(#chart)")


def photograph_case(camera: Camera, root: Path) -> None:
    """An application from the form to the answer."""
    for name in APPLICANTS:
        camera.open(f"cases/apply/?dataset={APPLIED_FOR}", width=FORM)
        camera.fill({"applicant_name": name, **APPLICATION})
        if name == APPLICANTS[-1]:
            camera.take(GUIDES / "application.png", height=1200)
        camera.check("undertaking")
        camera.send()
    camera.take(GUIDES / "receipt.png", height=860)
    number = camera.browser.current_url.rstrip("/").split("/")[-2]

    accounts = json.loads((root / "var" / "demo-accounts.json").read_text())
    camera.open("desk/", width=WIDE)
    camera.fill({"username": OFFICER, "password": accounts[OFFICER]})
    camera.send()
    camera.take(GUIDES / "desk-list.png", height=620)
    camera.open(f"desk/cases/{number}/", width=FORM)
    camera.take(GUIDES / "desk-case.png")
    camera.take(GUIDES / "desk-answer.png", height=1300, top="section:has(form)")
    sample = root / "var" / "刷卡次数汇总.csv"
    sample.write_text("date,line,trips\n", encoding="utf-8")
    camera.fill({"message": MESSAGE, "file": str(sample)})
    camera.send("main form:has([name=message])")
    camera.open(f"cases/{number}/", width=FORM)
    camera.take(GUIDES / "status.png", height=1000)


if __name__ == "__main__":
    main()
