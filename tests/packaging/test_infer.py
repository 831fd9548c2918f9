"""Whatever the cells are, the schema that is proposed for them is one that they pass."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from kaishu.packaging import sources, verdict
from kaishu.packaging.adding import write_data
from kaishu.packaging.infer import infer

# Cells as departments write them, a column's in each list.
POOLS: list[list[str]] = [
    ["1", "2", "30"], ["1.5", "2", "-0.3"], ["1,234", "5", "12,345,678"], ["1,234.50", "2.00"], ["5%", "3.2%", "0"], ["¥1,200", "￥3.5"], ["是", "否"],
    ["有", "无"], ["true", "false"], ["TRUE", "FALSE"], ["√", "×"], ["2026-01-05", "2025-12-31"], ["2026/1/5", "2025/12/31"],
    ["2026.1.5", "2026.12.01"], ["20260105", "20251231"], ["2026年1月5日", "2025年12月31日"], ["2026-01-05 08:00", "2026-01-05 23:59"],
    ["2026-01-05 08:00:00", "2026-01-05 00:00:00"], ["2026-01-05T08:00:00", "2026-01-05T08:00:00+08:00"],
    ["2026-01-05T08:00:00.123", "2026-01-05T08:00:00Z"], ["2026年1月5日8时30分", "2025年12月31日18时0分"], ["08:00:00", "23:59:59"], ["8:30", "17:00"],
    ["24:00", "08:00"], ["2026-01", "2025-12"], ["202601", "202512"], ["2026", "1998"], ["0001", "0020"], ["12345678901", "22345678901"],
    ["210802199001010000", "1"], ["1e3", "2.5E-2"], ["+5", "-3"], ["007", "8"], ["1.0", "2.0"], ["９", "１２"], ["一", "二"], ["NaN", "1"], ["inf", "2"],
    ["1_000", "2"], ["0x1F", "1"], ["甲", "乙"], ['a,b', 'c"d'], ["x\ny", "z"], ["=1+1", "2"], ["-", "1"], ["无", "5"], ["暂无", "2.5"],
    ["/", "2026-01-05"], ["N/A", "是"], [" 5 ", "6"], [" 甲", "乙 "], ["00:00", "24:00:00"], ["1900", "2100"], ["999", "1000000000000000"],
    ["12:5", "3:30"], ["2026-1", "2026-12"], ["2026-02-29", "2026-03-01"], ["1,23", "4"], ["１,２３４", "5"], ["50％", "20％"], ["Y", "N"], ["Yes", "No"],
    ["对", "错"], ["0", "1"], ["1", "0", ""], ["http://a.b/c", "ftp://x"], ["3-5", "6"], ["第1", "第2"], ["1/2", "3/4"], ["0.10", "0.20"], ["-0", "0"],
    ["1 234", "5 678"], ["12.", "3"], [".5", "1"], ["Infinity", "1"], ["null", "1"], ["None", "2"], ["True", "False"], ["T", "F"], ["0755", "10"],
    ["1234567890123456789", "12"], ["2026-01-05 24:00:00", "2026-01-05 01:00:00"],
]  # fmt: skip
TITLES = [
    "名称",
    "编号",
    "日期",
    "金额（元）",
    "年份",
    "月份",
    "是否公开",
    "类别代码",
    "类别",
    "电话",
    "",
    "value",
]


def test_what_is_proposed_is_what_the_check_takes(tmp_path: Path) -> None:
    choice, tried = random.Random(5), 0
    for _case in range(300):
        rows, columns = choice.randint(1, 14), []
        for _column in range(choice.randint(1, 4)):
            cells = list(choice.choice(POOLS))
            cells += choice.choice(POOLS) if choice.random() < 0.3 else []
            cells += ["", "-", "无"][: choice.randint(1, 3)] if choice.random() < 0.3 else []
            columns.append([choice.choice(cells) for _row in range(rows)])
        with (tmp_path / "t.csv").open("w", newline="") as file:
            csv.writer(file).writerow([choice.choice(TITLES) for _column in columns])
            csv.writer(file).writerows(zip(*columns, strict=True))
        source = sources.read(tmp_path / "t.csv")
        schema = infer(source.titles, source.rows).schema
        named = [(n, one["name"]) for n, one in enumerate(schema["fields"])]
        path = write_data(tmp_path, "made", source, named)
        table = {"name": "made", "path": path, "schema": schema}
        found = verdict.problems(tmp_path, [table], dataset="x/t")
        # A row of missing values alone is the department's to remove.
        wrong = [one.message for one in found if one.code != "blank-row"]
        assert wrong == [], (schema, source.rows)
        tried += 1
    assert tried == 300
