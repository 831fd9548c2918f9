"""The only door to Frictionless: checks a dataset's tables and reads their typed rows.

Findings carry Frictionless's error types as their codes. Rows are numbered as Frictionless
numbers them, the header being row 1.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import frictionless
from frictionless import resources, system

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.packaging import engine
from kaishu.packaging.resources import WORKBOOKS, format_of, paths_of, sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    CellReader = Callable[[Any], tuple[Any, dict[str, str] | None]]

ERRORS_LISTED = 1000
CRASH = "crash"
CELL_SHOWN = 60

_FIX_CELL = N_("Correct the cell, or the field's type, format or constraints in the schema.")
_FIX_HEADER = N_("Make the header and the fields of the schema the same, in the same order.")
_CODES = {
    code.id: code
    for code in (
        problems.error("type-error", N_("The cell “{cell}” is not of the type {type}."), _FIX_CELL),
        problems.error(
            "constraint-error", N_("The cell “{cell}” breaks a constraint of its field."), _FIX_CELL
        ),
        problems.error(
            "unique-error", N_("The cell “{cell}” occurs a second time in a unique column."), _FIX_CELL
        ),
        problems.error(
            "primary-key", N_("The row has the same primary key as an earlier one, or none."),
            N_("Keep one of the rows, or correct the key."),
        ),
        problems.error(
            "foreign-key", N_("The row refers to a row that does not exist."),
            N_("Correct the reference, or add the row that it names."),
        ),
        problems.error("blank-row", N_("The row is empty."), N_("Remove the empty row.")),
        problems.error(
            "blank-header", N_("The header is empty."), N_("Put the columns' names in the first row.")
        ),
        problems.error("blank-label", N_("A column has no name in the header."), _FIX_HEADER),
        problems.error("duplicate-label", N_("Two columns have the same name in the header."), _FIX_HEADER),
        problems.error("extra-label", N_("The header has a column that the schema lacks."), _FIX_HEADER),
        problems.error("missing-label", N_("The header lacks a column of the schema."), _FIX_HEADER),
        problems.error(
            "incorrect-label", N_("The header and the schema name a column differently."), _FIX_HEADER
        ),
        problems.error(
            "extra-cell", N_("The row has more cells than the header."),
            N_("Remove the extra cell; put a text that contains the delimiter in quotes."),
        ),
        problems.error(
            "missing-cell", N_("The row has fewer cells than the header."),
            N_("Add the missing cells, empty ones too."),
        ),
        problems.error(
            "source-error", N_("The file holds no table that can be read."),
            N_("Open it in a spreadsheet, check it, and save it again."),
        ),
        problems.error(
            "schema-error", N_("The schema is not a valid Table Schema."),
            N_("Check the types, formats and constraints of its fields."),
        ),
        problems.error(
            "field-error", N_("A field of the schema is not valid."),
            N_("Check its type, format and constraints."),
        ),
    )
}  # fmt: skip
# One wording for Frictionless's rarer types; the type itself becomes the problem's code.
OTHER_ERROR = problems.error(
    "table-error",
    N_("The table cannot be used ({type})."),
    N_("Check the file and its description against the Data Package standard."),
)
TOO_MANY = problems.note(
    "more-errors",
    N_("Only the first {n} errors of this file are listed."),
    N_("Correct these first, then check again."),
)


def check_tables(
    folder: Path, tables: Sequence[dict[str, Any]], **place: Any
) -> list[problems.Problem]:
    """What Frictionless finds in the tabular resources `tables` (as described), in `folder`.

    `place` holds the dataset's `dataset`; each problem's `file` is the data file below
    `datasets/<dataset>/`.
    """
    if not tables:
        return []
    try:
        whole = {"name": "package", "resources": [_given(folder, table) for table in tables]}
        with _untrusted():
            package = frictionless.Package.from_descriptor(whole, basepath=str(folder))
            report = package.validate(limit_errors=ERRORS_LISTED)
    except frictionless.FrictionlessException as refused:
        found = [(None, one, None) for one in refused.reasons or [refused.error]]
    except Exception as failure:
        return [OTHER_ERROR.at(**place, type=type(failure).__name__)]
    else:
        found = [(None, one, None) for one in report.errors]
        for task in report.tasks:
            found += [(task.name, one, getattr(one, "row_number", None)) for one in task.errors]
    files = {table["name"]: _first_path(table) for table in tables}
    return _listed(found, files, place)


def check_rows(
    table: dict[str, Any],
    rows: Mapping[int, list[str]],
    wanted: Collection[int],
    referred: Sequence[dict[str, Any]],
    **place: Any,
) -> list[problems.Problem] | None:
    """What Frictionless finds in the `wanted` of some rows of `table`, given by their numbers.

    Row 1 is the header. `referred` are resources with data that foreign keys refer to; `place` is
    that of `check_tables`. None where Frictionless fails at them.
    """
    given = described(table)
    one = {
        "name": given["name"],
        "type": "table",
        "data": list(rows.values()),
        "schema": given["schema"],
        "dialect": {"headerRows": [1]},
    }
    others = [{**other, "type": "table"} for other in referred]
    try:
        with _untrusted():
            package = frictionless.Package.from_descriptor(
                {"name": "package", "resources": [one, *others]}
            )
            report = package.get_resource(one["name"]).validate(limit_errors=0)
    except Exception:
        # Frictionless raises many kinds; it may say more of the whole table.
        return None
    numbers = list(rows)
    found = []
    for task in report.tasks:
        for error in task.errors:
            position = getattr(error, "row_number", None)
            number = numbers[position - 1] if position else None
            if number is None or number in wanted:
                found.append((task.name, error, number))
    return _listed(found[:ERRORS_LISTED], {given["name"]: _first_path(table)}, place)


def _listed(
    found: Sequence[tuple[str | None, Any, int | None]],
    files: Mapping[str, str | None],
    place: Mapping[str, Any],
) -> list[problems.Problem]:
    """Errors as problems, each of a resource and of a row where it names one."""
    listed = []
    for resource, error, row in found:
        file = _file(place, files.get(resource or ""))
        listed.append(_problem(error, row, file=file, resource=resource, **place))
    for name, path in files.items():
        if sum(problem.resource == name for problem in listed) >= ERRORS_LISTED:
            listed.append(
                TOO_MANY.at(**place, file=_file(place, path), resource=name, n=ERRORS_LISTED)
            )
    return listed


def read_rows(
    folder: Path, table: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows of one table as Frictionless reads them: by field name the cells, and the values.

    Cells are as the file has them; values are of the fields' types.
    """
    one = _given(folder, table)
    # One table alone cannot look up another's rows; keys are checked with the whole package.
    if isinstance(one.get("schema"), dict):
        one["schema"] = {k: v for k, v in one["schema"].items() if k != "foreignKeys"}
    with _untrusted():
        resource = resources.TableResource.from_descriptor(one, basepath=str(folder))
        with resource:
            for row in resource.row_stream:
                yield dict(zip(row.field_names, row.cells, strict=False)), row.to_dict()


