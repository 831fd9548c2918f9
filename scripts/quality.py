"""What outside tools say of the example portal's pages; the figures go to build/reports/.

The portal is built and served in a temporary folder by our own server, so what is measured is what
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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import chromium  # noqa: E402 - found through the line above
from tests.servers import copy_of_the_example, run, serving  # noqa: E402

TOOLS = ROOT / "build" / "quality" / "node_modules"
REPORTS = ROOT / "build" / "reports"
OPEN, ON_REQUEST = "mzj/yingkou-divisions", "jtj/bus-card-trips"
DATASET = f"datasets/{OPEN}/"
# Lighthouse looks at these; of the first visit to a dataset's page the bytes are counted too.
LOOKED_AT = {"home": "", "catalogue": "datasets/", "dataset": DATASET}
FORMS = (
    f"cases/apply/?dataset={ON_REQUEST}",
    f"cases/correct/?dataset={OPEN}",
    "cases/track/",
    "desk/",
)
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
MOST_BYTES, MOST_REQUESTS = 150 * 1024, 10
Row = dict[str, Any]


def main(chosen: list[str]) -> int:
    """Run the tools that are chosen, all by default, and print a line a figure."""
    tools = {"html": _html, "links": _links, "axe": _axe, "lighthouse": _lighthouse}
    if not set(chosen) <= set(tools):
        print(f"usage: scripts/quality [{'|'.join(tools)}]…", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="kaishu-quality-") as scratch:
        root = copy_of_the_example(Path(scratch) / "portal")
        os.environ.setdefault("KAISHU_LIBRARIES", str(ROOT / "build" / "libraries"))
        run("build", root=root)
        with serving(root) as served:
            pages = _pages(root / "build" / "site")
            for name in chosen or tools:
                found = tools[name](served.url, pages)
                rows += found
                for row in found:
                    verdict = "meets" if row["met"] else "misses"
                    print(f"{row['work']}: {row['measured']}  {verdict} {row['target']}")
    report = REPORTS / "quality.json"
    report.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(row["met"] for row in rows) else 1


def _pages(site: Path) -> list[str]:
    """The addresses of all pages, relative to the site's."""
    found = [path.relative_to(site.resolve()).as_posix() for path in site.resolve().rglob("*.html")]
    return sorted(path.removesuffix("index.html") for path in found)


def _html(url: str, pages: list[str]) -> list[Row]:
    """The Nu HTML checker over every page and form: errors."""
    checker = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory() as scratch:
        files = {}
        for number, page in enumerate([*pages, *FORMS]):
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
    _keep("html", wrong)
    count = len([one for one in said if one["type"] != "info"])
    measured = f"{count} errors, {len(wrong) - count} warnings on {len(files)} pages"
    return [_row("Nu HTML checker", measured, "no error", met=count == 0)]


def _links(url: str, _pages_: list[str]) -> list[Row]:
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
    _keep("links", {"dead": dead, "not looked at": sorted(others)})
    measured = f"{len(dead)} dead of {len(inside)} links within the site"
    return [_row("linkinator", measured, "no dead link", met=bool(inside) and not dead)]


def _axe(url: str, pages: list[str]) -> list[Row]:
    """Axe-core on one page of each kind, on a phone and a desk, light and dark."""
    source = (TOOLS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    kinds = [*_one_of_each_kind(pages), *FORMS]
    found: list[Row] = []
    for width, dark in ((390, False), (1280, False), (390, True), (1280, True)):
        with chromium(width, dark=dark) as driver:
            driver.set_script_timeout(60)
            for page in kinds:
                driver.get(f"{url}/{page}")
                driver.execute_script(source)
                result = driver.execute_async_script(
                    "const done = arguments[0]; axe.run(document).then(done, e => done(String(e)))"
                )
                found += [
                    {
                        "page": page,
                        "width": width,
                        "dark": dark,
                        "rule": one["id"],
                        "impact": one["impact"],
                        "nodes": [node["html"] for node in one["nodes"]],
                        "why": [node["failureSummary"] for node in one["nodes"]][:3],
                    }
                    for one in result["violations"]
                ]
    _keep("axe", found)
    measured = f"{len(found)} violations on {len(kinds)} pages, two widths, light and dark"
    return [_row("axe-core", measured, "no violation", met=not found)]


def _one_of_each_kind(pages: list[str]) -> list[str]:
    """Pages that differ in kind: of each folder's pages one, but both kinds of dataset."""
    chosen = {_kind(page): page for page in reversed(pages)}
    return sorted({*chosen.values(), DATASET, f"datasets/{ON_REQUEST}/"})


def _kind(page: str) -> str:
    first, *rest = page.split("/")
    return f"{first}/{len(rest)}"


def _lighthouse(url: str, _pages_: list[str]) -> list[Row]:
    """Lighthouse for phones; of several runs the middle one, as a busy machine slows some down."""
    rows = []
    for name, path in LOOKED_AT.items():
        reports = [_audit(f"{url}/{path}", name) for _run in range(RUNS)]
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
