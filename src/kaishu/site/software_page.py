"""Third-party software that pages use in the reader's browser: `/software/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.site.libraries import served
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from kaishu.site.edition import Edition

PATH = "software/"


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
                {
                    "library": one,
                    "version": brought.version(one.name),
                    "notices": [served(one, name) for name in one.notices],
                }
                for one in brought.present
            ]
        },
    )
