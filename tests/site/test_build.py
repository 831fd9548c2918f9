"""The site as a whole: links that lead somewhere, nothing from elsewhere, the same bytes."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from tests.portals import small_portal, write

from kaishu.base.errors import BuildError
from kaishu.publishing.build import build

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]
BACKEND = ("cases/", "desk/")
# Words that are names or formats, and so the same in a Chinese page.
FOREIGN = re.compile(
    r"\b(SQL|UTF|Ctrl|Enter|CSV|JSON|XLSX|XML|ZIP|GeoJSON|NDJSON|Parquet|curl|JavaScript|Atom|TSV|GB|HJ|T|AQI|IAQI|SHA-256|ICP|WGS|UTC|KB|MB|B|Data|Package|Table|Schema|"
    r"Git|git|CC|BY|URL|API|DATABASE|PostgreSQL|SQLite|Linux|Python|YAML|Excel|WPS|Debian|Chromium|"
    r"GeoNames|Unicode|Ctrl|F|PyEphem|astral|lunar|python|chinesecalendar|libphonenumber|DCAT|Atom|Turtle)\b"
)


class Links(HTMLParser):
    """Collects what a page links to, embeds, and how it is built."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.embedded: list[str] = []
        self.ids: set[str] = set()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.attributes = found
        if found.get("id"):
            self.ids.add(str(found["id"]))
        for name in ("href", "src", "action"):
            if found.get(name) is not None:
                target = self.links if tag in ("a", "form") else self.embedded
                if not (tag == "link" and found.get("rel") == "canonical"):
                    target.append(str(found[name]))
        assert "style" not in found, f"inline style on {tag}"
        assert not any(name.startswith("on") for name in found), f"inline script on {tag}"


def parsed(page: Path) -> Links:
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    return links


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def resolved(site: Path, page: Path, address: str) -> tuple[str, str]:
    bare, fragment = urldefrag(address)
    path = unquote(urlsplit(bare).path)
    base = PurePosixPath("/", page.relative_to(site).as_posix()).parent
    joined = path if path.startswith("/") else str(base / path)
    parts: list[str] = []
    for part in joined.split("/"):
        if part == "..":
            parts and parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    folder = path.endswith(("/", "..", "."))
    return "/".join(parts) + ("/" if parts and folder else ""), fragment


def target_of(site: Path, page: Path, path: str) -> Path:
    return site / path / "index.html" if path.endswith("/") or not path else site / path


def test_every_link_leads_to_a_page_or_a_file(example: Path) -> None:
    broken = []
    for page in pages(example):
        for address in (links := parsed(page)).links + links.embedded:
            if urlsplit(address).scheme or address.startswith("//"):
                continue
            path, fragment = resolved(example, page, address)
            if path.startswith(BACKEND):
                continue
            target = page if not urldefrag(address)[0] else target_of(example, page, path)
            known = target.is_file() and (not fragment or fragment in parsed(target).ids)
            if not known:
                broken.append((page.relative_to(example).as_posix(), address))
    assert broken == []


