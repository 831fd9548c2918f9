"""Portals to measure with: real catalogue entries where there are some, else made-up ones."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

DATASETS = 10_000
ROWS = 12
DAY = "2026-03-02T09:00:00+08:00"
CYCLES = {
    "实时": "realtime",
    "每日": "daily",
    "每周": "weekly",
    "每月": "monthly",
    "每季度": "quarterly",
    "每半年": "half-yearly",
    "每年": "yearly",
    "按年更新": "yearly",
    "不定期": "irregular",
}
FIELDS = (
    ("code", "integer", "编号"),
    ("name", "string", "名称"),
    ("address", "string", "地址"),
    ("opened", "date", "启用日期"),
    ("amount", "number", "数量"),
    ("active", "boolean", "是否在用"),
)
BASIS = "[{title: 《中华人民共和国数据安全法》, article: 第三十八条, level: law}]"


def make(root: Path, count: int) -> Path:
    """A portal of `count` datasets in the folder `root`, committed to git."""
    entries = _entries(count)
    departments = _numbered("d", [one["publisher"] for one in entries])
    themes = _numbered("t", [one["theme"] for one in entries])
    _write(root / "catalog.yaml", _catalog(departments, themes))
    for number, one in enumerate(entries):
        folder = root / "datasets" / departments[one["publisher"]] / f"e{number:05d}"
        _write(folder / "datapackage.yaml", _descriptor(number, one, themes[one["theme"]]))
        if one["open"]:
            _write(folder / "data" / "table.csv", _table(number))
    commit(root, "entries")
    return root


def commit(root: Path, message: str) -> None:
    """Commit everything below `root`; every commit has the same time, so that none moves the day."""
    environment = {
        **os.environ,
        "GIT_AUTHOR_DATE": DAY,
        "GIT_COMMITTER_DATE": DAY,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-q", "-m", message],
    ):
        command = ["git", *identity, "-C", str(root), *arguments]
        subprocess.run(command, env=environment, check=True, capture_output=True)


def _entries(count: int) -> list[dict[str, Any]]:
    corpora = os.environ.get("KAISHU_CORPORA")
    source = Path(corpora) / "catalogue_zh.jsonl" if corpora else None
    real = []
    if source and source.is_file():
        with source.open(encoding="utf-8") as lines:
            real = [json.loads(line) for line in lines]
    found = []
    for number in range(count):
        given = real[number % len(real)] if real else {}
        title = given.get("title") or f"第{number}号公共数据目录"
        # The second time round a title is another dataset's, and says so.
        lap = number // len(real) if real else 0
        found.append(
            {
                "title": f"{title}（{lap + 1}）" if lap else title,
                "description": given.get("description") or f"{title}，按季度汇总。",
                "publisher": given.get("publisher") or f"第{number % 60}局",
                "theme": (given.get("theme") or [f"第{number % 20}类"])[0],
                "keywords": given.get("keywords") or [],
                "cycle": CYCLES.get(given.get("frequency", ""), "yearly"),
                "open": given.get("openness") != "有条件开放" if real else number % 10 < 8,
            }
        )
    return found


def _numbered(prefix: str, names: list[str]) -> dict[str, str]:
    return {name: f"{prefix}{n:03d}" for n, name in enumerate(dict.fromkeys(names))}


def _catalog(departments: dict[str, str], themes: dict[str, str]) -> str:
    lines = [
        "title: 测量用门户",
        "url: https://data.example.org",
        "operator: {name: 测量, phone: '12345'}",
        "regulation: yingkou-2022",
        "licence: {name: CC-BY-4.0, title: 知识共享署名 4.0}",
        "mode: example",
        "departments:",
        *(
            f"  - {{id: {id_}, name: {_text(name)}, contact: {{name: 信息科, phone: '12345'}}}}"
            for name, id_ in departments.items()
        ),
        "themes:",
        *(f"  - {{id: {id_}, name: {_text(name)}}}" for name, id_ in themes.items()),
    ]
    return "\n".join(lines) + "\n"


def _descriptor(number: int, one: dict[str, Any], theme: str) -> str:
    fields = [f"{{name: {n}, type: {kind}, title: {title}}}" for n, kind, title in FIELDS]
    if one["open"]:
        content = "path: data/table.csv"
        openness = "{type: unconditional}"
    else:
        content = "data: [[" + ", ".join(n for n, _kind, _title in FIELDS) + "]]"
        openness = f"{{type: on-request, conditions: 说明用途。, basis: {BASIS}}}"
    return (
        f'id: "{number:08d}-0000-4000-8000-000000000000"\n'
        f"name: e{number:05d}\n"
        f"title: {_text(one['title'])}\n"
        f"description: {_text(one['description'])}\n"
        f"keywords: {_text(one['keywords'])}\n"
        f'created: "2026-01-05T00:00:00+08:00"\n'
        "resources:\n"
        f"  - name: table\n    {content}\n    schema:\n      fields:\n"
        + "".join(f"        - {field}\n" for field in fields)
        + ("      primaryKey: code\n" if one["open"] else "")
        + "catalogue:\n"
        f"  theme: {theme}\n  openness: {openness}\n  sharing: {{type: unconditional}}\n"
        f"  update_cycle: {one['cycle']}\n"
        "  review: {date: 2026-01-04, by: 测量}\n"
    )


def _table(number: int) -> str:
    lines = [",".join(name for name, _kind, _title in FIELDS)]
    for row in range(1, ROWS + 1):
        lines.append(
            f"{row},第{number}处第{row}点,站前区建设大街{row}号,2025-01-{row:02d},{row}.5,true"
        )
    return "\n".join(lines) + "\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
