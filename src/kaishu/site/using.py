"""How a dataset is used and cited: code that runs as it stands, and a citation of one version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.site.shell import absolute

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import PublishedFile

EXCEL = "Excel / WPS"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines in one language that fetch the data, or the steps where `is_code` is false."""

    title: str
    code: str
    is_code: bool = True


def snippets(portal: Portal, dataset: Dataset, files: Sequence[PublishedFile]) -> list[Snippet]:
    """Code that reads the first table of `files` from its public address; none without a CSV."""
    by_format = {file.format: file for file in reversed(files) if file.resource}
    table = by_format.get("csv")
    if table is None:
        return []
    of_table = {file.format: file for file in files if file.resource == table.resource}
    found = {
        format_: absolute(portal, f"datasets/{dataset.key}/{file.path}")
        for format_, file in of_table.items()
    }
    address = found["csv"]
    name = table.path.rpartition("/")[2]
    return [
        Snippet("curl", f"curl -L -o {name} {address}"),
        Snippet(
            "Python",
            # Codes keep their leading noughts only as text.
            f'import pandas as pd\n\ndata = pd.read_csv("{address}", dtype=str)\nprint(data.head())',
        ),
        Snippet(
            "R",
            f'data <- read.csv("{address}", colClasses = "character", '
            'encoding = "UTF-8", check.names = FALSE)\nhead(data)',
        ),
        Snippet("JavaScript", _javascript(found)),
        Snippet(EXCEL, _spreadsheet(found), is_code=False),
    ]


def _javascript(addresses: dict[str, str]) -> str:
    if "json" in addresses:
        return (
            f'const answer = await fetch("{addresses["json"]}");\n'
            "const records = await answer.json();\nconsole.log(records.length, records[0]);"
        )
    # A large table has no JSON document; its lines are one record each.
    return (
        f'const answer = await fetch("{addresses.get("ndjson", addresses["csv"])}");\n'
        "const lines = (await answer.text()).trim().split(/\\r?\\n/);\n"
        "console.log(lines.length, lines[0]);"
    )


def _spreadsheet(addresses: dict[str, str]) -> str:
    whole = addresses.get("xlsx") or addresses.get("excel.csv") or addresses["csv"]
    return _(
        "Open {file} directly: dates, numbers and codes are typed.\n"
        "To keep it current: Data > From Web, paste the address, choose UTF-8 (65001), load.\n"
        "{address}"
    ).format(file=whole.rpartition("/")[2], address=addresses.get("excel.csv", addresses["csv"]))


def citation(
    portal: Portal, dataset: Dataset, updated: date | None, file: PublishedFile | None
) -> str:
    """Who published what when and where, with the hash of the version that was used."""
    address = absolute(portal, f"datasets/{dataset.key}/")
    words = _("{department}: {title}. {portal}").format(
        department=dataset.department.name, title=dataset.descriptor.title, portal=portal.title
    )
    if updated is not None:
        words = _("{words}, data of {date}").format(words=words, date=updated.isoformat())
    if dataset.descriptor.version:
        words = _("{words}, version {version}").format(
            words=words, version=dataset.descriptor.version
        )
    words = _("{words}. {address}").format(words=words, address=address)
    if file is not None:
        words = _("{words} (SHA-256 {hash})").format(words=words, hash=file.sha256[:16])
    return words
