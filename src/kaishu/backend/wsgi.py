"""The one WSGI application: forms and desk by Django, everything else from the public release.

A portal whose address has a sub-path is served below that sub-path here too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.utils import redirect

from kaishu.backend.static import ReleaseFiles
from kaishu.cases import bodies

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

BACKEND_PREFIXES = ("/cases", "/desk", "/api", "/healthz")


class Dispatcher:
    """Sends each request to the backend or to the site, below the portal's sub-path `base`.

    `base` is empty or begins with a slash and does not end in one.
    """

    def __init__(self, site: WSGIApplication, backend: WSGIApplication, base: str) -> None:
        self.site, self.backend, self.base = site, backend, base

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request by the side that owns its address."""
        path = environ.get("PATH_INFO", "")
        if self.base:
            if path in ("", "/", self.base):
                return redirect(f"{self.base}/", 308)(environ, start)
            if not path.startswith(f"{self.base}/"):
                return self.site({**environ, "PATH_INFO": "/404.html/"}, start)
            path = path.removeprefix(self.base)
            script = environ.get("SCRIPT_NAME", "") + self.base
            environ = {**environ, "PATH_INFO": path, "SCRIPT_NAME": script}
        return (self.backend if _is_backend(path) else self.site)(environ, start)

    def takes(self, path: str) -> int:
        """The longest body that an address takes, in bytes: none where the site answers."""
        path = path.removeprefix(self.base)
        return bodies.longest(path) if _is_backend(path) else 0


def _is_backend(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in BACKEND_PREFIXES)


def base_path(url: str) -> str:
    """The sub-path of a portal's address: empty, or `/open` for https://example.org/open/."""
    return urlsplit(url).path.rstrip("/")


def application(root: Path, output: Path, portal_url: str) -> Dispatcher:
    """Site and backend of the portal in `root`, whose builds are in `output`."""
    os.environ["KAISHU_ROOT"] = str(root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaishu.backend.settings")
    import django

    django.setup(set_prefix=False)
    from kaishu.backend.handler import FormHandler

    return Dispatcher(ReleaseFiles(output), FormHandler(), base_path(portal_url))
