"""Serves a preview to one person: files as they are now, and word to the browser when they changed.

Pages get one more script, which waits for that word (server-sent events) and loads again. It is
there in the preview alone.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from kaishu.base.files import inside
from kaishu.publishing.media import media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

SCRIPT, EVENTS = "/-/reload.js", "/-/events"
_RELOAD = """\
"use strict";
new EventSource("{base}/-/events").addEventListener("changed", () => location.reload());
"""
# Now and then a line, so that a browser that has gone is noticed.
_BREATH = 15


class PreviewServer:
    """A WSGI application over the folder `site`, below the portal's sub-path `base`."""

    def __init__(self, site: Path, base: str = "") -> None:
        self.site, self.base = site, base
        self._changed = threading.Condition()
        self._number = 0
        self._stopped = False

    def changed(self) -> None:
        """Tell every browser to load its page again."""
        with self._changed:
            self._number += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Let every waiting browser go."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            response = self._respond(request)
        except HTTPException as error:
            response = error.get_response(environ)
        response.headers["Cache-Control"] = "no-store"
        return response(environ, start)

    def _respond(self, request: Request) -> Response:
        path = request.path
        if path == SCRIPT or path == self.base + SCRIPT:
            return Response(_RELOAD.format(base=self.base), mimetype="text/javascript")
        if path == self.base + EVENTS:
            return Response(self._events(), mimetype="text/event-stream")
        if self.base and not path.startswith(f"{self.base}/"):
            return redirect(f"{self.base}/")
        relative = path.removeprefix(self.base).lstrip("/")
        file = inside(self.site, relative) if relative else self.site
        if file is None:
            raise NotFound
        if file.is_dir():
            if relative and not relative.endswith("/"):
                return redirect(f"{path}/")
            file = file / "index.html"
        if not file.is_file():
            raise NotFound
        content = file.read_bytes()
        if file.suffix == ".html":
            tag = f'<script src="{self.base}{SCRIPT}" defer></script></body>'
            content = content.replace(b"</body>", tag.encode(), 1)
        return Response(content, mimetype=media_type(file.name))

    def _events(self) -> Iterator[bytes]:
        seen = self._number
        yield b"retry: 500\n\n"
        while not self._stopped:
            with self._changed:
                if self._number == seen:
                    self._changed.wait(_BREATH)
                number = self._number
            yield b"event: changed\ndata: x\n\n" if number != seen else b": still here\n\n"
            seen = number
