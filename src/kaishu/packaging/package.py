"""From one dataset to the files that the public takes, described by a true descriptor."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from kaishu.base import strict_yaml
from kaishu.base.files import PART, READ_BLOCK, canonical_json, sha256
from kaishu.packaging.coordinates import is_gcj02
from kaishu.packaging.geojson import to_wgs84
from kaishu.packaging.model import Package, PublishedFile, PublishedTable
from kaishu.packaging.resources import format_of, is_table, paths_of
from kaishu.packaging.rows import published_field, table_of
from kaishu.packaging.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
WGS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UNDATED = dt.date(2000, 1, 1)
TEXT_FORMATS = ("csv", "excel.csv", "json", "ndjson", "xml", "geojson")
MEDIA_TYPES = {
    "csv": "text/csv",
    "excel.csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xml": "application/xml",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "zip": "application/zip",
}
# Keys of a resource that the published form states anew, true of the file beside it.
_RESTATED = {"path", "data", "format", "mediatype", "encoding", "bytes", "hash", "dialect", "schema",
             "type", "profile", "compression"}  # fmt: skip


def package(dataset: Dataset, target: Path, *, portal: Portal, updated: date | None) -> Package:
    """Write the files of `dataset` into the folder `target`, replacing what it held.

    A dataset that is not open gets its descriptor alone; its folder's data are never read.
    `updated` is when the data last changed: it is stated as `modified` and dates the workbooks, so
    that unchanged data are unchanged files.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=PART) as scratch:
        folder = Path(scratch) / "package"
        folder.mkdir()
        made = _Maker(dataset, folder, portal, updated).make()
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
    return made


