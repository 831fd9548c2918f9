"""A table of a dataset in place of which comes a department's new file; a further table beside it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base import strict_yaml
from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext, ngettext
from kaishu.base.i18n import gettext as _
from kaishu.packaging import sources
from kaishu.packaging.adding import GUESSES, write_data
from kaishu.packaging.infer import infer
from kaishu.packaging.naming import dataset_name
from kaishu.packaging.resources import format_of, paths_of

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.packaging.sources import Source

# Whichever resource has the table's columns.
ANY = "*"
# What a resource says of the file that it had.
OF_FILE = ("path", "data", "format", "mediatype", "encoding", "dialect", "hash", "bytes")


@dataclass(frozen=True)
class Tabled:
    """The descriptor with the table in it, what was found out of the file, and each guess:
    resource, field name, reason.
    """

    raw: dict[str, Any]
    facts: tuple[str, ...]
    guesses: tuple[tuple[str, str, str], ...] = ()


def replace(
    folder: Path, raw: dict[str, Any], name: str, table: Path, *, restructure: bool = False
) -> Tabled:
    """The rows of `table` in place of those of the resource `name` of the dataset in `folder`; ANY is
    the one resource whose columns they are.

    With `restructure` the columns may differ: known ones keep what is said of them, new ones are
    inferred. Raises UsageError where there is no table, or it does not fit.
    """
    source = sources.read(table)
    made = copy.deepcopy(raw)
    resource = _chosen(folder, made["resources"], name, source)
    if (format_of(resource) == "geojson") != (source.document is not None):
        raise UsageError(
            _("A GeoJSON file takes the place of a GeoJSON file, and a table that of a table.")
        )
    fields = fields_of(folder, resource)
    places = _places(fields, source)
    guesses: list[tuple[str, str, str]] = []
    if restructure:
        fields, guesses = _restructured(folder, resource, fields, source)
        places = list(range(len(fields)))
    missing = [one["name"] for one, place in zip(fields, places, strict=True) if place is None]
    further = [title for n, title in enumerate(source.titles) if n not in places]
    if missing or further:
        raise UsageError(
            _(
                "The table's columns are not the dataset's. Missing: {missing}. Not known: {further}. "
                "Correct its header; where the columns have changed, say so on the draft's page."
            ).format(missing=_(", ").join(missing) or "—", further=_(", ").join(further) or "—")
        )
    for path in paths_of(resource):
        (folder / path).unlink(missing_ok=True)
    for key in OF_FILE:
        resource.pop(key, None)
    columns = [
        (place, one["name"]) for place, one in zip(places, fields, strict=True) if place is not None
    ]
    resource["path"] = write_data(folder, resource["name"], source, columns)
    return Tabled(made, (*source.facts, _counted(source)), tuple(guesses))


def add_table(folder: Path, raw: dict[str, Any], name: str, table: Path) -> Tabled:
    """`table` as a further resource of the dataset in `folder`, called `name` or after the file.

    Raises UsageError where there is no table, or the name is taken.
    """
    source = sources.read(table)
    made = copy.deepcopy(raw)
    chosen = name or dataset_name(table.stem)
    if chosen in {one.get("name") for one in made["resources"]}:
        raise UsageError(
            _("There is a data file “{name}” already; choose it, or give another name.").format(
                name=chosen
            )
        )
    guess = infer(source.titles, source.rows)
    fields = guess.schema["fields"]
    columns = [(n, one["name"]) for n, one in enumerate(fields)]
    path = write_data(folder, chosen, source, columns)
    resource = {"name": chosen, "title": table.stem, "path": path, "schema": guess.schema}
    made["resources"].append(resource)
    guesses = tuple(
        (chosen, one["name"], gettext(GUESSES[kind]))
        for one, (_name, kind) in zip(fields, guess.notes, strict=True)
    )
    return Tabled(made, (*source.facts, _counted(source)), guesses)


def fields_of(folder: Path, resource: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a resource, those of a schema in a file of its own included."""
    schema = resource.get("schema")
    if isinstance(schema, str):
        schema = strict_yaml.read(folder / schema, file=schema).value
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return fields if isinstance(fields, list) else []


def _chosen(
    folder: Path, resources: list[dict[str, Any]], name: str, source: Source
) -> dict[str, Any]:
    if name != ANY:
        found = [one for one in resources if one["name"] == name]
    else:
        fitting = [(one, _places(fields_of(folder, one), source)) for one in resources]
        found = [
            one for one, places in fitting if places and sorted(map(str, places)) == sorted(
                map(str, range(len(source.titles)))
            )
        ]  # fmt: skip
    if len(found) != 1:
        raise UsageError(
            _(
                "The dataset has several data files, and the table's columns do not tell which is "
                "meant. Leave the table out here, and choose the data file on the draft's page."
            )
        )
    return found[0]


def _places(fields: list[dict[str, Any]], source: Source) -> list[int | None]:
    """Where each field stands in the table, by its name or title; None where it does not."""
    found: list[int | None] = []
    for one in fields:
        words = [word for word in (one["name"], one.get("title")) if word in source.titles]
        found.append(source.titles.index(words[0]) if words else None)
    return found


def _restructured(
    folder: Path, resource: dict[str, Any], fields: list[dict[str, Any]], source: Source
) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """Put the table's own columns into the resource's schema; the new fields, and their guesses."""
    guess = infer(source.titles, source.rows)
    known = {place: one for one, place in zip(fields, _places(fields, source), strict=True)}
    taken = {one["name"] for one in fields}
    made, guesses = [], []
    for n, (inferred, (_name, kind)) in enumerate(
        zip(guess.schema["fields"], guess.notes, strict=True)
    ):
        if n in known:
            made.append(known[n])
            continue
        name, number = inferred["name"], 2
        while name in taken:
            name, number = f"{inferred['name']}_{number}", number + 1
        taken.add(name)
        made.append({**inferred, "name": name})
        guesses.append((resource["name"], name, gettext(GUESSES[kind])))
    schema = resource.get("schema")
    if isinstance(schema, str):
        schema = strict_yaml.read(folder / schema, file=schema).value
    new = {**schema} if isinstance(schema, dict) else {}
    new["fields"] = made
    names = {one["name"] for one in made}
    if not set(_listed(new.get("primaryKey"))) <= names:
        new.pop("primaryKey", None)
    keys = [one for one in new.get("foreignKeys", []) if set(_listed(one.get("fields"))) <= names]
    new.pop("foreignKeys", None)
    if keys:
        new["foreignKeys"] = keys
    missing = dict.fromkeys([*new.get("missingValues", []), *guess.schema.get("missingValues", [])])
    if missing:
        new["missingValues"] = list(missing)
    resource["schema"] = new
    return made, guesses


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _counted(source: Source) -> str:
    count = len(source.rows)
    return ngettext("The file has {n} row.", "The file has {n} rows.", count).format(n=count)
