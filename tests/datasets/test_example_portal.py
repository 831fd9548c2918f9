"""What the example portal promises as a whole: enough, true to its sources, and open only where said."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.datasets.tables import DATASETS, ROOT

from kaishu.base.problems import Severity
from kaishu.base.vocabulary import Openness
from kaishu.catalog.load import load
from kaishu.packaging.check import check_portal

CATALOG = load(ROOT)
OPEN = [one for one in CATALOG.datasets if one.openness is Openness.UNCONDITIONAL]
RESTRICTED = [one for one in CATALOG.datasets if one.openness is not Openness.UNCONDITIONAL]
SCRIPTS = sorted(DATASETS.glob("*/*/make.py"))
# What the law says of the example as it is: two fields not open yet, texts looser than those above.
REMARKS = ("priority-not-open", "looser-term", "declared-public")
DAY = date(2026, 11, 21)
DATED = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日")


def test_the_portal_says_that_it_is_an_example() -> None:
    assert CATALOG.portal.mode == "example"
    assert "示例" in CATALOG.portal.title
    for dataset in CATALOG.datasets:
        assert "示例" in (dataset.descriptor.description or "")


def test_there_are_departments_and_datasets_of_each_openness() -> None:
    kinds = [dataset.openness for dataset in CATALOG.datasets]
    assert kinds.count(Openness.UNCONDITIONAL) >= 16
    assert kinds.count(Openness.ON_REQUEST) >= 4
    assert kinds.count(Openness.CLOSED) >= 2
    assert len({dataset.department.id for dataset in OPEN}) >= 6


def test_the_portal_passes_its_own_check_with_remarks_on_its_priorities_alone() -> None:
    # As of its own day: what is overdue later is the maintainers' to update, not the test's.
    _, problems = check_portal(ROOT, day=DAY)
    assert [one for one in problems if one.code not in REMARKS] == []
    assert {one.severity for one in problems} <= {Severity.NOTE}


def test_the_priority_themes_without_open_data_are_named() -> None:
    _, problems = check_portal(ROOT)
    named = [one.message for one in problems if one.code == "priority-not-open"]
    assert len(named) == 2
    for theme in ("交通运输", "医疗卫生"):
        assert any(theme in message for message in named)


@pytest.mark.parametrize("dataset", CATALOG.datasets, ids=lambda dataset: dataset.key)
def test_a_dataset_names_dated_sources_keywords_and_described_fields(dataset) -> None:
    descriptor = dataset.descriptor
    assert descriptor.sources
    for source in descriptor.sources:
        assert DATED.search(source.title), source.title
    assert len(descriptor.keywords) >= 3
    assert descriptor.licenses
    for resource in descriptor.resources:
        for field in resource.tableschema.fields:
            assert field.title
            assert field.description


@pytest.mark.parametrize("dataset", RESTRICTED, ids=lambda dataset: dataset.key)
def test_a_restricted_dataset_states_law_and_holds_no_data(dataset) -> None:
    opening, sharing = dataset.entry.openness, dataset.entry.sharing
    for basis in (*opening.basis, *sharing.basis):
        assert basis.level in ("law", "administrative-regulation")
        assert re.fullmatch(r"第[一二三四五六七八九十百千零]+条", basis.article)
        assert re.fullmatch("《中华人民共和国.+》", basis.title)
    assert opening.basis
    assert sharing.basis
    assert [path.name for path in Path(dataset.folder).iterdir()] == ["datapackage.yaml"]
    for resource in dataset.descriptor.resources:
        header = [field.name for field in resource.tableschema.fields]
        assert resource.data == [header]


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.parent.name)
def test_a_script_makes_its_data_byte_for_byte(script: Path, tmp_path: Path) -> None:
    committed = {file.name: file.read_bytes() for file in (script.parent / "data").iterdir()}
    # A copy of the department, because some scripts read the dataset beside theirs.
    copy = tmp_path / script.parents[1].name
    shutil.copytree(script.parents[1], copy)
    own = copy / script.parent.name
    shutil.rmtree(own / "data")
    subprocess.run([sys.executable, str(own / "make.py")], check=True, cwd=tmp_path)
    assert {file.name: file.read_bytes() for file in (own / "data").iterdir()} == committed


def test_every_data_file_is_plain_utf_8_with_unix_line_ends() -> None:
    files = [path for path in DATASETS.glob("*/*/data/*") if path.is_file()]
    assert len(files) >= 23
    for path in files:
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf"), path
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path
        content.decode("utf-8")
