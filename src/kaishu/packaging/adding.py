"""From a department's table to a dataset's folder: data as CSV or GeoJSON, schema, entry to fill."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kaishu.base import clock
from kaishu.base.errors import UsageError
from kaishu.base.files import PART
from kaishu.base.i18n import N_, gettext
from kaishu.base.i18n import gettext as _
from kaishu.packaging import sheets, sources
from kaishu.packaging.infer import infer
from kaishu.packaging.naming import dataset_name
from kaishu.packaging.sinks import csv_writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.base.problems import Problem
    from kaishu.catalog.model import Portal
    from kaishu.packaging.infer import Guess
    from kaishu.packaging.sources import Source

GUESSES = {
    "empty": N_("no value to infer from; taken as text"),
    "boolean": N_("yes or no, by its words"),
    "code": N_("a code or number of identification; kept as text"),
    "year": N_("a year"),
    "date": N_("a date"),
    "datetime": N_("a date and time"),
    "month": N_("a year and month"),
    "time": N_("a time of day"),
    "integer": N_("a whole number"),
    "number": N_("a number"),
    "grouped": N_("a number with grouping commas"),
    "percent": N_("a percentage"),
    "money": N_("an amount of money with its sign"),
    "categories": N_("one of a few values"),
    "labelled": N_("a code, its meanings as the column beside it says them"),
    "text": N_("text"),
}
TO_FILL = N_("To be filled in or confirmed before publishing.")
ABOUT = N_("What it is, who collects it, and what one row stands for.")
REVIEW = N_("The department's secrecy and openness review, before it is opened: {example}")
RESTRICTED = N_("Opened on request or not opened: remove data/, give the basis; see the guide.")


@dataclass(frozen=True)
class Added:
    """A new dataset: where it lies, what was found out of the file, and each guess in words."""

    folder: Path
    facts: tuple[str, ...]
    guesses: tuple[tuple[str, str, str, str], ...]
    warnings: tuple[Problem, ...]


def add(
    root: Path, portal: Portal, table: Path, department: str, name: str | None, sheet: str | None
) -> Added:
    """Make `datasets/<department>/<name>/` from the file `table`.

    It is written whole or not at all. Raises UsageError where the department is unknown, where
    the folder exists, or where the file holds no table.
    """
    if portal.department(department) is None:
        known = ", ".join(f"{one.id}（{one.name}）" for one in portal.departments)
        raise UsageError(
            _("There is no department “{department}”; these are: {known}.").format(
                department=department, known=known
            )
        )
    chosen = name or dataset_name(table.stem)
    target = root / "datasets" / department / chosen
    if dataset_name(chosen) != chosen:
        raise UsageError(
            _("“{name}” cannot be a dataset's name; {better} can.").format(
                name=chosen, better=dataset_name(chosen)
            )
        )
    if target.exists():
        raise UsageError(_("{folder} exists already; give another --name.").format(folder=target))
    source = sources.read(table, sheet)
    guess = infer(source.titles, source.rows)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=PART) as scratch:
        folder = Path(scratch) / chosen
        columns = [(n, one["name"]) for n, one in enumerate(guess.schema["fields"])]
        path = write_data(folder, chosen, source, columns)
        text = _descriptor(portal, table.stem, chosen, path, guess)
        (folder / "datapackage.yaml").write_text(text, encoding="utf-8")
        shutil.move(folder, target)
    return Added(target, tuple(source.facts), tuple(_guesses(source, guess)), _warnings(source))


def write_data(folder: Path, name: str, source: Source, columns: Sequence[tuple[int, str]]) -> str:
    """Write the columns of `source`, each by its place and under its new name, below `folder`.

    The file's path in the folder: CSV, or GeoJSON where the source is.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    if source.document is not None:
        path = f"data/{name}.geojson"
        renamed = {source.titles[place]: new for place, new in columns}
        for feature in source.document["features"]:
            properties = feature.get("properties") or {}
            feature["properties"] = {
                renamed[key]: value for key, value in properties.items() if key in renamed
            }
        text = json.dumps(source.document, ensure_ascii=False, indent=1) + "\n"
    else:
        path = f"data/{name}.csv"
        output = io.StringIO()
        writer = csv_writer(output)
        writer.writerow([new for _place, new in columns])
        writer.writerows([row[place] for place, _new in columns] for row in source.rows)
        text = output.getvalue()
    (folder / path).write_text(text, encoding="utf-8", newline="")
    return path


def _descriptor(portal: Portal, title: str, name: str, path: str, guess: Guess) -> str:
    example = "review: {date: 2026-01-04, by: ……, reference: ……}"
    theme = next((one for one in portal.themes if one.name in title), portal.themes[0])
    head: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "name": name,
        "title": title,
        "created": clock.now().isoformat(timespec="seconds"),
    }
    resource = {"name": name, "path": path, "schema": guess.schema}
    entry: dict[str, Any] = {
        "theme": theme.id,
        "openness": {"type": "unconditional"},
        "sharing": {"type": "unconditional"},
        "update_cycle": "irregular",
    }
    return "\n".join(
        [
            f"# {gettext(TO_FILL)}",
            *(_yaml({key: value}, flow=False).rstrip() for key, value in head.items()),
            f"# description: {gettext(ABOUT)}",
            _yaml({"resources": [resource]}).rstrip(),
            f"# {gettext(RESTRICTED)}",
            _yaml({"catalogue": entry}).rstrip(),
            f"  # {gettext(REVIEW).format(example=example)}",
            "",
        ]
    )


class _Dumper(yaml.SafeDumper):
    """Lists are set in, and fields stand on a line each."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)


def _yaml(value: dict[str, Any], *, flow: bool | None = None) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000,
        default_flow_style=flow,
    )  # fmt: skip
    return text


def _guesses(source: Source, guess: Guess) -> Sequence[tuple[str, str, str, str]]:
    """Title, field name, type and kind of guess, a column each."""
    return [
        (title, one["name"], one["type"], gettext(GUESSES[kind]))
        for title, one, (_name, kind) in zip(
            source.titles, guess.schema["fields"], guess.notes, strict=True
        )
    ]


def _warnings(source: Source) -> tuple[Problem, ...]:
    if source.sheet is None:
        return ()
    return tuple(sheets.losses(source.sheet, source.titles))
