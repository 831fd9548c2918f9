"""What outside tools say of the pages of two portals; the figures go to build/reports/.

The one is the example, the other as unlike it as the tests' is. Each is built and served in a temporary folder by our own server, so what is measured is what
a reader gets: compressed answers, policies and all. Exit status 1 where a target is missed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import axe  # noqa: E402 - found through the line above
from tests.browser import chromium, unfold  # noqa: E402
from tests.servers import copy_of_the_example, run, serving  # noqa: E402
from tests.site.unlike import portal as unlike_portal  # noqa: E402

TOOLS = ROOT / "build" / "quality" / "node_modules"
REPORTS = ROOT / "build" / "reports"
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
MOST_BYTES, MOST_REQUESTS = 150 * 1024, 10
Row = dict[str, Any]


@dataclass(frozen=True)
class Portal:
    """One portal to look at: its name, how it is made, the path of its site, two of its datasets."""

    name: str
    make: Callable[[Path], Path]
    base: str
    opened: str
    on_request: str

    @property
    def dataset(self) -> str:
        """The page of the open dataset."""
        return f"datasets/{self.opened}/"

    @property
    def forms(self) -> tuple[str, ...]:
        """Pages that only the backend has."""
        return (
            f"cases/apply/?dataset={self.on_request}",
            f"cases/correct/?dataset={self.opened}",
            "cases/track/",
            "desk/",
        )


PORTALS = (
    Portal("example", copy_of_the_example, "", "mzj/yingkou-divisions", "jtj/bus-card-trips"),
    Portal("unlike", unlike_portal, "/sub/path", "long/points", "short/trips"),
)


def main(chosen: list[str]) -> int:
    """Run the tools that are chosen, all by default, and print a line a figure."""
    tools = {"html": _html, "links": _links, "axe": _axe, "lighthouse": _lighthouse}
    if not set(chosen) <= set(tools):
        print(f"usage: scripts/quality [{'|'.join(tools)}]…", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("KAISHU_LIBRARIES", str(ROOT / "build" / "libraries"))
    rows: list[Row] = []
    for portal in PORTALS:
        with tempfile.TemporaryDirectory(prefix="kaishu-quality-") as scratch:
            root = portal.make(Path(scratch) / "portal")
            run("build", root=root)
            with serving(root) as served:
                pages = _pages(root / "build" / "site")
                for name in chosen or tools:
                    found = tools[name](f"{served.url}{portal.base}", pages, portal)
                    rows += found
                    for row in found:
                        row["work"] = f"{row['work']} ({portal.name})"
                        verdict = "meets" if row["met"] else "misses"
                        print(
                            f"{row['work']}: {row['measured']}  {verdict} {row['target']}",
                            flush=True,
                        )
    report = REPORTS / "quality.json"
    report.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(row["met"] for row in rows) else 1


def _pages(site: Path) -> list[str]:
    """The addresses of all pages, relative to the site's."""
    found = [path.relative_to(site.resolve()).as_posix() for path in site.resolve().rglob("*.html")]
    return sorted(path.removesuffix("index.html") for path in found)


def _html(url: str, pages: list[str], portal: Portal) -> list[Row]:
    """The Nu HTML checker over every page and form: errors."""
    checker = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory() as scratch:
        files = {}
        for number, page in enumerate([*pages, *portal.forms]):
            # The checker asks no server of this machine, so it is given what the server said.
            file = Path(scratch) / f"{number}.html"
            with urllib.request.urlopen(f"{url}/{page}", timeout=60) as answer:
                file.write_bytes(answer.read())
            files[file.name] = page
        command = ["java", "-jar", str(checker), "--format", "json", "--exit-zero-always", scratch]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    # Of a file nothing is 'self', so what the policy says of it cannot be judged here.
    said = [
        one
        for one in json.loads(done.stderr)["messages"]
        if not one["message"].startswith("Resource violates Content Security Policy")
    ]
    wrong = [
        {
            "page": files.get(one.get("url", "").rpartition("/")[2]),
            "line": one.get("lastLine"),
            "type": one.get("subType", one["type"]),
            "message": one["message"],
            "extract": one.get("extract"),
        }
        for one in said
        if one["type"] != "info" or one.get("subType") == "warning"
    ]
    _keep(f"html-{portal.name}", wrong)
    count = len([one for one in said if one["type"] != "info"])
    measured = f"{count} errors, {len(wrong) - count} warnings on {len(files)} pages"
    return [_row("Nu HTML checker", measured, "no error", met=count == 0)]


