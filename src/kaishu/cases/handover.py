"""Fetching what was delivered: by a signed link of this applicant's, in time, and counted.

A link is signed with what only the applicant's number and code give, holds for a week, and leads
to the use agreement; whoever has the link alone gets nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core import signing
from django.db.models import F, Q

from kaishu.base import clock
from kaishu.base.errors import Conflict, NotAllowed
from kaishu.base.i18n import gettext as _
from kaishu.cases import undertaking
from kaishu.cases.models import Case, Delivery
from kaishu.cases.steps import APPLICANT, save, step
from kaishu.cases.storage import writing
from kaishu.cases.words import Verb

if TYPE_CHECKING:
    from django.db.models import QuerySet

DAYS: Final = 7
_TRIED = 5


def token(case: Case, delivery: Delivery) -> str:
    """The signed part of a link, good for a week from now."""
    until = int(clock.now().timestamp()) + DAYS * 24 * 3600
    return signing.Signer(salt=_salt(case)).sign_object([delivery.pk, until])


def delivery_of(case: Case, given: str) -> Delivery | None:
    """The delivery that a link of this case leads to; None where it is another's or too old."""
    try:
        pk, until = signing.Signer(salt=_salt(case)).unsign_object(given)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if clock.now().timestamp() >= until:
        return None
    return Delivery.objects.filter(pk=pk, case=case).first()


def is_open(delivery: Delivery) -> bool:
    """Whether it may still be fetched: not revoked, in its term, below its count."""
    return _open().filter(pk=delivery.pk).exists()


def take(case: Case, delivery: Delivery) -> None:
    """Count one fetch and log it with the agreement that was shown. Raises NotAllowed."""
    for _attempt in range(_TRIED):
        fetched = step(
            case,
            Verb.FETCH,
            APPLICANT,
            data={"delivery": delivery.pk, "undertaking": undertaking.VERSION},
        )
        try:
            with writing():
                if not _open().filter(pk=delivery.pk).update(fetches=F("fetches") + 1):
                    raise NotAllowed(
                        _("This delivery can no longer be fetched: its time or its count is over.")
                    )
                save(fetched)
                return
        except NotAllowed:
            raise
        except Conflict:
            # Another fetch, or an officer's step, came first; what is open now is looked at anew.
            case = Case.objects.get(pk=case.pk)
    raise Conflict(_("Please try again."))


def _open() -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=clock.now()),
        Q(fetch_limit=None) | Q(fetches__lt=F("fetch_limit")),
        revoked_at=None,
    )


def _salt(case: Case) -> str:
    return f"kaishu delivery {case.number} {case.access}"
