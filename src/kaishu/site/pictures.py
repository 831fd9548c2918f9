"""Pictures of themes and ways: line drawings of 24 by 24, written for this software.

A city names its themes itself; the picture follows from the words in a theme's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from kaishu.catalog.model import Theme

_PATHS = {
    "transport": "M5 17V8.500A4.500 4.500 0 0 1 9.500 4h5A4.500 4.500 0 0 1 19 8.500V17M5 12h14M4 17h16M7 17v3M17 17v3M8 14.600h1.500M14.500 14.600H16M9 7h6",
    "health": "M12 20s-8-4.700-8-10.400A4.600 4.600 0 0 1 12 7a4.600 4.600 0 0 1 8 2.600C20 15.300 12 20 12 20ZM8 12h2l1.300-2.600 1.900 5L14.600 12H16",
    "employment": "M4 8.500h16v10.500H4zM9 8.500V6a1.500 1.500 0 0 1 1.500-1.500h3A1.500 1.500 0 0 1 15 6v2.500M4 13c5 2 11 2 16 0M12 12.800v2.400",
    "security": "M12 3.500 5 6v5.500c0 4.300 2.900 7.400 7 9 4.100-1.600 7-4.700 7-9V6zM8.800 11.800l2.300 2.300 4.200-4.400",
    "education": "M2.500 9 12 4.500 21.500 9 12 13.500zM6.500 11v5c2.500 2.700 8.500 2.700 11 0v-5M21.500 9v6",
    "environment": "M6 18C4 9.500 10 4.500 20 4.500 20.500 14 15.500 19.500 8.500 17.500M4 20.500C7 15 10.500 11.500 15 9.500",
    "weather": "M8 10.500a4.200 4.200 0 1 1 7.600 2.400M7.200 12.500A3.800 3.800 0 0 0 7.500 20H16a3.500 3.500 0 0 0 .6-7A5 5 0 0 0 7.200 12.500ZM11.500 2v1.500M5.500 4.500l1 1M17.500 4.500l-1 1M3.500 10.500H5M18 10.500h1.500",
    "company": "M4 20.500V6.500L13 3.500v17M13 9l7 2v9.500M2.500 20.500h19M7 9.500h3M7 13h3M7 16.500h3M16 14h1.500M16 17h1.500",
    "society": "M9 11a3.200 3.200 0 1 0 0-6.400A3.200 3.200 0 0 0 9 11ZM3 19.500c0-3.300 2.600-5.500 6-5.500s6 2.200 6 5.500M16 11a2.600 2.600 0 1 0-1.200-5M17 14.200c2.400.4 4 2.300 4 5.300",
    "economy": "M4 4v16h16M8 16v-4M12 16V8M16 16v-6M20 16V6",
    "culture": "M3 9.500 12 4l9 5.500M4.500 9.500h15M6 9.500v8M10 9.500v8M14 9.500v8M18 9.500v8M4 17.500h16M3 20.500h18",
    "government": "M12 3.500v17M5 7h14M12 5 5 7M12 5l7 2M5 7 2.500 13.500h5zM19 7l-2.500 6.500h5zM2.500 13.500a2.500 2.500 0 0 0 5 0M16.500 13.500a2.500 2.500 0 0 0 5 0M8.500 20.500h7",
    "farming": "M12 20.500V9M12 13c-4 0-6.500-2-7-6.500C9.500 6.500 12 9 12 13ZM12 16c4 0 6.500-2 7-6.500-4.500 0-7 2.500-7 6.500ZM9.500 6.500 12 3.500l2.500 3",
    "housing": "M3 11.500 12 4l9 7.500M5.500 9.500v11h13v-11M10 20.500v-6h4v6",
    "finance": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.500 7.500 12 12l3.500-4.500M12 12v5.500M8.800 12.500h6.400M8.800 15h6.400",
    "trust": "M12 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM9.800 9l1.600 1.600 2.900-3.100M8.500 13.500 7 21l5-2.500L17 21l-1.500-7.500",
    "science": "M9.500 3.500h5M10.500 3.500v6L5 19a1.300 1.300 0 0 0 1.100 1.900h11.800A1.300 1.300 0 0 0 19 19l-5.500-9.500v-6M8 14.500h8",
    "safety": "M12 3.500c4 4 6.500 6.700 6.500 10.500a6.500 6.500 0 0 1-13 0c0-2 .8-3.500 2-5 .7 1.500 1.500 2 2.500 2.500C9.500 8.500 10 6 12 3.500Z",
    "energy": "M13 2.500 5 13.500h6l-1 8 8-11h-6z",
    "place": "M12 21s-7-6.200-7-11.500a7 7 0 0 1 14 0C19 14.800 12 21 12 21ZM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
    "trade": "M3.500 5h2.500l2.500 10.500h10L20.500 8H7M10 19.500h.01M17 19.500h.01",
    "water": "M12 3.500c4 4.800 6 7.900 6 10.500a6 6 0 0 1-12 0c0-2.600 2-5.700 6-10.500ZM9 14.500a3 3 0 0 0 2.500 3",
    "data": "M12 9.500c4.400 0 8-1.300 8-3s-3.600-3-8-3-8 1.300-8 3 3.600 3 8 3ZM4 6.500v11c0 1.700 3.600 3 8 3s8-1.300 8-3v-11M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3",
    "apply": "M6 3.500h8.500L19 8v12.500H6zM14.500 3.500V8H19M9 12.500h6.500M9 16h4",
    "ask": "M4 5h16v11h-8l-4.500 4V16H4zM12 8v5M9.500 10.500h5",
    "correct": "M4 20l1-4.500L16 4.500 19.500 8 8.500 19zM13.500 7l3.500 3.500M13 20h7",
    "follow": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.500 4.500M11 7.500V11l2.500 1.500",
    "code": "M8.500 7 3.500 12l5 5M15.500 7l5 5-5 5M13.500 4.500l-3 15",
    "help": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.500 9.500A2.500 2.500 0 1 1 13 11.800c-.7.400-1 .9-1 1.700M12 16.600v.1",
}
# The first picture of which a word occurs in the theme's name.
_WORDS = (
    ("weather", "气象 天气 历法 weather climate"),
    ("water", "水利 水务 水文 河湖 water"),
    ("health", "医疗 卫生 健康 疾病 药 health"),
    ("transport", "交通 运输 公交 道路 邮政 transport"),
    ("education", "教育 学校 文字 education"),
    ("science", "科技 科学 创新 知识产权 science"),
    ("employment", "就业 人事 劳动 人力 人才 employment labour"),
    ("security", "社保 社会保障 保险 养老 救助 security"),
    ("environment", "环境 生态 环保 绿化 environment"),
    ("farming", "农业 农村 乡村 林业 粮食 畜牧 farm agriculture"),
    ("housing", "住房 房屋 城建 建设 市政 规划 housing construction"),
    ("trust", "信用 诚信 质量 标准 trust credit"),
    ("company", "企业 登记 监管 市场 工业 产业 company business"),
    ("finance", "财政 财税 税务 金融 审计 finance tax"),
    ("trade", "商贸 商务 贸易 消费 商业 trade"),
    ("culture", "文化 旅游 体育 文物 休闲 culture tourism"),
    ("safety", "安全 应急 消防 公安 灾害 地震 safety"),
    ("energy", "能源 电力 燃气 资源 energy"),
    ("place", "地理 空间 国土 测绘 区划 geography"),
    ("economy", "经济 统计 指标 economy statistics"),
    ("government", "政务 政府 法规 法律 司法 政法 机构 公共服务 监察 government law"),
    ("society", "民生 社会 民政 社区 人口 生活 society"),
)


def picture(name: str) -> Markup:
    """The drawing of this name, inline; what it shows is said beside it."""
    return Markup(
        '<svg class="ks-picture" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none"'
        ' stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">'
        '<path d="{}"/></svg>'
    ).format(_PATHS[name])


def of_theme(theme: Theme) -> str:
    """The name of a theme's picture: by its words, else the one of data in general."""
    text = f"{theme.name} {theme.id}".casefold()
    found = (name for name, words in _WORDS if any(word in text for word in words.split()))
    return next(found, "data")
