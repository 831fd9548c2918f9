"""`formats.md`: the keys of every YAML file that people write."""

from __future__ import annotations

from typing import Any

from kaishu.base import i18n, vocabulary
from kaishu.catalog import attestations, events, incidents, plans, reviews
from kaishu.catalog import model as catalog_model
from kaishu.catalog.schema import json_schemas
from kaishu.regulation import documents
from kaishu.regulation import model as regulation_model
from reference.markdown import MADE, table, table_row

TYPES = {"string": "文字", "integer": "整数", "number": "数字", "boolean": "true 或 false",
         "array": "列表", "object": "映射"}  # fmt: skip
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

ABOUT_FORMATS = (
    "`catalog.yaml`、`catalogue` 目录条目和法规文件中不认识的键、重复的键都是错误；"
    "`datapackage.yaml` 的其余部分遵循 Data Package v2 标准，可以有标准允许的其他键。"
    "YAML 文件用 UTF-8（不带 BOM），不用锚点（`&`）、别名（`*`）和标签（`!`）。"
    "以下至“法规文件”之前各种文件的 JSON Schema 随门户网站发布在 `/schema/` 下。"
)


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
