"""The regulation in force: `/regulation/`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness
from kaishu.site import replies
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from kaishu.site.edition import Edition


def page(edition: Edition) -> Page:
    """The regulation's facts, its rules with their terms, and its articles with anchors."""
    regulation = edition.regulation
    return Page(
        "regulation/",
        "regulation.html",
        regulation.title,
        _("The regulation that this portal works under: its terms, and every article."),
        {
            "regulation": regulation,
            "rules": [
                (rule, replies.article_number(regulation, rule.article))
                for rule in regulation.rules.values()
            ],
            "chapters": [
                (title or _("Articles"), list(articles))
                for title, articles in groupby(regulation.articles, key=lambda one: one.chapter)
            ],
            "on_request": sum(
                one.openness is Openness.ON_REQUEST and one.entry.withdrawn is None
                for one in edition.catalog.datasets
            ),
            "calendar": edition.calendar,
            "lapsed": regulation.in_force_until is not None
            and regulation.in_force_until < edition.as_of,
        },
    )
