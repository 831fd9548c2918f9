"""Problems as people and machines read them: text, JSON, Markdown, CI annotations, SARIF."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import kaishu
from kaishu.base.files import canonical_json
from kaishu.base.i18n import N_, ngettext
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.dataset import Catalog

SEVERITIES = {
    Severity.ERROR: N_("Error"),
    Severity.WARNING: N_("Warning"),
    Severity.NOTE: N_("Note"),
}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def summary(problems: Sequence[Problem], catalog: Catalog | None) -> dict[str, int]:
    """How many datasets were read, and how many errors and warnings there are."""
    return {
        "datasets": len(catalog.datasets) if catalog else 0,
        "errors": sum(problem.severity is Severity.ERROR for problem in problems),
        "warnings": sum(problem.severity is Severity.WARNING for problem in problems),
    }


def as_json(problems: Sequence[Problem], catalog: Catalog | None) -> bytes:
    """The JSON form of the contract."""
    found = [problem.as_dict() for problem in problems]
    return canonical_json({"problems": found, "summary": summary(problems, catalog)})


def as_text(problems: Sequence[Problem], catalog: Catalog | None = None) -> str:
    """Grouped by file, one problem in two lines: what and where, then what to do."""
    lines: list[str] = []
    for file, group in itertools.groupby(problems, key=lambda problem: problem.file or ""):
        lines += [file, *(line for problem in group for line in _text_lines(problem)), ""]
    return "\n".join([*lines, _counted(problems, catalog)])


def as_markdown(problems: Sequence[Problem], catalog: Catalog | None = None) -> str:
    """A table, for a comment on a merge request."""
    head = (_("Severity"), _("Place"), _("Problem"), _("What to do"))
    rows = ["| " + " | ".join(head) + " |", "| --- | --- | --- | --- |"]
    for problem in problems:
        cells = (
            _(SEVERITIES[problem.severity]),
            f"`{problem.file or ''}` {_place(problem)}",
            f"{problem.message} (`{problem.code}`)",
            problem.hint,
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    counted = _counted(problems, catalog)
    return "\n".join([counted, "", *rows] if problems else [counted])


def as_github(problems: Sequence[Problem], _catalog: Catalog | None = None) -> str:
    """Workflow commands that annotate the changed lines."""
    return "\n".join(
        f"::{_LEVELS[problem.severity]} file={_escaped(problem.file or '')}"
        f",line={problem.line or problem.row or 1},title={problem.code}"
        f"::{_escaped(f'{problem.message} {problem.hint}')}"
        for problem in problems
    )


def as_sarif(problems: Sequence[Problem], _catalog: Catalog | None = None) -> bytes:
    """SARIF 2.1.0."""
    results: list[dict[str, Any]] = [
        {
            "ruleId": problem.code,
            "level": "note" if problem.severity is Severity.NOTE else problem.severity.value,
            "message": {"text": f"{problem.message} {problem.hint}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": problem.file or "catalog.yaml"},
                        "region": {"startLine": problem.line or problem.row or 1},
                    }
                }
            ],
        }
        for problem in problems
    ]
    rules = [{"id": code} for code in sorted({problem.code for problem in problems})]
    driver = {"name": "kaishu", "version": kaishu.__version__, "rules": rules}
    return canonical_json(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "results": results}],
        }
    )


def _text_lines(problem: Problem) -> tuple[str, str]:
    where = _place(problem)
    severity = _(SEVERITIES[problem.severity])
    return (
        f"  {severity}  {where + '  ' if where else ''}{problem.message}  [{problem.code}]",
        f"        → {problem.hint}",
    )


def _place(problem: Problem) -> str:
    places = []
    if problem.line is not None:
        places.append(_("line {n}").format(n=problem.line))
    if problem.row is not None:
        places.append(_("row {n}").format(n=problem.row))
    if problem.field:
        places.append(_("field {name}").format(name=problem.field))
    return _(", ").join(places)


def _counted(problems: Sequence[Problem], catalog: Catalog | None) -> str:
    counts = summary(problems, catalog)
    errors = ngettext("{n} error", "{n} errors", counts["errors"]).format(n=counts["errors"])
    warnings = ngettext("{n} warning", "{n} warnings", counts["warnings"])
    parts = [errors, warnings.format(n=counts["warnings"])]
    if catalog:
        datasets = ngettext("{n} dataset", "{n} datasets", counts["datasets"])
        parts.insert(0, datasets.format(n=counts["datasets"]))
    return _(", ").join(parts)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
