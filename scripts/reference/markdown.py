"""Markdown that several pages share."""

from __future__ import annotations

MADE = "<!-- 本页由 scripts/docs 根据代码生成，请勿手工修改。 -->"


def table(header: tuple[str, ...]) -> list[str]:
    """The head of a Markdown table."""
    return [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]


def table_row(*cells: str) -> list[str]:
    """One row of a Markdown table."""
    folded = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return [f"| {' | '.join(folded)} |"]
