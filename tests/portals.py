"""Small portals for tests, written into a folder as a department would."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "only,for,those,who,were,granted,it"

CATALOG = """\
title: 测试市公共数据开放平台
url: https://data.example.org
language: zh-CN
operator: {name: 测试市大数据管理局, phone: "12345", email: open@example.org}
regulation: yingkou-2022
licence: {name: CC-BY-4.0, title: 知识共享署名 4.0, path: "https://creativecommons.org/licenses/by/4.0/"}
mode: example
departments:
  - {id: mzj, name: 民政局, contact: {name: 信息科, phone: "12345"}}
  - {id: jtj, name: 交通运输局, contact: {name: 信息科, phone: "12345"}}
themes:
  - {id: society, name: 社会民生}
  - {id: transport, name: 道路运行}
"""

OPEN = """\
id: 6f1f7a52-98a5-4a1e-8f43-6a3f2d1c0b11
name: parks
title: 城市公园名单
description: 城市公园的编号与名称。
keywords: [公园]
created: "2026-01-05T00:00:00+08:00"
resources:
  - name: parks
    path: data/parks.csv
    schema:
      fields:
        - {name: code, type: integer, title: 编号}
        - {name: name, type: string, title: 名称}
      primaryKey: code
catalogue:
  theme: society
  openness: {type: unconditional}
  sharing: {type: unconditional}
  update_cycle: yearly
  review: {date: 2026-01-04, by: 测试}
"""

ON_REQUEST = """\
id: 0c4b9d7e-5d0b-4b59-9c57-1a2b3c4d5e6f
name: visits
title: 公园客流明细
description: 各公园逐小时客流。
resources:
  - name: visits
    data: [[park, hour, visitors]]
    schema:
      fields:
        - {name: park, type: integer, title: 公园编号}
        - {name: hour, type: datetime, title: 时段}
        - {name: visitors, type: integer, title: 人次}
catalogue:
  theme: society
  openness:
    type: on-request
    conditions: 说明用途，承诺不用于识别个人。
    basis: [{title: 《中华人民共和国数据安全法》, article: 第三十八条, level: law}]
  sharing: {type: conditional, basis: [{title: 《中华人民共和国数据安全法》, article: 第三十八条, level: law}], conditions: 因履行职责需要}
  update_cycle: monthly
"""

CLOSED = """\
id: 5a7e1f90-0b7c-4c6e-b1de-1c2d3e4f5a6b
name: permits
title: 车辆通行许可明细
description: 含个人信息，不予开放。
resources:
  - name: permits
    data: [[plate, until]]
    schema:
      fields:
        - {name: plate, type: string, title: 号牌}
        - {name: until, type: date, title: 有效期至}
catalogue:
  theme: transport
  openness:
    type: closed
    basis: [{title: 《中华人民共和国政府信息公开条例》, article: 第十五条, level: administrative-regulation}]
  sharing: {type: conditional, basis: [{title: 《中华人民共和国政府信息公开条例》, article: 第十五条, level: administrative-regulation}], conditions: 因履行职责需要}
  update_cycle: monthly
"""


def small_portal(root: Path) -> Path:
    """One open dataset (two rows), one on request, one closed; two departments."""
    write(root, "catalog.yaml", CATALOG)
    write(root, "datasets/mzj/parks/datapackage.yaml", OPEN)
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,中心公园\n2,东公园\n")
    write(root, "datasets/mzj/visits/datapackage.yaml", ON_REQUEST)
    write(root, "datasets/jtj/permits/datapackage.yaml", CLOSED)
    return root


def write(root: Path, path: str, text: str) -> None:
    """Write a text file below `root`, folders included."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def git_commit(root: Path, when: str) -> None:
    """Commit everything below `root` as it is, at the given time; makes the repository if needed."""
    environment = {
        **os.environ,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-q", "-m", "change"],
    ):
        command = ["git", *identity, "-C", str(root), *arguments]
        subprocess.run(command, env=environment, check=True, capture_output=True)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def many(root: Path, count: int) -> None:
    """More open datasets, each with some rows."""
    source = root / "datasets/mzj/parks"
    text = (source / "datapackage.yaml").read_text(encoding="utf-8")
    for n in range(count):
        folder = f"datasets/mzj/parks-{n}"
        own = text.replace("name: parks\n", f"name: parks-{n}\n", 1).replace(
            "id: 6f1f", f"id: {n:04d}"
        )
        write(root, f"{folder}/datapackage.yaml", own.replace("城市公园名单", f"第{n}份名单"))
        rows = "".join(f"{k},公园{n}-{k}\n" for k in range(200))
        write(root, f"{folder}/data/parks.csv", f"code,name\n{rows}")
