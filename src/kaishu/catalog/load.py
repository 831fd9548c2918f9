"""Reads `catalog.yaml` and `datasets/` strictly; every problem found is kept, none raised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kaishu.base import clock, problems, strict_yaml
from kaishu.base.errors import InvalidFiles
from kaishu.base.files import inside
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.catalog.attestations import is_attestation
from kaishu.catalog.content import stored
from kaishu.catalog.dataset import Catalog, Dataset, Unusable
from kaishu.catalog.model import Descriptor, Portal
from kaishu.catalog.validation import further_keys, validate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from pathlib import Path

    from kaishu.catalog.model import Department


REGISTER = "governance/register"
DESCRIPTORS = ("datapackage.yaml", "datapackage.json")

EMPTY_FILE = problems.error(
    "empty-file",
    N_("The file holds no keys."),
    N_("Fill it in; the documentation of formats lists the keys."),
)
UNKNOWN_DEPARTMENT = problems.error(
    "unknown-department",
    N_("The folder “{folder}” belongs to no department of catalog.yaml."),
    N_("Add the department to catalog.yaml, or rename the folder to a department's id."),
)
UNKNOWN_THEME = problems.error(
    "unknown-theme",
    N_("The theme “{theme}” is not one of catalog.yaml."),
    N_("Choose one of: {choices}."),
)
MISSING_DESCRIPTOR = problems.error(
    "missing-descriptor",
    N_("The folder has no datapackage.yaml."),
    N_("Add a datapackage.yaml, or move the files to the dataset that they belong to."),
)
TWO_DESCRIPTORS = problems.error(
    "two-descriptors",
    N_("The folder has both datapackage.yaml and datapackage.json."),
    N_("Keep one of the two."),
)
NAME_IS_NOT_FOLDER = problems.error(
    "name-is-not-folder",
    N_("The name “{name}” differs from the folder “{folder}”."),
    N_("Give both the same name: it is the dataset's address."),
)
STRAY_FILE = problems.warning(
    "stray-file",
    N_("The file lies outside any dataset and is not published."),
    N_("Move it into datasets/<department>/<dataset>/, or remove it."),
)
SYMBOLIC_LINK = problems.error(
    "symbolic-link",
    N_("The file is a symbolic link."),
    N_("Put the file itself here; links are not followed."),
)
PATH_OUTSIDE = problems.error(
    "path-outside",
    N_("The path “{path}” leaves the dataset's folder."),
    N_("Put the file into the dataset's folder and give its path from there."),
)
PATH_REMOTE = problems.error(
    "path-remote",
    N_("The path “{path}” is an address on the network."),
    N_("Put the file itself into the dataset's folder."),
)
MISSING_FILE = problems.error(
    "missing-file",
    N_("The file “{path}” does not exist."),
    N_("Add the file, or correct the path (upper and lower case count)."),
)
DUPLICATE_ID = problems.error(
    "duplicate-id",
    N_("The id is the same as that of {other}."),
    N_("Give this dataset an id of its own; an id never changes and is never used twice."),
)
DUPLICATE_RESOURCE = problems.error(
    "duplicate-resource",
    N_("Two data files have the name “{name}”."),
    N_("Give each data file of a dataset a name of its own."),
)


def load(root: Path, day: date | None = None, only: Collection[str] | None = None) -> Catalog:
    """The catalogue in the folder `root`. Raises InvalidFiles where catalog.yaml is unusable.

    `day` (default: today) decides whose day of publication has come; `only` names datasets
    (`<department>/<name>`), and nothing else below `datasets/` is looked at then.

    Datasets whose descriptor cannot be used are left out of `datasets`; their problems are in
    `problems`.
    """
    document = strict_yaml.read(root / "catalog.yaml", file="catalog.yaml")
    if document.value is None and not document.problems:
        document.problems.append(EMPTY_FILE.at(file="catalog.yaml", line=1))
    portal = None
    if document.value is not None:
        portal = validate(Portal, document, file="catalog.yaml")
    if portal is None:
        raise InvalidFiles(_("catalog.yaml cannot be used."), document.problems)
    found = list(document.problems)
    datasets: list[Dataset] = []
    unusable: list[Unusable] = []
    folders = _folders(root, portal, found) if only is None else _named(root, portal, only)
    for department, folder in folders:
        read = _dataset(root, folder, department, portal, found)
        if isinstance(read, Dataset):
            datasets.append(read)
        elif read is not None:
            unusable.append(read)
    found.extend(_duplicate_ids(datasets))
    datasets = [_embargoed(one, day or clock.today()) for one in datasets]
    return Catalog(root, portal, tuple(datasets), tuple(found), tuple(unusable))


def load_dataset(root: Path, key: str, portal: Portal, day: date | None = None) -> Dataset | None:
    """The dataset `key` alone, below `root`; None where its files are not right."""
    found: list[problems.Problem] = []
    department = portal.department(key.partition("/")[0])
    if department is None:
        return None
    read = _dataset(root, root / "datasets" / key, department, portal, found)
    if not isinstance(read, Dataset) or problems.has_errors(found):
        return None
    return _embargoed(read, day or clock.today())


def _embargoed(dataset: Dataset, day: date) -> Dataset:
    wanted = dataset.entry.publish_on
    return replace(dataset, embargoed=True) if wanted is not None and wanted > day else dataset


def _folders(
    root: Path, portal: Portal, found: list[problems.Problem]
) -> Iterator[tuple[Department, Path]]:
    """Every dataset's folder with its department; the public register is the operator's."""
    top = root / "datasets"
    for path in sorted(top.rglob("*")) if top.is_dir() else ():
        if path.is_symlink():
            found.append(SYMBOLIC_LINK.at(file=path.relative_to(root).as_posix()))
    for folder in _children(root, top, found):
        department = portal.department(folder.name)
        if department is None:
            file = folder.relative_to(root).as_posix()
            found.append(UNKNOWN_DEPARTMENT.at(file=file, folder=folder.name))
            continue
        for dataset in _children(root, folder, found):
            yield department, dataset
    owner = portal.department(portal.operator.department or "")
    if owner is not None and (root / REGISTER / DESCRIPTORS[0]).is_file():
        yield owner, root / REGISTER


def _named(root: Path, portal: Portal, keys: Collection[str]) -> Iterator[tuple[Department, Path]]:
    for key in sorted(keys):
        department = portal.department(key.partition("/")[0])
        if department is not None:
            yield department, root / "datasets" / key


def _children(root: Path, folder: Path, found: list[problems.Problem]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink() or path.name.startswith("."):
            continue
        if path.is_dir():
            yield path
        elif path.stem.upper() != "README" and not _is_attestation(root, path):
            found.append(STRAY_FILE.at(file=path.relative_to(root).as_posix()))


def _is_attestation(root: Path, path: Path) -> bool:
    return path.parent.parent == root / "datasets" and is_attestation(path.name)


def _dataset(
    root: Path, folder: Path, department: Department, portal: Portal, found: list[problems.Problem]
) -> Dataset | Unusable | None:
    key = f"{department.id}/{folder.name}"
    present = [name for name in DESCRIPTORS if (folder / name).is_file()]
    relative = folder.relative_to(root).as_posix()
    if not present:
        found.append(MISSING_DESCRIPTOR.at(file=relative, dataset=key))
        return None
    file = f"{relative}/{present[0]}"
    if len(present) > 1:
        found.append(TWO_DESCRIPTORS.at(file=file, dataset=key))
    document = strict_yaml.read(folder / present[0], file=file, dataset=key)
    if document.value is None and not document.problems:
        document.problems.append(EMPTY_FILE.at(file=file, dataset=key, line=1))
    descriptor = None
    if document.value is not None:
        descriptor = validate(Descriptor, document, file=file, dataset=key)
        found.extend(further_keys(Descriptor, document, file=file, dataset=key))
    found.extend(document.problems)
    if descriptor is None:
        raw = document.value
        return Unusable(key, folder, raw) if isinstance(raw, dict) else None
    theme = portal.theme(descriptor.catalogue.theme)
    if theme is None:
        choices = ", ".join(one.id for one in portal.themes)
        line = document.line(("catalogue", "theme"))
        found.append(
            UNKNOWN_THEME.at(
                file=file, dataset=key, line=line, theme=descriptor.catalogue.theme, choices=choices
            )
        )
    dataset = Dataset(
        department=department,
        # Any theme will do where the stated one is unknown: the error keeps it from being shown.
        theme=theme or portal.themes[0],
        descriptor=descriptor,
        raw=document.value,
        folder=folder,
        file=file,
        lines=document,
        default_licence=portal.licence if portal.licence.name or portal.licence.title else None,
    )
    found.extend(_shape(dataset, folder, stores=bool(portal.stores)))
    return dataset


def _shape(dataset: Dataset, folder: Path, *, stores: bool) -> Iterator[problems.Problem]:
    place: dict[str, Any] = {
        "file": dataset.file,
        "dataset": f"{dataset.department.id}/{folder.name}",
    }
    if dataset.descriptor.name != folder.name:
        line = dataset.lines.line(("name",))
        name = dataset.descriptor.name
        yield NAME_IS_NOT_FOLDER.at(**place, line=line, name=name, folder=folder.name)
    names = set()
    # What lies in a store is fetched when it is looked into.
    elsewhere = {one.path for one in stored(dataset.raw)} if stores else set()
    for number, resource in enumerate(dataset.descriptor.resources):
        if resource.name in names:
            line = dataset.lines.line(("resources", number, "name"))
            yield DUPLICATE_RESOURCE.at(**place, line=line, name=resource.name)
        names.add(resource.name)
        paths = resource.path if isinstance(resource.path, tuple) else (resource.path,)
        schema = dataset.raw["resources"][number].get("schema")
        if isinstance(schema, str):
            paths = (*paths, schema)
        for path in paths:
            if path is not None:
                line = dataset.lines.line(("resources", number, "path"))
                for found in path_problems(
                    folder, path, **place, line=line, resource=resource.name
                ):
                    if path not in elsewhere or found.code != MISSING_FILE.id:
                        yield found


def path_problems(folder: Path, path: str, **place: Any) -> Iterator[problems.Problem]:
    """What is wrong with `path` as the address of a file in the dataset's `folder`."""
    if "://" in path:
        yield PATH_REMOTE.at(**place, path=path)
    elif (found := inside(folder, path)) is None:
        yield PATH_OUTSIDE.at(**place, path=path)
    elif not found.is_file():
        yield MISSING_FILE.at(**place, path=path)


def _duplicate_ids(datasets: list[Dataset]) -> Iterator[problems.Problem]:
    first: dict[str, Dataset] = {}
    for dataset in datasets:
        id_ = dataset.descriptor.id
        if id_ is None:
            continue
        other = first.setdefault(id_, dataset)
        if other is not dataset:
            line = dataset.lines.line(("id",))
            yield DUPLICATE_ID.at(
                file=dataset.file, dataset=dataset.key, line=line, other=other.key
            )
