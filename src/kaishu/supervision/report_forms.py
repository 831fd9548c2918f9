"""An annual report's two forms: Markdown to edit and commit, DOCX to circulate."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from kaishu.supervision.report import Report, Section

# What Chinese official documents are set in; other letters follow the template.
FONT = "仿宋"


def as_markdown(report: Report) -> str:
    """The report in Markdown, ending in a newline."""
    lines = [f"# {report.title}", "", f"{report.by}  {report.day}", ""]
    for section in report.sections:
        lines += [f"## {section.title}", ""]
        for paragraph in section.paragraphs:
            lines += [paragraph, ""]
        if section.table:
            lines += [*_table(section), ""]
    return "\n".join(lines)


def _table(section: Section) -> list[str]:
    head, *rows = (tuple(cell.replace("|", "\\|") for cell in row) for row in section.table)
    parting = tuple("---" for _cell in head)
    return [f"| {' | '.join(row)} |" for row in (head, parting, *rows)]


def as_docx(report: Report) -> bytes:
    """The report as a Word document."""
    document = Document()
    normal = document.styles["Normal"]
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.core_properties.title = report.title
    document.core_properties.author = report.by
    document.core_properties.created = datetime.combine(report.day, time(), UTC)
    document.add_heading(report.title, level=0)
    document.add_paragraph(f"{report.by}  {report.day}")
    for section in report.sections:
        document.add_heading(section.title, level=1)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
        if section.table:
            table = document.add_table(rows=0, cols=len(section.table[0]), style="Table Grid")
            for row in section.table:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()
