"""Serves the public release: GET and HEAD, ranges, gzip, ETags from the manifest's hashes.

The release is looked up at every request, so a switch is followed without a restart; within
one request only one release is read. What has moved is redirected, files included. What a page
opened before a switch leads to, and is no more, leads to the nearest page that is.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.security import safe_join
from werkzeug.utils import redirect, send_file
from werkzeug.wrappers import Request, Response

from kaishu.backend.compression import ENCODING, Compressed, is_compressible, is_wanted
from kaishu.base.errors import BuildError
from kaishu.publishing import release as releases
from kaishu.publishing.media import OF_PAGES, media_type
from kaishu.site import redirects

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

# Digits of a hash that a page puts behind an address, and the seconds that such a file is kept.
VERSION, YEAR = 8, 31_536_000
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


@lru_cache(maxsize=4)
def _release(folder: Path) -> releases.Release:
    return releases.load(folder)


@lru_cache(maxsize=4)
def _moves(release: releases.Release) -> dict[str, str]:
    """The release's table of former folders; one that an earlier version made has none."""
    if redirects.TABLE not in release.manifest:
        return {}
    found: dict[str, str] = json.loads((release.site / redirects.TABLE).read_bytes())
    return found


class ReleaseFiles:
    """A WSGI application over the public release below `output` (the folder `build/`)."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self._compressed = Compressed()

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
        link = self.output / "site"
        try:
            public = link.readlink()
        except OSError:
            return Response("No release has been published yet.\n", 503, mimetype="text/plain")
        while True:
            try:
                return self._answer(request, _release(self.output / public.parent))
            except (OSError, BuildError):
                # A release may go in the middle of a request, when another has become public.
                before, public = public, link.readlink()
                if public == before:
                    raise

    def _answer(self, request: Request, release: releases.Release) -> Response:
        path = request.path.lstrip("/")
        if path in ("", "index.html") or path.endswith("/"):
            path = path if path.endswith(".html") else f"{path}index.html"
        elif f"{path}/index.html" in release.manifest:
            return _redirected(request, f"{path}/", 308)
        if moved := _moved_to(path, release):
            return _redirected(request, *moved)
        release = self._meant(request, path, release)
        if path in release.manifest:
            return self._file(request, release, path)
        if self._was_there(path):
            return _redirected(request, _nearest(path, release), 303)
        if "404.html" not in release.manifest:
            return Response("Not found.\n", 404, mimetype="text/plain")
        response = self._file(request, release, "404.html", conditional=False)
        response.status_code = 404
        return response

    def _file(
        self, request: Request, release: releases.Release, path: str, *, conditional: bool = True
    ) -> Response:
        """One file, as gzip where that is smaller and wanted."""
        file, digest, kind = release.site / path, release.manifest[path], media_type(path)
        compressible = is_compressible(kind, file.stat().st_size)
        if compressible and is_wanted(request):
            response = Response(self._compressed.of(file, digest), mimetype=kind)
            response.headers["Content-Encoding"] = ENCODING
            if conditional:
                response.set_etag(f"{digest}-{ENCODING}")
                response.make_conditional(request.environ)
        else:
            etag = digest if conditional else False
            response = send_file(
                file, request.environ, mimetype=kind, conditional=conditional, etag=etag
            )
        if compressible:
            response.vary.add("Accept-Encoding")
        # An address that names the content's hash never means another content.
        named = len(request.args.get("v", "")) >= VERSION and digest.startswith(request.args["v"])
        response.cache_control.clear()
        if named and conditional:
            response.cache_control.public = response.cache_control.immutable = True
            response.cache_control.max_age = YEAR
        else:
            response.cache_control.no_cache = True
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

    def _was_there(self, path: str) -> bool:
        """Whether a release before the public one, still kept, has this page or file of data."""
        if path.startswith(OF_PAGES):
            return False
        for earlier, _made in releases.kept(self.output):
            place = safe_join(str(earlier.site), path)
            if place is not None and Path(place).is_file():
                return True
        return False


def _moved_to(path: str, release: releases.Release) -> tuple[str, int] | None:
    """Where a file or page lies now, if its folder has moved, and the status that says so.

    What is not there any more leads to the page of what has taken its place.
    """
    table = _moves(release)
    for folder in _folders(path):
        if (target := table.get(folder)) is None:
            continue
        if target == folder and path in release.manifest:
            return None
        rest = path.removeprefix(folder)
        # The archive of all files is called as the dataset.
        if rest == f"{Path(folder).name}.zip":
            rest = f"{Path(target).name}.zip"
        if target + rest in release.manifest:
            return target + rest.removesuffix("index.html"), 308
        return target, 303
    return None


def _nearest(path: str, release: releases.Release) -> str:
    """The page of the nearest folder above that has one."""
    return next((one for one in _folders(path) if f"{one}index.html" in release.manifest), "")


def _folders(path: str) -> list[str]:
    """The folders that a path lies in, the nearest first, each with its slash."""
    return [f"{one}/" for one in PurePosixPath(path).parents if one.parts]


def _redirected(request: Request, path: str, status: int) -> Response:
    query = request.query_string.decode("ascii", "replace")
    address = f"{request.script_root}/{quote(path)}"
    response = redirect(f"{address}?{query}" if query else address, status)
    # An address may be used again.
    response.cache_control.no_cache = True
    return response
