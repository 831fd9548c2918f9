"""`kaishu check` as people and machines call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_main import kaishu
from tests.portals import small_portal, write

PARKS = "datasets/mzj/parks/data/parks.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def test_a_right_portal_has_exit_status_zero(root: Path) -> None:
    answer = kaishu("check", "--root", str(root))
    assert answer.returncode == 0
    # Its table is a short one, which is only a warning.
    assert answer.stdout.endswith("3 个数据集，0 个错误，1 个警告\n")


def test_an_error_has_exit_status_one_with_file_row_and_remedy(root: Path) -> None:
    write(root, PARKS, "code,name\nx,a\n")
    answer = kaishu("check", "--root", str(root))
    assert answer.returncode == 1
    assert PARKS in answer.stdout
    assert "表第 2 行" in answer.stdout
    assert "→" in answer.stdout


def test_a_warning_keeps_exit_status_zero(root: Path) -> None:
    path = "datasets/mzj/parks/datapackage.yaml"
    write(root, path, (root / path).read_text().replace("id: 6f1f7a52", "# id: 6f1f7a52"))
    answer = kaishu("check", "--root", str(root))
    assert answer.returncode == 0
    assert "missing-id" in answer.stdout


def test_json_is_machine_readable_in_either_language(root: Path) -> None:
    write(root, PARKS, "code,name\nx,a\n")
    answers = {
        language: json.loads(
            kaishu("check", "--root", str(root), "--format", "json", "--lang", language).stdout
        )
        for language in ("zh-CN", "en")
    }
    assert answers["en"]["summary"] == {"datasets": 3, "errors": 2, "warnings": 1}
    assert answers["en"]["problems"][0]["row"] == 2
    assert (
        answers["en"]["problems"][0]["message"].isascii()
        or "“" in answers["en"]["problems"][0]["message"]
    )
    assert answers["zh-CN"]["problems"][0]["message"] != answers["en"]["problems"][0]["message"]


@pytest.mark.parametrize("form", ["markdown", "github", "sarif"])
def test_every_form_names_the_file(root: Path, form: str) -> None:
    write(root, PARKS, "code,name\nx,a\n")
    assert PARKS in kaishu("check", "--root", str(root), "--format", form).stdout


def test_one_dataset_can_be_named(root: Path) -> None:
    write(root, PARKS, "code,name\nx,a\n")
    folder = str(root / "datasets/mzj/visits")
    assert kaishu("check", folder, "--root", str(root)).returncode == 0
    assert kaishu("check", str(root / "datasets/mzj/parks"), "--root", str(root)).returncode == 1


def test_a_folder_that_does_not_exist_is_wrong_usage(root: Path) -> None:
    assert kaishu("check", str(root / "none"), "--root", str(root)).returncode == 2
    assert kaishu("check", "--root", str(root / "none")).returncode == 2


def test_without_catalog_yaml_it_says_what_is_missing(tmp_path: Path) -> None:
    answer = kaishu("check", "--root", str(tmp_path))
    assert answer.returncode == 1
    assert "catalog.yaml" in answer.stdout
