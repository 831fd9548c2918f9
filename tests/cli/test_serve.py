"""`kaishu serve`: site and forms on one port, for real."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.portals import small_portal, write
from tests.servers import Served, run, serving

pytestmark = pytest.mark.slow


def ask(
    served: Served, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=20)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content


def test_site_and_forms_answer_and_a_new_release_needs_no_restart(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    table = "/datasets/mzj/parks/data/parks.csv"
    with serving(root) as served:
        status, headers, content = ask(served, table)
        assert (status, content) == (200, "code,name\n1,中心公园\n2,东公园\n".encode())
        etag = headers["etag"]
        assert ask(served, table, If_None_Match=etag)[0] == 304
        assert ask(served, table, Range="bytes=0-3")[::2] == (206, b"code")
        whole = content
        status, headers, content = ask(served, table, "HEAD")
        assert (status, headers["content-length"], content) == (200, str(len(whole)), b"")
        assert ask(served, "/cases/apply/?dataset=mzj/visits")[0] == 200
        assert ask(served, "/cases/static/kaishu.css")[0] == 200
        assert ask(served, "/healthz")[2] == b'{"status": "ok"}'
        write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,新公园\n")
        run("build", root=root)
        status, headers, content = ask(served, table, If_None_Match=etag)
        assert (status, content) == (200, "code,name\n1,新公园\n".encode())
        assert ask(served, "/cases/track/", Host="evil.example")[0] == 400


def test_below_a_sub_path_everything_is_found(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text().replace("data.example.org", "example.org/open")
    write(root, "catalog.yaml", text)
    run("build", root=root)
    with serving(root) as served:
        assert ask(served, "/")[1]["location"] == "/open/"
        assert ask(served, "/open/datasets/")[0] == 200
        page = ask(served, "/open/cases/apply/?dataset=mzj/visits")[2].decode()
        assert 'href="/open/cases/static/kaishu.css"' in page
        assert ask(served, "/open/cases/static/kaishu.css")[0] == 200
        assert ask(served, "/elsewhere")[0] == 404