def field_names(folder: Path, table: dict[str, Any]) -> list[str]:
    """The names by which `read_rows` gives the cells of a table: its header's, where it has one."""
    with _untrusted():
        resource = resources.TableResource.from_descriptor(
            _given(folder, table), basepath=str(folder)
        )
        with resource:
            return [field.name for field in resource.header.get_expected_fields()]


def cell_readers(schema: dict[str, Any]) -> list[CellReader] | None:
    """Frictionless's own reader of each field's cells, or None where it does not take the schema.

    A reader gives a text's value, and notes of what is wrong with it or None; where Frictionless
    fails at a cell, the note CRASH.
    """
    try:
        with _untrusted():
            made = frictionless.Schema.from_descriptor(schema)
            return [_guarded(field.create_cell_reader()) for field in made.fields]
    except Exception:
        # Frictionless raises many kinds; what is wrong is found when it judges the whole table.
        return None


def _guarded(reader: CellReader) -> CellReader:
    def read(cell: Any) -> tuple[Any, dict[str, str] | None]:
        try:
            return reader(cell)
        except Exception as failure:
            # A signalling NaN with a bound, for one, is an error that it does not expect.
            return None, {CRASH: type(failure).__name__}

    return read


def described(table: dict[str, Any]) -> dict[str, Any]:
    """A resource as Frictionless is given it.

    Nothing that the portal adds is passed on, and the encoding is always stated.
    """
    kept = ("name", "path", "schema", "dialect", "format", "encoding", "mediatype", "compression")
    given = {key: _apart(table[key]) for key in kept if key in table}
    # The standard's default; Frictionless would guess from the bytes instead.
    given.setdefault("encoding", "utf-8")
    if format_of(table) in WORKBOOKS and isinstance(given.get("dialect", {}), dict):
        # What the standard calls a sheet's name and number, it passes over.
        kind = "ods" if format_of(table) == "ods" else "excel"
        dialect = given.get("dialect", {})
        inner = dialect.get(kind) if isinstance(dialect.get(kind), dict) else {}
        given["dialect"] = {**dialect, kind: {**inner, "sheet": sheet_of(table)}}
    return {**given, "type": "table"}


def _given(folder: Path, table: dict[str, Any]) -> dict[str, Any]:
    """`described`, with the rows of a Parquet file in place of its path.

    Frictionless reads Parquet through libraries that turn whole numbers beside empty cells into
    floating ones.
    """
    given = described(table)
    if format_of(table) != "parquet":
        return given
    names, rows = engine.parquet(folder / paths_of(table)[0])
    kept: dict[str, Any] = {
        name: one for name, one in given.items() if name in ("name", "schema", "type")
    }
    return {**kept, "data": [names, *map(list, rows)]}


def _apart(value: Any) -> Any:
    """A copy in which nothing is there twice: Frictionless takes apart what it is given."""
    if isinstance(value, dict):
        return {name: _apart(one) for name, one in value.items()}
    return [_apart(one) for one in value] if isinstance(value, list) else value


def _problem(
    error: Any, row: int | None, *, file: str | None, resource: str | None, **place: Any
) -> problems.Problem:
    code = _CODES.get(error.type) or problems.Code(
        error.type, OTHER_ERROR.severity, OTHER_ERROR.message, OTHER_ERROR.hint
    )
    cell = str(getattr(error, "cell", "") or "")
    shown = f"{cell[:CELL_SHOWN]}…" if len(cell) > CELL_SHOWN else cell
    wanted = error.type
    if error.type == "type-error" and '"' in error.note:
        wanted = error.note.split('"')[1].partition("/")[0]
    if error.type.endswith(("-label", "-header")):
        row = 1
    return code.at(
        **place,
        file=file,
        resource=resource,
        row=row,
        field=getattr(error, "field_name", None) or getattr(error, "label", None) or None,
        cell=shown,
        type=wanted,
    )


def _file(place: Mapping[str, Any], path: str | None) -> str | None:
    return f"datasets/{place['dataset']}/{path}" if path else f"datasets/{place['dataset']}"


def _first_path(table: dict[str, Any]) -> str | None:
    path = table.get("path")
    return path[0] if isinstance(path, (list, tuple)) else path


@contextlib.contextmanager
def _untrusted() -> Iterator[None]:
    # Nothing outside the dataset's folder is read, nothing is fetched.
    with system.use_context(trusted=False, standards="v2"):
        yield
