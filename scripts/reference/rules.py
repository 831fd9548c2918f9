"""`rules.md`: every regulation of the library, its terms with article and words."""

from __future__ import annotations

from kaishu.base.formats import long_date
from kaishu.regulation import explain, library
from reference.markdown import MADE, table, table_row

ABOUT_RULES = (
    "程序自带的法规。期限一律引用原文；原文没有规定的写“未规定”，不作推定。"
    "`kaishu due <规则>` 逐日说明某一期限怎样算出。"
)


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
