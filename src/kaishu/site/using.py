"""How a dataset is used and cited: code that runs as it stands, and a citation of one version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.site.shell import absolute

if TYPE_CHECKING:
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import PublishedFile


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines in one language that fetch the data."""

    title: str
    code: str


def snippets(portal: Portal, dataset: Dataset, file: PublishedFile) -> list[Snippet]:
    """Code that reads the table `file` (CSV) from its public address, in four languages."""
    address = absolute(portal, f"datasets/{dataset.key}/{file.path}")
    name = file.path.rpartition("/")[2]
    return [
        Snippet("curl", f"curl -L -o {name} {address}"),
        Snippet(
            "Python",
            # Codes keep their leading noughts only as text.
            f'import pandas as pd\n\ndata = pd.read_csv("{address}", dtype=str)\nprint(data.head())',
        ),
        Snippet("R", f'data <- read.csv("{address}", colClasses = "character")\nhead(data)'),
        Snippet(
            "JavaScript",
            f'const answer = await fetch("{address.removesuffix(".csv")}.json");\n'
            "const records = await answer.json();\nconsole.log(records.length);",
        ),
    ]


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
    words = _("{words}. {address}").format(words=words, address=address)
    if file is not None:
        words = _("{words} (SHA-256 {hash})").format(words=words, hash=file.sha256[:16])
    return words
