"""Reads the operator's YAML files below `governance/`: one model each, every problem at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from kaishu.base import problems, strict_yaml
from kaishu.base.i18n import N_
from kaishu.catalog.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kaishu.base.strict_yaml import Document, KeyPath
    from kaishu.catalog.dataset import Catalog

UNKNOWN_NAME = problems.error(
    "governance-unknown-department",
    N_("“{key}” names the department “{id}”, which is not in catalog.yaml."),
    N_("Write a department's id as in catalog.yaml."),
)
# A dataset may leave the catalogue after its event; what was written stays right.
UNKNOWN_KEY = problems.warning(
    "governance-unknown-dataset",
    N_("“{key}” names {dataset_key}, which is not in the catalogue."),
    N_(
        "Correct the address, <department>/<name>; leave it where the dataset has since been removed."
    ),
)

M = TypeVar("M", bound=BaseModel)


def read_file(
    path: Path, model: type[M], *, file: str, found: list[problems.Problem]
) -> tuple[M | None, Document]:
    """The file as a `model`, or None; what is wrong in it is appended to `found`."""
    document = strict_yaml.read(path, file=file)
    value = None
    if not document.problems:
        value = validate(model, document, file=file)
    found.extend(document.problems)
    return value, document


def named(
    catalog: Catalog,
    document: Document,
    file: str,
    *,
    departments: Iterable[tuple[KeyPath, str]] = (),
    datasets: Iterable[tuple[KeyPath, str]] = (),
) -> Iterable[problems.Problem]:
    """Departments and datasets that a file names and the catalogue does not have."""

    def place(path: KeyPath) -> dict[str, Any]:
        return {"file": file, "line": document.line(path)}

    for path, id_ in departments:
        if catalog.portal.department(id_) is None:
            yield UNKNOWN_NAME.at(**place(path), key=spelled(path), id=id_)
    known = {*catalog.by_key, *(one.key for one in catalog.unusable)}
    known |= {alias for one in catalog.datasets for alias in one.entry.aliases}
    for path, key in datasets:
        if key not in known:
            yield UNKNOWN_KEY.at(**place(path), key=spelled(path), dataset_key=key)


def spelled(path: KeyPath) -> str:
    """A key's path as people read it: items.2.department."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
