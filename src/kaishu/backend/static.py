"""Serves the public release: GET and HEAD, ranges, ETags from the manifest's hashes.

The release is looked up at every request, so a switch is followed without a restart; within
one request only one release is read.
"""

from __future__ import annotations

import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.utils import redirect, send_file
from werkzeug.wrappers import Request, Response

from kaishu.base.errors import BuildError
from kaishu.publishing import release as releases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

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
# Folders of files that pages load: styles, scripts, the search index.
OF_PAGES = ("assets/", "pagefind/")
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def media_type(path: str) -> str:
    """The media type of a public file, by its name."""
    suffix = Path(path).suffix.lower()
    return MEDIA_TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


@lru_cache(maxsize=4)
def _release(folder: Path) -> releases.Release:
    return releases.load(folder)


class ReleaseFiles:
    """A WSGI application over the public release below `output` (the folder `build/`)."""

    def __init__(self, output: Path) -> None:
        self.output = output

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            response = self._respond(request)
        except HTTPException as error:
            response = error.get_response(environ)
        response.headers.extend(HEADERS)
        return response(environ, start)

    def _respond(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(valid_methods=["GET", "HEAD"])
        try:
            release = _release(self.output / (self.output / "site").readlink().parent)
        except (OSError, BuildError):
            return Response("No release has been published yet.\n", 503, mimetype="text/plain")
        path = request.path.lstrip("/")
        if path in ("", "index.html") or path.endswith("/"):
            path = path if path.endswith(".html") else f"{path}index.html"
        elif f"{path}/index.html" in release.manifest:
            return redirect(_with_slash(request), 308)
        release = self._meant(request, path, release)
        if path in release.manifest:
            return _file(request, release, path)
        if "404.html" not in release.manifest:
            return Response("Not found.\n", 404, mimetype="text/plain")
        response = _file(request, release, "404.html", conditional=False)
        response.status_code = 404
        return response

    def _meant(self, request: Request, path: str, public: releases.Release) -> releases.Release:
        """The release whose file is meant: of what pages load, the one that the page belongs to.

        A page opened before a switch asks for its own version (`?v=`), or for a file whose name
        is its hash; the releases before the public one still have it.
        """
        if not path.startswith(OF_PAGES):
            return public
        version = request.args.get("v", "")
        if public.manifest.get(path, "").startswith(version) and path in public.manifest:
            return public
        for earlier, _made in releases.kept(self.output):
            if path in earlier.manifest and earlier.manifest[path].startswith(version):
                return earlier
        return public


def _with_slash(request: Request) -> str:
    query = request.query_string.decode("ascii", "replace")
    name = request.path.rstrip("/").rsplit("/", 1)[-1]
    return f"{name}/?{query}" if query else f"{name}/"


def _file(
    request: Request, release: releases.Release, path: str, *, conditional: bool = True
) -> Response:
    return send_file(
        release.site / path,
        request.environ,
        mimetype=media_type(path),
        conditional=conditional,
        etag=release.manifest[path] if conditional else False,
    )
