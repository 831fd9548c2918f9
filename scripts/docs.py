"""Documentation that the code itself writes: reference pages, and the map in ARCHITECTURE.md.

`scripts/docs` writes them; `scripts/docs --check` names those that are out of date, status 1.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from kaishu.base import i18n, problems, vocabulary
from kaishu.base.formats import long_date
from kaishu.catalog import attestations, events, incidents, plans, reviews
from kaishu.catalog import model as catalog_model
from kaishu.catalog.schema import json_schemas
from kaishu.cli.main import COMMANDS
from kaishu.regulation import documents, explain, library
from kaishu.regulation import model as regulation_model

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "kaishu"
MADE = "<!-- 本页由 scripts/docs 根据代码生成，请勿手工修改。 -->"
MAP_BEGIN, MAP_END = "<!-- map: made by scripts/docs -->", "<!-- end of map -->"

# From the reader's side down to what everything stands on.
LAYERS = (
    "cli", "backend", "publishing", "site", "cases", "gate", "supervision", "exports",
    "packaging", "catalog", "regulation", "history", "base",
)  # fmt: skip
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
TYPES = {"string": "文字", "integer": "整数", "number": "数字", "boolean": "true 或 false",
         "array": "列表", "object": "映射"}  # fmt: skip
OPTION_TYPES = {
    "integer range": "整数", "integer": "整数", "text": "文字", "directory": "文件夹", "path": "路径", "file": "文件",
    "datetime": "YYYY-MM-DD",
}  # fmt: skip
STRING_FORMATS = {"date": "日期（YYYY-MM-DD）", "date-time": "日期时间（RFC 3339）"}
PORTAL_FILES = {
    "catalog.json": ("catalog.yaml", "一个门户：谁主办、依据哪部法规、有哪些部门和主题。"),
    "datapackage.json": ("datapackage.yaml", "一个数据集，放在 `datasets/<部门>/<数据集>/` 下。"),
    "attestation.json": (
        "datasets/<部门>/attestation-<日期>.yaml",
        "部门对目录条目的确认：看过、无须改动。用 `kaishu attest` 生成，由部门提交；以提交日期为准。",
    ),
    "event.json": (
        "governance/events/<日期>-<名称>.yaml",
        "法律法规修改、职能变化，或者影响使用者的目录变更；由主管部门填写，据以推算各部门应办事项。",
    ),
    "plan.json": (
        "governance/plans/<年>.yaml",
        "年度开放计划，由主管部门填写，按实际开放情况逐项核对。",
    ),
    "incident.json": (
        "governance/incidents/<日期>-<名称>.yaml",
        "误公开数据的清除记录，由 `kaishu purge` 写入。",
    ),
    "review.json": (
        "governance/reviews/<部门>/<数据集>/<内容哈希>.yaml",
        (
            "主管部门对某一内容的审核：通过，或者退回并说明理由。用 `kaishu review` 生成。内容哈希是规范化 JSON"
            "（键排序，UTF-8，缩进 2，末尾换行）`{descriptor, files}` 的 SHA-256：`descriptor` 是整个描述文件，"
            "`files` 是各资源的 `path`（以及写成文件名的 `schema`）到文件 SHA-256 的映射；注释、键的次序和写法不影响。"
            "`structure` 是开放属性与各表结构（不计字段的名称和说明）的同样的哈希，供 `changes` 使用。"
        ),
    ),
}
# The files of a regulation have no other place where people fill them in by name.
REGULATION_FILES: tuple[tuple[str, type[Any], str], ...] = (
    (
        "regulation.yaml",
        documents.RegulationDocument,
        "这是哪一部法规。只收录部分条文的写 `partial: true`，未收录的条文不作推定。",
    ),
    (
        "articles.yaml",
        documents.ArticlesDocument,
        "法规原文，逐章逐条，一字不改。不分章的，全部条文列在一章之下，写 `title: null`。",
    ),
    (
        "rules.yaml",
        documents.RulesDocument,
        "系统据以计算期限、检查依据和列出事项的规则，逐条引用原文。`promises` 是自行承诺的期限，与法定期限分开显示。",
    ),
    ("cases.yaml", documents.CasesDocument, "工作人员可以逐条核对的例子：何时收到，最迟何时办结。"),
    (
        "ledger.yaml",
        documents.LedgerDocument,
        "条款对照：每一条是由平台落实、记载，还是属于组织事项，以及在哪里、由哪个测试保证。自备的法规可以没有这个文件。",
    ),
)
CALENDAR_FILE = (
    "governance/calendar/<年>.yaml",
    documents.YearDocument,
    "程序自带的放假安排尚未包含的年份，按国务院办公厅的通知填写；`complete: true` 表示已按通知填全，未填全的不采用。",
)
REGULATION_TITLES = {
    "id": "标识", "title": "名称", "short_title": "简称", "number": "发文字号", "issuer": "制定机关",
    "in_force_from": "施行日期", "in_force_until": "有效的最后一日", "within": "上位规定的标识", "partial": "只收录部分条文",
    "source": "原文来源", "url": "网址", "chapters": "各章", "articles": "各条", "article": "条",
    "text": "原文", "rules": "规则", "openness": "开放属性的定义", "matter": "事项", "actor": "责任主体",
    "quote": "引用的原文", "starts": "起算", "term": "期限", "on_the_spot": "能当场答复的当场答复",
    "refusal": "不同意时须说明", "amount": "数量", "unit": "单位", "type": "开放属性",
    "basis_public": "要求公开依据的条", "cases": "例子", "rule": "规则", "received": "收到时间",
    "due": "最迟日期", "why": "说明", "year": "年份", "notice": "通知的发文字号", "date": "通知日期",
    "holidays": "放假", "make_up_days": "调休上班日", "complete": "已按通知填全", "name": "节日",
    "from": "起", "to": "止", "not_at_hand": "与上位规定之间未收录的文本", "promises": "自行承诺的期限",
    "sharing": "共享属性的定义", "bases": "依据的级别要求", "duties": "经常性事项", "priority": "优先开放的领域",
    "base_items": "基础数据项", "breaches": "违规情形", "party": "适用对象", "direct": "无需申请",
    "extension": "延长", "meanwhile": "办理期间", "approver": "批准人", "told": "须告知",
    "cautious_total": "从严理解的总期限", "note": "说明", "by": "承诺的出处", "every": "周期",
    "until": "每年的截止日", "ahead": "提前量", "month": "月", "day": "日", "suffices": "足够的级别",
    "level": "级别", "names": "名称", "ledger": "各条", "disposition": "处置", "means": "落实手段",
    "where": "所在页面或命令", "apart": "属于组织事项的原因", "test": "测试", "kind": "种类",
}  # fmt: skip

ABOUT_CODES = (
    "`kaishu check` 发现的每个问题都有一个代码。**错误**使数据集不能发布；**警告**和**提示**不影响发布，但应当处理。"
    "花括号内的词在报告问题时换成具体内容。数据文件内容的代码沿用 Frictionless 的错误类型。"
)
ABOUT_COMMANDS = (
    "命令都用 `.venv/bin/kaishu` 调用（已激活虚拟环境时用 `kaishu`）。"
    "任何命令加 `--help` 显示说明。退出码：0 完成，1 有错误或未完成，2 用法不对，3 法规未规定。"
)
ABOUT_RULES = (
    "程序自带的法规。期限一律引用原文；原文没有规定的写“未规定”，不作推定。"
    "`kaishu due <规则>` 逐日说明某一期限怎样算出。"
)
ABOUT_FORMATS = (
    "`catalog.yaml`、`catalogue` 目录条目和法规文件中不认识的键、重复的键都是错误；"
    "`datapackage.yaml` 的其余部分遵循 Data Package v2 标准，可以有标准允许的其他键。"
    "YAML 文件用 UTF-8（不带 BOM），不用锚点（`&`）、别名（`*`）和标签（`!`）。"
    "以下至“法规文件”之前各种文件的 JSON Schema 随门户网站发布在 `/schema/` 下。"
)


def main(arguments: list[str]) -> int:
    """Write, or with --check compare."""
    i18n.activate("zh-CN")
    stale = []
    for path, content in made().items():
        target = ROOT / path
        if target.exists() and target.read_text(encoding="utf-8") == content:
            continue
        stale.append(path)
        if "--check" not in arguments:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
    for path in stale:
        print(path)
    return 1 if stale and "--check" in arguments else 0


def made() -> dict[str, str]:
    """The text of every generated document, by path."""
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    before, _, rest = architecture.partition(MAP_BEGIN)
    after = rest.partition(MAP_END)[2]
    return {
        "ARCHITECTURE.md": f"{before}{MAP_BEGIN}\n\n{source_map()}\n{MAP_END}{after}",
        "docs/reference/problem-codes.md": problem_codes(),
        "docs/reference/commands.md": commands(),
        "docs/reference/rules.md": rules(),
        "docs/reference/formats.md": formats(),
    }


def source_map() -> str:
    """Every package and module with the first sentence of its docstring."""
    found = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    lines = []
    for package in (*LAYERS, *sorted(found - set(LAYERS))):
        if package not in found:
            continue
        folder = SOURCE / package
        lines += [f"**`{package}`** {first_sentence(folder / '__init__.py')}", ""]
        for path in sorted(folder.rglob("*.py")):
            inner = path.relative_to(folder)
            if path == folder / "__init__.py" or "migrations" in inner.parts:
                continue
            name = inner.parent if path.name == "__init__.py" else inner.with_suffix("")
            lines.append(f"- `{name.as_posix()}` {first_sentence(path)}")
        lines.append("")
    return "\n".join(lines)


def first_sentence(path: Path) -> str:
    """The first sentence of a module's docstring, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    match = re.match(r".+?[.。](?=\s|$)", paragraph)
    return match.group() if match else paragraph


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


