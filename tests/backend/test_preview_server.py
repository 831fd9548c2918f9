"""`kaishu preview`: pages at an address, made again and loaded again when a file is saved."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser import chromium
from tests.catalog.test_reviews import DATA, change
from tests.portals import small_portal
from werkzeug.test import Client

from kaishu.backend.preview_server import PreviewServer


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "a").mkdir(parents=True)
    (folder / "index.html").write_text("<body>起始</body>", encoding="utf-8")
    (folder / "a/index.html").write_text("<body>甲</body>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


def test_every_page_waits_for_word_of_a_change(site: Path) -> None:
    client = Client(PreviewServer(site))
    for path, words in (("/", "起始"), ("/a/", "甲")):
        text = client.get(path).text
        assert words in text
        assert '<script src="/-/reload.js" defer></script></body>' in text
    assert "EventSource" in client.get("/-/reload.js").text
    assert client.get("/a").headers["Location"] == "/a/"
    assert client.get("/none").status_code == 404


def test_nothing_outside_the_folder_is_served(site: Path) -> None:
    client = Client(PreviewServer(site))
    assert client.get("/../secret.txt").status_code == 404
    assert client.get("/%2e%2e/secret.txt").status_code == 404


def test_a_portal_below_a_path_is_served_there(site: Path) -> None:
    client = Client(PreviewServer(site, "/open"))
    assert client.get("/").headers["Location"] == "/open/"
    assert 'src="/open/-/reload.js"' in client.get("/open/a/").text


def test_a_change_is_told_to_who_waits(site: Path) -> None:
    server = PreviewServer(site)
    events = server._events()
    next(events)
    teller = threading.Timer(0.05, server.changed)
    teller.start()
    assert b"event: changed" in next(events)
    teller.join()
    server.stop()
    assert list(events) == []


@contextlib.contextmanager
def previewing(root: Path) -> Iterator[str]:
    """`kaishu preview` of the portal in `root`; gives its address."""
    command = [sys.executable, "-u", "-m", "kaishu", "preview", "--root", str(root), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = ""
        while not address:
            line = process.stdout.readline()
            assert line, "the preview ended"
            found = re.search(r"http://\S+", line)
            address = found.group() if found else ""
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.slow
def test_a_saved_file_is_rendered_and_told(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    with previewing(root) as address:
        page = f"{address}datasets/mzj/parks/"
        assert "中心公园" in urllib.request.urlopen(page, timeout=60).read().decode()
        with urllib.request.urlopen(f"{address}-/events", timeout=60) as events:
            assert events.readline().startswith(b"retry")
            change(root, DATA, "东公园", "南公园")
            while b"event: changed" not in events.readline():
                pass
        assert "南公园" in urllib.request.urlopen(page, timeout=60).read().decode()


@pytest.mark.slow
def test_an_open_page_shows_by_itself_what_was_saved(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    with previewing(root) as address, chromium(1280) as driver:
        driver.get(f"{address}datasets/mzj/parks/")
        assert "东公园" in driver.page_source
        # A save that cannot be read in between is said on the terminal, and ends nothing.
        catalogue = root / "catalog.yaml"
        kept = catalogue.read_text(encoding="utf-8")
        catalogue.write_text("title: [\n", encoding="utf-8")
        time.sleep(1)
        catalogue.write_text(kept, encoding="utf-8")
        change(root, DATA, "东公园", "南公园")
        deadline = time.monotonic() + 60
        while "南公园" not in driver.page_source:
            assert time.monotonic() < deadline, "the page was not loaded again"
            time.sleep(0.1)
