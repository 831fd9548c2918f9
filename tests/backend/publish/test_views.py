"""An officer publishes a table in the browser: real repository, real gate, the operator decides."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cases.conftest import PASSWORD
from tests.gate.conftest import JTJ, MZJ, OPERATOR, bare, git  # noqa: F401
from tests.gate.test_publish import wait_until_published

from kaishu.cases import staff
from kaishu.gate import settings as gate_settings
from kaishu.publishing import release as releases

pytestmark = pytest.mark.slow
TABLE = "编号,名称,建成日期\n1,甲广场,2001-05-01\n2,乙广场,2010-10-01\n"


@pytest.fixture
def desk(
    bare: Path,  # noqa: F811
    tmp_path: Path,
    settings: Any,
    db: None,
) -> Callable[[str, str, str], Client]:
    """Signs people in to the desk of a portal that was cloned from the bare repository."""
    root = tmp_path / "portal"
    assert git(tmp_path, "clone", "-q", str(bare), str(root)).returncode == 0
    settings.KAISHU_ROOT, settings.KAISHU_VAR = root, tmp_path / "var"
    settings.KAISHU_VAR.mkdir()
    cache.clear()

    def sign_in(name: str, department: str, email: str) -> Client:
        staff.add(name, department, PASSWORD, email=email)
        client = Client()
        said = {"username": name, "password": PASSWORD}
        assert client.post("/desk/login/", said).status_code == 302
        return client

    return sign_in


def upload(client: Client, text: str = TABLE, **more: str) -> str:
    table = SimpleUploadedFile("广场.csv", text.encode())
    answer = client.post("/desk/publish/", {"table": table, "dataset": "", "name": "", **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def shown(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def form_of(text: str) -> dict[str, str]:
    """The values that a page's forms would send back unchanged."""
    found = {}
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*name=\"[^\"]+\".*?(?:>)", text):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        assert name
        found[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)"\s+selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)".*?>(.*?)</textarea>', text, re.S):
        found[name] = body.strip()
    return found


def main_files(bare: Path) -> str:  # noqa: F811
    return git(bare, "ls-tree", "-r", "--name-only", "main").stdout