def commands() -> str:
    """Every sub-command with its arguments, options and what they do."""
    lines = ["# 命令", "", MADE, "", ABOUT_COMMANDS, ""]
    for name, summary in COMMANDS.items():
        command = importlib.import_module(f"kaishu.cli.{name}").command
        lines += command_section(command, f"kaishu {name}", i18n.gettext(summary), 2)
    return "\n".join(lines)


def command_section(command: click.Command, name: str, summary: str, level: int) -> list[str]:
    """One command, and its own sub-commands below it."""
    context = click.Context(command, info_name=name)
    pieces = [
        one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)
    ]
    inner = ["命令"] if isinstance(command, click.Group) else []
    usage = " ".join([name, *inner, *pieces, "[选项]"])
    text = " ".join((command.help or summary).split())
    lines = [f"{'#' * level} `{name}`", "", text, "", "```", usage, "```", ""]
    options = [
        one for one in command.params if isinstance(one, click.Option) and one.name != "help"
    ]
    if options:
        lines += table(("选项", "作用", "默认"))
        for option in options:
            lines += table_row(f"`{option_form(option)}`", option.help or "", default_of(option))
        lines.append("")
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                lines += command_section(
                    found, f"{name} {inner}", found.short_help or "", level + 1
                )
    return lines


def option_form(option: click.Option) -> str:
    """`--port INTEGER`, or a flag's name alone."""
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    kind = option.metavar
    if kind is None and isinstance(option.type, click.Choice):
        kind = "|".join(map(str, option.type.choices))
    return f"{names} {kind or OPTION_TYPES[option.type.name]}"


