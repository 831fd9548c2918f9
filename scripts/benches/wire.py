"""What a reader's browser fetches over the wire: a first visit, and a first query, nothing cached.

A real Chromium says which files it asks for; our own server, asked for each as a browser asks,
says how many bytes that is, compressed and with its headers.
"""

from __future__ import annotations

import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser import chromium
from tests.servers import serving, serving_files

QUERIES = ("公交线路", "食品抽检", "统一社会信用代码", "公共数据")
MOST_OF_A_PAGE, MOST_REQUESTS = 150 * 1024, 10
MOST_OF_A_QUERY = 300 * 1024
Row = dict[str, Any]


def rows(root: Path, about: str) -> list[Row]:
    """The figures of the built portal in `root`."""
    site = (root / "build" / "site").resolve()
    page = next(site.glob("datasets/*/e00007/")).relative_to(site).as_posix() + "/"
    visit = _asked(site, page)
    queries = {one: _asked(site, f"datasets/?q={quote(one)}") for one in QUERIES}
    with serving(root) as served:
        sizes = {
            path: _size(f"{served.url}{path}")
            for path in {*visit, *(path for asked in queries.values() for path in asked)}
        }
    weight = sum(sizes[path] for path in visit)
    found = {
        query: sum(sizes[path] for path in asked if "/pagefind/" in path)
        for query, asked in queries.items()
    }
    worst = max(found, key=lambda query: found[query])
    whole = sum(sizes[path] for path in queries[worst])
    return [
        _row(
            "dataset page over the wire, first visit" + about,
            f"{weight / 1024:.0f} KB in {len(visit)} requests",
            "≤ 150 KB, ≤ 10 requests",
            weight <= MOST_OF_A_PAGE and len(visit) <= MOST_REQUESTS,
        ),
        _row(
            "first query over the wire" + about,
            f"{found[worst] / 1024:.0f} KB for {worst}, the most of {len(found)} queries;"
            f" {whole / 1024:.0f} KB with the page itself",
            "≤ 300 KB",
            found[worst] <= MOST_OF_A_QUERY,
        ),
    ]


def _asked(site: Path, address: str) -> list[str]:
    """The paths that a browser without a cache asks for at `address`, each once."""
    asked: list[str] = []
    with serving_files(site, asked) as url, chromium(390) as driver:
        driver.get(f"{url}/{address}")
        _until_quiet(asked)
    return list(dict.fromkeys(urlsplit(path).path for path in asked))


def _until_quiet(asked: list[str], seconds: float = 3) -> None:
    """Return when nothing more was asked for during so many seconds."""
    known, since = len(asked), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.1)
        if len(asked) != known:
            known, since = len(asked), time.monotonic()


def _size(address: str) -> int:
    """Bytes of the answer to a browser: its head and its body as it is sent."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return len(bytes(answer.headers)) + len(answer.read())


def _row(work: str, measured: str, target: str, met: bool) -> Row:
    return {"work": work, "measured": measured, "target": target, "met": met}