def test_nothing_is_fetched_from_another_host(example: Path) -> None:
    for page in pages(example):
        assert not [one for one in parsed(page).embedded if urlsplit(one).netloc]
    for style in example.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*['\"]?(https?:)?//", style.read_text())


def test_every_page_has_its_language_one_heading_a_title_and_a_policy(example: Path) -> None:
    for page in pages(example):
        text = page.read_text(encoding="utf-8")
        links = parsed(page)
        name = page.relative_to(example).as_posix()
        assert links.attributes.get("lang") == "zh-CN", name
        assert links.tags.count("h1") == 1, name
        assert re.search(r"<title>[^<]+</title>", text), name
        assert "Content-Security-Policy" in text, name
        head = text.split("</head>")[0]
        # WebAssembly, and nothing else, only where there is SQL over tables.
        assert ("wasm-unsafe-eval" in head) == ('class="ks-console"' in text), name
        assert "unsafe" not in head.replace("&#39;wasm-unsafe-eval&#39;", ""), name
        assert "script-src &#39;self&#39;" in head, name
        assert "本站为示例门户" in text, name


def test_no_english_is_left_over_in_the_pages_made_from_data(example: Path) -> None:
    names = ("index.html", "datasets/index.html", "statistics/index.html", "404.html", "sitemap/index.html",
             "departments/index.html", "themes/index.html", "regulation/index.html",
             "lists/on-request/index.html", "lists/closed/index.html", "lists/sharing/index.html",
             "datasets/mzj/provinces/index.html", "datasets/wjw/outpatient-visits/index.html")  # fmt: skip
    for name in names:
        text = re.sub(
            r"<(script|style|code)\b.*?</\1>", "", (example / name).read_text(), flags=re.S
        )
        words = re.sub(r"<[^>]+>", " ", text)
        words = re.sub(
            r"\S+@\S+|https?://\S+|[\w./-]+\.(ndjson|json|csv|xlsx|xml|parquet|zip)|[0-9a-f]{16,}",
            " ",
            words,
        )
        left = re.findall(r"[A-Za-z]{3,}", FOREIGN.sub(" ", words))
        assert left == [], name


def test_what_a_reader_without_scripts_needs_is_in_the_page(example: Path) -> None:
    text = (example / "datasets/wjw/outpatient-visits/index.html").read_text()
    assert "10 个工作日内答复" in text
    assert "第二十九条" in text


@pytest.mark.parametrize("kind", ["departments/*", "themes/*", "lists/letters/*"])
def test_every_entry_is_reached_by_lists_without_scripts(example: Path, kind: str) -> None:
    every = {path.parent for path in example.glob("datasets/*/*/index.html")}
    reached = set()
    for page in example.glob(f"{kind}/**/index.html"):
        for address in parsed(page).links:
            path, _fragment = resolved(example, page, address)
            reached.add(example / path.rstrip("/"))
    assert every <= reached


def test_closed_datasets_state_their_basis(example: Path) -> None:
    text = (example / "datasets/zrj/real-estate-register/index.html").read_text()
    assert "不予开放" in text
    assert "民法典" in text
    assert "cases/apply" not in text


def test_addresses_for_machines_honour_the_sub_path(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", text.replace("data.example.org", "example.org/open/data"))
    build(root, tmp_path / "out")
    site = (tmp_path / "out/site").resolve()
    assert "https://example.org/open/data/datasets/mzj/parks/" in (site / "sitemap.xml").read_text()
    assert "https://example.org/open/data/sitemap.xml" in (site / "robots.txt").read_text()
    assert 'href="/open/data/datasets/"' in (site / "404.html").read_text()
    for page in pages(site):
        if page.name != "404.html":
            relative = [
                one for one in parsed(page).links + parsed(page).embedded if one.startswith("/")
            ]
            assert relative == []


def test_forms_on_another_origin_are_linked_there(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", text + "backend: {url: https://forms.example.org}\n")
    build(root, tmp_path / "out")
    page = unescape((tmp_path / "out/site/datasets/mzj/visits/index.html").read_text())
    assert "https://forms.example.org/cases/apply/?dataset=mzj/visits" in page
    assert "form-action 'self' https://forms.example.org" in page


def test_a_page_that_people_wrote_wrongly_stops_the_build_and_says_why(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, "site_src/about.md", "# 关于\n\n[没有](missing.md)\n")
    with pytest.raises(BuildError, match=r"missing\.md"):
        build(root, tmp_path / "out")


def test_every_portal_has_an_accessibility_statement_its_own_before_ours(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    build(root, tmp_path / "out")
    page = tmp_path / "out/site/accessibility/index.html"
    assert "无障碍声明" in page.read_text()
    assert 'href="./accessibility/"' in (tmp_path / "out/site/index.html").read_text()
    write(root, "site_src/accessibility.md", "# 本市的无障碍声明\n")
    build(root, tmp_path / "out")
    assert "本市的无障碍声明" in page.read_text()
    assert "尚未经第三方评测" not in page.read_text()


def test_a_portals_own_pages_and_assets_are_published(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, "site_src/about.md", "# 关于本站\n\n本站由测试市运行。\n")
    write(root, "site_src/assets/plan.txt", "plan")
    build(root, tmp_path / "out", as_of=dt.date(2026, 3, 2))
    site = tmp_path / "out/site"
    assert "本站由测试市运行" in (site / "about/index.html").read_text()
    assert (site / "assets/plan.txt").read_text() == "plan"
    assert 'href="./about/"' in (site / "index.html").read_text()


def test_an_english_portal_is_english(tmp_path: Path) -> None:
    from kaishu.base.i18n import use

    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text().replace("language: zh-CN", "language: en")
    write(root, "catalog.yaml", text)
    with use("en"):
        build(root, tmp_path / "out")
    page = (tmp_path / "out/site/datasets/index.html").read_text()
    assert '<html lang="en">' in page
    assert "Data catalogue" in page
    # What is Chinese in it all the same says so, for whoever has it read aloud.
    law = (tmp_path / "out/site/regulation/index.html").read_text()
    assert '<div lang="zh-CN"><p>' in law
    guide = (tmp_path / "out/site/help/operator/index.html").read_text()
    assert 'md-typeset" lang="zh-CN"' in guide
    own = (tmp_path / "out/site/accessibility/index.html").read_text()
    assert 'md-typeset">' in own


def test_a_withdrawn_dataset_keeps_its_address_and_loses_its_files(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    path = "datasets/mzj/parks/datapackage.yaml"
    withdrawn = "  withdrawn: {date: 2026-03-01, reason: 与新名单重复}\n"
    write(root, path, (root / path).read_text() + withdrawn)
    build(root, tmp_path / "out")
    site = tmp_path / "out/site"
    page = (site / "datasets/mzj/parks/index.html").read_text()
    assert "该数据集已撤下" in page
    assert "与新名单重复" in page
    assert "2026年3月1日" in page
    left = {file.name for file in (site / "datasets/mzj/parks").rglob("*") if file.is_file()}
    assert left == {"index.html", "datapackage.json", "feed.xml"}
    assert "mzj/parks" not in (site / "datasets/index.html").read_text()