def default_of(option: click.Option) -> str:
    """The default as one would type it; empty where the help says it in words."""
    if option.required:
        return "必填"
    shown = option.default if isinstance(option.default, str | int) else None
    return "" if option.is_flag or shown in (None, "") else f"`{shown}`"


def rules() -> str:
    """Every regulation of the library: its terms, with article and words."""
    lines = ["# 法规与期限", "", MADE, "", ABOUT_RULES, ""]
    for id_ in library.ids():
        one = library.load(id_)
        until = f"，至{long_date(one.in_force_until)}" if one.in_force_until else ""
        facts = [
            f"- 标识：`{one.id}`",
            f"- 制定机关：{one.issuer}",
            f"- 施行：{long_date(one.in_force_from)}起{until}",
            *([f"- 发文字号：{one.number}"] if one.number else []),
            *([f"- 上位规定：`{one.within}`"] if one.within else []),
            *([f"- 其间{one.not_at_hand}未收录，不作推定"] if one.not_at_hand else []),
            *(["- 只收录部分条文；未收录的条文不作推定"] if one.partial else []),
        ]
        lines += [f"## 《{one.title}》", "", *facts, ""]
        lines += table(("事项", "规则", "责任主体", "期限", "延长", "条", "不同意时须说明", "原文"))
        for rule in one.rules.values():
            lines += table_row(
                rule.matter, f"`{rule.id}`", rule.actor, explain.term_in_words(rule),
                explain.extension_in_words(rule.extension) if rule.extension else "—", rule.article,
                "、".join({"reason": "理由", "basis": "依据"}[word] for word in rule.refusal) or "—",
                rule.quote,
            )  # fmt: skip
        if one.openness:
            lines += ["", *table(("开放属性", "条", "原文"))]
        for kind in one.openness:
            lines += table_row(kind.type.label, kind.article, kind.quote)
        if one.duties:
            lines += ["", *table(("经常性事项", "责任主体", "时限", "条", "原文"))]
        for duty in one.duties.values():
            lines += table_row(
                duty.matter, duty.actor, explain.duty_in_words(duty), duty.article, duty.quote
            )
        if one.bases:
            lines += ["", *table(("限制", "足够的依据", "条", "原文"))]
        for basis in one.bases:
            ranks = "；".join(map(explain.sufficient_in_words, basis.suffices))
            lines += table_row(basis.of.label, ranks, basis.article, basis.quote)
        lines.append("")
    return "\n".join(lines)


