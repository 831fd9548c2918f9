"""Writes the whole site of an edition: narrative pages by MkDocs, pages from data by templates."""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from kaishu.base.errors import BuildError
from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.catalog.schema import json_schemas
from kaishu.regulation.schema import json_schemas as regulation_schemas
from kaishu.site import pages, redirects, rendering, statistics_page
from kaishu.site.plugin import KaishuPlugin, guides_of
from kaishu.site.rendering import TABLE, environment_for, shell_of, write
from kaishu.site.shell import ASSETS, NOT_FOUND, Shell, absolute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kaishu.site.edition import Edition
    from kaishu.site.shell import Link

DEFAULT_CONFIG = Path(__file__).parent / "mkdocs.yml"
# A reply due next year is computed from the day before the term; terms are far below a year.
TABLE_YEARS = 2


def build(
    edition: Edition, target: Path, without: Collection[str] = (), *, jobs: int = 1
) -> Sequence[Link]:
    """Write the HTML site of `edition` into the folder `target`, which MkDocs empties first.

    The pages of the datasets with the keys `without` are there already, and not written; those of
    others by up to `jobs` processes. The same edition gives the same bytes. Returns the ways to the
    pages that people wrote. Raises BuildError where MkDocs refuses a page, or one cannot be made.
    """
    table = canonical_json(_table(edition))
    shell = _narrative(edition, shell_of(edition), target)
    shutil.copytree(ASSETS, target / "assets", dirs_exist_ok=True)
    (target / "assets" / TABLE).write_bytes(table)
    edition.libraries.copy(target / "assets")
    paths = [f"datasets/{one.key}/" for one in edition.catalog.datasets]
    written = rendering.Pages(edition, environment_for(), shell, target)
    own = [one.key for one in edition.catalog.datasets if one.key not in without]
    written.write_all(own, jobs)
    # One page after the other: the values of all at once would fill the memory.
    for page in pages.all_pages(edition, edition.catalog.by_key):
        written.put(page)
        if page.template != redirects.TEMPLATE and page.path != NOT_FOUND:
            paths.append(page.path)
    write(target, redirects.TABLE, canonical_json(redirects.table(edition)))
    for name, content in statistics_page.files(edition).items():
        write(target, name, content)
    for name, schema in (json_schemas() | regulation_schemas()).items():
        write(target, f"schema/{name}", canonical_json(schema))
    write(
        target, "sitemap.xml", _sitemap(edition, [*paths, *(one.path for one in shell.narrative)])
    )
    sitemap = absolute(edition.catalog.portal, "sitemap.xml")
    write(target, "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {sitemap}\n".encode())
    return shell.narrative


def _narrative(edition: Edition, shell: Shell, target: Path) -> Shell:
    """Build the pages that people wrote; the shell with the ways to them."""
    root, portal = edition.catalog.root, edition.catalog.portal
    own = root / "mkdocs.yml"
    with tempfile.TemporaryDirectory() as empty:
        docs = root / "site_src"
        options: dict[str, Any] = {
            "docs_dir": str(docs if docs.is_dir() else empty),
            "site_dir": str(target),
            "site_name": portal.title,
            "site_url": absolute(portal, ""),
            "strict": True,
        }
        # MkDocs writes its time of building into pages; it has to be the edition's.
        moment = dt.datetime.combine(edition.as_of, dt.time(), dt.UTC)
        os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))
        warnings = _Warnings()
        logging.getLogger("mkdocs").addHandler(warnings)
        try:
            config = load_config(str(own if own.is_file() else DEFAULT_CONFIG), **options)
            plugin = config.plugins.get("kaishu")
            if not isinstance(plugin, KaishuPlugin):
                raise BuildError(_("mkdocs.yml does not list the plugin kaishu."))
            plugin.shell, plugin.guides = shell, guides_of(root)
            mkdocs_build(config)
        except (Abort, MkDocsException) as error:
            reason = "\n".join(warnings.said) or str(error)
            raise BuildError(
                _("A page that people wrote cannot be built: {reason}").format(reason=reason)
            ) from error
        finally:
            logging.getLogger("mkdocs").removeHandler(warnings)
    # Material's scripts, search workers and style sheets are not used, so they are not served.
    for unused in ("javascripts", "stylesheets", "images"):
        shutil.rmtree(target / "assets" / unused, ignore_errors=True)
    for left in ("sitemap.xml", "sitemap.xml.gz", NOT_FOUND):
        (target / left).unlink(missing_ok=True)
    return plugin.shell or shell


class _Warnings(logging.Handler):
    """Keeps what MkDocs warns of, for the message of the failed build."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _table(edition: Edition) -> dict[str, Any]:
    year = edition.as_of.year
    return edition.calendar.table(dt.date(year - 1, 1, 1), dt.date(year + TABLE_YEARS, 12, 31))


def _sitemap(edition: Edition, paths: Iterable[str]) -> bytes:
    urls = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for path in sorted(set(paths)):
        ET.SubElement(ET.SubElement(urls, "url"), "loc").text = absolute(
            edition.catalog.portal, path
        )
    ET.indent(urls)
    written: bytes = ET.tostring(urls, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
