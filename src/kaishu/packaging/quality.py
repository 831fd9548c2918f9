"""What makes published data poor, in numbers: the flaws that reviews of Chinese portals name."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kaishu.catalog.dataset import Dataset

FEW_ROWS = 10
EMPTY_SHARE = 0.5
LONG_TEXT = 150
FRAGMENTS = 3
ALIKE = 0.9
_NO_DATA = ("pdf", "doc", "docx", "jpg", "jpeg", "png", "tif", "tiff", "wps", "ofd")
_TOTALS = re.compile(r"\s*(?:合\s*计|小\s*计|总\s*计|注\s*[:：].*|备注\s*[:：].*)\Z")
_UNNAMED = re.compile(r"\s*\Z|Unnamed(?:: \d+)?\Z|column_?\d+\Z|列\d+\Z", re.I)
# A description that says what an empty cell means.
_EXPLAINED = re.compile(r"空|留白|blank|empty", re.I)
_PART = re.compile(
    r"\d+|[一二三四五六七八九十]+(?=月|季|年)|上半|下半|[\u4e00-\u9fff]{1,4}(?:[市区](?<!"
    # 社区, 超市 and the like are things, not places.
    r"[社小园城景校库灾矿厂]区)(?<![超夜集菜早股楼门]市)|县|镇|乡|街道)"
)

FEW = problems.warning(
    "few-rows",
    N_("The table has {n} rows; a table of fewer than {limit} is rarely of use."),
    N_("State rowCount where it is complete, or publish it with related data."),
)
EMPTY = problems.warning(
    "mostly-empty",
    N_("The column “{field}” is {share} empty ({n} of {rows} rows)."),
    N_("Fill it, leave the column out, or say in its description what an empty cell means."),
)
PROSE = problems.warning(
    "prose",
    N_("The column “{field}” holds running text, {n} characters on average."),
    N_("Split it into fields, or say in the field's description what the text is."),
)
LAYOUT = problems.warning(
    "layout-table",
    N_("The table is laid out for reading: {signs}."),
    N_("One row a thing, one column a property: remove totals and notes, fill merged cells."),
)
GAPS = problems.warning(
    "dictionary-gaps",
    N_("{n} of {all} fields have no title ({names})."),
    N_("Give each field a title; say in its description what it means and in which unit."),
)
NO_DATA = problems.warning(
    "documents-only",
    N_("The dataset offers nothing but {formats}."),
    N_("Publish the tables in them as CSV; kaishu add helps."),
)
ROW_COUNT = problems.warning(
    "row-count",
    N_("The descriptor states {stated} rows; the file has {n}."),
    N_("Correct rowCount, or complete the file."),
)
FRAGMENTED = problems.warning(
    "fragmented",
    N_(
        "{n} datasets of one department have these same fields, split by period or place ({others})."
    ),
    N_("Publish them as one table with a column for the period or place."),
)
OVERDUE = problems.warning(
    "cycle-overdue",
    N_("The data were to be updated ({cycle}) by {due}; they are {n} days late."),
    N_("Update the data, or correct the update cycle."),
)
SAME_DATA = problems.warning(
    "same-data",
    N_("The data are those of {other}, byte for byte."),
    N_("Publish them once; name the other as related."),
)
NEAR_TWIN = problems.warning(
    "near-twin",
    N_("Title and fields are almost those of {other}."),
    N_("Say what tells the two apart, or publish them as one."),
)


class Counter:
    """Counts what one table's cells show; rows come in order, the header first."""

    def __init__(self, fields: Sequence[Mapping[str, Any]], missing: object = ()) -> None:
        """`missing` are the schema's missingValues; a cell that holds one of them is empty."""
        self._fields = list(fields)
        listed = missing if isinstance(missing, list) else []
        self._missing = {""} | {
            str(one.get("value") if isinstance(one, dict) else one).strip() for one in listed
        }
        self._header: list[str] | None = None
        self.rows = 0
        self._empty: dict[int, int] = defaultdict(int)
        self._characters: dict[int, int] = defaultdict(int)
        self._totals = 0

    def row(self, cells: Sequence[str]) -> None:
        """Count one row."""
        self.count([cells])

    def count(self, rows: Sequence[Sequence[str]]) -> None:
        """Count some rows, column by column."""
        if self._header is None and rows:
            self._header = list(rows[0])
            rows = rows[1:]
        self.rows += len(rows)
        for _width, same in groupby(rows, key=len):
            for column, cells in enumerate(zip(*same, strict=True)):
                self._column(column, cells)

    def _column(self, column: int, cells: Sequence[str]) -> None:
        """Count some cells of a column."""
        joined = "".join(cells)
        if len(joined.split(maxsplit=1)) > 1 or joined[:1].isspace() or joined[-1:].isspace():
            filled = [cell for cell in cells if cell.strip() not in self._missing]
            self._characters[column] += sum(map(len, filled))
            self._empty[column] += len(cells) - len(filled)
        else:
            # Without a blank anywhere, a cell is empty as it stands.
            empty = {one: cells.count(one) for one in self._missing}
            self._characters[column] += len(joined) - sum(len(one) * n for one, n in empty.items())
            self._empty[column] += sum(empty.values())
        if column == 0 and ("计" in joined or "注" in joined):
            self._totals += sum(bool(_TOTALS.match(cell)) for cell in cells)

    def problems(self, described: Mapping[str, Any], **place: Any) -> Iterator[problems.Problem]:
        """What the counts say of the table."""
        if self.rows < FEW_ROWS and not self._is_explained(described):
            yield FEW.at(**place, n=self.rows, limit=FEW_ROWS)
        stated = described.get("rowCount")
        if isinstance(stated, int) and stated != self.rows:
            yield ROW_COUNT.at(**place, stated=stated, n=self.rows)
        for column, one in enumerate(self._fields):
            name = str(one.get("name"))
            empty = self._empty[column]
            if empty > self.rows * EMPTY_SHARE and not _EXPLAINED.search(
                str(one.get("description"))
            ):
                share = f"{empty / self.rows:.0%}"
                at = {**place, "field": name}
                yield EMPTY.at(**at, share=share, n=empty, rows=self.rows)
            filled = self.rows - empty
            if filled and not one.get("description"):
                length = self._characters[column] // filled
                if length > LONG_TEXT:
                    yield PROSE.at(**{**place, "field": name}, n=length)
        signs = self._signs()
        if signs:
            yield LAYOUT.at(**place, signs=", ".join(signs))
        untitled = [str(one.get("name")) for one in self._fields if not one.get("title")]
        if untitled:
            names = ", ".join(untitled[:5]) + ("…" if len(untitled) > 5 else "")
            yield GAPS.at(**place, n=len(untitled), all=len(self._fields), names=names)

    def _signs(self) -> list[str]:
        signs = []
        unnamed = sum(bool(_UNNAMED.match(cell)) for cell in self._header or ())
        if unnamed:
            signs.append(_("{n} columns without a name").format(n=unnamed))
        if self._totals:
            signs.append(_("{n} rows of totals or notes").format(n=self._totals))
        if self.rows >= FEW_ROWS and self._empty[0] > self.rows * EMPTY_SHARE:
            signs.append(_("{n} blank cells under the first column").format(n=self._empty[0]))
        return signs

    def _is_explained(self, resource: Mapping[str, Any]) -> bool:
        """A short table that says how many rows it has is short on purpose."""
        return resource.get("rowCount") == self.rows


