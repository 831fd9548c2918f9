"""What a reader's browser fetches over the wire: a first visit, and a first query, nothing cached.

A real Chromium asks our own server for the public release; the bytes of each answer are counted,
its head and its body as it is sent, compressed.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser import chromium

from kaishu.backend.static import ReleaseFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERIES = ("公交线路", "食品抽检", "统一社会信用代码", "公共数据")
MOST_OF_A_PAGE, MOST_REQUESTS = 150 * 1024, 10
MOST_OF_A_QUERY = 300 * 1024
Row = dict[str, Any]


def rows(root: Path, about: str) -> list[Row]:
    """The figures of the built portal in `root`."""
    output = root / "build"
    page = next((output / "site").resolve().glob("datasets/*/e00007"))
    visit = _fetched(output, f"datasets/{page.parent.name}/{page.name}/")
    queries = {one: _fetched(output, f"datasets/?q={quote(one)}") for one in QUERIES}
    weight = sum(visit.values())
    # Beyond the page: the engine, its table of facets, the index's parts, the results shown.
    found = {
        query: sum(size for path, size in fetched.items() if path.startswith("/pagefind/"))
        for query, fetched in queries.items()
    }
    worst = max(found, key=lambda query: found[query])
    whole = sum(queries[worst].values())
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
            0 < found[worst] <= MOST_OF_A_QUERY,
        ),
    ]


def _fetched(output: Path, address: str) -> dict[str, int]:
    """What a browser without a cache is sent when it opens `address`: bytes by path."""
    sent: dict[str, int] = {}
    with _serving(output, sent) as url, chromium(390) as driver:
        driver.get(f"{url}/{address}")
        _until_quiet(sent)
    return sent


@contextlib.contextmanager
def _serving(output: Path, sent: dict[str, int]) -> Iterator[str]:
    """Our server of the release in `output`; bytes sent are put down in `sent`."""
    files = ReleaseFiles(output)

    @Request.application
    def application(request: Request) -> Response:
        answer = Response.from_app(files, request.environ, buffered=True)
        size = len(answer.get_data()) + len(str(answer.headers))
        sent[request.path] = sent.get(request.path, 0) + size
        return answer

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_arguments: object) -> None:
        pass


def _until_quiet(sent: dict[str, int], seconds: float = 5) -> None:
    """Return when nothing more was asked for during so many seconds."""
    known, since = len(sent), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.1)
        if len(sent) != known:
            known, since = len(sent), time.monotonic()


def _row(work: str, measured: str, target: str, met: bool) -> Row:
    return {"work": work, "measured": measured, "target": target, "met": met}
