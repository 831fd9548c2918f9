"""A report's two forms hold the same words."""

from __future__ import annotations

import io
from datetime import date

from docx import Document
from docx.oxml.ns import qn

from kaishu.supervision.report import Report, Section
from kaishu.supervision.report_forms import FONT, as_docx, as_markdown

REPORT = Report(
    title="某局2026年度报告（草案）",
    by="某局",
    day=date(2026, 12, 31),
    sections=(
        Section("一", ("甲。", "乙。")),
        Section("二", (), (("指标", "数值"), ("条|目", "3"), ("其中", "1"))),
    ),
)


def test_markdown_has_headings_paragraphs_and_tables() -> None:
    assert as_markdown(REPORT) == (
        "# 某局2026年度报告（草案）\n\n某局  2026-12-31\n\n## 一\n\n甲。\n\n乙。\n\n## 二\n\n"
        "| 指标 | 数值 |\n| --- | --- |\n| 条\\|目 | 3 |\n| 其中 | 1 |\n"
    )


def test_the_word_document_opens_with_the_same_words() -> None:
    document = Document(io.BytesIO(as_docx(REPORT)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts == ["某局2026年度报告（草案）", "某局  2026-12-31", "一", "甲。", "乙。", "二"]
    [table] = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["指标", "数值"], ["条|目", "3"], ["其中", "1"],
    ]  # fmt: skip
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == FONT
    assert document.core_properties.author == "某局"