def formats() -> str:
    """The keys of every YAML file that people write."""
    lines = ["# 文件格式", "", MADE, "", ABOUT_FORMATS, ""]
    for name, schema in json_schemas().items():
        file, about = PORTAL_FILES[name]
        lines += [f"## `{file}`", "", about, "", *format_tables(schema, {})]
    own = "门户可以在 `catalog.yaml` 的 `regulation` 中写一个自备的文件夹，内放以下文件。"
    lines += ["## 法规文件", "", own, ""]
    for level, (name, model, about) in (
        *(("###", one) for one in REGULATION_FILES),
        ("##", CALENDAR_FILE),
    ):
        lines += [f"{level} `{name}`", "", about, ""]
        lines += format_tables(model.model_json_schema(), REGULATION_TITLES)
    return "\n".join(lines)


def format_tables(schema: dict[str, Any], titles: dict[str, str]) -> list[str]:
    """The document's own keys, then those of each mapping inside it."""
    inner = schema.get("$defs", {})
    lines = keys_table(schema["title"], schema, inner, titles)
    for name, definition in inner.items():
        if "properties" in definition:
            lines += [f"**{name}**", "", *keys_table(name, definition, inner, titles)]
    return lines


def keys_table(
    name: str, definition: dict[str, Any], inner: dict[str, Any], titles: dict[str, str]
) -> list[str]:
    """One mapping's keys: what each is called, what it holds, whether it must be there."""
    required = definition.get("required", [])
    titles = titles or titles_of(name)
    lines = table(("键", "名称", "内容", "必填"))
    for key, value in definition["properties"].items():
        content = content_of(value, inner)
        if key in required and {"type": "null"} in value.get("anyOf", ()):
            content += "，或 `null`"
        lines += table_row(f"`{key}`", titles[key], content, "是" if key in required else "")
    return [*lines, ""]


def titles_of(model: str) -> dict[str, str]:
    """What the keys of a catalogue model are called (JSON Schema drops a reference's title)."""
    modules = (catalog_model, attestations, events, incidents, plans, reviews)
    owner = next(module for module in modules if hasattr(module, model))
    fields = getattr(owner, model).model_fields
    return {field.alias or name: i18n.gettext(field.title) for name, field in fields.items()}


def content_of(value: dict[str, Any], inner: dict[str, Any]) -> str:
    """What a key holds, in words."""
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[1]
        definition = inner[name]
        return choices(name, definition["enum"]) if "enum" in definition else name
    if "anyOf" in value:
        kinds = [one for one in value["anyOf"] if one.get("type") != "null"]
        return "，或 ".join(content_of(one, inner) for one in kinds)
    if "enum" in value:
        return choices("", value["enum"])
    if value.get("type") == "array":
        items = value.get("items") or {}
        return f"列表，每项：{content_of(items, inner)}" if items else "列表"
    kind = STRING_FORMATS.get(value.get("format", "")) or TYPES.get(value.get("type", ""), "任意")
    return f"{kind}，匹配 `{value['pattern']}`" if "pattern" in value else kind


def choices(name: str, values: list[str]) -> str:
    """The values allowed, each with its word where the vocabulary has one."""
    modules = (vocabulary, regulation_model, events, reviews)
    words = next((getattr(one, name) for one in modules if hasattr(one, name)), None)
    labels = {member.value: getattr(member, "label", "") for member in words or ()}
    spelled = (f"`{one}` {labels.get(one, '')}".strip() for one in values)
    return " · ".join(spelled)


def table(header: tuple[str, ...]) -> list[str]:
    """The head of a Markdown table."""
    return [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]


def table_row(*cells: str) -> list[str]:
    """One row of a Markdown table."""
    folded = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return [f"| {' | '.join(folded)} |"]


if __name__ == "__main__":
    # Commands that need the backend's settings read a portal's folder and make a key in `var`.
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"KAISHU_ROOT": str(ROOT), "KAISHU_VAR": var}
        raise SystemExit(main(sys.argv[1:]))
