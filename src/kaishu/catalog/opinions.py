"""Improvement opinions published beside the figures: `governance/opinions/<date>-<slug>.yaml`.

伊川 第三十七条: the results of supervision and the opinions on what to improve are published.

title: 2026 年第三季度数据开放改进意见
by: 市大数据管理局
opinions:
  - {department: jtj, text: 尽快更新逾期的数据集。}    # without `department`: to all
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from kaishu.base import problems, strict_yaml
from kaishu.base.i18n import N_
from kaishu.catalog.model import Id, Strict, Text
from kaishu.catalog.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.catalog.model import Portal

FOLDER = "governance/opinions"

FILE_NAME = problems.error(
    "opinion-file-name",
    N_("A file of improvement opinions is called by its day: 2026-10-15-third-quarter.yaml."),
    N_("Rename the file, or move it out of this folder."),
)
UNKNOWN_DEPARTMENT = problems.error(
    "opinion-unknown-department",
    N_("The department “{department}” is not one of catalog.yaml."),
    N_("Write a department's id, or leave it out where the opinion concerns all."),
)

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.yaml\Z")


class Opinion(Strict):
    """One opinion, to one department or to all."""

    text: Text = Field(title=N_("Improvement opinion"))
    department: Id | None = Field(None, title=N_("Department"))


class OpinionDocument(Strict):
    """One file of improvement opinions."""

    title: Text = Field(title=N_("Title"))
    by: Text = Field(title=N_("Given by"))
    opinions: tuple[Opinion, ...] = Field(min_length=1, title=N_("Improvement opinions"))


@dataclass(frozen=True, slots=True)
class Opinions:
    """The opinions of one day; `slug` is the file's name without its suffix."""

    slug: str
    day: dt.date
    document: OpinionDocument


def read(root: Path, portal: Portal) -> tuple[list[Opinions], list[problems.Problem]]:
    """The opinions that the portal in `root` publishes, newest first, and what is wrong."""
    found: list[Opinions] = []
    wrong: list[problems.Problem] = []
    folder = root / FOLDER
    for path in sorted(folder.iterdir(), reverse=True) if folder.is_dir() else ():
        file = f"{FOLDER}/{path.name}"
        if path.stem.upper() == "README" or path.name.startswith("."):
            continue
        day = _day(path.name)
        if day is None:
            wrong.append(FILE_NAME.at(file=file))
            continue
        document = strict_yaml.read(path, file=file)
        read = None if document.problems else validate(OpinionDocument, document, file=file)
        wrong += document.problems
        if read is None:
            continue
        for number, one in enumerate(read.opinions):
            if one.department and portal.department(one.department) is None:
                line = document.line(("opinions", number, "department"))
                wrong.append(UNKNOWN_DEPARTMENT.at(file=file, line=line, department=one.department))
        found.append(Opinions(path.stem, day, read))
    return found, wrong


def _day(name: str) -> dt.date | None:
    matched = _NAME.match(name)
    try:
        return dt.date.fromisoformat(matched[1]) if matched else None
    except ValueError:
        return None
