"""Third-party software that pages use in the reader's browser: `/software/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kaishu.base.i18n import gettext as _
from kaishu.site.libraries import served
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from kaishu.site.edition import Edition
    from kaishu.site.libraries import Library

PATH = "software/"


class _Listed(NamedTuple):
    """A library, its version, and where the texts of its licence lie among the assets."""

    library: Library
    version: str
    notices: list[str]


def page(edition: Edition) -> Page:
    """The page, which lists each library with its version, licence and the licence's text."""
    brought = edition.libraries
    return Page(
        PATH,
        "software.html",
        _("Third-party software"),
        _("Programs by others that these pages use in your browser, and their licences."),
        {
            "libraries": [
                _Listed(one, brought.version(one.name), [served(one, name) for name in one.notices])
                for one in brought.present
            ]
        },
    )
