"""`problem-codes.md`: every code, by the package that declares it."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING

from kaishu.base import i18n, problems
from reference.markdown import MADE, table, table_row
from reference.source_map import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

# Codes are declared by packages that need no set-up to be imported.
DECLARING = {
    "base": "读取文件",
    "history": "版本历史",
    "catalog": "目录与数据集描述",
    "packaging": "数据文件",
    "regulation": "法规文件与放假安排",
    "gate": "推送的检查",
    "supervision": "督查",
}
SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}

ABOUT_CODES = (
    "`kaishu check` 发现的每个问题都有一个代码。**错误**使数据集不能发布；**警告**和**提示**不影响发布，但应当处理。"
    "花括号内的词在报告问题时换成具体内容。数据文件内容的代码沿用 Frictionless 的错误类型。"
)


def problem_codes() -> str:
    """Every code, by the package that declares it."""
    owners: dict[str, str] = {}
    for package in DECLARING:
        for path in sorted((SOURCE / package).rglob("*.py")):
            importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
            owners |= dict.fromkeys(declared_in(path), package)
    codes = problems.all_codes()
    lines = ["# 问题代码", "", MADE, "", ABOUT_CODES, ""]
    for package, title in DECLARING.items():
        mine = [code for code in codes.values() if owners[code.id] == package]
        if mine:
            lines += [f"## {title}", "", *table(("代码", "级别", "问题", "怎样处理"))]
            for code in mine:
                row = (f"`{code.id}`", SEVERITIES[code.severity], code.message, code.hint)
                lines += table_row(*row[:2], *(i18n.gettext(text) for text in row[2:]))
            lines.append("")
    return "\n".join(lines)


def declared_in(path: Path) -> list[str]:
    """The ids of the codes that a module declares."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in SEVERITIES
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]
