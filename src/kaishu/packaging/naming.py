"""Names for machines from Chinese words: field names and dataset names in lower-case ASCII."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

LONGEST = 40
# The words that headers of public data most often have, as the field's vocabularies call them.
WORDS = {
    "序号": "number", "编号": "code", "代码": "code", "编码": "code", "名称": "name", "姓名": "name", "标题": "title",
    "类型": "type", "类别": "category", "分类": "category", "级别": "level", "等级": "level", "状态": "status",
    "地址": "address", "详细地址": "address", "经度": "longitude", "纬度": "latitude", "区": "district", "区县": "district",
    "所属区": "district", "街道": "street", "城市": "city", "省份": "province", "乡镇": "town", "社区": "community",
    "电话": "phone", "联系电话": "phone", "办公电话": "phone", "咨询电话": "phone", "邮编": "postcode", "邮政编码": "postcode", "传真": "fax",
    "网址": "website", "邮箱": "email", "电子邮箱": "email", "联系人": "contact", "负责人": "contact",
    "统一社会信用代码": "uscc", "行政区划代码": "division_code", "区划代码": "division_code", "单位名称": "organisation",
    "企业名称": "organisation", "机构名称": "organisation", "单位": "organisation", "部门": "department",
    "日期": "date", "时间": "time", "年份": "year", "年度": "year", "年": "year", "月份": "month", "月": "month", "季度": "quarter", "统计年份": "year",
    "更新日期": "updated", "更新时间": "updated", "开始日期": "start_date", "结束日期": "end_date", "成立日期": "founded",
    "有效期": "valid_until", "数量": "quantity", "金额": "amount", "价格": "price", "单价": "price", "面积": "area", "人口": "population",
    "合计": "total", "总数": "total", "比例": "share", "备注": "note", "说明": "description", "描述": "description", "内容": "content",
    "来源": "source", "线路": "route", "站点": "stop", "线路名称": "route", "站点名称": "stop", "温度": "temperature", "性别": "sex", "年龄": "age",
}  # fmt: skip
_UNIT = re.compile(r"[（(【\[]\s*([^（()）】\]]{1,12})\s*[)）】\]]\s*$")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def unit_of(title: str) -> tuple[str, str | None]:
    """A title and the unit in brackets at its end: 面积（平方米） is 面积 and 平方米."""
    found = _UNIT.search(title)
    if found is None or not title[: found.start()].strip():
        return title.strip(), None
    return title[: found.start()].strip(), found[1].strip()


def field_names(titles: list[str]) -> list[str]:
    """A field name for each title, all different: a known word, else pinyin, else its place."""
    found: list[str] = []
    for place, title in enumerate(titles, start=1):
        name = _plain(unit_of(title)[0], "_") or f"column_{place}"
        if name[0].isdigit():
            name = f"c_{name}"
        number, wanted = 2, name
        while name in found:
            name, number = f"{wanted}_{number}", number + 1
        found.append(name)
    return found


def dataset_name(stem: str) -> str:
    """A dataset's name from its file's: 公园名单（2026） is gong-yuan-ming-dan-2026."""
    return _plain(stem, "-") or "dataset"


def _plain(text: str, joint: str) -> str:
    if text in WORDS:
        return WORDS[text].replace("_", joint)
    spelled = joint.join(lazy_pinyin(text)) if not text.isascii() else text
    words = _NOT_PLAIN.sub(" ", spelled.lower()).split()
    name = ""
    for word in words:
        longer = f"{name}{joint}{word}" if name else word
        if len(longer) > LONGEST:
            break
        name = longer
    return name or _NOT_PLAIN.sub("", spelled.lower())[:LONGEST]
