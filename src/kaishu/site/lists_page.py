"""The lists of restricted entries with their basis: `/lists/on-request/`, `closed/`, `sharing/`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import Openness
from kaishu.exports.restrictions import LISTS, SHARING, restrictions
from kaishu.site import replies
from kaishu.site.listings import paged
from kaishu.site.shell import Link, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.regulation.model import Regulation
    from kaishu.site.edition import Edition

TITLES = {
    Openness.ON_REQUEST.value: N_("Entries opened on request"),
    Openness.CLOSED.value: N_("Entries that are not open"),
    SHARING: N_("Entries not shared unconditionally"),
}
ABOUT = {
    Openness.ON_REQUEST.value: N_(
        "Every entry that is opened on request, with the conditions and the basis of the restriction."
    ),
    Openness.CLOSED.value: N_("Every entry that is not open, with the basis of the restriction."),
    SHARING: N_(
        "Every entry that departments share conditionally or not at all, with conditions and basis."
    ),
}


def links() -> list[Link]:
    """The ways to the lists."""
    return [Link(f"lists/{name}/", gettext(TITLES[name])) for name in LISTS]


def pages(edition: Edition) -> Iterator[Page]:
    """One list each, in as many pages as it needs."""
    for name in LISTS:
        found = restrictions(edition.catalog, name)
        first = Page(
            f"lists/{name}/",
            "lists.html",
            gettext(TITLES[name]),
            gettext(ABOUT[name]),
            {
                "counts": Counter(one.attribute for one in found),
                "lists": links(),
                "download": f"lists/{name}.csv",
                "articles": list(_articles(edition.regulation, name)),
                "edition": edition,
            },
        )
        yield from paged(first, "restrictions", found)


def _articles(regulation: Regulation, name: str) -> Iterator[tuple[str, str, int | None]]:
    """What the texts say of such restrictions: title with article, words, and an anchor."""
    seen = set()
    for text in regulation.chain:
        cited = [(one.article, one.quote) for one in text.openness
                 if one.type.value == name and one.basis_public]  # fmt: skip
        cited += [(one.article, one.quote) for one in text.bases if _is_of(one.of, name)]
        for article, quote in cited:
            if quote not in seen:
                seen.add(quote)
                anchor = replies.article_number(text, article) if text is regulation else None
                yield f"{text.short_title}{article}", quote, anchor


def _is_of(attribute: object, name: str) -> bool:
    if isinstance(attribute, Openness):
        return attribute.value == name
    return name == SHARING
