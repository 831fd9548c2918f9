"""What a page tells to type works as it stands: tried against a real server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.portals import small_portal, write

from kaishu.base.i18n import use
from kaishu.catalog.load import load
from kaishu.packaging.model import PublishedFile
from kaishu.publishing.build import build
from kaishu.site.using import EXCEL, citation, snippets

FILE = PublishedFile("data/parks.csv", "csv", "text/csv", 10, "0123456789abcdef" * 4, "parks")
FILES = [
    FILE,
    replace(FILE, path="data/parks.json", format="json"),
    replace(FILE, path="data/parks.xlsx", format="xlsx"),
    PublishedFile("datapackage.json", "json", "application/json", 1, "0" * 64),
]


def test_a_citation_names_the_version(tmp_path: Path) -> None:
    catalog = load(small_portal(tmp_path))
    with use("zh-CN"):
        words = citation(catalog.portal, catalog.by_key["mzj/parks"], None, FILE)
    assert words == (
        "民政局：城市公园名单。测试市公共数据开放平台。"
        "https://data.example.org/datasets/mzj/parks/（SHA-256 0123456789abcdef）"
    )


@pytest.mark.slow
def test_the_code_on_a_page_fetches_the_data(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0),
        partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "out/site")),
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", text.replace("https://data.example.org", address))
    build(root, tmp_path / "out")
    catalog = load(root)
    found = {
        one.title: one.code for one in snippets(catalog.portal, catalog.by_key["mzj/parks"], FILES)
    }
    page = (tmp_path / "out/site/datasets/mzj/parks/index.html").read_text(encoding="utf-8")
    assert f"{address}/datasets/mzj/parks/data/parks.csv" in page
    python = subprocess.run(
        [sys.executable, "-c", found["Python"]], capture_output=True, text=True, check=True
    )
    assert "中心公园" in python.stdout
    subprocess.run(found["curl"].split(), cwd=tmp_path, check=True, capture_output=True)
    assert "中心公园" in (tmp_path / "parks.csv").read_text(encoding="utf-8")
    # Set-up puts node beside Python where the machine has none of its own.
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))
    javascript = subprocess.run(
        [node, "--input-type=module", "-e", found["JavaScript"]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert javascript.stdout.startswith("2 ")
    assert "中心公园" in javascript.stdout
    r = subprocess.run(["Rscript", "-e", found["R"]], capture_output=True, text=True, check=True)
    assert "中心公园" in r.stdout
    server.shutdown()


def test_a_spreadsheet_opens_the_workbook_and_is_told_the_encoding(tmp_path: Path) -> None:
    catalog = load(small_portal(tmp_path))
    dataset = catalog.by_key["mzj/parks"]
    with use("zh-CN"):
        steps = {one.title: one for one in snippets(catalog.portal, dataset, FILES)}[EXCEL]
    assert not steps.is_code
    assert "parks.xlsx" in steps.code
    assert "65001" in steps.code


def test_a_table_too_large_for_json_is_read_line_by_line(tmp_path: Path) -> None:
    catalog = load(small_portal(tmp_path))
    files = [FILE, replace(FILE, path="data/parks.ndjson", format="ndjson")]
    found = snippets(catalog.portal, catalog.by_key["mzj/parks"], files)
    code = {one.title: one.code for one in found}["JavaScript"]
    assert "parks.ndjson" in code
    assert ".json()" not in code


def test_without_a_table_there_is_no_code(tmp_path: Path) -> None:
    catalog = load(small_portal(tmp_path))
    assert snippets(catalog.portal, catalog.by_key["mzj/parks"], FILES[3:]) == []
