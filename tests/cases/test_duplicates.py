"""What is demanded is compared with the catalogue and with every demand before, however many."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.test import Client
from tests.cases.conftest import OFFICER, RECEIVED, file_one
from tests.portals import write

from kaishu.base import clock
from kaishu.cases import actions, duplicates, filing, portal, retention
from kaishu.cases.models import Case
from kaishu.cases.records import DemandPiece
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.cases.portal import Now

OPERATOR = By(Actor.OPERATOR, "chief")


def demanded(now: Now, title: str, key: int = 1) -> Case:
    filed = filing.Filing(Kind.OPEN_DEMAND, {"title": title, "wanted": "x", "purpose": "x"})
    with clock.moved_to(RECEIVED):
        return filing.file(now, filed, idempotency_key=f"{key:032x}")


def numbers(now: Now, title: str) -> list[str]:
    return [one.number for one in duplicates.look(now, title).demands]


@pytest.mark.parametrize(
    ("before", "asked", "alike"),
    [
        ("公交站点候车人数", "公交站点候车人数", True),
        ("公交站点候车人数", "公交站候车人数统计", True),
        ("公交站点候车人数", "全市各区公交站点候车人数（分时段）", True),
        ("ＷＩＦＩ热点", "wifi 热点", True),
        ("公交站点候车人数", "医院床位数", False),
        ("水", "水", True),
        ("水", "电", False),
        ("公交站点", "——", False),
    ],
)
def test_a_demand_for_the_like_is_found(now: Now, before: str, asked: str, *, alike: bool) -> None:
    case = demanded(now, before)
    assert numbers(now, asked) == ([case.number] if alike else [])


def test_the_likest_come_first_and_of_equals_the_newest(now: Now) -> None:
    far = demanded(now, "公交站点候车人数统计表", 1)
    first, second = demanded(now, "候车人数", 2), demanded(now, "候车人数", 3)
    assert numbers(now, "公交候车人数") == [second.number, first.number, far.number]


def test_the_oldest_of_many_demands_is_found(now: Now) -> None:
    oldest = demanded(now, "无障碍公厕位置")
    for n in range(2, 350):
        demanded(now, f"第{n}号河段水质", n)
    assert numbers(now, "无障碍公厕的位置") == [oldest.number]


def test_what_was_taken_back_or_erased_is_found_no_more(now: Now) -> None:
    gone, ended = demanded(now, "无障碍公厕位置", 1), demanded(now, "无障碍公厕数量", 2)
    filing.withdraw(gone)
    refusal = actions.Refusal("没有这些数据", "not-held", "《条例》", "第十五条", "law")
    with clock.moved_to(RECEIVED):
        actions.refuse(now, ended, OPERATOR, refusal)
    assert numbers(now, "无障碍公厕") == [ended.number]
    with clock.moved_to(RECEIVED.replace(year=RECEIVED.year + 4)):
        assert ended.number in list(retention.erase())
    assert numbers(now, "无障碍公厕") == []
    assert not DemandPiece.objects.exists()


def test_a_corrected_name_is_found_and_the_former_is_not(now: Now) -> None:
    case = demanded(now, "无障碍公厕位置")
    with clock.moved_to(RECEIVED):
        filing.amend(case, {**case.statement, "title": "充电桩位置"})
    assert numbers(now, "充电桩") == [case.number]
    assert numbers(now, "无障碍公厕") == []


def test_no_letter_of_a_name_is_stored_in_the_clear(now: Now) -> None:
    demanded(now, "公交站点候车人数")
    stored = list(DemandPiece.objects.values_list("piece", "size"))
    assert len(stored) == 7
    assert {size for _piece, size in stored} == {7}
    assert str(DemandPiece.objects.values().first()).isascii()


def test_demands_from_before_are_found_after_the_migration(now: Now) -> None:
    case, gone = demanded(now, "公交站点候车人数", 1), demanded(now, "公交站点", 2)
    filing.withdraw(gone)
    file_one(now, key="9" * 32)
    DemandPiece.objects.all().delete()
    migration = import_module("kaishu.cases.migrations.0009_demand_pieces")
    migration.fill(apps, None)
    assert numbers(now, "公交站点") == [case.number]


def test_the_answer_to_an_earlier_demand_and_what_was_opened_are_told(
    client: Client, now: Now, small: Path
) -> None:
    refused, opened = demanded(now, "无障碍公厕位置", 1), demanded(now, "无障碍公厕数量", 2)
    refusal = actions.Refusal("秘密的说明", "not-held", "《条例》", "第十五条", "law")
    actions.refuse(now, refused, OPERATOR, refusal)
    actions.grant(now, opened, OPERATOR, "")
    path = "datasets/mzj/parks/datapackage.yaml"
    text = (
        (small / path)
        .read_text()
        .replace("catalogue:\n", f'catalogue:\n  opened_for: ["{opened.number}"]\n')
    )
    write(small, path, text)
    (small / "build").mkdir(exist_ok=True)
    (small / "build" / "site").symlink_to("releases/x")
    found = {one.number: one for one in duplicates.look(portal.now(), "无障碍公厕").demands}
    assert found[refused.number].reason
    assert found[refused.number].opened is None
    dataset = found[opened.number].opened
    assert dataset is not None
    form = {"title": "无障碍公厕", "wanted": "x", "purpose": "x", "applicant_type": "person"}
    page = client.post("/cases/demand/", {**form, "idempotency_key": "b" * 32}).content.decode()
    assert f'href="/datasets/{dataset.key}/"' in page
    assert found[refused.number].reason in page
    assert "秘密的说明" not in page


def test_how_the_like_was_answered_before_is_told_with_the_dataset(
    client: Client, now: Now
) -> None:
    case, unanswered = file_one(now, key="1" * 32), file_one(now, key="2" * 32)
    actions.refuse(now, case, OFFICER, actions.Refusal("王小明不符合", "conditions-not-met"))
    found = duplicates.look(now, "公园客流明细")
    assert [one.key for one in found.datasets] == ["mzj/visits"]
    [told] = found.applications["mzj/visits"]
    assert (told.number, told.reason) == (case.number, case.answer.reason_word.label)
    form = {"title": "公园客流明细", "wanted": "x", "purpose": "x", "applicant_type": "person"}
    page = client.post("/cases/demand/", {**form, "idempotency_key": "b" * 32}).content.decode()
    assert case.number in page
    assert unanswered.number not in page
    assert "王小明" not in page


def test_a_new_release_is_searched_anew(now: Now, small: Path) -> None:
    assert duplicates.look(now, "城市公园名录").datasets
    text = (small / "datasets/mzj/parks/datapackage.yaml").read_text()
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    write(small, "datasets/mzj/parks/datapackage.yaml", text.replace(title, "title: 充电桩分布"))
    (small / "build").mkdir(exist_ok=True)
    (small / "build" / "site").symlink_to("releases/y")
    assert duplicates.look(portal.now(), "充电桩的分布").datasets
