"""What the public files are to a browser: their media types, and which of them pages load."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".jsonld": "application/ld+json",
    ".ttl": "text/turtle",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".webmanifest": "application/manifest+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
# Folders of files that pages load: styles, scripts, the search index. A page opened before a switch
# still asks for its own.
OF_PAGES = ("assets/", "pagefind/")


def media_type(path: str) -> str:
    """The media type of a public file, by its name."""
    suffix = PurePosixPath(path).suffix.lower()
    return MEDIA_TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
