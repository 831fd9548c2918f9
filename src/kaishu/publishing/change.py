"""A change becomes public: what changed by itself where it can, then the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.errors import KaishuError
from kaishu.base.i18n import gettext as _
from kaishu.publishing import first
from kaishu.publishing import release as releases

if TYPE_CHECKING:
    from kaishu.publishing.build import Built, Order


def publish(order: Order, public: releases.Release | None) -> Built:
    """Make `order` public, where the release `public` is so now.

    Raises InvalidFiles with the problems where there are errors, BuildError where the build
    cannot finish; then `public` is what it was.
    """
    early = first.publish(order, public) if public is not None else None
    if early is not None:
        order.say(_("What changed is public; lists and figures follow"))
    # Imported only now: they load much that the changed pages do not need, nor the index.
    from kaishu.publishing.following import following, has_room

    try:
        with following(order, early) as followed:
            from kaishu.publishing import whole

            if followed is not None and not has_room():
                followed()
            return whole.publish(order, followed)
    except KaishuError:
        if early is not None and public is not None:
            releases.switch(order.output, public)
        raise
