"""Everything that `kaishu check` finds: form, content, encodings, tables, places."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import clock, problems
from kaishu.base.errors import HistoryError, InvalidFiles, UnknownRegulation
from kaishu.base.files import READ_BLOCK, sha256
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.progress import track
from kaishu.base.strict_yaml import BYTE_ORDER_MARK, NOT_UTF8
from kaishu.catalog import (
    attestations,
    events,
    incidents,
    opinions,
    plans,
    register,
    reviews,
    rules,
)
from kaishu.catalog.load import load, path_problems
from kaishu.catalog.upkeep import last_updates, next_update
from kaishu.history.git import History
from kaishu.packaging import discretion, law, quality, sheets, stored, verdict
from kaishu.packaging.resources import (
    WORKBOOKS,
    encoding_of,
    format_of,
    is_table,
    is_text_table,
    paths_of,
    positions_of,
)
from kaishu.packaging.scan import scan
from kaishu.packaging.store import COPIES
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset, Unusable

UNKNOWN_ENCODING = problems.error(
    "unknown-encoding",
    N_("The encoding “{encoding}” is not known."),
    N_("Name it as Python and IANA do: utf-8, gb18030, utf-16."),
)
WRONG_ENCODING = problems.error(
    "wrong-encoding",
    N_("The file is not {encoding} text: byte {position} does not fit."),
    N_("Save the file as UTF-8, or declare its true encoding."),
)
LOOKS_LIKE_GB18030 = problems.error(
    "looks-like-gb18030",
    N_("The file is not UTF-8 text (byte {position} does not fit); it reads as GB18030."),
    N_("Save the file as UTF-8, or declare encoding: gb18030."),
)
NOT_GEOJSON = problems.error(
    "not-geojson",
    N_("The file is not a GeoJSON FeatureCollection: {reason}."),
    N_("Export it again as GeoJSON (RFC 7946)."),
)
POSITION_OUT_OF_RANGE = problems.error(
    "position-out-of-range",
    N_("The position {position} of feature {number} is not longitude, latitude in degrees."),
    N_("Write WGS-84 degrees, longitude first (RFC 7946)."),
)
UNKNOWN_REGULATION = problems.error(
    "unknown-regulation",
    N_("The regulation cannot be found. {reason}"),
    N_("Name one of the library's, or a folder of the portal's own."),
)
NO_SUCH_DATASET = problems.error(
    "no-such-dataset",
    N_("There is no dataset in “{folder}”."),
    N_("Name a folder below datasets/<department>/."),
)


def check_portal(
    root: Path,
    only: Sequence[Path] = (),
    *,
    day: date | None = None,
    copies: Path | None = None,
    check: Callable[[Dataset], list[problems.Problem]] | None = None,
) -> tuple[Catalog | None, list[problems.Problem]]:
    """All problems of the portal in `root`, in order; with `only`, those of these folders alone.

    `day` (default: today) decides which texts of the regulation's chain are in force; `copies`
    (default: below the root's `build/`) keeps what is fetched from the portal's stores; `check`
    (default: `check_dataset`) is for those who remember what it found.
    The catalogue is None where catalog.yaml is unusable. Nothing is raised for what files hold.
    """
    try:
        catalog = load(root, day)
    except InvalidFiles as error:
        return None, problems.in_order(error.problems)
    found = [*catalog.problems, *rules.check(catalog), *_law(catalog, day or clock.today())]
    found += [*events.read(catalog)[1], *plans.read(catalog)[1], *attestations.read(catalog)[1]]
    found += [*register.read(root)[1], *opinions.read(root, catalog.portal)[1]]
    found += incidents.read(root)[1]
    found += reviews.check(catalog)[1]
    chosen = [one for one in catalog.datasets if not only or _is_one_of(one.folder, only)]
    found += stored.fetch(chosen, catalog.portal, copies or root / COPIES)
    for dataset in track(_("Checking"), chosen, len(chosen)):
        found.extend((check or check_dataset)(dataset))
    found += _beside_each_other(catalog, chosen, day or clock.today())
    for one in catalog.unusable:
        if not only or _is_one_of(one.folder, only):
            found.extend(_check_unusable(one))
    if only:
        folders = [_relative(root, path) for path in only]
        known = {problem.file.rpartition("/")[0] for problem in found if problem.file}
        known |= {_relative(root, dataset.folder) for dataset in chosen}
        found = [one for one in found if _below(one.file, folders)]
        found.extend(
            NO_SUCH_DATASET.at(file=folder, folder=folder)
            for folder in folders
            if folder not in known and not _below_any(known, folder)
        )
    return catalog, problems.in_order(found)


def check_some(
    root: Path, keys: Collection[str], day: date
) -> tuple[Catalog, list[problems.Problem]]:
    """These datasets alone, and the problems that they have by themselves.

    What they are to others is not looked at. Raises InvalidFiles where catalog.yaml is unusable.
    """
    catalog = load(root, day, only=keys)
    found = [*catalog.problems, *rules.check(catalog)]
    found += stored.fetch(catalog.datasets, catalog.portal, root / COPIES)
    for dataset in catalog.datasets:
        found.extend(check_dataset(dataset))
    return catalog, problems.in_order(found)


def _law(catalog: Catalog, day: date) -> list[problems.Problem]:
    """Problems of the regulation and of the calendar that the portal names."""
    found: list[problems.Problem] = []
    try:
        regulation = library.load(catalog.portal.regulation, catalog.root)
        found.extend(law.check(catalog, regulation, day))
    except UnknownRegulation as unknown:
        found.append(UNKNOWN_REGULATION.at(file="catalog.yaml", reason=unknown))
    except InvalidFiles as wrong:
        found.extend(wrong.problems)
    try:
        WorkingCalendar.load(catalog.root)
    except InvalidFiles as wrong:
        found.extend(wrong.problems)
    return found


def check_dataset(dataset: Dataset) -> list[problems.Problem]:
    """Problems of what one dataset's files hold; of one that is not open, of its texts."""
    found = [*scan(dataset), *quality.documents_only(dataset)]
    if dataset.has_data:
        resources = dataset.raw.get("resources", [])
        found += _check_resources(dataset.key, dataset.folder, resources)
    return discretion.discreet(found)


def _beside_each_other(
    catalog: Catalog, chosen: Sequence[Dataset], day: date
) -> Iterator[problems.Problem]:
    """What datasets show beside each other, and those that their own cycle finds overdue."""
    keys = {one.key for one in chosen}
    for problem in quality.among(catalog.datasets, _hashes(catalog.datasets)):
        if problem.dataset in keys:
            yield problem
    try:
        updated = last_updates(catalog, History.open(catalog.root))
    except HistoryError:
        # Files can be checked where git is missing or refuses; lateness cannot be told there.
        return
    for dataset in chosen:
        due = next_update(updated.get(dataset.key), dataset.entry.update_cycle)
        if due is not None and due < day and dataset.entry.withdrawn is None:
            yield quality.OVERDUE.at(
                dataset=dataset.key,
                file=dataset.file,
                line=dataset.lines.line(("catalogue", "update_cycle")),
                cycle=dataset.entry.update_cycle.label,
                due=due,
                n=(day - due).days,
            )


def _hashes(datasets: Sequence[Dataset]) -> dict[str, str]:
    """The hash of each dataset's first file, where another one's has the same size."""
    files: dict[int, list[tuple[str, Path]]] = {}
    for dataset in datasets:
        path = next((one.path for one in dataset.descriptor.resources if one.path), None)
        file = dataset.folder / str(path if isinstance(path, str) else (path or ("",))[0])
        if dataset.has_data and path and file.is_file():
            files.setdefault(file.stat().st_size, []).append((dataset.key, file))
    return {key: sha256(file) for same in files.values() if len(same) > 1 for key, file in same}


def _check_unusable(one: Unusable) -> list[problems.Problem]:
    """The data files of a dataset whose descriptor is not right, as far as it names them."""
    resources = one.raw.get("resources")
    named = [
        resource
        for resource in (resources if isinstance(resources, list) else [])
        if isinstance(resource, dict)
        and isinstance(resource.get("name"), str)
        and isinstance(resource.get("path"), str)
    ]
    return discretion.discreet(_check_resources(one.key, one.folder, named))


def _check_resources(
    key: str, folder: Path, resources: Sequence[dict[str, Any]]
) -> list[problems.Problem]:
    found: list[problems.Problem] = []
    tables = []
    for resource in resources:
        place: dict[str, Any] = {"dataset": key, "resource": resource.get("name")}
        whole = True
        for path in paths_of(resource):
            if any(True for _problem in path_problems(folder, path)):
                whole = False
                continue
            file = f"datasets/{key}/{path}"
            of_file = list(_check_file(folder / path, resource, file=file, **place))
            whole = whole and not problems.has_errors(of_file)
            found.extend(of_file)
        if whole and is_table(resource):
            tables.append(resource)
    return found + verdict.problems(folder, tables, dataset=key)


def _check_file(
    path: Path, described: dict[str, Any], *, file: str, **place: Any
) -> Iterator[problems.Problem]:
    if is_text_table(described):
        yield from _encoding_problems(path, encoding_of(described), file=file, **place)
    elif format_of(described) == "geojson":
        yield from _geojson_problems(path, file=file, **place)
    elif format_of(described) in WORKBOOKS:
        yield from sheets.check(path, described, file=file, **place)


def _encoding_problems(
    path: Path, encoding: str, *, file: str, **place: Any
) -> Iterator[problems.Problem]:
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        yield UNKNOWN_ENCODING.at(file=file, **place, encoding=encoding)
        return
    with path.open("rb") as source:
        if codec.name == "utf-8" and source.read(3) == codecs.BOM_UTF8:
            yield BYTE_ORDER_MARK.at(file=file, line=1, **place)
    bad = _first_bad_byte(path, codec.name)
    if bad is None:
        return
    position, line = bad
    if codec.name != "utf-8":
        code = WRONG_ENCODING
    elif _first_bad_byte(path, "gb18030") is None:
        code = LOOKS_LIKE_GB18030
    else:
        code = NOT_UTF8
    yield code.at(file=file, line=line, **place, position=position, encoding=encoding)


def _first_bad_byte(path: Path, encoding: str) -> tuple[int, int] | None:
    """Position (from 1) and line (from 1) of the first byte that does not decode, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read, lines = 0, 1
    with path.open("rb") as source:
        while True:
            block = source.read(READ_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                # The error counts from what the decoder still held of the block before.
                start = max(error.start - (len(error.object) - len(block)), 0)
                return read + start + 1, lines + block.count(b"\n", 0, start)
            if not block:
                return None
            read += len(block)
            lines += block.count(b"\n")


def _geojson_problems(path: Path, *, file: str, **place: Any) -> Iterator[problems.Problem]:
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        yield NOT_GEOJSON.at(file=file, line=line, **place, reason="JSON")
        return
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        yield NOT_GEOJSON.at(file=file, **place, reason="type, features")
        return
    for number, feature in enumerate(features, start=1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        for position in positions_of(geometry):
            if not (abs(position[0]) <= 180 and abs(position[1]) <= 90):
                yield POSITION_OUT_OF_RANGE.at(
                    file=file, **place, position=position[:2], number=number
                )
                break


def _relative(root: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _is_one_of(folder: Path, only: Sequence[Path]) -> bool:
    return any(folder.resolve().is_relative_to(path.resolve()) for path in only)


def _below(file: str | None, folders: Sequence[str]) -> bool:
    return file is not None and any(file == one or file.startswith(f"{one}/") for one in folders)


def _below_any(files: set[str], folder: str) -> bool:
    return any(file == folder or file.startswith(f"{folder}/") for file in files)
