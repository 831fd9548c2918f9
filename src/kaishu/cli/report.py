"""`kaishu report`: the draft of an annual report, in Markdown and DOCX."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kaishu.base import clock
from kaishu.base.errors import NotFound, UsageError
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.supervision import report_forms
from kaishu.supervision.obligations import record_of
from kaishu.supervision.report import draft


@click.command(
    help=_(
        "Draft the annual report: figures of catalogue, openings, obligations and cases, each with "
        "how it was computed. People complete it; it is met once it is committed as "
        "governance/reports/<year>.md, .docx or .pdf, or in <year>/<department>.…"
    )
)
@root_option
@click.option(
    "--year", type=click.IntRange(2000, 9998), required=True, help=_("The year reported on.")
)
@click.option("--department", metavar="ID", help=_("Of this department alone (default: of all)."))
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=_("The folder to write the two files into."),
)
@language_option
def command(root: Path, year: int, department: str | None, output: Path, lang: str | None) -> None:
    """Write <year>.md and <year>.docx, or <year>-<department>."""
    use_portal_language(root, lang)
    day = min(clock.today(), date(year, 12, 31))
    if day.year < year:
        raise UsageError(_("{year} has not begun.").format(year=year))
    record = record_of(root, day)
    owner = record.catalog.portal.department(department) if department else None
    if department and owner is None:
        raise NotFound(_("catalog.yaml has no department “{id}”.").format(id=department))
    report = draft(record, year, owner)
    name = f"{year}-{department}" if department else str(year)
    write_atomically(output / f"{name}.md", report_forms.as_markdown(report).encode())
    write_atomically(output / f"{name}.docx", report_forms.as_docx(report))
    click.echo(_("Written: {path}").format(path=f"{output / name}.md, .docx"))