def _links(url: str, _pages_: list[str], portal: Portal) -> list[Row]:
    """Linkinator from the home page on: dead links within the site."""
    outside = f"^(?!{re.escape(url)})"
    command = [
        "node", str(TOOLS / "linkinator/build/src/cli.js"), f"{url}/", "--recurse",
        "--skip", outside, "--format", "json", "--timeout", "60000",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout[done.stdout.index("{") :])["links"]
    inside = [one for one in found if one["url"].startswith(url)]
    dead = [one for one in inside if one["state"] == "BROKEN"]
    others = {one["url"] for one in found} - {one["url"] for one in inside}
    _keep(f"links-{portal.name}", {"dead": dead, "not looked at": sorted(others)})
    measured = f"{len(dead)} dead of {len(inside)} links within the site"
    return [_row("linkinator", measured, "no dead link", met=bool(inside) and not dead)]


def _axe(url: str, pages: list[str], portal: Portal) -> list[Row]:
    """Axe-core on one page of each kind, on a phone and a desk, light and dark, all unfolded."""
    kinds = [*_one_of_each_kind(pages, portal), *portal.forms]
    found: list[Row] = []
    for width, dark in ((390, False), (1280, False), (390, True), (1280, True)):
        with chromium(width, dark=dark) as driver:
            for page in kinds:
                driver.get(f"{url}/{page}")
                unfold(driver)
                place = {"page": page, "width": width, "dark": dark}
                found += [{**place, **one} for one in axe.violations(driver)]
    _keep(f"axe-{portal.name}", found)
    measured = f"{len(found)} violations on {len(kinds)} pages, two widths, light and dark"
    return [_row("axe-core", measured, "no violation", met=not found)]


def _one_of_each_kind(pages: list[str], portal: Portal) -> list[str]:
    """Pages that differ in kind: of each folder's pages one, but both kinds of dataset."""
    chosen = {_kind(page): page for page in reversed(pages)}
    return sorted({*chosen.values(), portal.dataset, f"datasets/{portal.on_request}/"})


def _kind(page: str) -> str:
    first, *rest = page.split("/")
    return f"{first}/{len(rest)}"


def _lighthouse(url: str, _pages_: list[str], portal: Portal) -> list[Row]:
    """Lighthouse for phones; of several runs the middle one, as a busy machine slows some down."""
    rows = []
    # Of the first visit to a dataset's page the bytes are counted too.
    for name, path in {"home": "", "catalogue": "datasets/", "dataset": portal.dataset}.items():
        report = f"{name}-{portal.name}"
        reports = [_audit(f"{url}/{path}", report) for _run in range(RUNS)]
        for category, target in TARGETS.items():
            score = statistics.median(
                round(one["categories"][category]["score"] * 100) for one in reports
            )
            met = score >= target
            rows.append(_row(f"Lighthouse, {name}, {category}", f"{score:.0f}", f"≥ {target}", met))
        if name == "dataset":
            rows.append(_weight(reports[0], url))
    return rows


def _audit(address: str, name: str) -> dict[str, Any]:
    target = REPORTS / f"lighthouse-{name}.json"
    command = [
        "node", str(TOOLS / "lighthouse/cli/index.js"), address, "--quiet", "--output=json",
        f"--output-path={target}", f"--only-categories={','.join(TARGETS)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
    ]  # fmt: skip
    chrome = shutil.which("chromium") or ""
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chrome})
    report: dict[str, Any] = json.loads(target.read_bytes())
    return report


def _weight(report: dict[str, Any], url: str) -> Row:
    """What a first visit of a dataset's page brings over the wire."""
    asked = report["audits"]["network-requests"]["details"]["items"]
    own = [one for one in asked if one["url"].startswith(url)]
    size = sum(one["transferSize"] for one in own)
    met = size <= MOST_BYTES and len(asked) <= MOST_REQUESTS and own == asked
    measured = f"{size / 1024:.0f} KB in {len(asked)} requests"
    return _row("dataset page over the wire", measured, "≤ 150 KB, ≤ 10 requests", met)


def _row(work: str, measured: str, target: str, met: bool) -> Row:
    return {"work": work, "measured": measured, "target": target, "met": met}


def _keep(name: str, found: Any) -> None:
    content = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    (REPORTS / f"{name}.json").write_text(content, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
