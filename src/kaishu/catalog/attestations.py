"""A department's word that it looked at entries and found them right (营口 第十五条).

`datasets/<department>/attestation-<date>.yaml`, beside the dataset folders that its maintainers
may write. When it was given, the history of that file tells; the date in it says when the entries
were looked at.

date: 2026-11-20
by: 张三
datasets: [bus-stops, parking]
note: 逐项核对名称、摘要、开放属性、联系方式
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from kaishu.base import clock, problems
from kaishu.base.i18n import N_
from kaishu.catalog.governance import named, read_file
from kaishu.catalog.model import Name, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.base.strict_yaml import Document
    from kaishu.catalog.dataset import Catalog

FILE_NAME = problems.error(
    "attestation-file-name",
    N_("An attestation's file is called by its date: {example}."),
    N_("Make attestations with kaishu attest."),
)
AHEAD = problems.error(
    "attestation-ahead",
    N_("The attestation speaks of {date}, which has not come."),
    N_("Write the day on which the entries were looked at."),
)

# Of the day, and with a number where a day has several.
_NAME = re.compile(r"attestation-(\d{4}-\d\d-\d\d)(-\d+)?\.yaml\Z")


class AttestationFile(Strict):
    """datasets/<department>/attestation-<date>.yaml."""

    date: dt.date = Field(title=N_("Date"))
    by: Text = Field(title=N_("Attested by"))
    datasets: tuple[Name, ...] = Field(min_length=1, title=N_("Datasets looked at"))
    note: Text | None = Field(None, title=N_("Remark"))


@dataclass(frozen=True, slots=True)
class Attestation:
    """One attestation, its department, and its file (relative to the root)."""

    file: str
    department: str
    said: AttestationFile

    @property
    def keys(self) -> tuple[str, ...]:
        """The datasets looked at, as `<department>/<name>`."""
        return tuple(f"{self.department}/{name}" for name in self.said.datasets)


def is_attestation(name: str) -> bool:
    """Whether a file of this name beside the dataset folders is an attestation's."""
    return name.startswith("attestation-") and name.endswith(".yaml")


def file_name(day: dt.date, number: int = 1) -> str:
    """The name of a day's attestation; `number` where the day has several."""
    return f"attestation-{day}.yaml" if number == 1 else f"attestation-{day}-{number}.yaml"


def read(catalog: Catalog) -> tuple[tuple[Attestation, ...], list[problems.Problem]]:
    """The attestations of the portal, by file, and every problem of their files."""
    given: list[Attestation] = []
    found: list[problems.Problem] = []
    for department in catalog.portal.departments:
        folder = catalog.root / "datasets" / department.id
        for path in sorted(folder.glob("attestation-*.yaml")):
            file = path.relative_to(catalog.root).as_posix()
            said, document = read_file(path, AttestationFile, file=file, found=found)
            if said is None:
                continue
            one = Attestation(file, department.id, said)
            found += (wrong := list(_check(one, document, catalog)))
            if not problems.has_errors(wrong):
                given.append(one)
    return tuple(given), found


def _check(one: Attestation, document: Document, catalog: Catalog) -> Iterator[problems.Problem]:
    name = _NAME.match(one.file.rpartition("/")[2])
    line = document.line(("date",))
    if name is None or name[1] != one.said.date.isoformat():
        yield FILE_NAME.at(file=one.file, line=line, example=file_name(one.said.date))
    if one.said.date > clock.today():
        yield AHEAD.at(file=one.file, line=line, date=one.said.date)
    keys = [(("datasets", i), key) for i, key in enumerate(one.keys)]
    yield from named(catalog, document, one.file, datasets=keys)
