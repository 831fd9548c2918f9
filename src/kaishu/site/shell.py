"""What surrounds every page: the portal's names, the ways through it, addresses relative to a page.

Addresses are relative wherever they can be, so that one build works under any sub-path and from
any mount; only the page for missing addresses, shown at any depth, uses the portal's own path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from kaishu.base.files import sha256
from kaishu.base.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaishu.catalog.model import Portal
    from kaishu.site.libraries import Brought

NAVIGATION = (
    ("", N_("Home")),
    ("datasets/", N_("Data catalogue")),
    ("departments/", N_("Departments")),
    ("themes/", N_("Themes")),
    ("regulation/", N_("Regulation")),
    ("help/", N_("Help")),
)
NOT_FOUND = "404.html"
NOWHERE = "'none'"
ASSETS = Path(__file__).parents[1] / "assets"


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; `path` is relative to the site's root."""

    path: str
    title: str


@dataclass(frozen=True)
class Shell:
    """What all pages share. `assets` maps a shared file's name to its version."""

    portal: Portal
    assets: Mapping[str, str]
    narrative: tuple[Link, ...] = ()

    @cached_property
    def fragments(self) -> dict[Any, str]:
        """Pieces of pages that are the same on many, kept from the first on (`{% once %}`)."""
        return {}

    @cached_property
    def base_path(self) -> str:
        """The path of the site's root on its host, ending in a slash."""
        return urlsplit(self.portal.url).path.rstrip("/") + "/"

    @property
    def navigation(self) -> list[Link]:
        """The main ways, in order."""
        return [Link(path, gettext(title)) for path, title in NAVIGATION]

    @property
    def guides(self) -> list[Link]:
        """The pages of help below the first one."""
        return [
            link
            for link in self.narrative
            if link.path.startswith("help/") and link.path != "help/"
        ]

    @property
    def pages(self) -> list[Link]:
        """The portal's own pages outside the help, such as the accessibility statement."""
        return [link for link in self.narrative if not link.path.startswith("help/")]

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """What every page may load and send to: nothing inline, nothing from elsewhere."""
        backend = urlsplit(self.portal.backend.url or "")
        forms = (f"{backend.scheme}://{backend.netloc}",) if backend.netloc else ()
        return {
            "default-src": ("'self'",),
            "script-src": ("'self'",),
            "worker-src": (),
            "base-uri": (),
            "object-src": (),
            "img-src": ("'self'", "data:"),
            "form-action": ("'self'", *forms),
        }


@dataclass(frozen=True)
class Page:
    """One page to render: where it is, its template, and the values the template shows.

    `sources` are what its Content-Security-Policy allows beyond the shell's, by directive.
    """

    path: str
    template: str
    title: str
    description: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The file to write, relative to the site's root."""
        return self.path if self.path.endswith(".html") else f"{self.path}index.html"


@dataclass(frozen=True)
class Here:
    """A page's place in the site: addresses as seen from it."""

    path: str
    title: str
    description: str
    shell: Shell
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        """The page's Content-Security-Policy: what is not listed is not allowed."""
        every = {
            name: (*listed, *self.sources.get(name, ()))
            for name, listed in self.shell.sources.items()
        }
        return "; ".join(f"{name} {' '.join(one) or NOWHERE}" for name, one in every.items())

    @property
    def section(self) -> str | None:
        """The main way that leads to this page or to those above it."""
        return next((path for path, _title in NAVIGATION if self.is_below(path)), None)

    @cached_property
    def base(self) -> str:
        """What leads from this page to the site's root."""
        if self.path == NOT_FOUND:
            return self.shell.base_path
        return "../" * self.path.count("/") or "./"

    @property
    def canonical(self) -> str:
        """The page's public address."""
        return absolute(self.shell.portal, self.path)

    def url(self, path: str) -> str:
        """The address of `path`, a page or file of this site."""
        return self.base + _quoted(path)

    def asset(self, name: str) -> str:
        """The address of a shared file, changing with its content."""
        return f"{self.base}assets/{name}?v={self.shell.assets[name]}"

    def search(self, **facets: str) -> str:
        """The address of the catalogue, narrowed."""
        return f"{self.base}datasets/?{urlencode(facets)}"

    def form(self, path: str, **values: str) -> str:
        """The address of a form of the backend, on its own origin where it has one."""
        backend = self.shell.portal.backend.url
        root = backend.rstrip("/") + "/" if backend else self.base
        asked = "&".join(f"{name}={_asked(value)}" for name, value in values.items())
        return f"{root}{path}?{asked}" if asked else root + path

    def is_below(self, path: str) -> bool:
        """Whether this page belongs to the part of the site that begins at `path`."""
        return self.path == path if not path else self.path.startswith(path)


def absolute(portal: Portal, path: str) -> str:
    """The public address of `path`."""
    return portal.url.rstrip("/") + "/" + _quoted(path)


# The same few addresses stand on every page.
@lru_cache(maxsize=4096)
def _quoted(path: str) -> str:
    return quote(path, safe="/#?=&%")


@lru_cache(maxsize=4096)
def _asked(value: str) -> str:
    return quote_plus(value, safe="/")


def asset_versions(libraries: Brought | None = None) -> dict[str, str]:
    """Every shared file's name with a short hash of its content, those of libraries included."""
    own = {
        path.relative_to(ASSETS).as_posix(): sha256(path)
        for path in sorted(ASSETS.rglob("*"))
        if path.is_file()
    }
    every = {**own, **(libraries.hashes if libraries else {})}
    return {name: hash_[:8] for name, hash_ in every.items()}