def test_a_table_becomes_a_dataset_by_upload_correction_review(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer = desk("zhang", "mzj", MZJ)
    path = upload(officer)
    text = shown(officer, path)
    assert "检查结果" in text
    assert "甲广场" in text
    said = form_of(text)
    assert said["columns-2-type"] == "date"
    said |= {
        "title": "城市广场名单",
        "description": "城市广场的编号、名称和建成日期。",
        "update_cycle": "yearly",
        "review_date": "2026-01-04",
        "review_by": "信息科",
        "columns-1-description": "正式名称",
    }
    assert officer.post(path, said).status_code == 302
    text = shown(officer, path)
    assert "城市广场名单" in text
    assert "提交审核" in text
    before = main_files(bare)
    answer = officer.post(f"{path}submit/")
    assert answer.status_code == 200, answer.content.decode()
    assert main_files(bare) == before
    (ref,) = git(bare, "for-each-ref", "--format=%(refname)", "refs/heads/publish/").stdout.split()
    assert git(bare, "log", "-1", "--format=%an %ae %s", ref).stdout.strip() == (
        f"zhang {MZJ} 新增数据集：城市广场名单"
    )
    operator = desk("chief", "", OPERATOR)
    name = ref.removeprefix("refs/heads/publish/")
    assert "城市广场名单" in shown(operator, "/desk/review/")
    page = f"/desk/review/{name}/"
    assert "新的数据集" in shown(operator, page)
    decision = form_of(shown(operator, page)) | {"secrecy_reference": "密审〔2026〕3号"}
    decision.pop("return", None)
    answer = operator.post(page, decision)
    assert answer.status_code == 302, answer.content.decode()
    files = main_files(bare)
    assert f"datasets/{name.rpartition('/')[0]}/datapackage.yaml" in files
    assert f"governance/reviews/{name.rpartition('/')[0]}/" in files
    assert not git(bare, "for-each-ref", "refs/heads/publish/").stdout
    assert "通过：" in shown(operator, "/desk/review/")


def test_who_approves_does_not_wait_for_the_build_and_sees_how_it_ends(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
    tmp_path: Path,
) -> None:
    officer, operator = desk("zhang", "mzj", MZJ), desk("chief", "", OPERATOR)
    portal, output = tmp_path / "portal", tmp_path / "portal/build"
    settings = gate_settings.read(bare).model_copy(update={"portal": str(portal)})
    (bare / gate_settings.FILE).write_text(gate_settings.as_yaml(settings), encoding="utf-8")
    for table, ends in (
        ("名称,编号\n北公园,1\n", "最近一次发布"),
        ("名称,编号\n西公园,1\n", "没有成功"),
    ):
        path = upload(officer, table, dataset="mzj/parks")
        assert officer.post(f"{path}submit/").status_code == 200
        (place,) = re.findall(r'href="(/desk/review/mzj/[^"]+)"', shown(operator, "/desk/review/"))
        # What keeps the second build from ending well is found by the build alone.
        if ends == "没有成功":
            (output / "site").unlink()
            (output / "site").mkdir()
        decision = form_of(shown(operator, place))
        decision.pop("return", None)
        # Another build goes on meanwhile, so this one waits.
        with releases.locked(output):
            assert operator.post(place, decision).status_code == 302
            answer = operator.get("/desk/review/")
            assert "正在发布" in answer.content.decode()
            assert answer["Refresh"]
        wait_until_published(output)
        answer = operator.get("/desk/review/")
        assert ends in answer.content.decode()
        assert "Refresh" not in answer.headers
        if ends != "没有成功":
            page = output / "site/datasets/mzj/parks/index.html"
            assert "北公园" in page.read_text(encoding="utf-8")


def test_new_data_of_a_dataset_say_what_they_change(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer = desk("zhang", "mzj", MZJ)
    path = upload(officer, "名称,编号\n中心公园,1\n南公园,2\n西公园,3\n", dataset="mzj/parks")
    assert "新增 1 行，修改 1 行" in shown(officer, path)
    page = shown(officer, f"{path}page/datasets/mzj/parks/")
    assert "西公园" in page
    assert officer.get(f"{path}page/assets/kaishu.css").status_code == 200
    assert officer.post(f"{path}submit/").status_code == 200
    table = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    answer = officer.post("/desk/publish/", {"table": table, "dataset": "mzj/parks", "name": ""})
    assert answer.status_code == 422
    assert "表格的列与数据集不一致" in answer.content.decode()


def test_errors_are_shown_and_keep_it_from_being_submitted(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer = desk("zhang", "mzj", MZJ)
    path = upload(officer, "编号,名称\n一,中心公园\n", dataset="mzj/parks")
    text = shown(officer, path)
    assert "没有错误之后才能提交" in text
    assert "提交审核" not in text
    # Whoever sends it all the same is refused by the gate, and the draft stays.
    answer = officer.post(f"{path}submit/")
    assert answer.status_code == 409
    assert "未通过" in answer.content.decode()
    assert officer.get(path).status_code == 200
    assert not git(bare, "for-each-ref", "refs/heads/publish/").stdout


def test_a_returned_proposal_carries_its_reason(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer, operator = desk("zhang", "mzj", MZJ), desk("chief", "", OPERATOR)
    path = upload(officer, "编号,名称\n1,中心公园\n", dataset="mzj/parks")
    assert officer.post(f"{path}submit/").status_code == 200
    ref = git(bare, "for-each-ref", "--format=%(refname)", "refs/heads/publish/").stdout.strip()
    page = f"/desk/review/{ref.removeprefix('refs/heads/publish/')}/"
    assert operator.post(page, {"return": "1", "reason": ""}).status_code == 422
    answer = operator.post(page, {"return": "1", "reason": "请补充更新说明"})
    assert answer.status_code == 302, answer.content.decode()
    assert "请补充更新说明" in shown(officer, "/desk/publish/")
    (record,) = re.findall(r"governance/reviews/mzj/parks/\w+\.yaml", main_files(bare))
    assert "请补充更新说明" in git(bare, "show", f"main:{record}").stdout
    assert "南公园" not in git(bare, "show", "main:datasets/mzj/parks/data/parks.csv").stdout


def test_everyone_keeps_to_the_own_department_and_role(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    zhang, li, chief = (
        desk("zhang", "mzj", MZJ),
        desk("li", "jtj", JTJ),
        desk("chief", "", OPERATOR),
    )
    path = upload(zhang, "编号,名称\n1,中心公园\n", dataset="mzj/parks")
    assert li.get(path).status_code == 404
    assert li.post(f"{path}submit/").status_code == 404
    assert zhang.get("/desk/review/").status_code == 404
    assert chief.get("/desk/review/").status_code == 200
    assert Client().get("/desk/publish/").status_code == 302
    table = SimpleUploadedFile("x.csv", TABLE.encode())
    answer = li.post("/desk/publish/", {"table": table, "dataset": "mzj/parks", "name": ""})
    assert answer.status_code == 422


def test_who_is_no_maintainer_is_refused_by_the_gate(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    stranger = desk("wang", "mzj", "wang@example.org")
    path = upload(stranger, "编号,名称\n1,中心公园\n", dataset="mzj/parks")
    answer = stranger.post(f"{path}submit/")
    assert answer.status_code == 409
    assert "wang@example.org" in answer.content.decode()


def test_without_a_repository_it_is_said_how_to_have_one(
    tmp_path: Path,
    desk: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    officer = desk("zhang", "mzj", MZJ)
    monkeypatch.setenv("KAISHU_REPOSITORY", str(tmp_path))
    operator = desk("chief", "", OPERATOR)
    for client, path, title in (
        (officer, "/desk/publish/", "发布数据"),
        (operator, "/desk/review/", "发布前审核"),
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "kaishu gate install" in answer.content.decode()
        assert f"<h1>{title}</h1>" in answer.content.decode()


POINTS = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "geometry": {"type": "Point", "coordinates": [121.5, 40.5]}, "properties": {"名称": "%s"}}]}"""


def opened(client: Client, key: str) -> str:
    """The page of a draft of a dataset as it is."""
    answer = client.post("/desk/publish/", {"dataset": key, "name": ""})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def put(client: Client, path: str, file: str, content: str | bytes, **more: str) -> str:
    """Upload a table to a draft; the draft's page, or what was said against it."""
    given = content.encode() if isinstance(content, str) else content
    table = SimpleUploadedFile(file, given)
    answer = client.post(f"{path}table/", {"table": table, "resource": "", "name": "", **more})
    if answer.status_code == 422:
        return answer.content.decode()
    assert answer.status_code == 302, answer.content.decode()
    return shown(client, path)


def corrected(client: Client, path: str, **said: str) -> str:
    answer = client.post(path, form_of(shown(client, path)) | said)
    assert answer.status_code == 302, answer.content.decode()
    return shown(client, path)


def approved(
    officer: Client,
    operator: Client,
    bare: Path,  # noqa: F811
    path: str,
) -> None:
    """Submit the draft and approve it: it is on the portal's branch."""
    answer = officer.post(f"{path}submit/")
    assert answer.status_code == 200, answer.content.decode()
    ref = git(bare, "for-each-ref", "--format=%(refname)", "refs/heads/publish/").stdout.strip()
    place = f"/desk/review/{ref.removeprefix('refs/heads/publish/')}/"
    decision = form_of(shown(operator, place))
    decision.pop("return", None)
    answer = operator.post(place, decision)
    assert answer.status_code == 302, answer.content.decode()


def published(bare: Path, path: str) -> str:  # noqa: F811
    return git(bare, "show", f"main:{path}").stdout


def test_a_dataset_of_several_tables_has_one_replaced_and_one_added(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer, operator = desk("zhang", "mzj", MZJ), desk("chief", "", OPERATOR)
    path = opened(officer, "mzj/parks")
    # Nothing is changed yet, and each upload says what it does.
    text = put(
        officer, path, "设施.xlsx", workbook(["编号", "设施"], [["1", "秋千"], ["2", "长椅"]])
    )
    assert "新增数据文件" in text
    text = put(officer, path, "位置.geojson", POINTS % "甲", name="places")
    assert "秋千" in text
    approved(officer, operator, bare, path)
    raw = published(bare, "datasets/mzj/parks/datapackage.yaml")
    assert "path: data/places.geojson" in raw
    (facilities,) = re.findall(r"path: (data/(?!parks|places)\S+\.csv)", raw)
    assert "秋千" in published(bare, f"datasets/mzj/parks/{facilities}")
    # By its columns, an upload tells which of the tables it is; the others stay.
    path = upload(officer, "名称,编号\n北公园,7\n", dataset="mzj/parks")
    text = put(officer, path, "新位置.geojson", POINTS % "乙", resource="places")
    assert "parks" in text
    approved(officer, operator, bare, path)
    assert published(bare, "datasets/mzj/parks/data/parks.csv") == "code,name\n7,北公园\n"
    assert "乙" in published(bare, "datasets/mzj/parks/data/places.geojson")
    assert "秋千" in published(bare, f"datasets/mzj/parks/{facilities}")
    path = opened(officer, "mzj/parks")
    assert "GeoJSON" in put(officer, path, "a.csv", "编号,名称\n1,甲\n", resource="places")


def test_columns_that_changed_are_taken_from_the_table_and_need_their_notice(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer = desk("zhang", "mzj", MZJ)
    path = opened(officer, "mzj/parks")
    table = "编号,名称,面积\n1,中心公园,3.5\n2,东公园,4.0\n"
    assert "表格的列与数据集不一致" in put(officer, path, "a.csv", table, resource="parks")
    text = put(officer, path, "a.csv", table, resource="parks", restructure="on")
    assert "新增数据列" in text
    assert officer.post(f"{path}submit/").status_code == 200
    path = opened(officer, "mzj/parks")
    text = put(officer, path, "a.csv", "名称\n中心公园\n", resource="parks", restructure="on")
    assert "删除数据列：code" in text
    answer = officer.post(f"{path}submit/")
    assert answer.status_code == 409
    assert "change_notice" in answer.content.decode()


def test_an_entry_alone_is_changed_and_a_dataset_withdrawn(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer, operator = desk("zhang", "mzj", MZJ), desk("chief", "", OPERATOR)
    before = published(bare, "datasets/mzj/parks/data/parks.csv")
    path = opened(officer, "mzj/parks")
    text = corrected(officer, path, title="公园名录", update_cycle="monthly")
    assert "公园名录" in text
    approved(officer, operator, bare, path)
    assert "title: 公园名录" in published(bare, "datasets/mzj/parks/datapackage.yaml")
    assert published(bare, "datasets/mzj/parks/data/parks.csv") == before
    path = opened(officer, "mzj/parks")
    text = corrected(
        officer, path, withdrawn_date="2026-03-02", withdrawn_reason="不再采集",
        withdrawn_successor="mzj/visits",
    )  # fmt: skip
    assert "不再采集" in text
    assert "不再采集" in shown(officer, f"{path}page/datasets/mzj/parks/")
    approved(officer, operator, bare, path)
    raw = published(bare, "datasets/mzj/parks/datapackage.yaml")
    assert "withdrawn:" in raw
    assert "successor: mzj/visits" in raw
    subject = git(bare, "log", "--no-merges", "-1", "--format=%s", "main").stdout
    assert "撤下：公园名录" in subject


def test_rows_of_what_is_not_open_never_reach_the_repository(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer, operator = desk("zhang", "mzj", MZJ), desk("chief", "", OPERATOR)
    path = upload(officer, "编号,机密\n1,不可公开的内容\n2,同样不可\n", name="secret")
    basis = {"basis_title": "《中华人民共和国数据安全法》", "basis_article": "第三十八条",
             "basis_level": "law", "sharing": "conditional", "sharing_conditions": "因履行职责需要",
             "sharing_basis_title": "《中华人民共和国数据安全法》", "sharing_basis_level": "law"}  # fmt: skip
    text = corrected(
        officer, path, title="机密名录", description="只有条目和数据项。", update_cycle="yearly",
        openness="on-request", conditions="说明用途", **basis,
    )  # fmt: skip
    assert "没有错误之后才能提交" not in text
    # New rows are looked at and kept out all the same.
    text = put(officer, path, "机密.csv", "编号,机密\n3,仍不可公开的内容\n", resource="secret")
    assert "不公开，也不提交" in text
    approved(officer, operator, bare, path)
    command = ["git", "-C", str(bare), "cat-file", "--batch-all-objects", "--batch"]
    objects = subprocess.run(command, capture_output=True, check=True).stdout
    assert "机密名录".encode() in objects
    assert "不可公开的内容".encode() not in objects
    path = opened(officer, "mzj/visits")
    text = corrected(officer, path, description="各公园逐小时客流，按月更新。")
    assert "没有错误之后才能提交" not in text
    approved(officer, operator, bare, path)
    assert "按月更新" in published(bare, "datasets/mzj/visits/datapackage.yaml")


def test_a_new_dataset_never_takes_the_place_of_one_that_is_there(
    bare: Path,  # noqa: F811
    desk: Callable[..., Client],
) -> None:
    officer = desk("zhang", "mzj", MZJ)
    table = SimpleUploadedFile("x.csv", TABLE.encode())
    answer = officer.post("/desk/publish/", {"table": table, "dataset": "", "name": "parks"})
    assert answer.status_code == 422
    assert "已有数据集" in answer.content.decode()
    answer = officer.post("/desk/publish/", {"dataset": "", "name": ""})
    assert answer.status_code == 422


def workbook(titles: list[str], rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (titles, *rows):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
