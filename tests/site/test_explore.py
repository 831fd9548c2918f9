"""Charts, maps and SQL are offered where the table and the libraries allow, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write
from tests.site.made import edition_of, texts
from tests.site.test_libraries import filled

from kaishu.packaging.model import PublishedFile
from kaishu.site import explore
from kaishu.site.libraries import Brought

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.packaging.model import Package
    from kaishu.site.edition import Edition

KEY = "mzj/parks"
TRIPS = """\
name: trips
title: 每月乘车人次
resources:
  - name: trips
    path: data/trips.csv
    schema:
      fields:
        - {name: month, type: date, title: 月份}
        - {name: line, type: string, title: 线路}
        - {name: trips, type: integer, title: 人次}
        - {name: longitude, type: number, title: 经度}
        - {name: latitude, type: number, title: 纬度}
      primaryKey: month
catalogue:
  theme: transport
  openness: {type: unconditional}
  sharing: {type: unconditional}
  update_cycle: monthly
"""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    root = small_portal(tmp_path / "portal")
    write(root, "datasets/jtj/trips/datapackage.yaml", TRIPS)
    rows = "".join(
        f"2026-{n:02}-01,{'甲乙'[n % 2]}线,{n * 10},122.{n},40.{n}\n" for n in range(1, 13)
    )
    header = "month,line,trips,longitude,latitude\n"
    write(root, "datasets/jtj/trips/data/trips.csv", header + rows)
    made = edition_of(root, tmp_path / "packages")
    return replace(made, libraries=Brought(filled(tmp_path / "libraries")))


def larger(package: Package, size: int) -> Package:
    return replace(package, files=tuple(replace(one, bytes=size) for one in package.files))


def test_a_chart_reads_the_published_csv_and_names_its_columns(edition: Edition) -> None:
    [chart] = explore.charted(edition, edition.packages["jtj/trips"])
    assert chart.file.path == "data/trips.csv"
    assert json.loads(chart.columns) == {"kind": "line", "x": 0, "series": None, "measures": [2]}
    assert json.loads(chart.labels)[2] == "人次"
    assert not chart.asks


def test_a_map_shows_the_published_geojson_by_the_fields_titles(edition: Edition) -> None:
    [shown] = explore.mapped(edition, edition.packages["jtj/trips"])
    assert shown.file.path == "data/trips.geojson"
    assert json.loads(shown.labels)["trips"] == "人次"
    assert explore.mapped(edition, edition.packages[KEY]) == []


def test_a_large_file_waits_for_a_click_and_a_huge_one_is_not_drawn(edition: Edition) -> None:
    package = edition.packages["jtj/trips"]
    [chart] = explore.charted(edition, larger(package, explore.UNASKED + 1))
    [shown] = explore.mapped(edition, larger(package, explore.UNASKED + 1))
    assert chart.asks
    assert shown.asks
    huge = larger(package, explore.QUERIED + 1)
    assert explore.charted(edition, huge) == []
    assert explore.mapped(edition, huge) == []
    assert explore.queried(edition, huge) is None


def test_the_console_has_each_column_with_its_affinity_and_says_what_it_loads(
    edition: Edition,
) -> None:
    package = edition.packages["jtj/trips"]
    console = explore.queried(edition, package)
    assert console is not None
    [table] = json.loads(console.tables)
    assert (table["name"], table["path"]) == ("trips", "data/trips.csv")
    assert table["columns"][1:3] == [["line", "TEXT"], ["trips", "INTEGER"]]
    [csv] = [one for one in package.files if one.format == "csv"]
    assert console.bytes == csv.bytes
    assert console.engine == edition.libraries.bytes_of("sql.js") > 0
    assert any("GROUP BY" in one for one in console.examples)


def test_tables_that_are_too_much_together_are_left_out_from_the_last_on(
    edition: Edition,
) -> None:
    package = edition.packages[KEY]
    [table] = package.tables
    size = explore.QUERIED // 2 + 1
    files = [PublishedFile(f"data/{n}.csv", "csv", "text/csv", size, "0", str(n)) for n in (1, 2)]
    both = replace(
        package, files=tuple(files), tables=tuple(replace(table, resource=str(n)) for n in (1, 2))
    )
    console = explore.queried(edition, both)
    assert console is not None
    assert [one["name"] for one in json.loads(console.tables)] == ["1"]


def test_names_that_differ_in_capitals_alone_are_told_apart(edition: Edition) -> None:
    package = edition.packages[KEY]
    [table] = package.tables
    fields = (replace(table.fields[0], name="Code"), replace(table.fields[1], name="code"))
    console = explore.queried(edition, replace(package, tables=(replace(table, fields=fields),)))
    assert console is not None
    assert [name for name, _ in json.loads(console.tables)[0]["columns"]] == ["Code", "code_2"]


def test_a_name_with_a_quotation_mark_stays_one_identifier() -> None:
    assert explore.quoted('a"b') == '"a""b"'


def test_only_a_page_with_sql_allows_webassembly_and_workers(edition: Edition) -> None:
    pages = texts(edition)
    policy = {
        path: text.partition('Content-Security-Policy" content="')[2].partition('"')[0]
        for path, text in pages.items()
    }
    with_sql = {path for path, text in pages.items() if 'class="ks-console"' in text}
    assert with_sql == {"datasets/jtj/trips/", "datasets/mzj/parks/"}
    assert {path for path, one in policy.items() if "wasm-unsafe-eval" in one} == with_sql
    # The search of the catalogue runs beside its page, too.
    with_workers = {path for path, one in policy.items() if "worker-src &#39;self&#39;" in one}
    assert with_workers == with_sql | {"datasets/"}
    assert "worker-src &#39;none&#39;" in policy[""]
    assert not any("unsafe-inline" in one or "http" in one for one in policy.values())


def test_a_tile_service_is_allowed_on_pages_with_a_map_alone(edition: Edition) -> None:
    portal = edition.catalog.portal
    tiles = "https://tiles.example.org:8443/{z}/{x}/{y}.png"
    mapped = portal.model_copy(update={"map": portal.map.model_copy(update={"tiles": tiles})})
    pages = texts(replace(edition, catalog=replace(edition.catalog, portal=mapped)))
    allowed = "img-src &#39;self&#39; data: https://tiles.example.org:8443;"
    assert {path for path, text in pages.items() if allowed in text} == {"datasets/jtj/trips/"}
    assert f'data-tiles="{tiles}"' in pages["datasets/jtj/trips/"]


def test_the_layers_of_a_map_are_allowed_by_their_hosts_each_once(edition: Edition) -> None:
    portal = edition.catalog.portal
    base, names = "https://a.example.org/{z}/{x}/{y}", "https://b.example.org/{z}/{x}/{y}"
    for layers, hosts in (((base, names), [base, names]), ((base, base), [base])):
        mapped = portal.model_copy(update={"map": portal.map.model_copy(update={"tiles": layers})})
        changed = replace(edition, catalog=replace(edition.catalog, portal=mapped))
        page = texts(changed)["datasets/jtj/trips/"]
        allowed = " ".join(one.removesuffix("/{z}/{x}/{y}") for one in hosts)
        assert f"img-src &#39;self&#39; data: {allowed};" in page
        assert f'data-tiles="{" ".join(layers)}"' in page


def test_without_libraries_the_parts_are_left_out_whole(edition: Edition) -> None:
    page = texts(replace(edition, libraries=Brought()))["datasets/jtj/trips/"]
    for trace in ('id="chart"', 'id="map"', 'id="sql"', "#sql", "libraries/", "unsafe"):
        assert trace not in page, trace
    assert 'id="preview"' in page


def test_the_words_of_chart_and_map_stand_in_the_page_without_scripts(edition: Edition) -> None:
    page = texts(edition)["datasets/jtj/trips/"]
    assert "人次随月份的变化，2026-01-01 至 2026-12-01，最低 10，最高 120。" in page
    assert 'href="data/trips.geojson"' in page


def test_a_dataset_that_is_not_open_offers_none(edition: Edition) -> None:
    page = texts(edition)["datasets/mzj/visits/"]
    for trace in ('id="preview"', 'id="chart"', 'id="sql"', 'id="versions"'):
        assert trace not in page