class _Maker:
    def __init__(
        self, dataset: Dataset, folder: Path, portal: Portal, updated: date | None
    ) -> None:
        self.dataset, self.folder, self.portal = dataset, folder, portal
        self.updated = updated
        self.files: list[PublishedFile] = []
        self.tables: list[PublishedTable] = []

    def make(self) -> Package:
        resources = self.dataset.raw["resources"]
        if self.dataset.is_open:
            (self.folder / "data").mkdir()
            described = [self._open(resource) for resource in resources]
        else:
            described = [self._restricted(resource) for resource in resources]
        descriptor = self._descriptor(described)
        (self.folder / "datapackage.json").write_bytes(canonical_json(descriptor))
        self._publish("datapackage.json", "json")
        if self.dataset.is_open:
            self._zip()
        return Package(self.dataset.key, tuple(self.files), tuple(self.tables), descriptor)

    def _open(self, resource: dict[str, Any]) -> dict[str, Any]:
        """Write one resource's files; its published description."""
        name, schema = resource["name"], self._schema(resource)
        published: list[PublishedFile] = []
        if format_of(resource) == "geojson" or not is_table(resource):
            for path in paths_of(resource):
                copy = f"data/{name}{PurePosixPath(path).suffix.lower()}"
                self._copy(resource, path, copy)
                published.append(self._publish(copy, format_of(resource), name))
        types: dict[str, str] = {}
        table = None
        if is_table(resource) or format_of(resource) == "geojson":
            table = table_of(self.dataset.folder, resource, schema, self.dataset.entry.crs)
        # Features that are no points and have no properties make no table.
        if table is not None and (table.fields or not table.is_geographic):
            written = write(table, self.folder / "data", name, self._day)
            published += [
                self._publish(f"data/{one.name}", kind, name) for kind, one in written.files
            ]
            types = written.types
            self.tables.append(
                PublishedTable(
                    name,
                    resource.get("title"),
                    table.fields,
                    written.first,
                    written.profile["rows"],
                    written.profile,
                    written.notes,
                )
            )
        main, *others = published
        described = {key: value for key, value in resource.items() if key not in _RESTATED}
        if schema and main.format == "csv":
            described["schema"] = schema
        alternates = [_facts(other, types) for other in others]
        return {
            **described,
            **_facts(main, types),
            **({"alternates": alternates} if alternates else {}),
        }

    @property
    def _day(self) -> date:
        """The date that workbooks and archives carry: the data's own, so that it stays with them."""
        return self.updated or UNDATED

    def _copy(self, resource: dict[str, Any], path: str, copy: str) -> None:
        source, target = self.dataset.folder / path, self.folder / copy
        if format_of(resource) == "geojson" and is_gcj02(self.dataset.entry.crs):
            turned = to_wgs84(json.loads(source.read_bytes()))
            target.write_text(json.dumps(turned, ensure_ascii=False) + "\n", encoding="utf-8")
        else:
            shutil.copyfile(source, target)

    def _restricted(self, resource: dict[str, Any]) -> dict[str, Any]:
        """The description of a table that is not public: its header and schema, no rows."""
        schema = self._schema(resource) or {"fields": []}
        fields = tuple(published_field(field) for field in schema["fields"])
        title = resource.get("title")
        self.tables.append(PublishedTable(resource["name"], title, fields, (), 0, {}, ()))
        described = {key: value for key, value in resource.items() if key not in _RESTATED}
        header = [field.name for field in fields]
        return {**described, "data": [header], "schema": schema}

    def _schema(self, resource: dict[str, Any]) -> dict[str, Any] | None:
        schema = resource.get("schema")
        if isinstance(schema, str):
            schema = strict_yaml.read(self.dataset.folder / schema, file=schema).value
        return schema if isinstance(schema, dict) else None

    def _descriptor(self, resources: list[dict[str, Any]]) -> dict[str, Any]:
        raw = {key: value for key, value in self.dataset.raw.items() if key != "resources"}
        base = self.portal.url.rstrip("/")
        licence = self.dataset.licence
        stated = {"licenses": [licence.model_dump(exclude_none=True)]} if licence else {}
        modified = {"modified": self.updated.isoformat()} if self.updated else {}
        return {
            "$schema": PROFILE,
            "homepage": f"{base}/datasets/{self.dataset.key}/",
            **stated,
            **raw,
            "catalogue": {**raw["catalogue"], **modified, "provider": self.dataset.department.name},
            "resources": resources,
        }

    def _publish(self, path: str, format_: str, resource: str | None = None) -> PublishedFile:
        file = self.folder / path
        published = PublishedFile(
            path=path,
            format=format_,
            media_type=MEDIA_TYPES.get(format_, "application/octet-stream"),
            bytes=file.stat().st_size,
            sha256=sha256(file),
            resource=resource,
        )
        self.files.append(published)
        return published

    def _zip(self) -> None:
        name = f"{self.dataset.descriptor.name}.zip"
        sums = "".join(f"{file.sha256}  {file.path}\n" for file in self.files)
        texts = {"SHA256SUMS": sums, "LICENCE.txt": "\n".join(self._licence_text()) + "\n"}
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            for file in sorted(self.files, key=lambda one: one.path):
                with (
                    self._member(archive, file.path) as part,
                    (self.folder / file.path).open("rb") as source,
                ):
                    shutil.copyfileobj(source, part, READ_BLOCK)
            for path, text in sorted(texts.items()):
                with self._member(archive, path) as part:
                    part.write(text.encode())
        self._publish(name, "zip")

    def _member(self, archive: zipfile.ZipFile, path: str) -> IO[bytes]:
        # No time and no permission of this machine may reach the archive's bytes.
        day = self._day
        info = zipfile.ZipInfo(path, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
        info.create_system, info.external_attr = 3, 0o644 << 16
        packed = path.endswith((".xlsx", ".parquet"))
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        return archive.open(info, "w", force_zip64=True)

    def _licence_text(self) -> Iterator[str]:
        yield self.dataset.descriptor.title
        yield f"{self.dataset.department.name} · {self.portal.title}"
        licence = self.dataset.licence
        for line in (licence.title or licence.name, licence.path) if licence else ():
            if line:
                yield line


def _facts(file: PublishedFile, types: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "path": file.path,
        "format": file.kind,
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.format in TEXT_FORMATS:
        facts["encoding"] = "utf-8"
    if file.format == "geojson":
        facts["crs"] = WGS84
    if file.format == "parquet":
        facts["columnTypes"] = types
    return facts
