"""The same datasets by stock MkDocs with Material, with its own CPU seconds."""

from __future__ import annotations

import subprocess
import sys
from html import escape
from typing import TYPE_CHECKING

from benches.cpu import spent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import Package

_MKDOCS = """\
site_name: 测量用门户
theme:
  name: material
  language: zh
  font: false
plugins:
  - search
"""


def mkdocs(folder: Path, datasets: Sequence[tuple[Dataset, Package]]) -> float:
    """CPU seconds of stock mkdocs-material with its search, a page a dataset."""
    for dataset, package in datasets:
        page = folder / "docs" / f"{dataset.key}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(_markdown(dataset, package), encoding="utf-8")
    (folder / "docs" / "index.md").write_text("# 首页\n", encoding="utf-8")
    (folder / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    return spent(lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True))


def _markdown(dataset: Dataset, package: Package) -> str:
    lines = [f"# {dataset.descriptor.title}", "", dataset.descriptor.description or "", ""]
    lines += [f"- {dataset.department.name}", f"- {dataset.theme.name}", ""]
    lines += [
        f"- [{file.path}]({file.path}): {file.bytes} `{file.sha256}`" for file in package.files
    ]
    for table in package.tables:
        lines += ["", "| 数据项 | 名称 | 类型 |", "| --- | --- | --- |"]
        lines += [f"| {one.title} | {one.name} | {one.type} |" for one in table.fields]
        if table.rows:
            lines += [
                "",
                _row([one.name for one in table.fields]),
                _row(["---"] * len(table.fields)),
            ]
            lines += [_row(row) for row in table.rows]
    return "\n".join(escape(line, quote=False) for line in lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
