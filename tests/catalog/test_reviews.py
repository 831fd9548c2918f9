"""An operator's record approves exactly one content; policies say what else waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from tests.portals import small_portal, write

from kaishu.catalog.content import Content, content_hash, structure_hash
from kaishu.catalog.load import load
from kaishu.catalog.reviews import check, is_approved, of_dataset, path_of

PARKS = "datasets/mzj/parks/datapackage.yaml"
DATA = "datasets/mzj/parks/data/parks.csv"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def record(root: Path, decision: str = "approved", hours: int = 0, **said: object) -> str:
    """Write a record about the present content of parks; its path."""
    dataset = load(root).by_key["mzj/parks"]
    examined = {"by": "张三", "date": "2026-03-01", "reference": "密审〔2026〕3号"}
    value: dict[str, object] = {
        "decision": decision,
        "decided": (START + timedelta(hours=hours)).isoformat(),
        "by": "李四",
    }
    if decision == "approved":
        value |= {
            "secrecy": examined,
            "openness": {**examined},
            "structure": structure_hash(dataset),
        }
    else:
        value["reason"] = "缺少更新说明"
    path = path_of("mzj/parks", content_hash(dataset))
    write(root, path, yaml.safe_dump({**value, **said}, allow_unicode=True))
    return path


def approved(root: Path, policy: str) -> bool:
    dataset = load(root).by_key["mzj/parks"]
    reviews, found = of_dataset(root, dataset)
    assert not found
    return is_approved(policy, Content.of(dataset), reviews)


def change(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    write(root, path, text.replace(old, new))


def test_without_a_record_only_the_policy_none_publishes(root: Path) -> None:
    assert [approved(root, policy) for policy in ("none", "changes", "all")] == [True, False, False]


def test_a_record_approves_exactly_its_content(root: Path) -> None:
    record(root)
    assert approved(root, "all")
    change(root, DATA, "东公园", "南公园")
    assert not approved(root, "all")
    assert approved(root, "changes")


def test_under_changes_openness_and_schema_wait(root: Path) -> None:
    record(root)
    change(root, PARKS, "type: string", "type: any")
    assert not approved(root, "changes")


def test_an_earlier_structure_is_not_approved_for_ever(root: Path) -> None:
    record(root)
    change(root, PARKS, "type: string", "type: any")
    record(root, hours=1)
    change(root, PARKS, "type: any", "type: string")
    change(root, DATA, "东公园", "南公园")
    assert not approved(root, "changes")


def test_what_was_returned_waits_though_its_structure_is_approved(root: Path) -> None:
    record(root)
    change(root, DATA, "东公园", "南公园")
    record(root, "returned", hours=1)
    assert not approved(root, "changes")
    (problem,) = (one for one in check_with(root, "changes") if one.code == "review-returned")
    assert "缺少更新说明" in problem.message


def check_with(root: Path, policy: str) -> list:
    change(root, "catalog.yaml", "mode: example", f"mode: example\nreview: {{policy: {policy}}}")
    return check(load(root))[1]


def test_a_withdrawal_does_not_wait_once_a_version_was_approved(root: Path) -> None:
    withdrawn = "  withdrawn: {date: 2026-03-02, reason: 停止采集}\n  update_cycle"
    change(root, PARKS, "  update_cycle", withdrawn)
    assert not approved(root, "all")
    change(root, PARKS, withdrawn, "  update_cycle")
    record(root)
    change(root, PARKS, "  update_cycle", withdrawn)
    assert approved(root, "all")


def test_approvals_follow_a_dataset_to_its_new_address(root: Path) -> None:
    record(root)
    (root / "datasets/mzj/parks").rename(root / "datasets/jtj/parks")
    path = "datasets/jtj/parks/datapackage.yaml"
    change(root, path, "  update_cycle", "  aliases: [mzj/parks]\n  update_cycle")
    dataset = load(root).by_key["jtj/parks"]
    assert is_approved("changes", Content.of(dataset), of_dataset(root, dataset)[0])


def test_what_waits_is_remarked(root: Path) -> None:
    found = check_with(root, "all")
    assert [(one.code, one.dataset) for one in found] == [
        ("awaits-review", key) for key in ("jtj/permits", "mzj/parks", "mzj/visits")
    ]


def test_production_reviews_changes_unless_told_otherwise(root: Path) -> None:
    assert load(root).portal.review_policy == "none"
    change(root, "catalog.yaml", "mode: example", "mode: production")
    assert load(root).portal.review_policy == "changes"
    change(root, "catalog.yaml", "mode: production", "mode: production\nreview: {policy: none}")
    assert load(root).portal.review_policy == "none"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"secrecy": None}, "review-without-examination"),
        ({"decision": "returned"}, "review-without-reason"),
        ({"decided": "2026-03-01T09:00:00"}, "review-without-offset"),
        ({"unknown": 1}, "unknown-key"),
    ],
)
def test_a_record_that_is_not_right_approves_nothing(
    root: Path, said: dict[str, object], code: str
) -> None:
    path = record(root)
    value = yaml.safe_load((root / path).read_text(encoding="utf-8"))
    value = {key: one for key, one in {**value, **said}.items() if one is not None}
    write(root, path, yaml.safe_dump(value, allow_unicode=True))
    reviews, found = of_dataset(root, load(root).by_key["mzj/parks"])
    assert not reviews
    assert {one.code for one in found} == {code}
    assert {one.file for one in found} == {path}


def test_a_records_file_is_called_by_the_content(root: Path) -> None:
    path = root / record(root)
    path.rename(path.with_name("approved.yaml"))
    assert [one.code for one in check(load(root))[1]] == ["review-file-name"]


def test_a_record_about_no_dataset_is_remarked(root: Path) -> None:
    path = root / record(root)
    path.parent.rename(root / "governance/reviews/mzj/gone")
    assert [one.code for one in check(load(root))[1]] == ["governance-unknown-dataset"]