def documents_only(dataset: Dataset) -> Iterator[problems.Problem]:
    """A dataset that offers only documents and pictures."""
    kinds = {
        str(resource.path if isinstance(resource.path, str) else (resource.path or ("",))[0])
        .rpartition(".")[2].lower()
        for resource in dataset.descriptor.resources
    }  # fmt: skip
    if dataset.has_data and kinds and kinds <= set(_NO_DATA):
        shown = ", ".join(sorted(kinds)).upper()
        yield NO_DATA.at(dataset=dataset.key, file=dataset.file, formats=shown)


def among(datasets: Iterable[Dataset], hashes: Mapping[str, str]) -> Iterator[problems.Problem]:
    """What datasets show beside each other; `hashes` are of their data, by key."""
    given = [one for one in datasets if one.has_data]
    by_hash: dict[str, Dataset] = {}
    by_schema: dict[tuple[Any, ...], list[Dataset]] = defaultdict(list)
    for dataset in given:
        content = hashes.get(dataset.key)
        if content is not None:
            first = by_hash.setdefault(content, dataset)
            if first is not dataset:
                yield SAME_DATA.at(dataset=dataset.key, file=dataset.file, other=first.key)
        schema = _schema(dataset)
        if schema:
            by_schema[schema].append(dataset)
    for same in by_schema.values():
        yield from _fragments(same)


def _fragments(same: list[Dataset]) -> Iterator[problems.Problem]:
    """Datasets of one schema: split by period or place, or near twins."""
    parts: dict[tuple[str, str], list[Dataset]] = defaultdict(list)
    for dataset in same:
        rest = _PART.sub("", dataset.descriptor.title)
        parts[dataset.department.id, rest].append(dataset)
    split: set[str] = set()
    for group in parts.values():
        if len(group) >= FRAGMENTS:
            first, *others = group
            names = ", ".join(one.key for one in others[:5]) + ("…" if len(others) > 5 else "")
            yield FRAGMENTED.at(dataset=first.key, file=first.file, n=len(group), others=names)
            split |= {one.key for one in group}
    for n, dataset in enumerate(same[:200]):
        for other in same[:n]:
            titles = dataset.descriptor.title, other.descriptor.title
            alike = difflib.SequenceMatcher(None, *titles).ratio()
            if alike >= ALIKE and not {dataset.key, other.key} <= split and titles[0] != titles[1]:
                yield NEAR_TWIN.at(dataset=dataset.key, file=dataset.file, other=other.key)
                break


def _schema(dataset: Dataset) -> tuple[Any, ...]:
    return tuple(
        tuple((one.name, one.type) for one in resource.tableschema.fields)
        for resource in dataset.descriptor.resources
        if resource.tableschema is not None and resource.tableschema.fields
    )
